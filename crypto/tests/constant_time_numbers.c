/* SPDX-License-Identifier: Apache-2.0 */
/* P-384, RSA, finite-field Diffie-Hellman, DSA and SRP with their private numbers secret. */
#include "crypto/tests/constant_time.h"

#include <string.h>

#include "crypto/primitives/dsa.h"
#include "crypto/primitives/ffdh.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/srp/srp_test_entry.h"
#include "crypto/srp/srp6.h"
#include "crypto/srp/srp_math.h"
#include "crypto/tests/constant_time_keys.h"
#include "crypto/tests/rsa_test_key.h"

void ct_p384(void)
{
    uint8_t key[48] = {1, 2, 3}, public_key[97], digest[48] = {4}, signature[96], out[48];
    ct_must(mico_p384_public(digest, public_key));
    secret(key, sizeof key);
    ct_must(mico_p384_sign(key, digest, signature));
    ct_must(mico_p384_sign_deterministic(key, digest, signature));
    ct_must(mico_p384_agree(key, public_key, out));
    ct_must(mico_p384_generate(key, public_key));
}

size_t ct_rsa_der(uint8_t der[CT_RSA_DER_MAX])
{
    static const struct mico_span keys[] = {{rsa_test_key, sizeof rsa_test_key},
                                            {ct_rsa_second, sizeof ct_rsa_second},
                                            {ct_rsa_third, sizeof ct_rsa_third}};
    const struct mico_span *which = &keys[choice(3)];
    struct mico_rsa_private key;
    memset(der, 0, CT_RSA_DER_MAX);
    memcpy(der, which->data, which->len);
    ct_must(mico_rsa_read_private((struct mico_span){der, which->len}, &key));
    const struct mico_span parts[] = {key.d, key.p, key.q, key.dp, key.dq, key.qinv};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0];
         i++) { /* but for their first bytes: how long they are shows */
        secret_as_is(parts[i].data + 1, parts[i].len - 1);
    }
    return which->len;
}

/* The inversion of a blinding factor takes its time as it likes, since the factor is multiplied by another random number
 * before it and divided by it afterwards: so what is drawn counts as public here. */
static void load_rsa(struct mico_rsa_private *key)
{
    static uint8_t der[CT_RSA_DER_MAX];
    ct_open_entropy();
    size_t len = ct_rsa_der(der);
    uint8_t open[CT_RSA_DER_MAX]; /* reading looks at the parts' first bytes */
    memcpy(open, der, len);
    open_up(open, len);
    ct_must(mico_rsa_read_private((struct mico_span){open, len}, key));
    struct mico_span *const parts[] = {&key->pub.n, &key->pub.e, &key->d,  &key->p,
                                       &key->q,     &key->dp,    &key->dq, &key->qinv};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        parts[i]->data = der + (parts[i]->data - open);
    }
}

void ct_rsa_sign(void)
{
    struct mico_rsa_private key;
    uint8_t digest[32] = {1}, signature[256];
    load_rsa(&key);
    ct_must(mico_rsa_pkcs1_sign(&key, (struct mico_span){NULL, 0}, MICO_SPAN(digest), signature));
    ct_must(mico_rsa_pss_sign(&key, &mico_sha256_digest, digest, signature));
}

/* The text and where it begins are secret as well; that its padding is right, and its length in the end, are not. */
void ct_rsa_decrypt(void)
{
    struct mico_rsa_private key;
    uint8_t text[20] = {1, 2}, sealed[256], out[256];
    size_t len;
    load_rsa(&key);
    secret(text, sizeof text);
    ct_must(mico_rsa_pkcs1_encrypt(&key.pub, MICO_SPAN(text), sealed));
    open_up(sealed, sizeof sealed);
    ct_must(mico_rsa_pkcs1_decrypt(&key, MICO_SPAN(sealed), out, sizeof out, &len));
    ct_must(mico_rsa_oaep_encrypt(&key.pub, &mico_sha256_digest, MICO_SPAN("label"), MICO_SPAN(text), sealed));
    open_up(sealed, sizeof sealed);
    ct_must(
        mico_rsa_oaep_decrypt(&key, &mico_sha256_digest, MICO_SPAN("label"), MICO_SPAN(sealed), out, sizeof out, &len));
}

void ct_ffdh(void)
{
    uint8_t key[256], peer[256] = {[255] = 7}, out[256];
    secret(key, sizeof key);
    key[0] &= 0x7F; /* below the prime */
    ct_must(ffdh_public(&ffdh_2048, key, out));
    ct_must(ffdh_agree(&ffdh_2048, key, peer, out));
    ct_must(ffdh_generate(&ffdh_2048, key));
}

