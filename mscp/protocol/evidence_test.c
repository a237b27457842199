/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: the bytes of docs/MSCP.md's test vectors, every way to spoil one, and what implementations of CBOR and Ed25519 that are
 * not ours say about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cbor.h"
#include "crypto/primitives/primitives.h"
#include "mscp/protocol/evidence.h"
#include "mscp/protocol/policy.h"
#include "mscp/protocol/test_doc.h"

static const uint8_t seed[32] = {1};
static uint8_t identity[32], claims_bytes[MSCP_CLAIMS_MAX], token_bytes[MSCP_EVIDENCE_MAX];

static void fill(uint8_t *out, size_t len, uint8_t first)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(first + i);
    }
}

/* The statement of docs/MSCP.md's test vector. */
static struct mscp_evidence example(void)
{
    struct mscp_evidence e = {.firmware_version = 0x01020003,
                              .security_version = 2,
                              .lifecycle = MSCP_OPERATIONAL,
                              .boot_counter = 300,
                              .login.count = 5,
                              .audit.count = 70000,
                              .has_key = true};
    fill(e.nonce, 32, 0x10);
    e.nonce_len = 32;
    fill(e.ueid, MSCP_UEID_SIZE, 0x01);
    fill(e.serial, MSCP_SERIAL_SIZE, 0x20);
    fill(e.host_binding, 32, 0x30);
    fill(e.registers[2], 32, 0x40);
    fill(e.login.head, 32, 0x50);
    fill(e.audit.head, 32, 0x60);
    e.key.id = MSCP_ID_FIRMWARE;
    e.key.uses = 1000;
    e.key.attributes =
        (struct mscp_attributes){.type = MSCP_KEY_X25519, .origin = MSCP_GENERATED, .usage = MSCP_USE_AGREE};
    uint8_t key[32];
    fill(key, 32, 0x70);
    mscp_spki_25519(MSCP_KEY_X25519, key, e.key.spki);
    e.key.spki_len = MSCP_SPKI_25519_SIZE;
    return e;
}

static struct mico_span sign(struct mico_span claims)
{
    uint8_t message[MSCP_EVIDENCE_MAX], signature[64];
    struct mico_writer m = mico_writer_of(message, sizeof message);
    struct mico_writer t = mico_writer_of(token_bytes, sizeof token_bytes);
    mico_ed25519_public(seed, identity);
    mscp_evidence_to_sign(MSCP_KEY_ED25519, claims, &m);
    mico_ed25519_sign(seed, identity, (struct mico_span){message, m.len}, signature);
    mscp_evidence_token(MSCP_KEY_ED25519, claims, signature, &t);
    assert_false(m.failed || t.failed);
    return (struct mico_span){token_bytes, t.len};
}

static struct mico_span token_of(const struct mscp_evidence *e)
{
    struct mico_writer w = mico_writer_of(claims_bytes, sizeof claims_bytes);
    mscp_evidence_claims(e, &w);
    assert_false(w.failed);
    return sign((struct mico_span){claims_bytes, w.len});
}

static mico_err verify(struct mico_span token)
{
    struct mscp_evidence e;
    return mscp_evidence_verify(token, MICO_SPAN(identity), &e);
}

static void a_token_has_the_bytes_of_the_specification(void **state)
{
    struct mscp_evidence e = example();
    struct mico_span token = token_of(&e);
    char got[2 * MSCP_EVIDENCE_MAX + 1], want[2 * MSCP_EVIDENCE_MAX + 1];
    mico_hex(token.data, token.len, got);
    test_doc_vector("evidence-token", want, sizeof want);
    assert_string_equal(got, want);
}

