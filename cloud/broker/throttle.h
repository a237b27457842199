/* SPDX-License-Identifier: Apache-2.0 */
/* How fast one address may be wrong about passwords. A hash of a password takes the broker's one thread some 20 ms on
 * purpose: without a bound, one stranger who guesses stops everyone's messages. */
#ifndef CLOUD_BROKER_THROTTLE_H
#define CLOUD_BROKER_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#define MICO_THROTTLE_TRIES 10      /* wrong ones at once */
#define MICO_THROTTLE_BACK_MS 10000 /* then one more for each of these */
#define MICO_THROTTLE_PLACES 1024   /* addresses that are remembered; the one longest at peace gives its place */

/* Zeroed memory has seen nobody. */
struct mico_throttle {
    struct {
        uint8_t address[16]; /* IPv6, its first 64 bits: a network is one stranger; IPv4 in IPv6's manner */
        int64_t peaceful_ms; /* when all tries are there again; 0: free */
    } place[MICO_THROTTLE_PLACES];
};

/** May this address try now? NULL and what is no address count as one address together. */
bool mico_throttle_may(const struct mico_throttle *throttle, const char *address, int64_t now_ms);

/** It was wrong. */
void mico_throttle_wrong(struct mico_throttle *throttle, const char *address, int64_t now_ms);

#endif
