/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, MACs and derivations. */
#include "crypto/tests/psa_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/stream.h"

#define COST_MAX 100000 /* iterations of PBKDF2; one case of RFC 6070 has 16777216, eight seconds of the host */

psa_key_id_t case_key(psa_key_type_t type, struct mico_span key, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id;
    psa_set_key_type(&attributes, type);
    psa_set_key_algorithm(&attributes, alg);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_MESSAGE |
                                             PSA_KEY_USAGE_VERIFY_MESSAGE | PSA_KEY_USAGE_DERIVE |
                                             PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP);
    assert_int_equal(psa_import_key(&attributes, key.data, key.len, &id), PSA_SUCCESS);
    return id;
}

struct mico_span case_either(struct vectors *v, const char *name, const char *other)
{
    return vectors_hex(v, vectors_known(v, name) ? name : other);
}

void case_expect(psa_status_t status, const uint8_t *got, size_t len, struct mico_span want)
{
    assert_int_equal(status, PSA_SUCCESS);
    assert_int_equal(len, want.len);
    assert_memory_equal(got, want.data, want.len);
}

/* Msg, of Len bits: a message of none is written 00. */
static struct mico_span message(struct vectors *v)
{
    struct mico_span msg = vectors_hex(v, "Msg");
    unsigned long bits = vectors_decimal(v, "Len");
    assert_true(bits == 8 * msg.len || (bits == 0 && msg.len == 1));
    return (struct mico_span){msg.data, bits / 8};
}

const char *case_hash(struct vectors *v, psa_algorithm_t alg)
{
    uint8_t hash[PSA_HASH_MAX_SIZE];
    struct mico_span msg = message(v), want = vectors_hex(v, "MD");
    size_t len;
    psa_status_t status = psa_hash_compute(alg, msg.data, msg.len, hash, sizeof hash, &len);
    case_expect(status, hash, len, want);
    assert_int_equal(psa_hash_compare(alg, msg.data, msg.len, want.data, want.len), PSA_SUCCESS);
    hash[msg.len % len] ^= 1;
    assert_int_equal(psa_hash_compare(alg, msg.data, msg.len, hash, len), PSA_ERROR_INVALID_SIGNATURE);
    return NULL;
}

/* SHAVS section 6.4: each of a thousand hashes is that of the three before it; the last is the next case's seed. */
const char *case_monte(struct vectors *v, psa_algorithm_t alg)
{
    static uint8_t seed[PSA_HASH_MAX_SIZE];
    uint8_t last[3 * PSA_HASH_MAX_SIZE], md[PSA_HASH_MAX_SIZE];
    size_t size = PSA_HASH_LENGTH(alg), len;
    if (vectors_decimal(v, "COUNT") == 0) {
        assert_int_equal(vectors_hex(v, "Seed").len, size);
        memcpy(seed, vectors_hex(v, "Seed").data, size);
    }
    for (unsigned i = 0; i < 3; i++) {
        memcpy(last + i * size, seed, size);
    }
    for (unsigned i = 3; i <= 1002; i++) {
        assert_int_equal(psa_hash_compute(alg, last, 3 * size, md, sizeof md, &len), PSA_SUCCESS);
        memmove(last, last + size, 2 * size);
        memcpy(last + 2 * size, md, size);
    }
    case_expect(PSA_SUCCESS, md, len, vectors_hex(v, "MD"));
    memcpy(seed, md, size);
    return NULL;
}

