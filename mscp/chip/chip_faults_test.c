/* SPDX-License-Identifier: Apache-2.0 */
/* A line that loses, doubles, alters, holds and replays: nothing is accepted, nothing counts twice, the link recovers,
 * and no secret has passed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;
static uint8_t secret_data[1500]; /* a value that must not be seen on the line */

/* ---- a device's life, told as steps that a caller who looks before he repeats can finish on any line ---- */

static bool done_generate(uint32_t id, const struct mscp_attributes *attributes)
{
    uint8_t key[32];
    struct mscp_attributes there;
    bool found = false;
    if (mscp_host_generate(&rig.host, id, attributes, key) == MICO_OK) {
        return true;
    }
    return mscp_host_attributes(&rig.host, id, &there, &found) == MICO_OK && found;
}

static bool done_create(uint32_t id, const struct mscp_attributes *attributes, struct mico_span value)
{
    struct mscp_attributes there;
    bool found = false;
    if (mscp_host_create(&rig.host, id, attributes, value) == MICO_OK) {
        return true;
    }
    return mscp_host_attributes(&rig.host, id, &there, &found) == MICO_OK && found;
}

static bool step_pair(void)
{
    if (mscp_host_pair(&rig.host, &binding) == MICO_OK) {
        return true;
    }
    rig_new_host(&rig, NULL);
    return false;
}

static bool step_keys(void)
{
    return done_generate(MSCP_ID_IDENTITY, &rig_identity) && done_generate(MSCP_ID_FIRMWARE, &rig_firmware);
}

static bool step_counter(void)
{
    return done_create(MSCP_ID_ROLLBACK, &rig_counter, (struct mico_span){NULL, 0});
}

static bool step_chain(void)
{
    uint8_t key[32], der[512];
    if (mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key) != MICO_OK) {
        return false;
    }
    struct mico_span chain = {der, rig_certificate(key, der, sizeof der)};
    return done_create(MSCP_ID_CHAIN, &rig_cert, chain);
}

static bool step_data(void)
{
    return done_create(0x100, &rig_data, MICO_SPAN(secret_data)) &&
           mscp_host_write(&rig.host, 0x100, MICO_SPAN(secret_data)) == MICO_OK;
}

static bool step_lifecycle(void)
{
    uint32_t failing = 0;
    if (mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL) == MICO_OK) {
        return true;
    }
    return mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, true, &failing) == MICO_OK && failing == 16;
}

static bool step_field(void)
{
    return done_generate(MSCP_ID_FIELD, &rig_pairing);
}

static bool step_raise(void)
{
    return mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 5) == MICO_OK;
}

static uint8_t agreed[32];

static bool step_use(void)
{
    static uint8_t transcript[1300];
    uint8_t key[32], signature[64], peer[32], back[sizeof secret_data];
    size_t len = 0;
    struct mico_span message = {transcript, rig_transcript(transcript, sizeof transcript)};
    memset(peer, 9, sizeof peer);
    if (mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key) != MICO_OK ||
        mscp_host_sign(&rig.host, MSCP_ID_IDENTITY, message, signature) != MICO_OK ||
        mscp_host_agree(&rig.host, MSCP_ID_FIRMWARE, peer, agreed) != MICO_OK ||
        mscp_host_read(&rig.host, 0x100, back, sizeof back, &len) != MICO_OK) {
        return false;
    }
    /* What did arrive is right: an altered answer never passes for one. */
    assert_int_equal(mico_ed25519_verify(key, message, signature), MICO_OK);
    assert_int_equal(len, sizeof secret_data);
    assert_memory_equal(back, secret_data, len);
    return true;
}

#define LIMITED_ID 0x101u
#define WRAPPED_ID 0x102u
#define OWNER_ID 0x7Fu

static uint8_t limited_key[32] = {0xC1, 1}, wrapping_key[32] = {0xC2, 2}, owner_secret[32] = {0xC3, 3};

