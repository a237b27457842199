/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that the lifecycle and an object's attributes must refuse inside a session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/test_say.h"

static struct rig rig;
static struct mscp_binding binding;

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

static void lifecycle_goes_up_only(void **state)
{
    static const uint8_t steps[] = {MSCP_CREATED, MSCP_FACTORY, 0x00, 0x05, 0xFF};
    rig_provision(&rig, &binding, true);
    for (size_t i = 0; i < sizeof steps; i++) {
        say_begin();
        mscp_put_u8(&said.body, MSCP_TAG_LIFECYCLE, steps[i]);
        assert_int_equal(say_to(&rig, MSCP_SET_LIFECYCLE), MSCP_BAD_PARAM);
    }
    uint32_t failing = 0;
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, &failing), MICO_ERR_DENIED);
    assert_int_equal(failing, 16);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_END_OF_LIFE, false, NULL), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_RETURNED, false, &failing), MICO_ERR_DENIED);
    assert_int_equal(failing, 16);
}

static void a_factory_chip_cannot_be_ended_and_a_bad_dry_run_flag_is_refused(void **state)
{
    uint32_t failing = 0;
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_END_OF_LIFE, true, &failing), MICO_OK);
    assert_int_equal(failing, 16);
    say_begin();
    mscp_put_u8(&said.body, MSCP_TAG_LIFECYCLE, MSCP_OPERATIONAL);
    mscp_put_u8(&said.body, MSCP_TAG_DRY_RUN, 2);
    assert_int_equal(say_to(&rig, MSCP_SET_LIFECYCLE), MSCP_BAD_PARAM);
    assert_int_equal(rig.chip.life, 0);
}

static void a_returned_chip_has_no_keys_left_but_says_who_it_was(void **state)
{
    uint8_t chain[512];
    size_t len = 0;
    rig_provision(&rig, &binding, true);
    assert_int_equal(rig.chip.objects, 5);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_RETURNED, false, NULL), MICO_OK);
    rig_restart_chip(&rig);
    assert_int_equal(rig.chip.objects, 2);
    assert_int_equal(mscp_host_read(&rig.host, MSCP_ID_CHAIN, chain, sizeof chain, &len), MICO_OK);
    assert_true(len > 100);
}

static void attributes_that_do_not_go_with_the_type_are_refused(void **state)
{
    static const struct mscp_attributes bad_keys[] = {
        {.type = MSCP_KEY_ED25519},                          /* no usage */
        {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_AGREE}, /* of the other curve */
        {.type = MSCP_KEY_X25519, .usage = MSCP_USE_SIGN_PAIRING},
        {.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE | MSCP_USE_ATTEST},
        {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST | 0x8000},              /* unknown */
        {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST, .read = MSCP_SESSION}, /* a way out */
        {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST, .write = MSCP_SESSION},
    };
    static const struct mscp_attributes bad_data[] = {
        {.type = MSCP_DATA, .usage = MSCP_USE_AGREE},
        {.type = MSCP_DATA, .read = 3},
        {.type = MSCP_DATA, .read = MSCP_AUTH_FIRST - 1},
        {.type = MSCP_DATA, .write = MSCP_AUTH_LAST + 1},
        {.type = MSCP_AUTH, .read = MSCP_SESSION},
        {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_ALWAYS},
        {.type = MSCP_COUNTER, .write = 9},
    };
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    for (size_t i = 0; i < sizeof bad_keys / sizeof bad_keys[0]; i++) {
        say_begin_id(1);
        say_attributes(&bad_keys[i]);
        assert_int_equal(say_to(&rig, MSCP_GENERATE_KEY_PAIR), MSCP_POLICY_DENIED);
        assert_int_equal(said.answer.detail, MSCP_CLAUSE_ATTRIBUTES);
    }
    for (size_t i = 0; i < sizeof bad_data / sizeof bad_data[0]; i++) {
        say_begin_id(1);
        say_attributes(&bad_data[i]);
        say_piece(0, 0, "", 0);
        assert_int_equal(say_to(&rig, MSCP_CREATE_OBJECT), MSCP_POLICY_DENIED);
        assert_int_equal(said.answer.detail, MSCP_CLAUSE_ATTRIBUTES);
    }
    say_begin_id(1);
    say_attributes(&rig_data);
    assert_int_equal(say_to(&rig, MSCP_GENERATE_KEY_PAIR), MSCP_NOT_SUPPORTED);
    say_begin_id(1);
    say_attributes(&rig_pairing); /* a key from outside: no such command */
    say_piece(32, 0, "a private key from somewhere else", 32);
    assert_int_equal(say_to(&rig, MSCP_CREATE_OBJECT), MSCP_NOT_SUPPORTED);
    assert_int_equal(rig.chip.objects, 0);
}

