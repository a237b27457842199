/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "identity/chain.h"

/* A SEQUENCE with len bytes of content; returns its whole length. */
static size_t sequence(uint8_t *out, size_t len)
{
    size_t at = 0;
    out[at++] = 0x30;
    if (len >= 0x10000) {
        out[at++] = 0x83;
        out[at++] = (uint8_t)(len >> 16);
        out[at++] = (uint8_t)(len >> 8);
    } else if (len >= 0x100) {
        out[at++] = 0x82;
        out[at++] = (uint8_t)(len >> 8);
    } else if (len >= 0x80) {
        out[at++] = 0x81;
    }
    out[at++] = (uint8_t)len;
    memset(out + at, 0xA5, len);
    return at + len;
}

static void lengths_of_every_form_are_read(void **state)
{
    static uint8_t der[0x10010];
    const size_t lengths[] = {0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t whole = sequence(der, lengths[i]), len;
        assert_int_equal(mico_der_sequence((struct mico_span){der, sizeof der}, &len), MICO_OK);
        assert_int_equal(len, whole);
        assert_int_equal(mico_der_sequence((struct mico_span){der, whole - 1}, &len), MICO_ERR_FORMAT);
        assert_int_equal(len, 0);
    }
}

static void lengths_that_der_forbids_are_refused(void **state)
{
    static const struct {
        uint8_t der[8];
        size_t len;
    } bad[] = {
        {{0x31, 0x00}, 2},                         /* no SEQUENCE */
        {{0x30, 0x80, 0x00, 0x00}, 4},             /* indefinite */
        {{0x30, 0x81, 0x01, 0xAA}, 4},             /* not minimal */
        {{0x30, 0x82, 0x00, 0x01, 0xAA}, 5},       /* not minimal */
        {{0x30, 0x83, 0x00, 0x00, 0x01, 0xAA}, 6}, /* not minimal */
        {{0x30, 0x84, 0x00, 0x00, 0x00, 0x00}, 6}, /* over 16 MiB could be said */
        {{0x30, 0xFF, 0x00}, 3},                   /* reserved */
        {{0x30, 0x82, 0x01}, 3},                   /* cut in the length */
        {{0x30}, 1},
        {{0}, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t len = 1;
        assert_int_equal(mico_der_sequence((struct mico_span){bad[i].der, bad[i].len}, &len), MICO_ERR_FORMAT);
        assert_int_equal(len, 0);
    }
}

static void chain_of_one_to_four_splits_where_its_certificates_end(void **state)
{
    uint8_t chain[4096];
    size_t ends[5] = {0};
    for (size_t n = 1; n <= 5; n++) {
        struct mico_span found[MICO_CHAIN_MAX];
        size_t count;
        ends[n - 1] = (n > 1 ? ends[n - 2] : 0) + sequence(chain + (n > 1 ? ends[n - 2] : 0), 100 * n);
        mico_err err = mico_chain_split((struct mico_span){chain, ends[n - 1]}, found, &count);
        if (n > MICO_CHAIN_MAX) {
            assert_int_equal(err, MICO_ERR_FULL);
            assert_int_equal(count, 0);
            return;
        }
        assert_int_equal(err, MICO_OK);
        assert_int_equal(count, n);
        for (size_t i = 0; i < n; i++) {
            assert_ptr_equal(found[i].data, chain + (i > 0 ? ends[i - 1] : 0));
            assert_int_equal(found[i].len, ends[i] - (i > 0 ? ends[i - 1] : 0));
        }
    }
}

static void chain_cut_or_followed_by_anything_is_refused(void **state)
{
    uint8_t chain[1024];
    struct mico_span found[MICO_CHAIN_MAX];
    size_t first = sequence(chain, 200), count;
    size_t whole = first + sequence(chain + first, 300);
    for (size_t len = 0; len < whole; len++) {
        mico_err err = mico_chain_split((struct mico_span){chain, len}, found, &count);
        assert_int_equal(err, len == first ? MICO_OK : MICO_ERR_FORMAT);
    }
    chain[whole] = 0;
    assert_int_equal(mico_chain_split((struct mico_span){chain, whole + 1}, found, &count), MICO_ERR_FORMAT);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_of_every_form_are_read),
        cmocka_unit_test(lengths_that_der_forbids_are_refused),
        cmocka_unit_test(chain_of_one_to_four_splits_where_its_certificates_end),
        cmocka_unit_test(chain_cut_or_followed_by_anything_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
