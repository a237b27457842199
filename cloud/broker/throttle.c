/* SPDX-License-Identifier: Apache-2.0 */
/* Buckets of tries, each kept as the time at which it is full again. */
#include "cloud/broker/throttle.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static bool has_try(int64_t peaceful_ms, int64_t tries, int64_t back_ms, int64_t now_ms)
{
    return peaceful_ms <= now_ms + (tries - 1) * back_ms;
}

static void charge(int64_t *peaceful_ms, int64_t back_ms, int64_t now_ms)
{
    *peaceful_ms = (*peaceful_ms > now_ms ? *peaceful_ms : now_ms) + back_ms;
}

static void parse(const char *text, uint8_t out[16])
{
    memset(out, 0, 16);
    if (text && inet_pton(AF_INET6, text, out) == 1) {
        static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
        if (memcmp(out, mapped, sizeof mapped) != 0) {
            memset(out + 8, 0, 8);
        }
    } else if (text && inet_pton(AF_INET, text, out + 12) == 1) {
        out[10] = out[11] = 0xFF;
    }
}

/* Index of the address's place; MICO_THROTTLE_PLACES when it has none. */
static size_t find(const struct mico_throttle *throttle, const uint8_t address[16])
{
    size_t i = 0;
    while (i < MICO_THROTTLE_PLACES &&
           (throttle->place[i].peaceful_ms == 0 || memcmp(throttle->place[i].address, address, 16) != 0)) {
        i++;
    }
    return i;
}

/* Index of the user's place at the address; MICO_THROTTLE_KNOWN for a stranger. */
static size_t find_known(const struct mico_throttle *throttle, const uint8_t address[16], const char *user)
{
    size_t i = 0;
    while (i < MICO_THROTTLE_KNOWN &&
           (throttle->known[i].right_ms == 0 || memcmp(throttle->known[i].address, address, 16) != 0 ||
            strcmp(throttle->known[i].user, user) != 0)) {
        i++;
    }
    return i;
}

bool mico_throttle_may(const struct mico_throttle *throttle, const char *text, const char *user, int64_t now_ms)
{
    uint8_t address[16];
    parse(text, address);
    size_t known = find_known(throttle, address, user), at = find(throttle, address);
    if (known < MICO_THROTTLE_KNOWN) {
        return has_try(throttle->known[known].peaceful_ms, MICO_THROTTLE_TRIES, MICO_THROTTLE_BACK_MS, now_ms);
    }
    int64_t peaceful_ms = at < MICO_THROTTLE_PLACES ? throttle->place[at].peaceful_ms : 0;
    return has_try(peaceful_ms, MICO_THROTTLE_TRIES, MICO_THROTTLE_BACK_MS, now_ms) &&
           has_try(throttle->peaceful_ms, MICO_THROTTLE_ALL_TRIES, MICO_THROTTLE_ALL_BACK_MS, now_ms);
}

static void wrong_from(struct mico_throttle *throttle, const uint8_t address[16], int64_t now_ms)
{
    size_t at = find(throttle, address);
    if (at == MICO_THROTTLE_PLACES) { /* one of those whose tries are all there again */
        at = 0;
        for (size_t i = 1; i < MICO_THROTTLE_PLACES; i++) {
            at = throttle->place[i].peaceful_ms < throttle->place[at].peaceful_ms ? i : at;
        }
        memcpy(throttle->place[at].address, address, 16);
        throttle->place[at].peaceful_ms = now_ms;
    }
    charge(&throttle->place[at].peaceful_ms, MICO_THROTTLE_BACK_MS, now_ms);
}

void mico_throttle_wrong(struct mico_throttle *throttle, const char *text, const char *user, int64_t now_ms)
{
    uint8_t address[16];
    parse(text, address);
    size_t known = find_known(throttle, address, user);
    if (known < MICO_THROTTLE_KNOWN) {
        charge(&throttle->known[known].peaceful_ms, MICO_THROTTLE_BACK_MS, now_ms);
        return;
    }
    wrong_from(throttle, address, now_ms);
    charge(&throttle->peaceful_ms, MICO_THROTTLE_ALL_BACK_MS, now_ms);
}

/* The place of who was right longest ago: of the user's own, when they are as many as one may have, else of all. */
static struct mico_throttle_known *place_for(struct mico_throttle *throttle, const char *user)
{
    struct mico_throttle_known *all = &throttle->known[0], *own = NULL;
    size_t owned = 0;
    for (size_t i = 0; i < MICO_THROTTLE_KNOWN; i++) {
        struct mico_throttle_known *one = &throttle->known[i];
        all = one->right_ms < all->right_ms ? one : all;
        if (one->right_ms != 0 && strcmp(one->user, user) == 0) {
            own = own == NULL || one->right_ms < own->right_ms ? one : own;
            owned++;
        }
    }
    return owned < MICO_THROTTLE_KNOWN_OF_USER ? all : own;
}

void mico_throttle_right(struct mico_throttle *throttle, const char *text, const char *user, int64_t now_ms)
{
    uint8_t address[16];
    parse(text, address);
    size_t known = find_known(throttle, address, user);
    if (known == MICO_THROTTLE_KNOWN) {
        struct mico_throttle_known *place = place_for(throttle, user);
        *place = (struct mico_throttle_known){0};
        memcpy(place->address, address, 16);
        snprintf(place->user, sizeof place->user, "%s", user);
        known = (size_t)(place - throttle->known);
    }
    throttle->known[known].right_ms = now_ms;
}