static void rights_of_an_object_are_kept(void **state)
{
    static const struct mscp_attributes hidden = {.type = MSCP_DATA, .read = MSCP_NEVER, .write = MSCP_SESSION};
    static const struct mscp_attributes later = {.type = MSCP_DATA, .read = MSCP_SESSION, .life = 0x04};
    static const struct mscp_attributes frozen = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_NEVER};
    static const uint8_t value[5] = {1, 2, 3, 4, 5};
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, 0x20A, &hidden, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, 0x20B, &later, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, 0x20C, &frozen, (struct mico_span){NULL, 0}), MICO_OK);
    const struct {
        uint32_t id;
        uint8_t command;
        uint16_t clause;
    } cases[] = {
        {0x20A, MSCP_READ_DATA, MSCP_CLAUSE_READ},
        {0x20B, MSCP_READ_DATA, MSCP_CLAUSE_LIFE},
        {0x20C, MSCP_INCREMENT_COUNTER, MSCP_CLAUSE_WRITE},
        {0x20A, MSCP_INCREMENT_COUNTER, MSCP_CLAUSE_TYPE},
        {MSCP_ID_IDENTITY, MSCP_READ_DATA, MSCP_CLAUSE_TYPE},
        {MSCP_ID_IDENTITY, MSCP_INCREMENT_COUNTER, MSCP_CLAUSE_TYPE},
        {0x20A, MSCP_GET_PUBLIC_KEY, MSCP_CLAUSE_TYPE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        say_begin_id(cases[i].id);
        assert_int_equal(say_to(&rig, cases[i].command), MSCP_POLICY_DENIED);
        assert_int_equal(said.answer.detail, cases[i].clause);
    }
    for (size_t i = 0; i < 3; i++) { /* a certificate never written, a counter and a key not written as data */
        const uint32_t ids[] = {MSCP_ID_CHAIN, MSCP_ID_ROLLBACK, MSCP_ID_IDENTITY};
        say_begin_id(ids[i]);
        say_piece(1, 0, value, 1);
        assert_int_equal(say_to(&rig, MSCP_WRITE_DATA), MSCP_POLICY_DENIED);
    }
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    uint8_t back[5];
    size_t len;
    assert_int_equal(mscp_host_read(&rig.host, 0x20B, back, sizeof back, &len), MICO_OK);
}

static int sign_whole(uint32_t id, const uint8_t *message, uint16_t len)
{
    say_begin_id(id);
    say_piece(len, 0, message, len);
    return say_to(&rig, MSCP_SIGN);
}

