/* SPDX-License-Identifier: Apache-2.0 */
/* Who keeps a place among the local connections, and who gives it up. A stranger who only holds a connection keeps
 * nobody out: when a newcomer waits, places are given up in this order:
 * 1. that of a connection which has not verified within MICO_PLACES_VERIFY_MS of its start, the oldest first;
 * 2. once the newcomer has waited MICO_PLACES_PATIENCE_MS, that of the oldest one which has not verified;
 * 3. then, when all have verified, that of the one which did so last: the others stay as long as their peers do.
 * Nobody gives up a place that nobody waits for. The caller serialises. */
#ifndef APPS_DEVICE_PLACES_H
#define APPS_DEVICE_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MICO_PLACES 4u
#define MICO_PLACES_VERIFY_MS 10000u
#define MICO_PLACES_PATIENCE_MS 1000u /* a pair-verify takes a fraction of it */

/* Zeroed memory is places that are all free. */
struct mico_places {
    struct mico_place {
        bool taken, verified, leaving;
        uint64_t since_ms; /* when it was taken or, once verified, when it was that */
    } list[MICO_PLACES];
    bool wanted; /* somebody waits for whom no place is free or being left */
    uint64_t wanted_ms;
};

/** A connection begins in place i, has verified there, or has ended. */
void mico_places_take(struct mico_places *places, size_t i, uint64_t now_ms);
void mico_places_verified(struct mico_places *places, size_t i, uint64_t now_ms);
void mico_places_free(struct mico_places *places, size_t i);

/** So many newcomers wait: decide who leaves. Call it when one has come, and again every so often while one waits. */
void mico_places_wait(struct mico_places *places, size_t newcomers, uint64_t now_ms);

/** True when the connection in place i has to end. */
bool mico_places_leaving(const struct mico_places *places, size_t i);

#endif