static void mac(psa_key_type_t type, struct mico_span key, psa_algorithm_t alg, struct mico_span msg,
                struct mico_span want)
{
    uint8_t mac[PSA_MAC_MAX_SIZE];
    size_t len;
    psa_key_id_t id = case_key(type, key, alg);
    psa_status_t status = psa_mac_compute(id, alg, msg.data, msg.len, mac, sizeof mac, &len);
    case_expect(status, mac, len, want);
    assert_int_equal(psa_mac_verify(id, alg, msg.data, msg.len, want.data, want.len), PSA_SUCCESS);
    mac[msg.len % len] ^= 0x80;
    assert_int_equal(psa_mac_verify(id, alg, msg.data, msg.len, mac, len), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
}

const char *case_hmac(struct vectors *v, psa_algorithm_t alg)
{
    mac(PSA_KEY_TYPE_HMAC, vectors_hex(v, "Key"), alg, message(v), vectors_hex(v, "MD"));
    return NULL;
}

/* Of two keys (K1, K2, K1), PSA may be given all three or two. */
const char *case_cmac(struct vectors *v, psa_algorithm_t alg)
{
    struct mico_span msg = vectors_hex(v, "MESSAGE"), want = vectors_hex(v, "OUTPUT");
    uint8_t keys[24];
    if (vectors_known(v, "KEY")) {
        mac(PSA_KEY_TYPE_AES, vectors_hex(v, "KEY"), alg, msg, want);
        return NULL;
    }
    memcpy(keys, vectors_padded(v, "KEY1", 8).data, 8);
    memcpy(keys + 8, vectors_padded(v, "KEY2", 8).data, 8);
    memcpy(keys + 16, vectors_padded(v, "KEY3", 8).data, 8);
    mac(PSA_KEY_TYPE_DES, MICO_SPAN(keys), alg, msg, want);
    if (memcmp(keys, keys + 16, 8) == 0) {
        mac(PSA_KEY_TYPE_DES, (struct mico_span){keys, 16}, alg, msg, want);
    }
    return NULL;
}

/* Alone it stands beside PSA. */
const char *case_poly1305(struct vectors *v, psa_algorithm_t alg)
{
    uint8_t tag[16];
    (void)alg;
    assert_int_equal(vectors_hex(v, "KEY").len, 32);
    mico_poly1305(vectors_hex(v, "KEY").data, vectors_hex(v, "MSG"), tag);
    case_expect(PSA_SUCCESS, tag, sizeof tag, vectors_hex(v, "TAG"));
    return NULL;
}

psa_algorithm_t case_hash_named(const char *name)
{
    static const struct {
        const char *name;
        psa_algorithm_t alg;
    } hashes[] = {{"SHA-1", PSA_ALG_SHA_1},
                  {"SHA-224", PSA_ALG_SHA_224},
                  {"SHA-256", PSA_ALG_SHA_256},
                  {"SHA-384", PSA_ALG_SHA_384},
                  {"SHA-512", PSA_ALG_SHA_512}};
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        if (strcmp(name, hashes[i].name) == 0) {
            return hashes[i].alg;
        }
    }
    fail_msg("no hash is called '%s'", name);
    return PSA_ALG_NONE;
}

static void derive_input(psa_key_derivation_operation_t *op, psa_key_derivation_step_t step, struct mico_span in)
{
    assert_int_equal(psa_key_derivation_input_bytes(op, step, in.data, in.len), PSA_SUCCESS);
}

/* Takes the inputs that it is given (data is not NULL), then wants this output. */
static void derive(psa_algorithm_t alg, struct mico_span salt, struct mico_span secret, struct mico_span info,
                   struct mico_span want)
{
    static uint8_t out[2048];
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    if (salt.data != NULL) {
        derive_input(&op, PSA_KEY_DERIVATION_INPUT_SALT, salt);
    }
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_SECRET, secret);
    if (info.data != NULL) {
        derive_input(&op, PSA_KEY_DERIVATION_INPUT_INFO, info);
    }
    assert_true(want.len <= sizeof out);
    case_expect(psa_key_derivation_output_bytes(&op, out, want.len), out, want.len, want);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
}

/* The file names the hash. */
const char *case_hkdf(struct vectors *v, psa_algorithm_t alg)
{
    const struct mico_span none = {NULL, 0};
    psa_algorithm_t hash = case_hash_named(vectors_text(v, "Hash"));
    struct mico_span salt = vectors_hex(v, "salt"), info = vectors_hex(v, "info"), secret = vectors_hex(v, "IKM"),
                     want = vectors_hex(v, "OKM");
    assert_int_equal(want.len, vectors_decimal(v, "L"));
    (void)alg;
    derive(PSA_ALG_HKDF(hash), salt, secret, info, want);
    if (vectors_has(v, "PRK")) { /* the same in its two halves */
        struct mico_span prk = vectors_hex(v, "PRK");
        derive(PSA_ALG_HKDF_EXTRACT(hash), salt, secret, none, prk);
        derive(PSA_ALG_HKDF_EXPAND(hash), none, prk, info, want);
    }
    return NULL;
}

/* Characters, with \0 for the one that text cannot have. */
static size_t unescaped(const char *text, uint8_t *out)
{
    size_t len = 0;
    while (*text != '\0') {
        bool zero = strncmp(text, "\\0", 2) == 0;
        assert_true(len < 64);
        out[len++] = zero ? 0 : (uint8_t)*text;
        text += zero ? 2 : 1;
    }
    return len;
}

