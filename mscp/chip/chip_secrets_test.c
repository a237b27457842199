/* SPDX-License-Identifier: Apache-2.0 */
/* Keys from outside, keys of keys, and what SECRETs and P-256 keys do, each beside the same work done here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_say.h"

#define KEY_ID 0x300u
#define SECRET_ID 0x301u
#define HERE (MSCP_ID_VOLATILE + 1) /* a SECRET that lives with the session */

static struct rig rig;
static struct mscp_binding binding;
static uint8_t message[MSCP_MESSAGE_MAX];

static int start(void **state)
{
    rig_start(&rig);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    for (size_t i = 0; i < sizeof message; i++) {
        message[i] = (uint8_t)(i * 7);
    }
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static const struct mscp_attributes p256_tls = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_TLS_CLIENT};
static const struct mscp_attributes p256_raw = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_RAW};
static const struct mscp_attributes p256_agree = {.type = MSCP_KEY_P256, .usage = MSCP_USE_AGREE};
static const struct mscp_attributes x25519_inside = {.type = MSCP_KEY_X25519,
                                                     .usage = MSCP_USE_AGREE | MSCP_RELEASE_INSIDE};
static const struct mscp_attributes all_uses = {
    .type = MSCP_SECRET, .usage = MSCP_USE_DERIVE | MSCP_USE_MAC | MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT};
static const struct mscp_attributes to_wrap = {.type = MSCP_SECRET, .usage = MSCP_USE_WRAP};
static const struct mscp_attributes inside = {.type = MSCP_SECRET, .usage = MSCP_USE_DERIVE | MSCP_RELEASE_INSIDE};
static const struct mscp_attributes to_mac = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC};
static const struct mscp_attributes to_mac_inside = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC | MSCP_RELEASE_INSIDE};

static const uint8_t secret_bytes[32] = {0x5E, 0xC2, 0xE7, 1, 2, 3};

static mico_err import(uint32_t id, const struct mscp_attributes *a, struct mico_span key, uint8_t *public_key)
{
    return mscp_host_import(&rig.host, &(struct mscp_import){.id = id, .attributes = a, .key = key}, public_key);
}

/* ---- P-256 ---- */

static void a_p256_key_signs_the_hash_of_a_tls_message_of_both_versions(void **state)
{
    uint8_t key[65], signature[64], digest[32], again[65];
    uint8_t tls13[64 + 34 + 32];
    struct mico_span transcript = {message, rig_transcript(message, 1300)};
    memset(tls13, ' ', 64);
    memcpy(tls13 + 64, "TLS 1.3, client CertificateVerify", 34);
    memset(tls13 + 98, 0x77, 32);
    assert_int_equal(mscp_host_generate_p256(&rig.host, KEY_ID, &p256_tls, key), MICO_OK);
    assert_int_equal(mico_p256_check(key), MICO_OK);
    assert_int_equal(mscp_host_public_key_p256(&rig.host, KEY_ID, again), MICO_OK);
    assert_memory_equal(again, key, sizeof key);
    for (unsigned i = 0; i < 2; i++) {
        struct mico_span m = i == 0 ? transcript : MICO_SPAN(tls13);
        assert_int_equal(mscp_host_sign(&rig.host, KEY_ID, m, signature), MICO_OK);
        mico_sha256(m.data, m.len, digest);
        assert_int_equal(mico_p256_verify(key, digest, signature), MICO_OK);
        assert_int_equal(mscp_host_verify(&rig.host, KEY_ID, m, signature), MICO_OK);
        assert_int_equal(mscp_host_verify_by(&rig.host, MICO_SPAN(key), m, signature), MICO_OK);
        signature[5] ^= 1;
        assert_int_equal(mscp_host_verify(&rig.host, KEY_ID, m, signature), MICO_ERR_CRYPTO);
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_VERIFY_FAILED);
    }
    assert_int_equal(mscp_host_sign(&rig.host, KEY_ID, (struct mico_span){message, 600}, signature), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_SHAPE);
}