static void a_key_signs_only_what_its_usage_is_for(void **state)
{
    static const struct mscp_attributes tls_only = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_TLS_CLIENT};
    static const struct mscp_attributes attest_only = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_ATTEST};
    static uint8_t transcript[MSCP_MESSAGE_MAX];
    uint8_t pairing[RIG_PAIRING_MESSAGE], key[32];
    uint16_t len = (uint16_t)rig_transcript(transcript, 600);
    rig_pairing_message(pairing);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_generate(&rig.host, 0x300, &tls_only, key), MICO_OK);
    assert_int_equal(mscp_host_generate(&rig.host, 0x301, &attest_only, key), MICO_OK);
    assert_int_equal(sign_whole(0x300, transcript, len), MSCP_OK);
    assert_int_equal(sign_whole(0x300, pairing, sizeof pairing), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_SHAPE);
    assert_int_equal(sign_whole(MSCP_ID_PAIRING, pairing, sizeof pairing), MSCP_OK);
    assert_int_equal(sign_whole(MSCP_ID_PAIRING, transcript, len), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_SHAPE);
    assert_int_equal(sign_whole(0x301, pairing, sizeof pairing), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_USAGE);
    assert_int_equal(sign_whole(MSCP_ID_FIRMWARE, pairing, sizeof pairing), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_TYPE);
    assert_int_equal(sign_whole(MSCP_ID_CHAIN, pairing, sizeof pairing), MSCP_POLICY_DENIED);
    assert_int_equal(sign_whole(0x999, pairing, sizeof pairing), MSCP_NO_SUCH_OBJECT);
    for (size_t i = 32; i < 49; i++) { /* every character of the device id */
        uint8_t kept = pairing[i];
        pairing[i] = 'a';
        assert_int_equal(sign_whole(MSCP_ID_PAIRING, pairing, sizeof pairing), MSCP_POLICY_DENIED);
        pairing[i] = kept;
    }
    assert_int_equal(sign_whole(MSCP_ID_PAIRING, pairing, sizeof pairing - 1), MSCP_POLICY_DENIED);
    assert_int_equal(sign_whole(MSCP_ID_PAIRING, pairing, 0), MSCP_POLICY_DENIED);
}

static void a_servers_key_signs_what_servers_sign_and_has_no_usage_beside(void **state)
{
    static const uint16_t beside[] = {MSCP_USE_SIGN_TLS_CLIENT, MSCP_USE_SIGN_PAIRING, MSCP_USE_ATTEST,
                                      MSCP_USE_SIGN_RAW,        MSCP_USE_AGREE,        MSCP_RELEASE_INSIDE};
    struct mscp_attributes server = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_TLS_SERVER | MSCP_USE_SIGN_CSR};
    static uint8_t transcript[MSCP_MESSAGE_MAX];
    uint8_t message[100] = {[64] = 3, 0, 29, 32}, key[MSCP_P256_SIZE];
    uint16_t len = (uint16_t)rig_transcript(transcript, 600);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_generate_p256(&rig.host, 0x300, &server, key), MICO_OK);
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        server.usage = MSCP_USE_SIGN_TLS_SERVER | beside[i];
        assert_int_equal(mscp_host_generate_p256(&rig.host, 0x1301, &server, key), MICO_ERR_DENIED);
        server.type = MSCP_KEY_ED25519;
        assert_int_equal(mscp_host_generate(&rig.host, 0x1301, &server, key), MICO_ERR_DENIED);
        server.type = MSCP_KEY_P256;
    }
    server = (struct mscp_attributes){.type = MSCP_KEY_X25519, .usage = MSCP_USE_SIGN_TLS_SERVER};
    assert_int_equal(mscp_host_generate(&rig.host, 0x1301, &server, key), MICO_ERR_DENIED);
    server.type = MSCP_KEY_ED25519;
    assert_int_equal(mscp_host_generate(&rig.host, 0x1301, &server, key), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    for (uint32_t id = 0x300; id < 0x1400; id += 0x1001) {
        assert_int_equal(sign_whole(id, message, sizeof message), MSCP_OK);
        assert_int_equal(sign_whole(id, transcript, len), MSCP_POLICY_DENIED);
        assert_int_equal(said.answer.detail, MSCP_CLAUSE_SHAPE);
    }
    assert_int_equal(sign_whole(MSCP_ID_IDENTITY, message, sizeof message), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_SHAPE);
}

static void the_identity_key_does_not_sign_a_statement_that_the_host_wrote(void **state)
{
    uint8_t forged[20 + 126] = "MSCP attestation v1";
    rig_provision(&rig, &binding, true);
    assert_int_equal(sign_whole(MSCP_ID_IDENTITY, forged, sizeof forged), MSCP_POLICY_DENIED);
    assert_int_equal(said.answer.detail, MSCP_CLAUSE_SHAPE);
}

