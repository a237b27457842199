/* SPDX-License-Identifier: Apache-2.0 */
/* The frames that docs/MSCP.md shows, byte by byte: the chip answers each request there with the answer there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_say.h"
#include "mscp/protocol/policy.h"

#define LINE_MAX_BYTES 4096

static struct rig rig;
static char *page;

/* The line's bytes behind "name ". */
static size_t vector(const char *name, uint8_t *out, size_t cap)
{
    char start[64];
    snprintf(start, sizeof start, "\n%s ", name);
    const char *at = strstr(page, start);
    if (at == NULL) {
        fail_msg("docs/MSCP.md has no vector %s", name);
        return 0;
    }
    at += strlen(start);
    size_t len = strcspn(at, "\n") / 2;
    char hex[2 * LINE_MAX_BYTES + 1];
    assert_true(len <= cap && len <= LINE_MAX_BYTES);
    memcpy(hex, at, 2 * len);
    hex[2 * len] = '\0';
    assert_int_equal(mico_unhex(hex, out, len), MICO_OK);
    return len;
}

static void assert_vector(const char *name, struct mico_span got)
{
    uint8_t want[LINE_MAX_BYTES];
    char hex[2 * LINE_MAX_BYTES + 1];
    mico_hex(got.data, got.len, hex);
    size_t len = vector(name, want, sizeof want);
    if (len != got.len || memcmp(want, got.data, len) != 0) {
        fail_msg("docs/MSCP.md shows something else:\n%s %s", name, hex);
    }
}

/* A session whose keys the page gives: to the chip 00 01 02 ..., to the host 80 81 82 ..., id 01020304. */
static int start(void **state)
{
    FILE *f = fopen(MICO_SOURCE_DIR "/docs/MSCP.md", "rb");
    page = calloc(1, 200000);
    assert_true(f != NULL && page != NULL && fread(page, 1, 199999, f) > 0);
    fclose(f);
    rig_start(&rig);
    struct mscp_binding binding;
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    struct mscp_session *session = &rig.chip.session;
    for (uint8_t i = 0; i < 32; i++) {
        session->to_chip[i] = i;
        session->to_host[i] = 0x80 + i;
    }
    session->id = 0x01020304;
    session->next = 0;
    return 0;
}

static int end(void **state)
{
    free(page);
    rig_end(&rig);
    return 0;
}

static uint8_t answered[MSCP_WIRE_MAX];
static size_t answered_len;

static void keep_answer(void *ctx, const uint8_t *bytes, size_t len)
{
    memcpy(answered, bytes, len);
    answered_len = len;
}

/* The request under these TLVs as the page shows it on the line, and the chip's answer. */
static void exchange(const char *name, uint8_t command)
{
    char line[64];
    uint8_t frame[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX];
    struct mscp_session *session = &rig.chip.session;
    struct mico_span tlvs = said_span();
    size_t body_len = tlvs.len + MSCP_RECORD_OVERHEAD;
    mscp_request_header(frame, body_len, command, MSCP_FLAG_SEALED, session->id);
    memcpy(frame + MSCP_REQUEST_HEADER + MSCP_RECORD_COUNTER, tlvs.data, tlvs.len);
    mscp_record_seal(session->to_chip, session->next, (struct mico_span){frame, MSCP_REQUEST_HEADER},
                     frame + MSCP_REQUEST_HEADER, tlvs.len);
    struct mico_span line_bytes = {wire,
                                   mscp_wire_encode((struct mico_span){frame, MSCP_REQUEST_HEADER + body_len}, wire)};
    rig.chip.platform.reply = keep_answer;
    mscp_chip_input(&rig.chip, wire, line_bytes.len);
    snprintf(line, sizeof line, "%s-tlvs", name);
    assert_vector(line, tlvs);
    snprintf(line, sizeof line, "%s-request", name);
    assert_vector(line, line_bytes);
    snprintf(line, sizeof line, "%s-answer", name);
    assert_vector(line, (struct mico_span){answered, answered_len});
}

static const struct mscp_attributes raw = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_RAW};
static const struct mscp_attributes secret = {
    .type = MSCP_SECRET, .usage = MSCP_USE_DERIVE | MSCP_USE_MAC | MSCP_USE_ENCRYPT};
static const struct mscp_attributes wrapping = {.type = MSCP_SECRET, .usage = MSCP_USE_WRAP};

#define RAW_ID 0x1000u
#define SECRET_ID (MSCP_ID_VOLATILE + 1)

static void put_import(uint32_t id, const struct mscp_attributes *a, struct mico_span key)
{
    say_begin_id(id);
    say_attributes(a);
    mscp_put_bytes(&said.body, MSCP_TAG_KEY, key.data, key.len);
}

