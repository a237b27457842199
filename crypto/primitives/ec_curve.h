/* SPDX-License-Identifier: Apache-2.0 */
/* A curve of ec.c: prime, of cofactor 1, over wolfCrypt's code for it alone. For crypto/primitives alone. */
#ifndef CRYPTO_PRIMITIVES_EC_CURVE_H
#define CRYPTO_PRIMITIVES_EC_CURVE_H

#include "crypto/primitives/ec.h"

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/sp.h>

/* Bytes of the widest curve's numbers. */
#ifdef MICO_WOLF_SMALL_P256
#define EC_SIZE_MAX 32
#else
#define EC_SIZE_MAX 48
#endif

struct mico_ec {
    size_t size; /* bytes of a coordinate, and of a scalar */
    const uint8_t *prime, *order;
    int (*times_base)(const mp_int *scalar, ecc_point *out, int map, void *heap);
    int (*on_curve)(const mp_int *x, const mp_int *y);
};

/* Apart, so that a program which does not sign or agree on a curve links nothing of it. */
struct mico_ecdsa {
    const struct mico_ec *curve;
    int (*sign)(const byte *digest, word32 len, WC_RNG *rng, const mp_int *scalar, mp_int *r, mp_int *s, mp_int *nonce,
                void *heap);
    int (*verify)(const byte *digest, word32 len, const mp_int *x, const mp_int *y, const mp_int *z, const mp_int *r,
                  const mp_int *s, int *valid, void *heap);
};
struct mico_ecdh {
    const struct mico_ec *curve;
    int (*agree)(const mp_int *scalar, const ecc_point *point, byte *out, word32 *out_len, void *heap);
};

#endif
