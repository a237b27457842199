/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/srp/srp.h"
#include "identity/factory/label.h"

static struct station_label label_of(const char *code, const char *id)
{
    struct station_label label;
    memset(&label, 0, sizeof label);
    snprintf(label.code, sizeof label.code, "%s", code);
    snprintf(label.id, sizeof label.id, "%s", id);
    return label;
}

static void forbidden_codes_are_refused(void **state)
{
    struct station_label label = label_of("123-45-678", "7OSX");
    assert_false(station_label_allowed(&label));
    label = label_of("876-54-321", "7OSX");
    assert_false(station_label_allowed(&label));
    for (unsigned digit = 0; digit < 10; digit++) {
        char code[STATION_CODE_SIZE + 1];
        snprintf(code, sizeof code, "%u%u%u-%u%u-%u%u%u", digit, digit, digit, digit, digit, digit, digit, digit);
        label = label_of(code, "7OSX");
        assert_false(station_label_allowed(&label));
    }
    label = label_of("123-45-679", "7OSX");
    assert_true(station_label_allowed(&label));
    label = label_of("000-00-001", "7OSX");
    assert_true(station_label_allowed(&label));
}

static void codes_and_ids_of_another_form_are_refused(void **state)
{
    static const char *const bad[][2] = {{"12345679", "7OSX"},   {"123-45-67", "7OSX"},  {"123-456-79", "7OSX"},
                                         {"12a-45-679", "7OSX"}, {"", "7OSX"},           {"123-45-679", "7OS"},
                                         {"123-45-679", "7osx"}, {"123-45-679", "7O-X"}, {"123-45-679", ""}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct station_label label = label_of(bad[i][0], bad[i][1]);
        assert_false(station_label_allowed(&label));
    }
}

static void drawn_labels_are_allowed_and_use_every_digit_in_every_place(void **state)
{
    unsigned seen[STATION_CODE_SIZE][10] = {{0}}, letters[36] = {0};
    for (unsigned i = 0; i < 4000; i++) {
        struct station_label label;
        assert_int_equal(station_label_draw(&label), MICO_OK);
        assert_true(station_label_allowed(&label));
        for (size_t p = 0; p < STATION_CODE_SIZE; p++) {
            if (p != 3 && p != 6) {
                seen[p][label.code[p] - '0']++;
            }
        }
        letters[label.id[0] <= '9' ? label.id[0] - '0' : label.id[0] - 'A' + 10]++;
    }
    for (size_t p = 0; p < STATION_CODE_SIZE; p++) {
        for (unsigned d = 0; d < 10 && p != 3 && p != 6; d++) {
            assert_in_range(seen[p][d], 280, 520); /* 400 is expected: six standard deviations */
        }
    }
    for (unsigned l = 0; l < 36; l++) {
        assert_in_range(letters[l], 50, 175);
    }
}

static void payload_has_category_flags_and_code(void **state)
{
    static const struct {
        const char *code;
        uint8_t category;
    } cases[] = {{"518-08-582", 5}, {"000-00-001", 1}, {"999-99-998", 255}, {"031-45-154", 6}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct station_label label = label_of(cases[i].code, "7OSX");
        char payload[STATION_PAYLOAD_SIZE + 1], digits[10], plain[9];
        station_label_payload(&label, cases[i].category, payload);
        assert_int_equal(strlen(payload), STATION_PAYLOAD_SIZE);
        assert_memory_equal(payload, "X-HM://", 7);
        assert_string_equal(payload + 16, "7OSX");
        snprintf(digits, sizeof digits, "%.9s", payload + 7);
        unsigned long long value = strtoull(digits, NULL, 36);
        snprintf(plain, sizeof plain, "%.3s%.2s%.3s", label.code, label.code + 4, label.code + 7);
        assert_true((value & 0x7FFFFFF) == strtoull(plain, NULL, 10));
        assert_true((value >> 27 & 1) == 0); /* not paired */
        assert_true((value >> 28 & 1) == 1); /* IP */
        assert_true((value >> 29 & 3) == 0); /* no BLE */
        assert_true(value >> 31 == cases[i].category);
    }
}

static void verifier_lets_the_code_in_and_no_other(void **state)
{
    const struct station_label label = label_of("518-08-582", "7OSX");
    static const char *const codes[] = {"518-08-582", "518-08-583"};
    uint8_t record[MICO_SETUP_SALT_SIZE + MICO_SETUP_VERIFIER_SIZE], again[sizeof record];
    assert_int_equal(station_label_verifier(&label, record), MICO_OK);
    assert_int_equal(station_label_verifier(&label, again), MICO_OK);
    assert_memory_not_equal(record, again, MICO_SETUP_SALT_SIZE);
    for (size_t i = 0; i < 2; i++) {
        struct mico_srp_server server;
        struct mico_srp_client client;
        uint8_t A[MICO_SRP_SIZE], B[MICO_SRP_SIZE], M1[MICO_SRP_PROOF_SIZE], M2[MICO_SRP_PROOF_SIZE],
            key[MICO_SRP_KEY_SIZE];
        assert_int_equal(mico_srp_server_start(&server, record, record + MICO_SETUP_SALT_SIZE, B), MICO_OK);
        assert_int_equal(mico_srp_client_start(&client), MICO_OK);
        assert_int_equal(mico_srp_client_prove(&client, record, MICO_SPAN(B),
                                               (struct mico_span){(const uint8_t *)codes[i], STATION_CODE_SIZE}, A, M1),
                         MICO_OK);
        assert_int_equal(mico_srp_server_finish(&server, MICO_SPAN(A), M1, M2, key), i == 0 ? MICO_OK : MICO_ERR_AUTH);
        mico_srp_client_stop(&client);
        mico_srp_server_stop(&server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forbidden_codes_are_refused),
        cmocka_unit_test(codes_and_ids_of_another_form_are_refused),
        cmocka_unit_test(drawn_labels_are_allowed_and_use_every_digit_in_every_place),
        cmocka_unit_test(payload_has_category_flags_and_code),
        cmocka_unit_test(verifier_lets_the_code_in_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