const char *case_pbkdf2(struct vectors *v, psa_algorithm_t alg)
{
    uint8_t text[64], out[64];
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    struct mico_span want = vectors_hex(v, "DERIVED_KEY"), in = {text, 0};
    unsigned long cost = vectors_decimal(v, "ITERATIONS");
    if (cost > COST_MAX) {
        return "PBKDF2 of more than 100000 iterations takes too long for a test";
    }
    assert_int_equal(want.len, vectors_decimal(v, "LENGTH"));
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_integer(&op, PSA_KEY_DERIVATION_INPUT_COST, cost), PSA_SUCCESS);
    in.len = unescaped(vectors_text(v, "SALT"), text);
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_SALT, in);
    in.len = unescaped(vectors_text(v, "PASSWORD"), text);
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_PASSWORD, in);
    case_expect(psa_key_derivation_output_bytes(&op, out, want.len), out, want.len, want);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    return NULL;
}

/* The salt in hexadecimal, the password in quotes. */
const char *case_pbkdf2_cmac(struct vectors *v, psa_algorithm_t alg)
{
    uint8_t out[64];
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    struct mico_span want = vectors_hex(v, "DERIVED_KEY");
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    assert_int_equal(
        psa_key_derivation_input_integer(&op, PSA_KEY_DERIVATION_INPUT_COST, vectors_decimal(v, "ITERATIONS")),
        PSA_SUCCESS);
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_SALT, vectors_hex(v, "SALT"));
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_PASSWORD, vectors_hex(v, "PASSWORD"));
    assert_true(want.len <= sizeof out);
    case_expect(psa_key_derivation_output_bytes(&op, out, want.len), out, want.len, want);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    return NULL;
}

/* In two outputs, which are one. */
const char *case_tls12_prf(struct vectors *v, psa_algorithm_t alg)
{
    static uint8_t out[512];
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    struct mico_span want = vectors_hex(v, "OUTPUT");
    size_t cut = want.len / 3;
    (void)alg;
    assert_true(want.len <= sizeof out);
    assert_int_equal(psa_key_derivation_setup(&op, PSA_ALG_TLS12_PRF(case_hash_named(vectors_text(v, "HASH")))),
                     PSA_SUCCESS);
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_SEED, vectors_hex(v, "SEED"));
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_SECRET, vectors_hex(v, "SECRET"));
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_LABEL, vectors_hex(v, "LABEL"));
    assert_int_equal(psa_key_derivation_output_bytes(&op, out, cut), PSA_SUCCESS);
    case_expect(psa_key_derivation_output_bytes(&op, out + cut, want.len - cut), out, want.len, want);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    return NULL;
}

/* With another secret before the key where the case has one: RFC 5489 section 2. */
const char *case_tls12_psk(struct vectors *v, psa_algorithm_t alg)
{
    uint8_t out[48];
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    (void)alg;
    assert_int_equal(psa_key_derivation_setup(&op, PSA_ALG_TLS12_PSK_TO_MS(case_hash_named(vectors_text(v, "HASH")))),
                     PSA_SUCCESS);
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_SEED, vectors_hex(v, "SEED"));
    if (vectors_has(v, "OTHER")) {
        derive_input(&op, PSA_KEY_DERIVATION_INPUT_OTHER_SECRET, vectors_hex(v, "OTHER"));
    }
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_SECRET, vectors_hex(v, "SECRET"));
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_LABEL, vectors_hex(v, "LABEL"));
    case_expect(psa_key_derivation_output_bytes(&op, out, sizeof out), out, sizeof out, vectors_hex(v, "OUTPUT"));
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    return NULL;
}

/* CMAC's, or HMAC's where the case has a hash. The length is part of what goes in. */
const char *case_counter(struct vectors *v, psa_algorithm_t alg)
{
    uint8_t out[64];
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    struct mico_span secret = vectors_hex(v, "SECRET"), want = vectors_hex(v, "OUTPUT");
    bool hmac = vectors_has(v, "HASH");
    psa_key_id_t id;
    alg = hmac ? PSA_ALG_SP800_108_COUNTER_HMAC(case_hash_named(vectors_text(v, "HASH"))) : alg;
    psa_set_key_type(&attributes, hmac ? PSA_KEY_TYPE_HMAC : PSA_KEY_TYPE_AES);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DERIVE);
    psa_set_key_algorithm(&attributes, alg);
    assert_int_equal(psa_import_key(&attributes, secret.data, secret.len, &id), PSA_SUCCESS);
    assert_true(want.len <= sizeof out);
    assert_int_equal(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_set_capacity(&op, want.len), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_SECRET, id), PSA_SUCCESS);
    derive_input(&op, PSA_KEY_DERIVATION_INPUT_LABEL, vectors_hex(v, "LABEL"));
    if (vectors_has(v, "CONTEXT")) {
        derive_input(&op, PSA_KEY_DERIVATION_INPUT_CONTEXT, vectors_hex(v, "CONTEXT"));
    }
    case_expect(psa_key_derivation_output_bytes(&op, out, want.len), out, want.len, want);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    return NULL;
}
