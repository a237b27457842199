/* SPDX-License-Identifier: Apache-2.0 */
/* The two handshakes of the link: Noise_XX and Noise_KKpsk0, over 25519, ChaChaPoly and SHA256 (Noise revision 34). */
#ifndef MSCP_PROTOCOL_NOISE_H
#define MSCP_PROTOCOL_NOISE_H

#include "base/bytes.h"
#include "base/err.h"

enum mscp_noise_pattern { MSCP_NOISE_XX, MSCP_NOISE_KKPSK0 };

#define MSCP_NOISE_TAG 16

/* One side of a handshake; the caller's storage, its fields are the module's own. Secret: wipe it with
 * mscp_noise_wipe. It may be copied, to try a message and keep the old state when it is refused. */
struct mscp_noise {
    uint8_t h[32];
    uint8_t ck[32];
    uint8_t k[32];
    uint64_t n;
    bool has_key;
    bool initiator;
    uint8_t pattern;
    uint8_t step; /* messages done */
    uint8_t s_private[32], s_public[32];
    uint8_t e_private[32], e_public[32];
    uint8_t rs[32], re[32];
    uint8_t psk[32];
};

struct mscp_noise_keys {
    const uint8_t *s_private; /* 32: own static key */
    const uint8_t *e_private; /* 32: own ephemeral key, fresh from the random generator, used once */
    const uint8_t *remote;    /* 32: the other's static key; NULL in XX */
    const uint8_t *psk;       /* 32: NULL in XX */
    struct mico_span prologue;
};

/** Begin a handshake; copies the keys. */
void mscp_noise_start(struct mscp_noise *noise, enum mscp_noise_pattern pattern, bool initiator,
                      const struct mscp_noise_keys *keys);

/** Write the next message, with payload sealed as far as the pattern allows. MICO_ERR_STATE when it is not this side's
 * turn, MICO_ERR_SIZE, MICO_ERR_CRYPTO; after an error the handshake is dead (wipe it). */
MICO_MUST_USE mico_err mscp_noise_write(struct mscp_noise *noise, struct mico_span payload,
                                        struct mico_writer *message);

/** Read the next message; its payload must be exactly payload_len bytes. MICO_ERR_STATE, MICO_ERR_FORMAT,
 * MICO_ERR_AUTH, MICO_ERR_CRYPTO; after an error the handshake is dead and payload wiped. */
MICO_MUST_USE mico_err mscp_noise_read(struct mscp_noise *noise, struct mico_span message, uint8_t *payload,
                                       size_t payload_len);

/** True when all messages are done. */
bool mscp_noise_done(const struct mscp_noise *noise);

/** The two traffic keys; both sides get the same pair. Only when done. */
void mscp_noise_split(const struct mscp_noise *noise, uint8_t from_initiator[32], uint8_t from_responder[32]);

/** 32 bytes that only the two ends know: HKDF-SHA256(salt h, ikm ck, info label). Only when done. */
void mscp_noise_export(const struct mscp_noise *noise, const char *label, uint8_t out[32]);

void mscp_noise_wipe(struct mscp_noise *noise);

#endif
