/* SPDX-License-Identifier: Apache-2.0 */
/* NIST's CAVS vectors, from Debian's python3-cryptography-vectors: ECDSA, ECDH, DSA and RSA of the sizes that we have, with
 * every hash; and the file of Ed25519's authors. Each test says how many vectors it must have met. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/digest.h"
#include "crypto/primitives/dsa.h"
#include "crypto/primitives/ec.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa.h"
#include "crypto/tests/vectors.h"

#define ECDSA "asymmetric/ECDSA/FIPS_186-3/"
#define DSA "asymmetric/DSA/FIPS_186-3/"
#define RSA "asymmetric/RSA/FIPS_186-2/"

static struct vectors file; /* large */

static const struct {
    const char *name;
    const struct mico_digest *digest;
} hashes[] = {
    {"SHA-1", &mico_sha1_digest},     {"SHA-224", &mico_sha224_digest}, {"SHA-256", &mico_sha256_digest},
    {"SHA-384", &mico_sha384_digest}, {"SHA-512", &mico_sha512_digest}, {"SHA1", &mico_sha1_digest},
    {"SHA224", &mico_sha224_digest},  {"SHA256", &mico_sha256_digest},  {"SHA384", &mico_sha384_digest},
    {"SHA512", &mico_sha512_digest},
};

/* The hash whose name ends the text. */
static const struct mico_digest *hash_named(const char *text)
{
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        size_t len = strlen(hashes[i].name);
        if (strlen(text) >= len && strcmp(text + strlen(text) - len, hashes[i].name) == 0) {
            return hashes[i].digest;
        }
    }
    fail_msg("no hash in '%s'", text);
    return NULL;
}

/* The digest of the vector's message, in static storage. */
static struct mico_span digest_of_message(const struct mico_digest *hash)
{
    static uint8_t digest[MICO_DIGEST_MAX];
    mico_digest_of(hash, vectors_hex(&file, "Msg"), digest);
    return (struct mico_span){digest, hash->size};
}

static bool passes(void)
{
    return vectors_text(&file, "Result")[0] == 'P';
}

/* The curve of the section, and signatures on it; NULL for those that we do not have. */
static const struct mico_ec *curve(size_t *size)
{
    bool p256 = strncmp(file.section, "P-256", 5) == 0, p384 = strncmp(file.section, "P-384", 5) == 0;
    *size = p256 ? 32 : 48;
    return p256 ? &mico_ec_p256 : p384 ? &mico_ec_p384 : NULL;
}

static const struct mico_ecdsa *ecdsa(const struct mico_ec *on)
{
    return on == &mico_ec_p256 ? &mico_ecdsa_p256 : &mico_ecdsa_p384;
}

/* 04 | x | y; false when one is too long to be written so. */
static bool point(const char *x, const char *y, size_t size, uint8_t out[97])
{
    struct mico_span a = vectors_padded(&file, x, size), b = vectors_padded(&file, y, size);
    if (a.len != size || b.len != size) {
        return false;
    }
    out[0] = 4;
    memcpy(out + 1, a.data, size);
    memcpy(out + 1 + size, b.data, size);
    return true;
}

static void pair_of_signature(const char *r, const char *s, size_t size, uint8_t *out)
{
    memcpy(out, vectors_padded(&file, r, size).data, size);
    memcpy(out + size, vectors_padded(&file, s, size).data, size);
}

static void ecdsa_signatures(void **state)
{
    uint8_t public_key[97], signature[96];
    size_t size;
    unsigned met = 0;
    vectors_open(&file, ECDSA "SigVer.rsp");
    while (vectors_next(&file, "Result")) {
        const struct mico_ec *on = curve(&size);
        if (on != NULL) {
            pair_of_signature("R", "S", size, signature);
            bool valid = point("Qx", "Qy", size, public_key) &&
                         mico_ec_verify(ecdsa(on), public_key, digest_of_message(hash_named(file.section)),
                                        signature) == MICO_OK;
            assert_int_equal(valid, passes());
            met++;
        }
    }
    assert_int_equal(met, 2 * 5 * 15);
}

