/* SPDX-License-Identifier: Apache-2.0 */
/* How fast strangers may be wrong about passwords. A hash of a password takes the broker's one thread some 20 ms on
 * purpose: without a bound, who guesses stops everyone's messages.
 *
 * Who was right once from an address is no stranger there: neighbours behind the same address (a NAT), and guesses from
 * all the world, do not keep them out. They have tries of their own. */
#ifndef CLOUD_BROKER_THROTTLE_H
#define CLOUD_BROKER_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "cloud/registry/registry.h"

#define MICO_THROTTLE_TRIES 10      /* wrong ones at once, of an address's strangers or of one who is known there */
#define MICO_THROTTLE_BACK_MS 10000 /* then one more for each of these */
#define MICO_THROTTLE_ALL_TRIES 200 /* of all strangers of the world together */
#define MICO_THROTTLE_ALL_BACK_MS 250
/* Addresses that lack a try: the strangers' tries at once, and those that come back before theirs does. */
#define MICO_THROTTLE_PLACES (MICO_THROTTLE_ALL_TRIES + MICO_THROTTLE_BACK_MS / MICO_THROTTLE_ALL_BACK_MS + 1)
#define MICO_THROTTLE_KNOWN 2048 /* users at addresses; who was right longest ago gives way */
#define MICO_THROTTLE_KNOWN_OF_USER 16

/* Zeroed memory has seen nobody. Times are of one clock and above 0. */
struct mico_throttle {
    struct mico_throttle_address {
        uint8_t address[16]; /* IPv6, its first 64 bits: a network is one stranger; IPv4 in IPv6's manner */
        int64_t peaceful_ms; /* when all tries are there again; 0: free */
    } place[MICO_THROTTLE_PLACES];
    struct mico_throttle_known {
        uint8_t address[16];
        char user[MICO_REGISTRY_USER_MAX + 1];
        int64_t right_ms; /* the last time; 0: free */
        int64_t peaceful_ms;
    } known[MICO_THROTTLE_KNOWN];
    int64_t peaceful_ms; /* of all strangers */
};

/** May this user try now, from this address? NULL and what is no address count as one address together. */
bool mico_throttle_may(const struct mico_throttle *throttle, const char *address, const char *user, int64_t now_ms);

/** The password was wrong. */
void mico_throttle_wrong(struct mico_throttle *throttle, const char *address, const char *user, int64_t now_ms);

/** It was right: the user is known there from now on. A user is known at most at MICO_THROTTLE_KNOWN_OF_USER addresses,
 * so that nobody drives others out. */
void mico_throttle_right(struct mico_throttle *throttle, const char *address, const char *user, int64_t now_ms);

#endif
