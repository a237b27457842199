/* SPDX-License-Identifier: Apache-2.0 */
/* P-384, RSA, finite-field Diffie-Hellman, DSA and SRP with their private numbers undefined. */
#include "crypto/tests/constant_time.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/primitives/dsa.h"
#include "crypto/primitives/ffdh.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/srp/srp6.h"
#include "crypto/tests/rsa_test_key.h"

static void must(mico_err err)
{
    open_up(&err, sizeof err);
    if (err != MICO_OK) {
        abort();
    }
}

void ct_p384(void)
{
    uint8_t key[48] = {1, 2, 3}, public_key[97], digest[48] = {4}, signature[96], out[48];
    must(mico_p384_public(digest, public_key));
    secret(key, sizeof key);
    must(mico_p384_sign(key, digest, signature));
    must(mico_p384_sign_deterministic(key, digest, signature));
    must(mico_p384_agree(key, public_key, out));
}

/* All parts but n and e. The inversion of a blinding factor takes its time as it likes, since the factor is multiplied by
 * another random number before it and divided by it afterwards: so what is drawn counts as public here. */
static void load_rsa(struct mico_rsa_private *key)
{
    entropy_is_public = true;
    static uint8_t der[sizeof rsa_test_key];
    memcpy(der, rsa_test_key, sizeof der);
    must(mico_rsa_read_private(MICO_SPAN(der), key));
    const struct mico_span parts[] = {key->d, key->p, key->q, key->dp, key->dq, key->qinv};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        secret((uint8_t *)(uintptr_t)parts[i].data, parts[i].len);
    }
}

void ct_rsa_sign(void)
{
    struct mico_rsa_private key;
    uint8_t digest[32] = {1}, signature[256];
    load_rsa(&key);
    must(mico_rsa_pkcs1_sign(&key, (struct mico_span){NULL, 0}, MICO_SPAN(digest), signature));
}

/* The text and where it begins are secret as well; that its padding is right, and its length in the end, are not. */
void ct_rsa_decrypt(void)
{
    struct mico_rsa_private key;
    uint8_t text[20] = {1, 2}, sealed[256], out[256];
    size_t len;
    load_rsa(&key);
    must(mico_rsa_pkcs1_encrypt(&key.pub, (struct mico_span){secret(text, sizeof text), sizeof text}, sealed));
    open_up(sealed, sizeof sealed);
    must(mico_rsa_pkcs1_decrypt(&key, MICO_SPAN(sealed), out, sizeof out, &len));
    must(mico_rsa_oaep_encrypt(&key.pub, &mico_sha256_digest, MICO_SPAN("label"), MICO_SPAN(text), sealed));
    open_up(sealed, sizeof sealed);
    must(
        mico_rsa_oaep_decrypt(&key, &mico_sha256_digest, MICO_SPAN("label"), MICO_SPAN(sealed), out, sizeof out, &len));
}

/* The exponent's top bit is public: modular.h. */
void ct_ffdh(void)
{
    uint8_t key[256], peer[256] = {[255] = 7}, out[256];
    memset(key, 0x5A, sizeof key);
    secret(key, sizeof key);
    key[0] = (uint8_t)((key[0] & 0x7F) | 0x40);
    open_up(key, 1);
    must(ffdh_public(sizeof key, key, out));
    must(ffdh_agree(sizeof key, key, peer, out));
}

void ct_dsa(void)
{
    struct mico_dsa_domain domain;
    uint8_t x[32] = {1}, digest[32] = {2}, signature[64];
    must(mico_dsa_read_domain(MICO_SPAN(dsa_domain), &domain));
    secret(x, sizeof x);
    must(mico_dsa_sign(&domain, x, MICO_SPAN(digest), NULL, signature));
    must(mico_dsa_sign(&domain, x, MICO_SPAN(digest), &mico_sha256_digest, signature));
}

/* The password's hash, verifier, both exponents and the secret; an exponent's top bit is public, as are the shares. */
static void srp6_exchange(size_t bits)
{
    static uint8_t v[SRP_GROUP_MAX], A[SRP_GROUP_MAX], B[SRP_GROUP_MAX], S[SRP_GROUP_MAX];
    uint8_t x[32] = {0xC3}, a[SRP_PRIVATE_MAX] = {0xA5}, b[SRP_PRIVATE_MAX] = {0xB5}, K[64];
    struct srp6 srp = {.digest = &mico_sha256_digest};
    must(srp_group_open(&srp.group, bits) ? MICO_OK : MICO_ERR_PARAM);
    secret(x + 1, sizeof x - 1);
    secret(a + 1, sizeof a - 1);
    secret(b + 1, sizeof b - 1);
    srp6_raise(&srp, MICO_SPAN(x), v);
    srp6_raise(&srp, (struct mico_span){a, srp.group.private_size}, A);
    srp6_server_share(&srp, b, v, B);
    open_up(A, sizeof A);
    open_up(B, sizeof B);
    must(srp6_client_secret(&srp, (struct srp6_shares){A, B}, a, MICO_SPAN(x), S));
    must(srp6_server_secret(&srp, (struct srp6_shares){A, B}, b, v, S));
    srp6_key(&srp, S, SRP6_PADDED, K);
}

void ct_srp6(void)
{
    srp6_exchange(1024);
    srp6_exchange(3072);
    srp6_exchange(6144);
}