static bool done_import(uint32_t id, const struct mscp_attributes *attributes, const uint8_t key[32])
{
    const struct mscp_import what = {.id = id, .attributes = attributes, .key = {key, 32}};
    struct mscp_attributes there;
    bool found = false;
    if (mscp_host_import(&rig.host, &what, NULL) == MICO_OK) {
        return true;
    }
    return mscp_host_attributes(&rig.host, id, &there, &found) == MICO_OK && found;
}

/* A key for as many uses as the steps below make of it: one that is repeated on the line may not be two. */
static bool step_secrets(void)
{
    static const struct mscp_attributes limited = {
        .type = MSCP_SECRET, .usage = MSCP_USE_MAC, .policy_len = 6, .policy = {1, MSCP_IF_USES_LEFT, 2}};
    static const struct mscp_attributes wrapping = {.type = MSCP_SECRET,
                                                    .usage = MSCP_USE_DERIVE | MSCP_USE_ENCRYPT | MSCP_RELEASE_INSIDE};
    static const struct mscp_attributes owner = {.type = MSCP_AUTH};
    uint8_t value[34] = {MSCP_AUTH_HMAC, 99};
    memcpy(value + 2, owner_secret, 32);
    return done_import(LIMITED_ID, &limited, limited_key) && done_import(WRAPPED_ID, &wrapping, wrapping_key) &&
           done_create(OWNER_ID, &owner, MICO_SPAN(value));
}

static bool mac_of(const char *text)
{
    uint8_t mac[32], expected[32];
    struct mico_span message = {(const uint8_t *)text, strlen(text)};
    if (mscp_host_mac(&rig.host, LIMITED_ID, message, mac) != MICO_OK) {
        return false;
    }
    mico_hmac_sha256(MICO_SPAN(limited_key), message, expected);
    assert_memory_equal(mac, expected, 32);
    return true;
}

static bool step_first_use(void)
{
    return mac_of("first");
}

static bool step_second_use(void)
{
    return mac_of("second");
}

static bool step_owner(void)
{
    static const struct mscp_attributes inside = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC | MSCP_RELEASE_INSIDE};
    const struct mscp_derivation d = {WRAPPED_ID, MSCP_HKDF_SHA512,     {NULL, 0}, {NULL, 0},
                                      32,         MSCP_ID_VOLATILE + 5, &inside};
    uint8_t mac[32], sealed[32 + 16] = {0};
    struct mscp_nonce nonce = {.given = false};
    /* A lost session takes what was made in it along: then the caller begins again, from the first. */
    (void)!mscp_host_delete(&rig.host, MSCP_ID_VOLATILE + 5);
    return mscp_host_auth_secret(&rig.host, OWNER_ID, owner_secret, NULL) == MICO_OK &&
           mscp_host_derive(&rig.host, &d, NULL) == MICO_OK &&
           mscp_host_mac(&rig.host, MSCP_ID_VOLATILE + 5, MICO_SPAN(sealed), mac) == MICO_OK &&
           mscp_host_encrypt(&rig.host, WRAPPED_ID, &nonce, (struct mico_span){NULL, 0}, MICO_SPAN(agreed), sealed) ==
               MICO_OK;
}

static bool (*const steps[])(void) = {step_pair,      step_keys,       step_counter, step_chain, step_data,
                                      step_secrets,   step_lifecycle,  step_field,   step_raise, step_use,
                                      step_first_use, step_second_use, step_owner};
#define STEPS (sizeof steps / sizeof steps[0])

static void live(void (*after_each)(void))
{
    for (size_t i = 0; i < STEPS; i++) {
        unsigned tries = 0;
        while (!steps[i]()) {
            assert_true(++tries < 3); /* one fault on the line costs at most one repetition */
        }
        if (after_each != NULL) {
            after_each();
        }
    }
    uint64_t value = 0;
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, 5);
    assert_int_equal(rig.chip.objects, 9);
    assert_int_equal(mscp_chip_lifecycle(&rig.chip), MSCP_OPERATIONAL);
}