static void p256_and_the_other_curves_do_not_pass_for_each_other(void **state)
{
    uint8_t key[65], short_key[32];
    assert_int_equal(mscp_host_generate(&rig.host, KEY_ID, &p256_tls, short_key), MICO_ERR_PARAM);
    assert_int_equal(mscp_host_generate_p256(&rig.host, KEY_ID, &rig_pairing, key), MICO_ERR_PARAM);
    assert_int_equal(mscp_host_generate_p256(&rig.host, KEY_ID, &p256_tls, key), MICO_OK);
    assert_int_equal(mscp_host_public_key(&rig.host, KEY_ID, short_key), MICO_ERR_FORMAT);
    static const struct mscp_attributes bad[] = {
        {.type = MSCP_KEY_P256, .usage = MSCP_USE_AGREE | MSCP_USE_SIGN_TLS_CLIENT},
        {.type = MSCP_KEY_P256, .usage = MSCP_USE_ATTEST | MSCP_USE_AGREE},
        {.type = MSCP_KEY_P256, .usage = MSCP_USE_DERIVE},
        {.type = MSCP_KEY_P256, .usage = MSCP_RELEASE_INSIDE},
        {.type = MSCP_KEY_P256},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(mscp_host_generate_p256(&rig.host, 0x333, &bad[i], key), MICO_ERR_DENIED);
        assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_ATTRIBUTES);
    }
}

static void a_p256_key_survives_the_chips_restart_and_agrees(void **state)
{
    uint8_t key[65], own_private[32], own[65], shared[32], expected[32], bad[65];
    assert_int_equal(mico_p256_generate(own_private, own), MICO_OK);
    assert_int_equal(mscp_host_generate_p256(&rig.host, KEY_ID, &p256_agree, key), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(mscp_host_agree_p256(&rig.host, KEY_ID, own, shared), MICO_OK);
    assert_int_equal(mico_p256_agree(own_private, key, expected), MICO_OK);
    assert_memory_equal(shared, expected, 32);
    memcpy(bad, own, sizeof bad);
    bad[64] ^= 1; /* off the curve */
    assert_int_equal(mscp_host_agree_p256(&rig.host, KEY_ID, bad, shared), MICO_ERR_CRYPTO);
    assert_int_equal(mscp_host_agree(&rig.host, KEY_ID, own, shared), MICO_ERR_SIZE);
}

/* ---- from outside ---- */

static void an_imported_key_pair_works_and_says_where_it_comes_from(void **state)
{
    static const struct {
        struct mscp_attributes a;
        size_t len;
    } kinds[] = {{{.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW}, 32},
                 {{.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE}, 32},
                 {{.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_RAW}, 65}};
    for (uint32_t i = 0; i < 3; i++) {
        uint8_t made[65], expected[65];
        struct mscp_attributes got;
        bool found = false;
        assert_int_equal(import(MSCP_ID_GENERAL + i, &kinds[i].a, MICO_SPAN(secret_bytes), made), MICO_OK);
        if (i == 0) {
            mico_ed25519_public(secret_bytes, expected);
        } else if (i == 1) {
            mico_x25519_public(secret_bytes, expected);
        } else {
            assert_int_equal(mico_p256_public(secret_bytes, expected), MICO_OK);
        }
        assert_memory_equal(made, expected, kinds[i].len);
        assert_int_equal(mscp_host_attributes(&rig.host, MSCP_ID_GENERAL + i, &got, &found), MICO_OK);
        assert_true(found && got.origin == MSCP_IMPORTED);
    }
}

static void what_is_no_key_is_not_imported(void **state)
{
    static const uint8_t ones[64] = {[0 ... 63] = 0xFF};
    static const uint8_t zeros[32];
    const struct {
        const struct mscp_attributes *a;
        struct mico_span key;
        enum mscp_status want;
    } bad[] = {
        {&p256_tls, {ones, 32}, MSCP_BAD_PARAM}, /* at or above the order */
        {&p256_tls, {zeros, 32}, MSCP_BAD_PARAM},    {&p256_tls, {secret_bytes, 31}, MSCP_BAD_LENGTH},
        {&rig_pairing, {ones, 64}, MSCP_BAD_LENGTH}, {&to_mac, {ones, 15}, MSCP_BAD_LENGTH},
        {&to_mac, {ones, 65}, MSCP_BAD_LENGTH},      {&all_uses, {ones, 31}, MSCP_POLICY_DENIED}, /* no cipher key */
        {&rig_data, {ones, 32}, MSCP_NOT_SUPPORTED},
    };
    static uint8_t long_enough[65];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        memcpy(long_enough, bad[i].key.data, bad[i].key.len > 64 ? 64 : bad[i].key.len);
        mico_err err = import(KEY_ID, bad[i].a, (struct mico_span){long_enough, bad[i].key.len}, NULL);
        assert_int_not_equal(err, MICO_OK);
        assert_int_equal(mscp_host_last_status(&rig.host), bad[i].want);
        struct mscp_object none;
        assert_int_equal(mscp_object_load(&rig.chip, KEY_ID, &none), MSCP_NO_SUCH_OBJECT);
    }
    assert_int_equal(rig.chip.objects, 0);
}

