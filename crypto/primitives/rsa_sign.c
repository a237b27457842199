/* SPDX-License-Identifier: Apache-2.0 */
/* RSA signatures: RFC 8017 sections 8.1 (PSS) and 8.2 (PKCS #1 v1.5). Names in capitals are the RFC's. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa.h"
#include "crypto/primitives/rsa_mask.h"

/* EM = 00 01 FF … FF 00 | prefix | digest, with at least eight FF. */
static mico_err encode_pkcs1(struct mico_span prefix, struct mico_span digest, uint8_t *em, size_t len)
{
    size_t tail = prefix.len + digest.len;

    if (tail > len || len - tail < 11) {
        return MICO_ERR_PARAM;
    }
    em[0] = 0;
    em[1] = 1;
    memset(em + 2, 0xFF, len - tail - 3);
    em[len - tail - 1] = 0;
    if (prefix.len > 0) {
        memcpy(em + len - tail, prefix.data, prefix.len);
    }
    if (digest.len > 0) {
        memcpy(em + len - digest.len, digest.data, digest.len);
    }
    return MICO_OK;
}

mico_err mico_rsa_pkcs1_sign(const struct mico_rsa_private *key, struct mico_span prefix, struct mico_span digest,
                             uint8_t *signature)
{
    uint8_t em[MICO_RSA_MAX];
    mico_err err = mico_rsa_check_public(&key->pub);
    if (err == MICO_OK) {
        err = encode_pkcs1(prefix, digest, em, key->pub.n.len);
    }
    return err == MICO_OK ? mico_rsa_private_op(key, em, signature) : err;
}

/* The whole encoding is made and compared: there is nothing to parse that a forger could bend. */
mico_err mico_rsa_pkcs1_verify(const struct mico_rsa_public *key, struct mico_span prefix, struct mico_span digest,
                               struct mico_span signature)
{
    uint8_t em[MICO_RSA_MAX], want[MICO_RSA_MAX];
    size_t len = key->n.len;

    if (mico_rsa_check_public(key) != MICO_OK || encode_pkcs1(prefix, digest, want, len) != MICO_OK) {
        return MICO_ERR_PARAM;
    }
    if (signature.len != len || mico_rsa_public_op(key, signature.data, em) != MICO_OK || memcmp(em, want, len) != 0) {
        return MICO_ERR_AUTH;
    }
    return MICO_OK;
}

/* The salt's length that we sign with and expect: the hash's, or what fits below it (PSA's rule, and FIPS 186-4's for
 * SHA-512 under 1024 bits). -1: nothing fits. The modulus has its top bit set: emLen is its length, emBits 1 less. */
static int salt_len(size_t em_len, size_t hash_len)
{
    if (em_len < hash_len + 2) {
        return -1;
    }
    size_t room = em_len - hash_len - 2;
    return (int)(room < hash_len ? room : hash_len);
}

/* H = Hash(00 * 8 | mHash | salt) */
static void hash_salted(const struct mico_digest *hash, const uint8_t *digest, struct mico_span salt, uint8_t *h)
{
    static const uint8_t zeros[8];
    const struct mico_span pieces[] = {{zeros, 8}, {digest, hash->size}, salt};
    rsa_hash(hash, pieces, 3, h);
}

/* EMSA-PSS, section 9.1.1: maskedDB | H | BC. */
mico_err mico_rsa_pss_sign_with(const struct mico_rsa_private *key, const struct mico_digest *hash,
                                const uint8_t *digest, struct mico_span salt, uint8_t *signature)
{
    uint8_t em[MICO_RSA_MAX];
    size_t len = key->pub.n.len;

    if (mico_rsa_check_public(&key->pub) != MICO_OK || salt_len(len, hash->size) < 0 ||
        salt.len > len - hash->size - 2) {
        return MICO_ERR_PARAM;
    }
    size_t db = len - hash->size - 1;
    memset(em, 0, db);
    em[db - salt.len - 1] = 1;
    if (salt.len > 0) {
        memcpy(em + db - salt.len, salt.data, salt.len);
    }
    hash_salted(hash, digest, salt, em + db);
    rsa_mask(hash, (struct mico_span){em + db, hash->size}, em, db);
    em[0] &= 0x7F;
    em[len - 1] = 0xBC;
    return mico_rsa_private_op(key, em, signature);
}

mico_err mico_rsa_pss_sign(const struct mico_rsa_private *key, const struct mico_digest *hash, const uint8_t *digest,
                           uint8_t *signature)
{
    uint8_t salt[MICO_DIGEST_MAX];
    int salted = salt_len(key->pub.n.len, hash->size);

    if (mico_rsa_check_public(&key->pub) != MICO_OK || salted < 0) {
        return MICO_ERR_PARAM;
    }
    mico_err err = mico_random(salt, (size_t)salted);
    return err == MICO_OK
               ? mico_rsa_pss_sign_with(key, hash, digest, (struct mico_span){salt, (size_t)salted}, signature)
               : err;
}

/* Section 9.1.2. */
mico_err mico_rsa_pss_verify(const struct mico_rsa_public *key, const struct mico_digest *hash, bool any_salt,
                             const uint8_t *digest, struct mico_span signature)
{
    uint8_t em[MICO_RSA_MAX], h[MICO_DIGEST_MAX];
    size_t len = key->n.len, at = 0;

    if (mico_rsa_check_public(key) != MICO_OK || salt_len(len, hash->size) < 0) {
        return MICO_ERR_PARAM;
    }
    size_t db = len - hash->size - 1;
    if (signature.len != len || mico_rsa_public_op(key, signature.data, em) != MICO_OK || em[len - 1] != 0xBC ||
        (em[0] & 0x80) != 0) {
        return MICO_ERR_AUTH;
    }
    rsa_mask(hash, (struct mico_span){em + db, hash->size}, em, db);
    em[0] &= 0x7F;
    while (at < db && em[at] == 0) {
        at++;
    }
    if (at == db || em[at] != 1) {
        return MICO_ERR_AUTH;
    }
    struct mico_span salt = {em + at + 1, db - at - 1};
    if (!any_salt && salt.len != (size_t)salt_len(len, hash->size)) {
        return MICO_ERR_AUTH;
    }
    hash_salted(hash, digest, salt, h);
    return memcmp(h, em + db, hash->size) == 0 ? MICO_OK : MICO_ERR_AUTH;
}