static int start(void **state)
{
    rig_start(&rig);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

/* ---- faults ---- */

static void a_fault_of_any_kind_at_any_frame_is_survived(void **state)
{
    live(NULL);
    unsigned frames = rig.frame_count;
    assert_in_range(frames, 30, 200);
    for (int fault = RIG_NONE + 1; fault < RIG_FAULTS; fault++) {
        for (unsigned frame = 1; frame <= frames; frame++) {
            rig_start(&rig);
            rig_fault_at(&rig, frame, (enum rig_fault)fault, 8 * 9 + frame * 37);
            live(NULL);
            assert_false(rig.flash.misused);
        }
    }
    print_message("%u kinds of fault at each of %u frames\n", RIG_FAULTS - 1, frames);
}

/* Alter every byte of one command and of its answer, with a CRC that fits. Whoever accepts one would raise the counter
 * to another value, or believe another value. */
static void every_byte_of_a_command_and_of_its_answer_is_guarded(void **state)
{
    rig_provision(&rig, &binding, true);
    uint64_t counter = 0;
    for (unsigned frame = 1; frame <= 2; frame++) {
        for (unsigned bit = 0; bit < 8 * 70; bit += 3) {
            uint64_t value = 0;
            rig_fault_at(&rig, frame, RIG_FLIP_FRAME, bit);
            assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, ++counter), MICO_OK);
            rig_fault_at(&rig, frame, RIG_FLIP_FRAME, bit);
            assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
            assert_int_equal(value, counter);
            rig.now_ms += 5000;
        }
    }
}

static void every_byte_of_the_session_handshake_is_guarded(void **state)
{
    rig_provision(&rig, &binding, true);
    for (unsigned frame = 1; frame <= 2; frame++) {
        for (unsigned bit = 0; bit < 8 * 62; bit += 3) {
            uint64_t value = 0;
            rig_new_host(&rig, &binding);
            rig.host.timeout_ms = 100;
            rig_fault_at(&rig, frame, RIG_FLIP_FRAME, bit);
            mico_err err = mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value);
            if (err != MICO_OK) { /* refused: then nothing was opened, and the next try is good */
                assert_false(rig.host.session.open);
                err = mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value);
            }
            assert_int_equal(err, MICO_OK);
            rig.now_ms += 5000;
        }
    }
}

static void an_answer_moved_to_another_command_is_refused(void **state)
{
    rig_provision(&rig, &binding, true);
    uint64_t value = 99;
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 3), MICO_OK);
    struct rig_frame old = rig.frames[rig.frame_count - 1];
    assert_false(old.to_chip);
    /* The chip's true answer is lost; an older one stands on the line instead. */
    rig_fault_at(&rig, 2, RIG_DROP, 0);
    rig.swap_from = old.at;
    rig.swap_len = old.len;
    uint32_t sessions = rig.host.sessions;
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, 3);
    assert_int_equal(rig.host.sessions, sessions + 1); /* not believed: asked again in another session */
}

/* ---- replay ---- */

static unsigned replayed;

static bool note_name(void *ctx, const char *name, size_t len)
{
    char(*names)[MICO_STORE_NAME_MAX + 1] = ctx;
    unsigned i = 0;
    while (names[i][0] != '\0') {
        i++;
    }
    strcpy(names[i], name);
    return i < 126;
}

/* Of all that the chip keeps but its audit log, where refused replays are entered. */
static uint32_t kept(void)
{
    static uint8_t value[MICO_STORE_VALUE_MAX];
    char names[128][MICO_STORE_NAME_MAX + 1] = {""};
    uint32_t crc = 0;
    assert_int_equal(mico_store_each(&rig.chip.store, note_name, names), MICO_OK);
    for (unsigned i = 0; names[i][0] != '\0'; i++) {
        size_t len;
        bool found;
        assert_int_equal(mico_store_get(&rig.chip.store, names[i], value, sizeof value, &len, &found), MICO_OK);
        if (strncmp(names[i], "a/", 2) != 0) {
            crc ^= mico_crc32(mico_crc32(0, (const uint8_t *)names[i], strlen(names[i])), value, len);
        }
    }
    return crc;
}

