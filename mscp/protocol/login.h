/* SPDX-License-Identifier: Apache-2.0 */
/* The login chain: two holders of one device's key, or a chip whose flash was put back, cannot both go on. docs/MSCP.md,
 * "Login chain".
 *
 * With each login the cloud gives the chip a random r, which is part of what the chip must prove with the next one. Of two
 * parties that log in from one state only the later knows the r that counts: the other's next login is signed evidence of a
 * fork. A login whose r got lost on the way is tried again from the same state, as often as needed; each try makes the r of the
 * one before void, so that no retry hides a fork. */
#ifndef MSCP_PROTOCOL_LOGIN_H
#define MSCP_PROTOCOL_LOGIN_H

#include "base/bytes.h"
#include "base/err.h"

#define MSCP_LOGIN_PREFIX "MSCP login v1" /* its NUL is part of what is signed */
#define MSCP_LOGIN_MESSAGE (sizeof MSCP_LOGIN_PREFIX + 32 + 8 + 32)

/* What a chip proves: how many logins it has accepted, and the link made of the last r and the head before. */
struct mscp_login_proof {
    uint64_t counter;
    uint8_t link[32];
    uint8_t signature[64];
};

/** SHA-256(r | head). */
void mscp_login_link(const uint8_t r[32], const uint8_t head[32], uint8_t out[32]);
/** prefix | nonce | u64 counter | link: what is signed. */
void mscp_login_message(const uint8_t nonce[32], uint64_t counter, const uint8_t link[32],
                        uint8_t out[MSCP_LOGIN_MESSAGE]);

/* What a cloud keeps of one device; to be stored before r goes out. */
struct mscp_login_state {
    uint64_t counter;   /* that the newest proof will have */
    uint8_t newest[32]; /* and its link */
    uint8_t before[32]; /* the link proven last, with counter - 1; none while counter is 0 */
    uint32_t retries;   /* logins from `before` in a row: acknowledgements that got lost */
};

enum mscp_login_verdict {
    MSCP_LOGIN_FORGED = 0, /* not signed by the device: says nothing about it */
    MSCP_LOGIN_NEWEST,
    MSCP_LOGIN_AGAIN, /* from the state before: r was lost on its way */
    MSCP_LOGIN_FORK, /* signed, but from no state that is left: two parties have this device's key, or its flash was put back */
};

/** A device that has never logged in. */
void mscp_login_start(struct mscp_login_state *state);
/** Judge the answer to nonce, which must be fresh. identity_key: Ed25519, 32 bytes, or P-256, 65. */
enum mscp_login_verdict mscp_login_check(const struct mscp_login_state *state, const uint8_t nonce[32],
                                         const struct mscp_login_proof *proof, struct mico_span identity_key);
/** After NEWEST or AGAIN: give the device r, fresh and random, with the proof's counter. */
void mscp_login_advance(struct mscp_login_state *state, enum mscp_login_verdict verdict, const uint8_t r[32]);

#endif
