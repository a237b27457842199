/* SPDX-License-Identifier: Apache-2.0 */
/* How known answers are asked for of the functions below PSA, which computes by no others: of RSA, since PSA's import of a pair costs as
 * much as three signatures (mico_rsa_check_private), and each algorithm wants a key with a policy of its own; of Diffie-Hellman, whose
 * private numbers are as long as the prime in PSA, and eight times as long as they need be; of SRP-6a, whose private numbers PSA draws. */
#include <string.h>

#include "crypto/primitives/ffdh.h"
#include "crypto/primitives/rsa.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/psa/hash.h"
#include "crypto/selftest/known.h"
#include "crypto/srp/srp6.h"

static psa_status_t status_of(mico_err err)
{
    return err == MICO_OK            ? PSA_SUCCESS
           : err == MICO_ERR_ENTROPY ? PSA_ERROR_INSUFFICIENT_ENTROPY
                                     : PSA_ERROR_CORRUPTION_DETECTED;
}

/* A signature verifies, and with one bit of the hash turned it does not. */
static mico_err verify_both_ways(const struct given *given, const struct mico_rsa_public *key,
                                 struct mico_span signature)
{
    uint8_t hashes[2][32];
    mico_err errs[2];
    if (given->in.len != sizeof hashes[0]) {
        return MICO_ERR_CRYPTO;
    }
    for (int i = 0; i < 2; i++) {
        memcpy(hashes[i], given->in.data, sizeof hashes[i]);
        hashes[i][0] ^= (uint8_t)i;
        errs[i] = PSA_ALG_IS_RSA_PSS(given->alg)
                      ? mico_rsa_pss_verify(key, &mico_sha256_digest, false, hashes[i], signature)
                      : mico_rsa_pkcs1_verify(key, given->more, MICO_SPAN(hashes[i]), signature);
    }
    return errs[0] == MICO_OK && errs[1] == MICO_ERR_AUTH ? MICO_OK : MICO_ERR_CRYPTO;
}

static mico_err sign(const struct given *given, const struct mico_rsa_private *key, uint8_t *signature)
{
    return PSA_ALG_IS_RSA_PSS(given->alg)
               ? mico_rsa_pss_sign_with(key, &mico_sha256_digest, given->in.data, given->iv, signature)
               : mico_rsa_pkcs1_sign(key, given->more, given->in, signature);
}

/* iv is the salt of PSS; more the DER before the hash of PKCS #1 v1.5 (RFC 8017 section 9.2 note 1). */
psa_status_t known_rsa_signature(const struct given *given, struct answer *answer)
{
    struct mico_rsa_private key;
    mico_err err = mico_rsa_read_private(given->key, &key);
    if (err == MICO_OK) {
        answer->len = key.pub.n.len;
        err = sign(given, &key, answer->bytes);
    }
    if (err == MICO_OK) {
        err = verify_both_ways(given, &key.pub, (struct mico_span){answer->bytes, answer->len});
    }
    return status_of(err);
}

static mico_err decrypt(const struct given *given, const struct mico_rsa_private *key, struct answer *answer)
{
    return given->alg == PSA_ALG_RSA_PKCS1V15_CRYPT
               ? mico_rsa_pkcs1_decrypt(key, given->in, answer->bytes, sizeof answer->bytes, &answer->len)
               : mico_rsa_oaep_decrypt(key, &mico_sha256_digest, (struct mico_span){NULL, 0}, given->in, answer->bytes,
                                       sizeof answer->bytes, &answer->len);
}

/* The known ciphertext. A fresh one of the same text is another. */
psa_status_t known_rsa_decryption(const struct given *given, struct answer *answer)
{
    struct mico_rsa_private key;
    uint8_t fresh[KNOWN_ANSWER_MAX];
    mico_err err = mico_rsa_read_private(given->key, &key);
    if (err == MICO_OK) {
        err = decrypt(given, &key, answer);
    }
    struct mico_span text = {answer->bytes, answer->len};
    if (err == MICO_OK) {
        err = given->alg == PSA_ALG_RSA_PKCS1V15_CRYPT
                  ? mico_rsa_pkcs1_encrypt(&key.pub, text, fresh)
                  : mico_rsa_oaep_encrypt(&key.pub, &mico_sha256_digest, (struct mico_span){NULL, 0}, text, fresh);
    }
    if (err == MICO_OK && memcmp(fresh, given->in.data, given->in.len) == 0) {
        err = MICO_ERR_CRYPTO;
    }
    return status_of(err);
}

#if defined PSA_WANT_ALG_FFDH && defined PSA_WANT_DH_RFC7919_2048
psa_status_t known_group(const struct given *given, struct answer *answer)
{
    answer->len = given->in.len;
    return status_of(given->in.len == 256 ? ffdh_raise(&ffdh_2048, given->key, given->in.data, answer->bytes)
                                          : MICO_ERR_UNSUPPORTED);
}
#endif

#ifdef PSA_WANT_ALG_SRP_6
/* key is a, iv is b, more is x, in is A | B | v. Both sides come to the answer. */
psa_status_t known_srp_secret(const struct given *given, struct answer *answer)
{
    struct srp6 srp = {.digest = psa_digest_of(given->alg)};
    uint8_t server[KNOWN_ANSWER_MAX];
    size_t size = given->in.len / 3;
    if (srp.digest == NULL || !srp_group_open(&srp.group, size * 8) || given->key.len != srp.group.private_size ||
        given->iv.len != srp.group.private_size || given->more.len != srp.digest->size) {
        return PSA_ERROR_CORRUPTION_DETECTED;
    }
    struct srp6_shares shares = {given->in.data, given->in.data + size};
    mico_err err = srp6_client_secret(&srp, shares, given->key.data, given->more, answer->bytes);
    if (err == MICO_OK) {
        err = srp6_server_secret(&srp, shares, given->iv.data, given->in.data + 2 * size, server);
    }
    answer->len = size;
    return status_of(err == MICO_OK && memcmp(answer->bytes, server, size) != 0 ? MICO_ERR_CRYPTO : err);
}
#endif