static void a_wrapped_key_opens_for_its_id_and_attributes_only(void **state)
{
    uint8_t sealed[12 + 32 + 16] = {9, 8, 7}, aad[4 + MSCP_ATTRIBUTES_MAX], mac[32], expected[32];
    size_t aad_len = 4 + mscp_attributes_encode(&to_mac, aad + 4);
    mico_store_le32(aad, KEY_ID);
    assert_int_equal(import(SECRET_ID, &to_wrap, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    mico_chachapoly_seal(secret_bytes, sealed, (struct mico_span){aad, aad_len}, MICO_SPAN(mac), sealed + 12);
    memset(mac, 0x3C, sizeof mac);
    mico_chachapoly_seal(secret_bytes, sealed, (struct mico_span){aad, aad_len}, MICO_SPAN(mac), sealed + 12);
    struct mscp_import what = {.id = KEY_ID + 9, .attributes = &to_mac, .key = MICO_SPAN(sealed), .wrapper = SECRET_ID};
    assert_int_equal(mscp_host_import(&rig.host, &what, NULL), MICO_ERR_CRYPTO); /* of another id */
    what.id = KEY_ID;
    what.attributes = &to_mac_inside;
    assert_int_equal(mscp_host_import(&rig.host, &what, NULL), MICO_ERR_CRYPTO); /* with other rights */
    what.attributes = &to_mac;
    what.wrapper = 0x777;
    assert_int_equal(mscp_host_import(&rig.host, &what, NULL), MICO_ERR_STATE);
    what.wrapper = SECRET_ID;
    sealed[20] ^= 1;
    assert_int_equal(mscp_host_import(&rig.host, &what, NULL), MICO_ERR_CRYPTO);
    sealed[20] ^= 1;
    assert_int_equal(mscp_host_import(&rig.host, &what, NULL), MICO_OK);
    mico_hmac_sha256(MICO_SPAN(mac), MICO_SPAN(message), expected);
    assert_int_equal(mscp_host_mac(&rig.host, KEY_ID, MICO_SPAN(message), mac), MICO_OK);
    assert_memory_equal(mac, expected, 32);
    what.id = KEY_ID + 2;
    what.wrapper = KEY_ID; /* a key that wraps nothing */
    assert_int_equal(mscp_host_import(&rig.host, &what, NULL), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_USAGE);
}

/* Else its host would open what was wrapped for the chip alone, or find it by the same nonce. */
static void a_key_that_wraps_neither_encrypts_nor_decrypts(void **state)
{
    static const uint16_t more[] = {MSCP_USE_ENCRYPT, MSCP_USE_DECRYPT, MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT};
    assert_int_equal(import(SECRET_ID, &all_uses, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    for (unsigned i = 0; i < 3; i++) {
        struct mscp_attributes a = {.type = MSCP_SECRET, .usage = (uint16_t)(MSCP_USE_WRAP | more[i])};
        struct mscp_derivation d = {SECRET_ID, MSCP_HKDF_SHA256, {NULL, 0}, {NULL, 0}, 32, MSCP_ID_VOLATILE, &a};
        assert_int_equal(import(SECRET_ID + 1, &a, MICO_SPAN(secret_bytes), NULL), MICO_ERR_DENIED);
        assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_ATTRIBUTES);
        assert_int_equal(mscp_host_derive(&rig.host, &d, NULL), MICO_ERR_DENIED);
        assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_ATTRIBUTES);
    }
    assert_int_equal(import(SECRET_ID + 1, &to_wrap, MICO_SPAN(secret_bytes), NULL), MICO_OK);
}

/* ---- SECRETs at work ---- */

static void a_secret_derives_as_rfc_5869_says_with_both_hashes(void **state)
{
    static const uint8_t salt[13] = {1, 2, 3}, info[10] = {4, 5};
    uint8_t out[1024], expected[1024];
    assert_int_equal(import(SECRET_ID, &all_uses, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    for (uint16_t len = 1; len <= sizeof out; len = (uint16_t)(len * 4)) {
        struct mscp_derivation d = {SECRET_ID, MSCP_HKDF_SHA256, MICO_SPAN(salt), MICO_SPAN(info), len, 0, NULL};
        assert_int_equal(mscp_host_derive(&rig.host, &d, out), MICO_OK);
        assert_int_equal(mico_hkdf_sha256(d.salt, MICO_SPAN(secret_bytes), d.info, expected, len), MICO_OK);
        assert_memory_equal(out, expected, len);
        d.algorithm = MSCP_HKDF_SHA512;
        assert_int_equal(mscp_host_derive(&rig.host, &d, out), MICO_OK);
        assert_int_equal(mico_hkdf_sha512(d.salt, MICO_SPAN(secret_bytes), d.info, expected, len), MICO_OK);
        assert_memory_equal(out, expected, len);
        d.algorithm = 3;
        assert_int_equal(mscp_host_derive(&rig.host, &d, out), MICO_ERR_UNSUPPORTED);
    }
}

/* X25519 in the chip, HKDF on it, HMAC with that: the host sees the MAC alone, and it is the right one. */
static void a_chain_from_an_agreement_to_a_mac_stays_inside(void **state)
{
    uint8_t chip_public[32], peer_private[32] = {5}, peer[32], shared[32], key[32], mac[32], expected[32];
    mico_x25519_public(peer_private, peer);
    assert_int_equal(mscp_host_generate(&rig.host, KEY_ID, &x25519_inside, chip_public), MICO_OK);
    assert_int_equal(mscp_host_agree(&rig.host, KEY_ID, peer, shared), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_RELEASE);
    assert_int_equal(mscp_host_agree_inside(&rig.host, KEY_ID, MICO_SPAN(peer), HERE, &to_mac), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_RELEASE); /* a target that could let it out */
    assert_int_equal(mscp_host_agree_inside(&rig.host, KEY_ID, MICO_SPAN(peer), HERE, &inside), MICO_OK);
    const struct mscp_derivation out_of_it = {HERE, MSCP_HKDF_SHA256, {NULL, 0}, {NULL, 0}, 32, 0, NULL};
    assert_int_equal(mscp_host_derive(&rig.host, &out_of_it, key), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_RELEASE);
    const struct mscp_derivation d = {HERE, MSCP_HKDF_SHA256, {NULL, 0},     MICO_SPAN("chain"),
                                      32,   HERE + 1,         &to_mac_inside};
    assert_int_equal(mscp_host_derive(&rig.host, &d, NULL), MICO_OK);
    assert_int_equal(mscp_host_mac(&rig.host, HERE + 1, MICO_SPAN(message), mac), MICO_OK);
    assert_int_equal(mico_x25519(peer_private, chip_public, shared), MICO_OK);
    assert_int_equal(mico_hkdf_sha256(d.salt, MICO_SPAN(shared), d.info, key, sizeof key), MICO_OK);
    mico_hmac_sha256(MICO_SPAN(key), MICO_SPAN(message), expected);
    assert_memory_equal(mac, expected, sizeof mac);
}

static void a_mac_is_checked_and_an_altered_one_refused(void **state)
{
    uint8_t mac[32], expected[32];
    assert_int_equal(import(SECRET_ID, &to_mac, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    for (size_t len = 0; len <= sizeof message; len = len * 8 + 1) {
        struct mico_span m = {message, len};
        mico_hmac_sha256(MICO_SPAN(secret_bytes), m, expected);
        assert_int_equal(mscp_host_mac(&rig.host, SECRET_ID, m, mac), MICO_OK);
        assert_memory_equal(mac, expected, sizeof mac);
        assert_int_equal(mscp_host_mac_verify(&rig.host, SECRET_ID, m, mac), MICO_OK);
        mac[len % 32] ^= 0x40;
        assert_int_equal(mscp_host_mac_verify(&rig.host, SECRET_ID, m, mac), MICO_ERR_CRYPTO);
    }
}

static void what_is_encrypted_opens_again_and_altered_does_not(void **state)
{
    static uint8_t sealed[MSCP_TEXT_MAX + 16], expected[MSCP_TEXT_MAX + 16], back[MSCP_TEXT_MAX];
    assert_int_equal(import(SECRET_ID, &all_uses, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    for (size_t len = 0; len <= MSCP_TEXT_MAX; len += 176) {
        struct mscp_nonce nonce = {.given = false}, other = {.given = false};
        struct mico_span aad = {message, len % (MSCP_AAD_MAX + 1)}, text = {message, len};
        assert_int_equal(mscp_host_encrypt(&rig.host, SECRET_ID, &other, aad, text, sealed), MICO_OK);
        assert_int_equal(mscp_host_encrypt(&rig.host, SECRET_ID, &nonce, aad, text, sealed), MICO_OK);
        assert_memory_not_equal(nonce.bytes, other.bytes, 12);
        mico_chachapoly_seal(secret_bytes, nonce.bytes, aad, text, expected);
        assert_memory_equal(sealed, expected, len + 16);
        struct mico_span s = {sealed, len + 16};
        assert_int_equal(mscp_host_decrypt(&rig.host, SECRET_ID, nonce.bytes, aad, s, back), MICO_OK);
        assert_memory_equal(back, message, len);
        sealed[len / 2] ^= 1;
        assert_int_equal(mscp_host_decrypt(&rig.host, SECRET_ID, nonce.bytes, aad, s, back), MICO_ERR_CRYPTO);
        nonce.given = true;
        assert_int_equal(mscp_host_encrypt(&rig.host, SECRET_ID, &nonce, aad, text, sealed), MICO_OK);
        assert_memory_equal(sealed, expected, len + 16);
    }
}

static int cipher_of(uint8_t command, size_t text, size_t aad, size_t iv)
{
    static const uint8_t bytes[MSCP_CHUNK_MAX] = {1};
    uint8_t random[1];
    assert_int_equal(mscp_host_random(&rig.host, random, 1), MICO_OK); /* a session is open */
    say_begin_id(SECRET_ID);
    mscp_put_bytes(&said.body, MSCP_TAG_IV, bytes, iv);
    mscp_put_bytes(&said.body, MSCP_TAG_AAD, bytes, aad);
    mscp_put_bytes(&said.body, MSCP_TAG_BYTES, bytes, text);
    return said.body.failed ? 1 : say_to(&rig, command);
}

static void the_limits_of_encrypt_and_decrypt_are_where_the_page_says(void **state)
{
    static const struct {
        size_t text, aad, iv;
        int encrypt, decrypt;
    } cases[] = {
        {0, 0, 12, MSCP_OK, MSCP_BAD_LENGTH},
        {15, 0, 12, MSCP_OK, MSCP_BAD_LENGTH},
        {16, 0, 12, MSCP_OK, MSCP_VERIFY_FAILED},
        {880, 128, 12, MSCP_OK, MSCP_VERIFY_FAILED},
        {881, 0, 12, MSCP_BAD_LENGTH, MSCP_VERIFY_FAILED},
        {896, 128, 12, MSCP_BAD_LENGTH, MSCP_VERIFY_FAILED},
        {897, 0, 12, MSCP_BAD_LENGTH, MSCP_BAD_LENGTH},
        {1024, 0, 12, MSCP_BAD_LENGTH, MSCP_BAD_LENGTH},
        {32, 129, 12, MSCP_BAD_LENGTH, MSCP_BAD_LENGTH},
        {32, 0, 11, MSCP_BAD_LENGTH, MSCP_BAD_LENGTH},
        {32, 0, 13, MSCP_BAD_LENGTH, MSCP_BAD_LENGTH},
    };
    assert_int_equal(import(SECRET_ID, &all_uses, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig.now_ms += 60000;
        assert_int_equal(cipher_of(MSCP_ENCRYPT, cases[i].text, cases[i].aad, cases[i].iv), cases[i].encrypt);
        assert_int_equal(cipher_of(MSCP_DECRYPT, cases[i].text, cases[i].aad, cases[i].iv), cases[i].decrypt);
    }
    const struct mico_span short_key = {secret_bytes, 31};
    assert_int_equal(import(SECRET_ID + 1, &all_uses, short_key, NULL), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_ATTRIBUTES);
}

static void hashes_are_those_of_fips_180_4(void **state)
{
    uint8_t got[64], expected[64];
    for (size_t len = 0; len <= sizeof message; len = len * 8 + 1) {
        mico_sha256(message, len, expected);
        assert_int_equal(mscp_host_hash(&rig.host, MSCP_SHA256, (struct mico_span){message, len}, got), MICO_OK);
        assert_memory_equal(got, expected, 32);
        mico_sha512(message, len, expected);
        assert_int_equal(mscp_host_hash(&rig.host, MSCP_SHA512, (struct mico_span){message, len}, got), MICO_OK);
        assert_memory_equal(got, expected, 64);
    }
}

static void a_secret_does_what_its_usage_is_for_and_is_read_by_nobody(void **state)
{
    static const uint16_t uses[] = {MSCP_USE_DERIVE, MSCP_USE_MAC, MSCP_USE_ENCRYPT, MSCP_USE_DECRYPT, MSCP_USE_WRAP};
    uint8_t out[64];
    size_t len;
    for (unsigned i = 0; i < 5; i++) {
        struct mscp_attributes a = {.type = MSCP_SECRET, .usage = uses[i]};
        uint32_t id = SECRET_ID + i;
        struct mscp_nonce nonce = {.given = true};
        const struct mscp_derivation d = {id, MSCP_HKDF_SHA256, {NULL, 0}, {NULL, 0}, 32, 0, NULL};
        const struct mico_span text = {message, 20}, sealed = {message, 36};
        assert_int_equal(import(id, &a, MICO_SPAN(secret_bytes), NULL), MICO_OK);
        assert_int_equal(mscp_host_derive(&rig.host, &d, out), i == 0 ? MICO_OK : MICO_ERR_DENIED);
        assert_int_equal(mscp_host_mac(&rig.host, id, text, out), i == 1 ? MICO_OK : MICO_ERR_DENIED);
        assert_int_equal(mscp_host_encrypt(&rig.host, id, &nonce, text, text, out), i == 2 ? MICO_OK : MICO_ERR_DENIED);
        assert_int_equal(mscp_host_decrypt(&rig.host, id, nonce.bytes, text, sealed, out),
                         i == 3 ? MICO_ERR_CRYPTO : MICO_ERR_DENIED);
        assert_int_equal(mscp_host_read(&rig.host, id, out, sizeof out, &len), MICO_ERR_DENIED);
        assert_int_equal(mscp_host_write(&rig.host, id, text), MICO_ERR_DENIED);
        assert_int_equal(mscp_host_sign(&rig.host, id, text, out), MICO_ERR_DENIED);
        assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_TYPE);
    }
}

/* ---- with the session ---- */

static void a_volatile_secret_ends_with_its_session_and_never_reaches_the_flash(void **state)
{
    uint8_t mac[32];
    uint64_t before = rig.flash.operations;
    for (uint32_t i = 0; i < MSCP_VOLATILE_MAX; i++) {
        assert_int_equal(import(HERE + i, &to_mac, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    }
    assert_int_equal(import(HERE, &to_mac, MICO_SPAN(secret_bytes), NULL), MICO_ERR_STATE);
    assert_int_equal(import(HERE + 9, &to_mac, MICO_SPAN(secret_bytes), NULL), MICO_ERR_FULL);
    assert_int_equal(mscp_host_delete(&rig.host, HERE + 1), MICO_OK);
    assert_int_equal(import(HERE + 9, &to_mac, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    assert_int_equal(mscp_host_mac(&rig.host, HERE + 9, MICO_SPAN(message), mac), MICO_OK);
    assert_int_equal(rig.flash.operations, before);
    assert_int_equal(rig.chip.objects, 0);
    mscp_host_stop(&rig.host);
    rig_new_host(&rig, &binding);
    assert_int_equal(mscp_host_mac(&rig.host, HERE + 9, MICO_SPAN(message), mac), MICO_ERR_STATE);
    for (size_t i = 0; i < sizeof rig.chip.volatiles.secrets; i++) {
        assert_int_equal(((const uint8_t *)rig.chip.volatiles.secrets)[i], 0);
    }
}

static void the_field_makes_volatile_secrets_and_no_lasting_ones(void **state)
{
    uint8_t mac[32];
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    assert_int_equal(import(SECRET_ID, &to_mac, MICO_SPAN(secret_bytes), NULL), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_WRONG_LIFECYCLE);
    assert_int_equal(import(HERE, &rig_pairing, MICO_SPAN(secret_bytes), NULL), MICO_ERR_DENIED);
    assert_int_equal(mscp_host_last_detail(&rig.host), MSCP_CLAUSE_TYPE);
    assert_int_equal(import(HERE, &to_mac, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    assert_int_equal(mscp_host_mac(&rig.host, HERE, MICO_SPAN(message), mac), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, HERE), MICO_OK);
    assert_int_equal(mscp_host_delete(&rig.host, HERE), MICO_ERR_STATE);
    assert_int_equal(mscp_host_delete(&rig.host, MSCP_ID_GENERAL), MICO_ERR_DENIED);
}

static void ended_life_takes_secrets_with_the_keys(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(import(SECRET_ID, &to_mac, MICO_SPAN(secret_bytes), NULL), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_RETURNED, false, NULL), MICO_OK);
    assert_int_equal(rig.chip.objects, 2); /* counter and certificate */
}

static void a_p256_token_key_signs_any_message_in_the_factory_only(void **state)
{
    uint8_t key[65], signature[64], digest[32];
    assert_int_equal(mscp_host_generate_p256(&rig.host, MSCP_ID_GENERAL, &p256_raw, key), MICO_OK);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_GENERAL, MICO_SPAN(message), signature), MICO_OK);
    mico_sha256(message, sizeof message, digest);
    assert_int_equal(mico_p256_verify(key, digest, signature), MICO_OK);
    assert_int_equal(mscp_host_generate_p256(&rig.host, KEY_ID, &p256_raw, key), MICO_ERR_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_p256_key_signs_the_hash_of_a_tls_message_of_both_versions, start, end),
        cmocka_unit_test_setup_teardown(p256_and_the_other_curves_do_not_pass_for_each_other, start, end),
        cmocka_unit_test_setup_teardown(a_p256_key_survives_the_chips_restart_and_agrees, start, end),
        cmocka_unit_test_setup_teardown(an_imported_key_pair_works_and_says_where_it_comes_from, start, end),
        cmocka_unit_test_setup_teardown(what_is_no_key_is_not_imported, start, end),
        cmocka_unit_test_setup_teardown(a_wrapped_key_opens_for_its_id_and_attributes_only, start, end),
        cmocka_unit_test_setup_teardown(a_key_that_wraps_neither_encrypts_nor_decrypts, start, end),
        cmocka_unit_test_setup_teardown(a_secret_derives_as_rfc_5869_says_with_both_hashes, start, end),
        cmocka_unit_test_setup_teardown(a_chain_from_an_agreement_to_a_mac_stays_inside, start, end),
        cmocka_unit_test_setup_teardown(a_mac_is_checked_and_an_altered_one_refused, start, end),
        cmocka_unit_test_setup_teardown(what_is_encrypted_opens_again_and_altered_does_not, start, end),
        cmocka_unit_test_setup_teardown(the_limits_of_encrypt_and_decrypt_are_where_the_page_says, start, end),
        cmocka_unit_test_setup_teardown(hashes_are_those_of_fips_180_4, start, end),
        cmocka_unit_test_setup_teardown(a_secret_does_what_its_usage_is_for_and_is_read_by_nobody, start, end),
        cmocka_unit_test_setup_teardown(a_volatile_secret_ends_with_its_session_and_never_reaches_the_flash, start,
                                        end),
        cmocka_unit_test_setup_teardown(the_field_makes_volatile_secrets_and_no_lasting_ones, start, end),
        cmocka_unit_test_setup_teardown(ended_life_takes_secrets_with_the_keys, start, end),
        cmocka_unit_test_setup_teardown(a_p256_token_key_signs_any_message_in_the_factory_only, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