static void ecdsa_signatures_of_known_keys(void **state)
{
    uint8_t public_key[97], want[97], signature[96];
    size_t size;
    unsigned met = 0;
    vectors_open(&file, ECDSA "SigGen.txt");
    while (vectors_next(&file, "S")) {
        const struct mico_ec *on = curve(&size);
        if (on != NULL) {
            struct mico_span digest = digest_of_message(hash_named(file.section));
            assert_int_equal(mico_ec_public(on, vectors_padded(&file, "d", size).data, public_key), MICO_OK);
            assert_true(point("Qx", "Qy", size, want));
            assert_memory_equal(public_key, want, 2 * size + 1);
            pair_of_signature("R", "S", size, signature);
            assert_int_equal(mico_ec_verify(ecdsa(on), public_key, digest, signature), MICO_OK);
            met++;
        }
    }
    assert_int_equal(met, 2 * 5 * 15);
}

static void ec_public_keys(void **state)
{
    uint8_t public_key[97];
    size_t size;
    unsigned met = 0;
    vectors_open(&file, ECDSA "PKV.rsp");
    while (vectors_next(&file, "Result")) {
        const struct mico_ec *on = curve(&size);
        if (on != NULL) {
            bool good = point("Qx", "Qy", size, public_key) && mico_ec_check(on, public_key) == MICO_OK;
            assert_int_equal(good, passes());
            met++;
        }
    }
    assert_int_equal(met, 2 * 12);
}

/* Of a refused vector Z, its hash or the peer's key was spoilt. */
static void ecdh_secrets(void **state)
{
    uint8_t peer[97], secret[48];
    unsigned met = 0, good = 0;
    vectors_open(&file, "asymmetric/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_init.fax");
    while (vectors_next(&file, "Result")) {
        bool p256 = strncmp(file.section, "EC - ", 5) == 0, p384 = strncmp(file.section, "ED - ", 5) == 0;
        size_t size = p256 ? 32 : 48;
        if (p256 || p384) {
            bool same = point("QsCAVSx", "QsCAVSy", size, peer) &&
                        mico_ec_agree(p256 ? &mico_ecdh_p256 : &mico_ecdh_p384,
                                      vectors_padded(&file, "dsIUT", size).data, peer, secret) == MICO_OK &&
                        memcmp(secret, vectors_padded(&file, "Z", size).data, size) == 0;
            assert_true(same || !passes());
            good += passes();
            met++;
        }
    }
    assert_int_equal(met, 2 * 30);
    assert_true(good > 20);
}

static struct mico_dsa_public dsa_key(void)
{
    return (struct mico_dsa_public){
        {vectors_number(&file, "P"), vectors_number(&file, "Q"), vectors_number(&file, "G")},
        vectors_number(&file, "Y")};
}

static void dsa_signatures(void **state)
{
    uint8_t signature[2 * MICO_DSA_Q_MAX];
    unsigned met = 0;
    vectors_open(&file, DSA "SigVer.rsp");
    while (vectors_next(&file, "Result")) {
        struct mico_dsa_public key = dsa_key();
        size_t size = key.domain.q.len;
        struct mico_span digest = digest_of_message(hash_named(file.section));
        pair_of_signature("R", "S", size, signature);
        if (met % 15 == 0) { /* one domain for fifteen; its check is what takes the time */
            assert_int_equal(mico_dsa_check_domain(&key.domain), MICO_OK);
        }
        bool valid = mico_dsa_verify(&key, digest, (struct mico_span){signature, 2 * size}) == MICO_OK;
        assert_int_equal(valid, passes());
        met++;
    }
    assert_int_equal(met, 4 * 5 * 15);
}

static void dsa_signatures_of_known_keys(void **state)
{
    uint8_t signature[2 * MICO_DSA_Q_MAX], y[MICO_DSA_P_MAX];
    unsigned met = 0;
    vectors_open(&file, DSA "SigGen.txt");
    while (vectors_next(&file, "S")) {
        struct mico_dsa_public key = dsa_key();
        const struct mico_digest *hash = hash_named(file.section);
        size_t size = key.domain.q.len;
        struct mico_span digest = digest_of_message(hash), x = vectors_padded(&file, "X", size),
                         both = {signature, 2 * size};
        if (met++ % 5 != 0) {
            continue;
        }
        pair_of_signature("R", "S", size, signature);
        assert_int_equal(mico_dsa_verify(&key, digest, both), MICO_OK);
        assert_int_equal(mico_dsa_public(&key.domain, x.data, y), MICO_OK);
        assert_memory_equal(y, vectors_padded(&file, "Y", key.domain.p.len).data, key.domain.p.len);
        key = dsa_key();
        assert_int_equal(mico_dsa_sign(&key.domain, x.data, digest, met % 2 == 0 ? hash : NULL, signature), MICO_OK);
        assert_int_equal(mico_dsa_verify(&key, digest, both), MICO_OK);
    }
    assert_int_equal(met, 4 * 5 * 15);
}