void ct_dsa(void)
{
    struct mico_dsa_domain domain;
    uint8_t x[32] = {1}, digest[32] = {2}, signature[64];
    ct_must(mico_dsa_read_domain(MICO_SPAN(dsa_domain), &domain));
    secret(x, sizeof x);
    x[0] &= 0x3F;
    ct_must(mico_dsa_sign(&domain, x, MICO_SPAN(digest), NULL, signature));
    ct_must(mico_dsa_sign(&domain, x, MICO_SPAN(digest), &mico_sha256_digest, signature));
}

/* Exponentiation and product of SRP. */
void ct_srp3072(void)
{
    uint8_t b[32], u[64], x[64], exponent[SRP_EXPONENT_SIZE];
    static uint8_t out[MICO_SRP_SIZE];
    secret(b, sizeof b);
    srp_exp(out, srp_g, MICO_SPAN(b));
    srp_mul(out, out, srp_g);
    srp_add(out, out, srp_g);
    srp_sub(out, out, srp_g);
    srp_exp(out, out, MICO_SPAN(b));
    memset(u, 0xC3, sizeof u);
    secret(x, sizeof x);
    srp_exponent(exponent, b, u, x);
}

/* The password's hash, verifier, both exponents and the secret; the shares are public. */
static void srp6_exchange(size_t bits)
{
    static uint8_t v[SRP_GROUP_MAX], A[SRP_GROUP_MAX], B[SRP_GROUP_MAX], S[SRP_GROUP_MAX];
    uint8_t x[32], a[SRP_PRIVATE_MAX], b[SRP_PRIVATE_MAX], K[64];
    struct srp6 srp = {.digest = &mico_sha256_digest};
    ct_must(srp_group_open(&srp.group, bits) ? MICO_OK : MICO_ERR_PARAM);
    secret(x, sizeof x);
    secret(a, sizeof a);
    secret(b, sizeof b);
    srp6_raise(&srp, MICO_SPAN(x), v);
    srp6_raise(&srp, (struct mico_span){a, srp.group.private_size}, A);
    srp6_server_share(&srp, b, v, B);
    open_up(A, sizeof A);
    open_up(B, sizeof B);
    ct_must(srp6_client_secret(&srp, (struct srp6_shares){A, B}, a, MICO_SPAN(x), S));
    ct_must(srp6_server_secret(&srp, (struct srp6_shares){A, B}, b, v, S));
    srp6_key(&srp, S, SRP6_PADDED, K);
}

/* The board computes in the shortest group, which takes it long enough. */
void ct_srp6(void)
{
    srp6_exchange(1024);
    if (SRP_GROUP_MAX > 512) {
        srp6_exchange(3072);
        srp6_exchange(6144);
    }
}

/* HomeKit's exchange, both sides, from the code and from private numbers on; drawn anew they are not, which is public. */
void ct_srp_hap(void)
{
    static const uint8_t salt[MICO_SRP_SALT_SIZE] = {1, 2};
    static uint8_t verifier[MICO_SRP_SIZE], A[MICO_SRP_SIZE], B[MICO_SRP_SIZE];
    static struct mico_srp_server server;
    static struct mico_srp_client client;
    uint8_t code[10], a[MICO_SRP_PRIVATE_SIZE], b[MICO_SRP_PRIVATE_SIZE], M1[MICO_SRP_PROOF_SIZE],
        M2[MICO_SRP_PROOF_SIZE], key[MICO_SRP_KEY_SIZE];
    secret(code, sizeof code);
    ct_must(mico_srp_verifier((struct mico_span){code, sizeof code}, salt, verifier));
    mico_srp_server_start_with(&server, salt, verifier, secret(b, sizeof b), B);
    open_up(B, sizeof B);
    open_up(server.B, sizeof server.B);
    mico_srp_client_start_with(&client, secret(a, sizeof a));
    ct_must(mico_srp_client_prove(&client, salt, (struct mico_span){B, sizeof B}, (struct mico_span){code, sizeof code},
                                  A, M1));
    open_up(A, sizeof A);
    open_up(M1, sizeof M1);
    ct_must(mico_srp_server_finish(&server, (struct mico_span){A, sizeof A}, M1, M2, key));
    open_up(M2, sizeof M2);
    ct_must(mico_srp_client_check(&client, M2, key));
}
