/* SPDX-License-Identifier: Apache-2.0 */
/* In a program whose keys are all in attached locations of PSA: in place of what wolfSSL would sign and decrypt with a key of
 * its own. It is never given one (tls_sign.c's callbacks make every signature), and with these goes the mathematics behind
 * them. */
#include "crypto/tls/internal.h"

#include <stdlib.h>

#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/ge_operations.h>
#include <wolfssl/wolfcrypt/rsa.h>

int __wrap_wc_ed25519_sign_msg(const byte *in, word32 in_len, byte *out, word32 *out_len, ed25519_key *key);
void __wrap_ge_scalarmult_base(ge_p3 *out, const unsigned char *scalar);

int __wrap_wc_ed25519_sign_msg(const byte *in, word32 in_len, byte *out, word32 *out_len, ed25519_key *key)
{
    return NOT_COMPILED_IN;
}

/* Of a private key alone. */
void __wrap_ge_scalarmult_base(ge_p3 *out, const unsigned char *scalar)
{
    abort();
}

int wc_ecc_sign_hash(const byte *in, word32 in_len, byte *out, word32 *out_len, WC_RNG *rng, ecc_key *key)
{
    return NOT_COMPILED_IN;
}

#ifndef NO_RSA
int wc_RsaSSL_Sign(const byte *in, word32 in_len, byte *out, word32 out_len, RsaKey *key, WC_RNG *rng)
{
    return NOT_COMPILED_IN;
}

int wc_RsaPSS_Sign(const byte *in, word32 in_len, byte *out, word32 out_len, enum wc_HashType hash, int mgf,
                   RsaKey *key, WC_RNG *rng)
{
    return NOT_COMPILED_IN;
}

int wc_RsaPrivateDecryptInline(byte *in, word32 in_len, byte **out, RsaKey *key)
{
    return NOT_COMPILED_IN;
}
#endif