static void the_chip_answers_as_the_page_shows(void **state)
{
    static const uint8_t scalar[32] = {[31] = 3}, secret_bytes[32] = {1, 2, 3}, iv[12] = {9};
    static const uint8_t peer[32] = {9};
    say_begin();
    mscp_put_u8(&said.body, MSCP_TAG_ALGORITHM, MSCP_SHA256);
    say_piece(3, 0, "abc", 3);
    exchange("hash", MSCP_HASH);
    put_import(RAW_ID, &raw, MICO_SPAN(scalar));
    exchange("import-p256", MSCP_IMPORT_KEY);
    say_begin_id(RAW_ID);
    say_piece(3, 0, "abc", 3);
    exchange("sign-p256", MSCP_SIGN);
    put_import(SECRET_ID, &secret, MICO_SPAN(secret_bytes));
    exchange("import-secret", MSCP_IMPORT_KEY);
    say_begin_id(SECRET_ID);
    say_piece(3, 0, "abc", 3);
    exchange("mac", MSCP_COMPUTE_MAC);
    say_begin_id(SECRET_ID);
    mscp_put_u8(&said.body, MSCP_TAG_ALGORITHM, MSCP_HKDF_SHA256);
    mscp_put_u16(&said.body, MSCP_TAG_COUNT, 16);
    mscp_put_bytes(&said.body, MSCP_TAG_INFO, "info", 4);
    exchange("derive", MSCP_DERIVE_KEY);
    say_begin_id(SECRET_ID);
    mscp_put_bytes(&said.body, MSCP_TAG_IV, iv, sizeof iv);
    mscp_put_bytes(&said.body, MSCP_TAG_BYTES, "abc", 3);
    exchange("encrypt", MSCP_ENCRYPT);
    say_begin_id(SECRET_ID);
    mscp_put_bytes(&said.body, MSCP_TAG_IV, iv, sizeof iv);
    mscp_put_bytes(&said.body, MSCP_TAG_BYTES, scalar, sizeof scalar);
    exchange("denied", MSCP_DECRYPT); /* POLICY_DENIED, detail 1 */
    say_begin_id(RAW_ID);
    mscp_put_bytes(&said.body, MSCP_TAG_PUBLIC_KEY, peer, sizeof peer);
    exchange("denied-type", MSCP_KEY_AGREEMENT); /* POLICY_DENIED, detail 1: it does not agree */
}

/* A key sealed for one object, and what a policy looks like. */
static void a_wrapped_key_and_a_policy_are_as_the_page_shows(void **state)
{
    static const uint8_t wrapper[32] = {1, 2, 3}, nonce[12] = {4, 5, 6}, key[16] = {7, 8, 9};
    static const uint8_t policy[] = {
        2, MSCP_IF_DOING, MSCP_DOING_USE, MSCP_IF_USES_LEFT, 5, 0, 0, 0, 1, MSCP_IF_AUTHENTICATED, 0x40, 0, 0, 0};
    struct mscp_attributes a = {
        .type = MSCP_SECRET, .usage = MSCP_USE_MAC | MSCP_RELEASE_INSIDE, .policy_len = sizeof policy};
    uint8_t aad[4 + MSCP_ATTRIBUTES_MAX], sealed[12 + sizeof key + 16];
    memcpy(a.policy, policy, sizeof policy);
    mico_store_le32(aad, 0x300);
    size_t len = mscp_attributes_encode(&a, aad + 4);
    assert_vector("attributes", (struct mico_span){aad + 4, len});
    memcpy(sealed, nonce, sizeof nonce);
    mico_chachapoly_seal(wrapper, nonce, (struct mico_span){aad, 4 + len}, MICO_SPAN(key), sealed + 12);
    assert_vector("wrapped-key", MICO_SPAN(sealed));
    put_import(SECRET_ID, &wrapping, MICO_SPAN(wrapper));
    exchange("import-wrapper", MSCP_IMPORT_KEY);
    put_import(0x300, &a, MICO_SPAN(sealed));
    mscp_put_u32(&said.body, MSCP_TAG_WRAPPER, SECRET_ID);
    exchange("import-wrapped", MSCP_IMPORT_KEY);
}

/* An owner's proof: the nonce is the chip's own, so the test sets it. */
static void a_proof_is_as_the_page_shows(void **state)
{
    static const struct mscp_attributes auth = {.type = MSCP_AUTH};
    uint8_t value[34] = {MSCP_AUTH_HMAC, 5}, proof[32];
    for (uint8_t i = 0; i < 32; i++) {
        value[2 + i] = 0x40 + i;
    }
    say_begin_id(0x40);
    say_attributes(&auth);
    say_piece(sizeof value, 0, value, sizeof value);
    exchange("create-auth", MSCP_CREATE_OBJECT);
    rig.chip.volatiles.challenged = 0x40;
    for (uint8_t i = 0; i < 32; i++) {
        rig.chip.volatiles.nonce[i] = 0x60 + i;
    }
    assert_int_equal(vector("proof", proof, sizeof proof), sizeof proof);
    say_begin_id(0x40);
    mscp_put_bytes(&said.body, MSCP_TAG_CREDENTIAL, proof, sizeof proof);
    exchange("authenticate", MSCP_AUTHENTICATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_chip_answers_as_the_page_shows, start, end),
        cmocka_unit_test_setup_teardown(a_wrapped_key_and_a_policy_are_as_the_page_shows, start, end),
        cmocka_unit_test_setup_teardown(a_proof_is_as_the_page_shows, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