static void a_p256_token_has_the_bytes_of_the_specification_and_no_other_key_or_algorithm_passes(void **state)
{
    static const uint8_t private_key[32] = {[31] = 2};
    struct mscp_evidence e = example(), back;
    uint8_t message[MSCP_EVIDENCE_MAX], digest[32], signature[64], public_key[65], made[MSCP_EVIDENCE_MAX];
    char got[2 * MSCP_EVIDENCE_MAX + 1], want[2 * MSCP_EVIDENCE_MAX + 1];
    struct mico_writer w = mico_writer_of(claims_bytes, sizeof claims_bytes);
    struct mico_writer m = mico_writer_of(message, sizeof message), t = mico_writer_of(made, sizeof made);
    mscp_evidence_claims(&e, &w);
    const struct mico_span claims = {claims_bytes, w.len};
    mscp_evidence_to_sign(MSCP_KEY_P256, claims, &m);
    mico_sha256(message, m.len, digest);
    assert_int_equal(mico_p256_public(private_key, public_key), MICO_OK);
    assert_int_equal(mico_p256_sign_deterministic(private_key, digest, signature), MICO_OK);
    mscp_evidence_token(MSCP_KEY_P256, claims, signature, &t);
    mico_hex(made, t.len, got);
    test_doc_vector("evidence-token-es256", want, sizeof want);
    assert_string_equal(got, want);
    const struct mico_span token = {made, t.len};
    assert_int_equal(mscp_evidence_verify(token, MICO_SPAN(public_key), &back), MICO_OK);
    assert_int_equal(mscp_evidence_verify(token, MICO_SPAN(identity), &back), MICO_ERR_AUTH);
    assert_int_equal(mscp_evidence_verify(token, (struct mico_span){public_key, 64}, &back), MICO_ERR_AUTH);
    for (size_t bit = 0; bit < 8 * t.len; bit += 7) {
        made[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(mscp_evidence_verify(token, MICO_SPAN(public_key), &back), MICO_OK);
        made[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void what_was_stated_is_read(void **state)
{
    struct mscp_evidence e = example(), back;
    assert_int_equal(mscp_evidence_verify(token_of(&e), MICO_SPAN(identity), &back), MICO_OK);
    assert_memory_equal(&back.nonce, &e.nonce, 32);
    assert_memory_equal(back.registers, e.registers, sizeof e.registers);
    assert_int_equal(back.firmware_version, e.firmware_version);
    assert_int_equal(back.security_version, 2);
    assert_int_equal(back.boot_counter, 300);
    assert_int_equal(back.audit.count, 70000);
    assert_memory_equal(back.login.head, e.login.head, 32);
    assert_true(back.has_key);
    assert_int_equal(back.key.attributes.usage, MSCP_USE_AGREE);
    assert_int_equal(back.key.uses, 1000);
    assert_memory_equal(back.key.spki, e.key.spki, MSCP_SPKI_25519_SIZE);
    e.has_key = false;
    assert_int_equal(mscp_evidence_verify(token_of(&e), MICO_SPAN(identity), &back), MICO_OK);
    assert_false(back.has_key);
}

static void every_flipped_bit_cut_and_added_byte_is_found(void **state)
{
    uint8_t spoilt[MSCP_EVIDENCE_MAX + 1];
    struct mscp_evidence e = example();
    struct mico_span token = token_of(&e);
    for (size_t bit = 0; bit < 8 * token.len; bit++) {
        memcpy(spoilt, token.data, token.len);
        spoilt[bit / 8] ^= (uint8_t)(1u << bit % 8);
        mico_err err = verify((struct mico_span){spoilt, token.len});
        assert_true(err == MICO_ERR_AUTH || err == MICO_ERR_FORMAT);
    }
    for (size_t len = 0; len < token.len; len++) {
        assert_int_equal(verify((struct mico_span){token.data, len}), MICO_ERR_FORMAT);
    }
    spoilt[token.len] = 0;
    memcpy(spoilt, token.data, token.len);
    assert_int_equal(verify((struct mico_span){spoilt, token.len + 1}), MICO_ERR_FORMAT);
}

/* Rightly signed claims that the chip would not write: `at` bytes into the example's claims, `del` bytes give way to hex. */
static mico_err verify_changed(size_t at, size_t del, const char *hex)
{
    uint8_t changed[MSCP_CLAIMS_MAX], with[64];
    struct mscp_evidence e = example();
    struct mico_writer w = mico_writer_of(claims_bytes, sizeof claims_bytes);
    size_t len = strlen(hex) / 2;
    mscp_evidence_claims(&e, &w);
    assert_int_equal(mico_unhex(hex, with, len), MICO_OK);
    memcpy(changed, claims_bytes, at);
    memcpy(changed + at, with, len);
    memcpy(changed + at + len, claims_bytes + at + del, w.len - at - del);
    return verify(sign((struct mico_span){changed, w.len - del + len}));
}

/* Where bytes stand in the example's claims. */
static size_t find(const char *hex)
{
    uint8_t what[64];
    size_t len = strlen(hex) / 2;
    struct mscp_evidence e = example();
    struct mico_writer w = mico_writer_of(claims_bytes, sizeof claims_bytes);
    mscp_evidence_claims(&e, &w);
    assert_int_equal(mico_unhex(hex, what, len), MICO_OK);
    for (size_t at = 0; at + len <= w.len; at++) {
        if (memcmp(claims_bytes + at, what, len) == 0) {
            return at;
        }
    }
    fail_msg("the claims do not have %s", hex);
    return 0;
}

static void rightly_signed_claims_of_another_form_are_refused(void **state)
{
    static const struct {
        const char *what, *with;
    } changes[] = {
        {"ad0a", "ac0a"},                                   /* one pair too few */
        {"ad0a", "b80d0a"},                                 /* the map's head not shortest */
        {"0a5820", "0b5820"},                               /* an unknown claim */
        {"19010f8165312e322e33", "19010f816531333333"},     /* no version */
        {"19010f8165312e322e33", "19010f816630312e322e33"}, /* 01.2.3 */
        {"19010f8165312e322e33", "19010f8166312e322e332e"}, /* 1.2.3. */
        {"19010f8165312e322e33", "19010f8167323536"
                                 "2e322e33"},         /* 256.2.3 */
        {"19010b19012c", "19010b1b0000000100000000"}, /* a boot counter past 32 bits */
        {"3a00011171"
         "07",
         "3a00011171"
         "190107"}, /* a lifecycle past 8 bits */
        {"3a00011174"
         "a102",
         "3a00011174"
         "a108"}, /* register 8 */
        {"3a00011174"
         "a102",
         "3a00011174"
         "a120"},                                         /* register -1 */
        {"75726e3a782d6d69636f", "75726e3a782d6d69637f"}, /* another profile */
        {"19010051"
         "01",
         "19010051"
         "02"}, /* no random UEID */
    };
    assert_int_equal(verify_changed(0, 0, ""), MICO_OK);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        assert_int_equal(verify_changed(find(changes[i].what), strlen(changes[i].what) / 2, changes[i].with),
                         MICO_ERR_FORMAT);
    }
}

static void a_challenge_of_32_48_or_64_bytes_is_read_and_one_of_another_size_is_not(void **state)
{
    struct mscp_evidence e = example(), back;
    char longer[6 + 2 * 33 + 1] = "0a5841";
    fill(e.nonce, sizeof e.nonce, 0x10);
    for (size_t len = 0; len <= sizeof e.nonce; len++) {
        bool fits = len == 32 || len == 48 || len == 64;
        e.nonce_len = (uint8_t)len;
        assert_int_equal(mscp_challenge_fits(len), fits);
        assert_int_equal(mscp_evidence_verify(token_of(&e), MICO_SPAN(identity), &back),
                         fits ? MICO_OK : MICO_ERR_FORMAT);
        if (fits) {
            assert_int_equal(back.nonce_len, len);
            assert_memory_equal(back.nonce, e.nonce, len);
            assert_true(mico_ct_is_zero(back.nonce + len, sizeof back.nonce - len));
        }
    }
    memset(longer + 6, '0', sizeof longer - 7);
    assert_int_equal(verify_changed(find("0a5820"), 3, longer), MICO_ERR_FORMAT); /* 65 */
}

static void the_longest_statement_has_room(void **state)
{
    struct mscp_evidence e, back;
    memset(&e, 0xFF, sizeof e);
    e.nonce_len = sizeof e.nonce;
    e.ueid[0] = 1;
    e.has_key = true;
    e.key.spki_len = MSCP_SPKI_MAX;
    e.key.attributes.policy_len = MSCP_POLICY_MAX;
    uint8_t *at = e.key.attributes.policy;
    for (unsigned branch = 0; branch < 3; branch++) { /* of eight, eight and one clauses of 5 bytes */
        *at++ = branch < 2 ? 8 : 1;
        for (unsigned i = 0; i < (branch < 2 ? 8 : 1); i++, at += 5) {
            *at = MSCP_IF_AUTHENTICATED;
        }
    }
    assert_ptr_equal(at, e.key.attributes.policy + MSCP_POLICY_MAX);
    assert_int_equal(mscp_evidence_verify(token_of(&e), MICO_SPAN(identity), &back), MICO_OK);
    assert_memory_equal(back.nonce, e.nonce, sizeof e.nonce);
}

static void another_chips_key_does_not_verify(void **state)
{
    struct mscp_evidence e = example(), untouched = {.boot_counter = 77};
    struct mico_span token = token_of(&e);
    uint8_t other[32];
    mico_ed25519_public((const uint8_t[32]){2}, other);
    assert_int_equal(mscp_evidence_verify(token, MICO_SPAN(other), &untouched), MICO_ERR_AUTH);
    assert_int_equal(untouched.boot_counter, 77);
}

static void write_file(const char *name, const void *data, size_t len)
{
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    fclose(f);
}

/* cbor2 takes the token apart and must make the same bytes of it in its canonical way; openssl checks the signature over the
 * Sig_structure that cbor2 made. */
static void cbor2_and_openssl_take_the_token(void **state)
{
    static const uint8_t front[12] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21};
    struct mscp_evidence e = example();
    struct mico_span token = token_of(&e);
    uint8_t spki[44];
    memcpy(spki, front, sizeof front);
    memcpy(spki + sizeof front, identity, 32);
    write_file("evidence.cose", token.data, token.len);
    write_file("evidence.der", spki, sizeof spki);
    if (system("/usr/bin/python3 " MICO_SOURCE_DIR "/mscp/protocol/evidence_check.py evidence.cose && "
               "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey evidence.der -in evidence.tbs -sigfile "
               "evidence.signature >/dev/null") != 0) {
        fail_msg(
            "error: cbor2 or openssl refuses the token, or is missing\n  try: apt-get install python3-cbor2 openssl");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_has_the_bytes_of_the_specification),
        cmocka_unit_test(a_p256_token_has_the_bytes_of_the_specification_and_no_other_key_or_algorithm_passes),
        cmocka_unit_test(what_was_stated_is_read),
        cmocka_unit_test(every_flipped_bit_cut_and_added_byte_is_found),
        cmocka_unit_test(rightly_signed_claims_of_another_form_are_refused),
        cmocka_unit_test(a_challenge_of_32_48_or_64_bytes_is_read_and_one_of_another_size_is_not),
        cmocka_unit_test(the_longest_statement_has_room),
        cmocka_unit_test(another_chips_key_does_not_verify),
        cmocka_unit_test(cbor2_and_openssl_take_the_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
