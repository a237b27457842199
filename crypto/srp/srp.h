/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a as the HomeKit Accessory Protocol uses it: RFC 5054's 3072-bit group, g = 5, SHA-512, user "Pair-Setup".
 *
 * Both sides: the accessory (server) holds salt and verifier, the controller (client) knows the code. Storage is the
 * caller's, no heap. After finish/check, stop or any error the state is wiped and only start may follow.
 *
 * Leading zeros: implementations in the field differ in hashing A, B and S stripped or padded. The server redraws b
 * until B's first byte is not zero and accepts an M1 made under either rule for A and S; the client redraws a until A's
 * and S's are not zero, so both rules give the same bytes.
 *
 * Every function but the two stops is refused in the error state (MICO_ERR_STATE) and in the approved mode
 * (MICO_ERR_DENIED): docs/CRYPTO-TRUST.md. */
#ifndef CRYPTO_SRP_SRP_H
#define CRYPTO_SRP_SRP_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

#define MICO_SRP_SIZE 384 /* bytes of A, B, S, N and the verifier */
#define MICO_SRP_SALT_SIZE 16
#define MICO_SRP_PROOF_SIZE 64   /* M1, M2 */
#define MICO_SRP_KEY_SIZE 64     /* K */
#define MICO_SRP_PRIVATE_SIZE 32 /* a, b */

/** The verifier of a setup code, such as "123-45-678" (any bytes are taken). A device stores salt and verifier only.
 * Wiped when refused. */
MICO_MUST_USE mico_err mico_srp_verifier(struct mico_span code, const uint8_t salt[MICO_SRP_SALT_SIZE],
                                         uint8_t verifier[MICO_SRP_SIZE]);

struct mico_srp_server {
    uint8_t step;
    uint8_t b[MICO_SRP_PRIVATE_SIZE];
    uint8_t salt[MICO_SRP_SALT_SIZE];
    uint8_t verifier[MICO_SRP_SIZE];
    uint8_t B[MICO_SRP_SIZE];
};

/** Draw b and compute B. MICO_ERR_ENTROPY; MICO_ERR_PARAM for a verifier that is 0 or not below N. */
MICO_MUST_USE mico_err mico_srp_server_start(struct mico_srp_server *server, const uint8_t salt[MICO_SRP_SALT_SIZE],
                                             const uint8_t verifier[MICO_SRP_SIZE], uint8_t B[MICO_SRP_SIZE]);
/** Check the client's proof; give ours and the session key. One guess for one B: state is wiped whatever happens.
 * MICO_ERR_SIZE (A is empty or longer than 384 bytes), MICO_ERR_CRYPTO (A mod N = 0), MICO_ERR_AUTH (wrong proof),
 * MICO_ERR_STATE; M2 and key then wiped. */
MICO_MUST_USE mico_err mico_srp_server_finish(struct mico_srp_server *server, struct mico_span A,
                                              const uint8_t M1[MICO_SRP_PROOF_SIZE], uint8_t M2[MICO_SRP_PROOF_SIZE],
                                              uint8_t key[MICO_SRP_KEY_SIZE]);
void mico_srp_server_stop(struct mico_srp_server *server);

struct mico_srp_client {
    uint8_t step;
    uint8_t a[MICO_SRP_PRIVATE_SIZE];
    uint8_t A[MICO_SRP_SIZE];
    uint8_t key[MICO_SRP_KEY_SIZE];
    uint8_t M2[MICO_SRP_PROOF_SIZE];
};

/** Draw a and compute A, which is sent after the proof is made: proving may draw a anew. MICO_ERR_ENTROPY. */
MICO_MUST_USE mico_err mico_srp_client_start(struct mico_srp_client *client);
/** Take the server's salt and B; give A and the proof. MICO_ERR_SIZE (B is empty or longer than 384 bytes),
 * MICO_ERR_CRYPTO (B mod N = 0), MICO_ERR_ENTROPY, MICO_ERR_STATE. */
MICO_MUST_USE mico_err mico_srp_client_prove(struct mico_srp_client *client, const uint8_t salt[MICO_SRP_SALT_SIZE],
                                             struct mico_span B, struct mico_span code, uint8_t A[MICO_SRP_SIZE],
                                             uint8_t M1[MICO_SRP_PROOF_SIZE]);
/** Check the server's proof; give the session key. MICO_ERR_AUTH (key wiped), MICO_ERR_STATE. */
MICO_MUST_USE mico_err mico_srp_client_check(struct mico_srp_client *client, const uint8_t M2[MICO_SRP_PROOF_SIZE],
                                             uint8_t key[MICO_SRP_KEY_SIZE]);
void mico_srp_client_stop(struct mico_srp_client *client);

#endif
