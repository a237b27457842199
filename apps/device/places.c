/* SPDX-License-Identifier: Apache-2.0 */
/* The rule of places.h. */
#include "apps/device/places.h"

void mico_places_take(struct mico_places *places, size_t i, uint64_t now_ms)
{
    places->list[i] = (struct mico_place){.taken = true, .since_ms = now_ms};
}

void mico_places_verified(struct mico_places *places, size_t i, uint64_t now_ms)
{
    struct mico_place *place = &places->list[i];
    if (!place->verified) {
        place->verified = true;
        place->since_ms = now_ms;
    }
}

void mico_places_free(struct mico_places *places, size_t i)
{
    places->list[i] = (struct mico_place){0};
}

bool mico_places_leaving(const struct mico_places *places, size_t i)
{
    return places->list[i].leaving;
}

/* The oldest that has not verified; when all have, the last to do so; NULL while one more is free or being left. */
static struct mico_place *next_to_leave(struct mico_places *places)
{
    struct mico_place *oldest = NULL, *latest = NULL;
    size_t verified = 0;
    for (size_t i = 0; i < MICO_PLACES; i++) {
        struct mico_place *place = &places->list[i];
        if (!place->taken || place->leaving) {
            continue;
        }
        if (!place->verified) {
            oldest = oldest == NULL || place->since_ms < oldest->since_ms ? place : oldest;
        } else {
            latest = latest == NULL || place->since_ms >= latest->since_ms ? place : latest;
            verified++;
        }
    }
    return oldest != NULL ? oldest : verified == MICO_PLACES ? latest : NULL;
}

static size_t open_places(const struct mico_places *places)
{
    size_t open = 0;
    for (size_t i = 0; i < MICO_PLACES; i++) {
        open += !places->list[i].taken || places->list[i].leaving;
    }
    return open;
}

void mico_places_wait(struct mico_places *places, size_t newcomers, uint64_t now_ms)
{
    for (size_t open = open_places(places); open < newcomers; open++) {
        if (!places->wanted) {
            places->wanted = true;
            places->wanted_ms = now_ms;
        }
        struct mico_place *place = next_to_leave(places);
        bool late = place != NULL && !place->verified && now_ms - place->since_ms >= MICO_PLACES_VERIFY_MS;
        if (place == NULL || (!late && now_ms - places->wanted_ms < MICO_PLACES_PATIENCE_MS)) {
            return;
        }
        place->leaving = true;
        places->wanted_ms = now_ms; /* patience begins anew for the next */
    }
    places->wanted = false;
}