/* Send again, past the driver, every command that the chip has ever been sent: none may change anything. */
static void replay_everything(void)
{
    static struct rig_frame frames[RIG_FRAMES];
    unsigned count = rig.frame_count;
    memcpy(frames, rig.frames, sizeof frames);
    uint32_t crc = kept();
    uint16_t objects = rig.chip.objects;
    for (unsigned i = 0; i < count; i++) {
        if (!frames[i].to_chip) {
            continue;
        }
        struct mscp_response answer = {.status = 1};
        int status = rig_inject(&rig, rig.trace + frames[i].at, frames[i].len, &answer);
        replayed++;
        /* Only commands in the clear are answered: facts, and handshakes that lead nowhere without the keys. */
        assert_true(status != MSCP_OK || answer.body.len <= 128);
        bool refused = status == MSCP_REPLAY || status == MSCP_SESSION_INVALID || status == MSCP_LINK_MAC;
        bool clear = status == MSCP_OK || status == MSCP_ALREADY_PAIRED || status == MSCP_AUTH_FAILED ||
                     status == MSCP_RATE_LIMITED || status == MSCP_BAD_PARAM;
        assert_true(refused || clear);
    }
    assert_int_equal(kept(), crc);
    assert_int_equal(rig.chip.objects, objects);
    rig.now_ms += 60000;
}

static void every_recorded_frame_replayed_after_every_step_changes_nothing(void **state)
{
    replayed = 0;
    live(replay_everything);
    rig_restart_chip(&rig);
    replay_everything();
    uint64_t value = 0;
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, 5);
    print_message("%u frames replayed\n", replayed);
}