static void pieces_out_of_order_or_of_two_messages_are_refused(void **state)
{
    static uint8_t bytes[MSCP_CHUNK_MAX];
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_create(&rig.host, 0x400, &rig_data, MICO_SPAN(bytes)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, 0x401, &rig_data, MICO_SPAN(bytes)), MICO_OK);
    const struct {
        uint32_t id;
        uint16_t total, offset, len;
        int want;
    } steps[] = {
        {0x400, 2000, 10, 100, MSCP_BAD_PARAM},                                                /* no beginning */
        {0x400, 2000, 0, 1000, MSCP_OK},                                                       /* begins */
        {0x400, 2000, 900, 1000, MSCP_BAD_PARAM},                                              /* overlaps */
        {0x400, 2000, 1000, 1000, MSCP_BAD_PARAM},                                             /* the error ended it */
        {0x400, 2000, 0, 1000, MSCP_OK},           {0x401, 2000, 1000, 1000, MSCP_BAD_PARAM},  /* another object */
        {0x400, 2000, 0, 1000, MSCP_OK},           {0x400, 2001, 1000, 1000, MSCP_BAD_PARAM},  /* another total */
        {0x400, 2000, 0, 1000, MSCP_OK},           {0x400, 2000, 1000, 1001, MSCP_BAD_LENGTH}, /* too long */
        {0x400, 100, 0, 0, MSCP_BAD_LENGTH},                                                   /* nothing */
        {0x400, 4097, 0, 1000, MSCP_BAD_LENGTH},                                               /* too large */
        {0x400, 100, 101, 1, MSCP_BAD_LENGTH},                                                 /* behind the end */
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        say_begin_id(steps[i].id);
        say_piece(steps[i].total, steps[i].offset, bytes, steps[i].len);
        assert_int_equal(say_to(&rig, MSCP_WRITE_DATA), steps[i].want);
    }
    say_begin_id(0x400);
    say_piece(2000, 0, bytes, 1000);
    assert_int_equal(say_to(&rig, MSCP_WRITE_DATA), MSCP_OK);
    say_begin_id(0x400);
    say_piece(2000, 1000, bytes, 1000);
    assert_int_equal(say_to(&rig, MSCP_SIGN), MSCP_BAD_PARAM); /* another command */
    uint8_t back[2000];
    size_t len = 0;
    assert_int_equal(mscp_host_read(&rig.host, 0x400, back, sizeof back, &len), MICO_OK);
    assert_int_equal(len, sizeof bytes); /* the first value still */
}

static void malformed_bodies_change_nothing_and_keep_the_session(void **state)
{
    rig_provision(&rig, &binding, true);
    uint64_t before = rig.flash.operations;
    const struct {
        uint8_t command;
        uint8_t bytes[16];
        uint8_t len;
        int want;
    } cases[] = {
        {MSCP_INCREMENT_COUNTER, {0}, 0, MSCP_BAD_PARAM},                                          /* id missing */
        {MSCP_INCREMENT_COUNTER, {0x09, 3, 0, 1, 0, 0}, 6, MSCP_BAD_LENGTH},                       /* id too short */
        {MSCP_INCREMENT_COUNTER, {0x09, 4, 0, 0x10, 0, 0}, 6, MSCP_BAD_PARAM},                     /* cut off */
        {MSCP_INCREMENT_COUNTER, {0x09, 4, 0, 0x10, 0, 0, 0, 0x15, 1, 0, 1}, 11, MSCP_BAD_PARAM},  /* not its tag */
        {MSCP_INCREMENT_COUNTER, {0x7F, 0, 0}, 3, MSCP_BAD_PARAM},                                 /* unknown tag */
        {MSCP_GET_RANDOM, {0x07, 2, 0, 0, 0}, 5, MSCP_BAD_LENGTH},                                 /* none */
        {MSCP_GET_RANDOM, {0x07, 2, 0, 1, 4}, 5, MSCP_BAD_LENGTH},                                 /* 1025 */
        {MSCP_READ_DATA, {0x09, 4, 0, 0x20, 0, 0, 0, 0x0C, 2, 0, 0xFF, 0x0F}, 12, MSCP_BAD_PARAM}, /* behind the end */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        say_begin();
        mico_write_bytes(&said.body, cases[i].bytes, cases[i].len);
        assert_int_equal(say_to(&rig, cases[i].command), cases[i].want);
    }
    assert_int_equal(rig.flash.operations, before);
    assert_int_equal(rig.host.sessions, 1);
}