/* DigestInfo before the digest, RFC 8017 section 9.2 note 1; all SHA-2's differ in two bytes. */
static struct mico_span prefix_of(const struct mico_digest *hash)
{
    static const uint8_t sha1[] = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E,
                                   0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14};
    static uint8_t sha2[] = {0x30, 0,    0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                             0x65, 0x03, 0x04, 0x02, 0,    0x05, 0x00, 0x04, 0};
    sha2[1] = (uint8_t)(17 + hash->size);
    sha2[14] = hash->size == 28 ? 4 : hash->size == 32 ? 1 : hash->size == 48 ? 2 : 3;
    sha2[18] = hash->size;
    return hash->size == 20 ? MICO_SPAN(sha1) : MICO_SPAN(sha2);
}

static bool rsa_size_known(size_t len)
{
    return len == 128 || len == 256 || len == 384 || len == 512;
}

/* 1536 bits are not ours. */
static unsigned verify_rsa(const char *path, const char *last, bool pss)
{
    unsigned met = 0;
    vectors_open(&file, path);
    while (vectors_next(&file, last)) {
        struct mico_rsa_public key = {vectors_number(&file, "n"), vectors_number(&file, "e")};
        const struct mico_digest *hash = hash_named(vectors_text(&file, "SHAAlg"));
        if (rsa_size_known(key.n.len)) {
            struct mico_span digest = digest_of_message(hash), signature = vectors_hex(&file, "S");
            mico_err err = pss ? mico_rsa_pss_verify(&key, hash, true, digest.data, signature)
                               : mico_rsa_pkcs1_verify(&key, prefix_of(hash), digest, signature);
            bool valid = strcmp(last, "Result") != 0 || passes();
            assert_int_equal(err == MICO_OK, valid);
            met++;
        }
    }
    return met;
}

static void rsa_signatures(void **state)
{
    assert_int_equal(verify_rsa(RSA "SigVer15_186-3.rsp", "Result", false), 360);
    assert_int_equal(verify_rsa(RSA "SigVerPSS_186-3.rsp", "Result", true), 360);
    assert_true(verify_rsa(RSA "SigGen15_186-3.rsp", "S", false) >= 150);
    assert_true(verify_rsa(RSA "SigGenPSS_186-3.rsp", "S", true) >= 150);
}

/* Lines `seed and public key : public key : message : signature and message :`. */
static void ed25519_signatures(void **state)
{
    static char line[8192];
    static uint8_t seed[64], message[1100], want[64], signature[64];
    unsigned met = 0;
    vectors_open(&file, "asymmetric/Ed25519/sign.input");
    while (fgets(line, sizeof line, file.file) != NULL) {
        char *parts[4] = {strtok(line, ":")};
        size_t len =
            met; /* each message is a byte longer than the one before; the first is empty, which strtok leaves out */
        strtok(NULL, ":");
        parts[2] = met == 0 ? NULL : strtok(NULL, ":");
        parts[3] = strtok(NULL, ":");
        assert_int_equal(mico_unhex(parts[0], seed, 64), MICO_OK);
        assert_true(met == 0 || mico_unhex(parts[2], message, len) == MICO_OK);
        parts[3][128] = '\0';
        assert_int_equal(mico_unhex(parts[3], want, 64), MICO_OK);
        mico_ed25519_sign(seed, seed + 32, (struct mico_span){message, len}, signature);
        assert_memory_equal(signature, want, 64);
        assert_int_equal(mico_ed25519_verify(seed + 32, (struct mico_span){message, len}, want), MICO_OK);
        want[met % 64] ^= 1;
        assert_int_equal(mico_ed25519_verify(seed + 32, (struct mico_span){message, len}, want), MICO_ERR_AUTH);
        met++;
    }
    fclose(file.file);
    assert_int_equal(met, 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecdsa_signatures), cmocka_unit_test(ecdsa_signatures_of_known_keys),
        cmocka_unit_test(ec_public_keys),   cmocka_unit_test(ecdh_secrets),
        cmocka_unit_test(dsa_signatures),   cmocka_unit_test(dsa_signatures_of_known_keys),
        cmocka_unit_test(rsa_signatures),   cmocka_unit_test(ed25519_signatures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
