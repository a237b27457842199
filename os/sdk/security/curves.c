/* SPDX-License-Identifier: Apache-2.0 */
/* Curve25519 and Ed25519 by the names of the libraries that SDK v3 had; see wolfcrypt.h. */
#include "base/bytes.h"
#include "os/sdk/security/wolfcrypt.h"

void curve25519_donna(unsigned char *outKey, const unsigned char *inSecret, const unsigned char *inBasePoint)
{
    if (outKey != NULL && inSecret != NULL && inBasePoint != NULL &&
        mico_x25519(inSecret, inBasePoint, outKey) != MICO_OK) {
        memset(outKey, 0, 32);
    }
}

int crypto_sign_ed25519_seed_keypair(unsigned char *pk, unsigned char *sk, const unsigned char *seed)
{
    if (pk == NULL || sk == NULL || seed == NULL) {
        return -1;
    }
    memmove(sk, seed, crypto_sign_ed25519_SEEDBYTES);
    mico_ed25519_public(sk, pk);
    memcpy(sk + crypto_sign_ed25519_SEEDBYTES, pk, crypto_sign_ed25519_PUBLICKEYBYTES);
    return 0;
}

int crypto_sign_ed25519_keypair(unsigned char *pk, unsigned char *sk)
{
    uint8_t seed[crypto_sign_ed25519_SEEDBYTES];
    if (pk == NULL || sk == NULL || mico_random(seed, sizeof seed) != MICO_OK) {
        return -1;
    }
    int err = crypto_sign_ed25519_seed_keypair(pk, sk, seed);
    mico_wipe(seed, sizeof seed);
    return err;
}

int crypto_sign_ed25519(unsigned char *sm, unsigned long long *smlen, const unsigned char *m, unsigned long long mlen,
                        const unsigned char *sk)
{
    uint8_t public_key[crypto_sign_ed25519_PUBLICKEYBYTES];
    if (sm == NULL || (m == NULL && mlen > 0) || sk == NULL || mlen > SIZE_MAX / 2) {
        return -1;
    }
    if (mlen > 0) {
        memmove(sm + crypto_sign_ed25519_BYTES, m, (size_t)mlen);
    }
    mico_ed25519_public(sk, public_key);
    mico_ed25519_sign(sk, public_key, (struct mico_span){sm + crypto_sign_ed25519_BYTES, (size_t)mlen}, sm);
    if (smlen != NULL) {
        *smlen = mlen + crypto_sign_ed25519_BYTES;
    }
    return 0;
}

int crypto_sign_ed25519_open(unsigned char *m, unsigned long long *mlen, const unsigned char *sm,
                             unsigned long long smlen, const unsigned char *pk)
{
    if (sm == NULL || pk == NULL || smlen < crypto_sign_ed25519_BYTES || smlen > SIZE_MAX / 2) {
        return -1;
    }
    struct mico_span text = {sm + crypto_sign_ed25519_BYTES, (size_t)smlen - crypto_sign_ed25519_BYTES};
    if (mico_ed25519_verify(pk, text, sm) != MICO_OK || (m == NULL && text.len > 0)) {
        return -1;
    }
    if (text.len > 0) {
        memmove(m, text.data, text.len);
    }
    if (mlen != NULL) {
        *mlen = text.len;
    }
    return 0;
}