/* The plain increment is the one command that would count twice. */
static void a_replayed_increment_counts_once(void **state)
{
    const uint8_t id[] = {0x09, 4, 0, MSCP_ID_ROLLBACK, 0, 0, 0};
    rig_provision(&rig, &binding, true);
    uint64_t next = rig.host.session.next, value = 0;
    assert_int_equal(rig_record(&rig, MSCP_INCREMENT_COUNTER, MICO_SPAN(id), next, NULL), MSCP_OK);
    assert_int_equal(rig_record(&rig, MSCP_INCREMENT_COUNTER, MICO_SPAN(id), next, NULL), MSCP_REPLAY);
    assert_int_equal(rig_record(&rig, MSCP_INCREMENT_COUNTER, MICO_SPAN(id), next, NULL), MSCP_SESSION_INVALID);
    assert_int_equal(mscp_host_counter(&rig.host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, 1);
}

/* ---- secrets ---- */

static struct {
    char name[24];
    uint8_t bytes[1500];
    size_t len;
} secrets[64];
static unsigned secret_count;

static void note_secret(const char *name, const void *bytes, size_t len)
{
    assert_true(secret_count < 64 && len <= sizeof secrets[0].bytes);
    strncpy(secrets[secret_count].name, name, sizeof secrets[0].name - 1);
    memcpy(secrets[secret_count].bytes, bytes, len);
    secrets[secret_count++].len = len;
}

static void note_session(void)
{
    note_secret("session key to chip", rig.host.session.to_chip, 32);
    note_secret("session key to host", rig.host.session.to_host, 32);
}

static void note_key(uint32_t id)
{
    struct mscp_object object;
    assert_int_equal(mscp_object_load(&rig.chip, id, &object), MSCP_OK);
    note_secret("private key", object.private_key, 32);
}

/* Any eight bytes in a row of a secret count as the secret. */
static bool seen(const uint8_t *where, size_t len, const uint8_t *secret, size_t secret_len)
{
    for (size_t i = 0; i + 8 <= secret_len; i++) {
        if (memmem(where, len, secret + i, 8) != NULL) {
            return true;
        }
    }
    return false;
}

/* The line's bytes hold the frames COBS-coded: search what the frames say, too. */
static size_t decode_trace(uint8_t *out)
{
    static struct mscp_deframer line;
    size_t len = 0;
    for (size_t i = 0; i < rig.trace_len; i++) {
        struct mico_span frame;
        if (mscp_deframe(&line, rig.trace[i], &frame)) {
            memcpy(out + len, frame.data, frame.len);
            len += frame.len;
        }
    }
    return len;
}

static void no_secret_is_seen_on_the_line_and_no_key_in_flash(void **state)
{
    secret_count = 0;
    for (size_t i = 0; i < 32; i++) {
        limited_key[i] = (uint8_t)(i * 29 + 7);
        wrapping_key[i] = (uint8_t)(i * 31 + 5);
        owner_secret[i] = (uint8_t)(i * 37 + 11);
    }
    for (size_t i = 0; i < sizeof secret_data; i++) {
        secret_data[i] = (uint8_t)(i * 131 + i / 7 + 3);
    }
    struct mscp_info info;
    assert_int_equal(mscp_host_info(&rig.host, &info), MICO_OK);
    live(note_session);
    note_secret("data", secret_data, sizeof secret_data);
    note_secret("agreed secret", agreed, 32);
    note_key(MSCP_ID_IDENTITY);
    note_secret("limited key", limited_key, 32);
    note_secret("wrapping key", wrapping_key, 32);
    note_secret("owner's secret", owner_secret, 32);
    note_key(MSCP_ID_FIRMWARE);
    note_secret("binding key", binding.key, 32);
    note_secret("host's static key", binding.host_private, 32);
    unsigned in_flash_too = secret_count; /* the rest is in flash, or made of what is there */
    note_secret("chip's static key", rig.chip.link_private, 32);
    note_secret("store key", rig.chip.store_key, 32);
    note_secret("root secret", rig.flash.bytes + 4 + MSCP_SERIAL_SIZE, 32);
    uint8_t *frames = malloc(RIG_TRACE_SIZE);
    assert_non_null(frames);
    size_t frames_len = decode_trace(frames);
    assert_true(frames_len > 5000);
    assert_true(seen(frames, frames_len, rig.chip.serial, MSCP_SERIAL_SIZE)); /* the search does find what is there */
    for (unsigned i = 0; i < secret_count; i++) {
        if (seen(rig.trace, rig.trace_len, secrets[i].bytes, secrets[i].len) ||
            seen(frames, frames_len, secrets[i].bytes, secrets[i].len)) {
            fail_msg("%s was seen on the line", secrets[i].name);
        }
        if (i < in_flash_too && seen(rig.flash.bytes, RIG_FLASH_SIZE, secrets[i].bytes, secrets[i].len)) {
            fail_msg("%s stands in flash in the clear", secrets[i].name);
        }
    }
    print_message("%u secrets searched in %u bytes of trace\n", secret_count, (unsigned)rig.trace_len);
    free(frames);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_fault_of_any_kind_at_any_frame_is_survived, start, end),
        cmocka_unit_test_setup_teardown(every_byte_of_a_command_and_of_its_answer_is_guarded, start, end),
        cmocka_unit_test_setup_teardown(every_byte_of_the_session_handshake_is_guarded, start, end),
        cmocka_unit_test_setup_teardown(an_answer_moved_to_another_command_is_refused, start, end),
        cmocka_unit_test_setup_teardown(every_recorded_frame_replayed_after_every_step_changes_nothing, start, end),
        cmocka_unit_test_setup_teardown(a_replayed_increment_counts_once, start, end),
        cmocka_unit_test_setup_teardown(no_secret_is_seen_on_the_line_and_no_key_in_flash, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