static void the_sixty_fifth_object_is_refused(void **state)
{
    static const uint8_t value[4] = {1};
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    for (uint32_t i = 0; i < MSCP_CHIP_OBJECTS; i++) {
        assert_int_equal(mscp_host_create(&rig.host, 0x1000 + i, &rig_data, MICO_SPAN(value)), MICO_OK);
    }
    assert_int_equal(mscp_host_create(&rig.host, 0x2000, &rig_data, MICO_SPAN(value)), MICO_ERR_FULL);
    uint8_t key[32];
    assert_int_equal(mscp_host_generate(&rig.host, 0x2000, &rig_pairing, key), MICO_ERR_FULL);
    rig_restart_chip(&rig);
    assert_int_equal(rig.chip.objects, MSCP_CHIP_OBJECTS);
    assert_int_equal(mscp_host_generate(&rig.host, 0x2000, &rig_pairing, key), MICO_ERR_FULL);
}

static void a_record_altered_or_moved_in_flash_is_corrupt_never_used(void **state)
{
    rig_provision(&rig, &binding, true);
    /* Records of other chips, of other names, or altered: each sealed value is bound to the root and to its name. */
    uint8_t sealed[256];
    size_t len = 0;
    bool found = false;
    struct mico_store *store = &rig.chip.store;
    assert_int_equal(mico_store_get(store, "o/00000002", sealed, sizeof sealed, &len, &found), MICO_OK);
    assert_true(found);
    assert_int_equal(mico_store_put(store, "o/00000001", sealed, len), MICO_OK);
    uint8_t signature[64], pairing[RIG_PAIRING_MESSAGE];
    rig_pairing_message(pairing);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_IDENTITY, MICO_SPAN(pairing), signature), MICO_ERR_CORRUPT);
    sealed[len / 2] ^= 1;
    assert_int_equal(mico_store_put(store, "o/00000002", sealed, len), MICO_OK);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, MICO_SPAN(pairing), signature), MICO_ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lifecycle_goes_up_only, start, end),
        cmocka_unit_test_setup_teardown(a_factory_chip_cannot_be_ended_and_a_bad_dry_run_flag_is_refused, start, end),
        cmocka_unit_test_setup_teardown(a_returned_chip_has_no_keys_left_but_says_who_it_was, start, end),
        cmocka_unit_test_setup_teardown(attributes_that_do_not_go_with_the_type_are_refused, start, end),
        cmocka_unit_test_setup_teardown(rights_of_an_object_are_kept, start, end),
        cmocka_unit_test_setup_teardown(a_key_signs_only_what_its_usage_is_for, start, end),
        cmocka_unit_test_setup_teardown(a_servers_key_signs_what_servers_sign_and_has_no_usage_beside, start, end),
        cmocka_unit_test_setup_teardown(the_identity_key_does_not_sign_a_statement_that_the_host_wrote, start, end),
        cmocka_unit_test_setup_teardown(pieces_out_of_order_or_of_two_messages_are_refused, start, end),
        cmocka_unit_test_setup_teardown(malformed_bodies_change_nothing_and_keep_the_session, start, end),
        cmocka_unit_test_setup_teardown(the_sixty_fifth_object_is_refused, start, end),
        cmocka_unit_test_setup_teardown(a_record_altered_or_moved_in_flash_is_corrupt_never_used, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
