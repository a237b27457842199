/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of RFC 8949 appendix A as far as MiCO's subset goes, and everything that a strict reader refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/cbor.h"

static uint8_t bytes[64];
static struct mico_writer w;

static void expect_hex(const char *hex)
{
    char got[2 * sizeof bytes + 1];
    assert_false(w.failed);
    mico_hex(bytes, w.len, got);
    assert_string_equal(got, hex);
}

static struct mico_reader reading(const char *hex)
{
    size_t len = strlen(hex) / 2;
    assert_int_equal(mico_unhex(hex, bytes, len), MICO_OK);
    return mico_reader_of(bytes, len);
}

static void integers_are_those_of_appendix_a(void **state)
{
    static const struct {
        int64_t value;
        const char *hex;
    } examples[] = {
        {0, "00"},
        {1, "01"},
        {10, "0a"},
        {23, "17"},
        {24, "1818"},
        {25, "1819"},
        {100, "1864"},
        {255, "18ff"},
        {256, "190100"},
        {1000, "1903e8"},
        {65535, "19ffff"},
        {65536, "1a00010000"},
        {1000000, "1a000f4240"},
        {4294967295, "1affffffff"},
        {4294967296, "1b0000000100000000"},
        {1000000000000, "1b000000e8d4a51000"},
        {INT64_MAX, "1b7fffffffffffffff"},
        {-1, "20"},
        {-10, "29"},
        {-24, "37"},
        {-25, "3818"},
        {-100, "3863"},
        {-1000, "3903e7"},
        {INT64_MIN, "3b7fffffffffffffff"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        w = mico_writer_of(bytes, sizeof bytes);
        mico_cbor_put_int(&w, examples[i].value);
        expect_hex(examples[i].hex);
        struct mico_reader r = reading(examples[i].hex);
        assert_int_equal(mico_cbor_int(&r), examples[i].value);
        assert_true(mico_reader_done(&r));
        for (size_t cut = 0; cut < w.len; cut++) {
            r = mico_reader_of(bytes, cut);
            assert_int_equal(mico_cbor_int(&r), 0);
            assert_true(r.failed);
        }
    }
    w = mico_writer_of(bytes, sizeof bytes);
    mico_cbor_put_uint(&w, UINT64_MAX);
    expect_hex("1bffffffffffffffff");
    struct mico_reader r = reading("1bffffffffffffffff");
    assert_true(mico_cbor_uint(&r) == UINT64_MAX && mico_reader_done(&r));
    r = reading("1bffffffffffffffff"); /* no int64_t */
    mico_cbor_int(&r);
    assert_true(r.failed);
}

static void strings_arrays_maps_and_tags_come_back(void **state)
{
    w = mico_writer_of(bytes, sizeof bytes);
    mico_cbor_put_tag(&w, 18);
    mico_cbor_put_array(&w, 2);
    mico_cbor_put_bytes(&w, "\1\2\3\4", 4);
    mico_cbor_put_map(&w, 2);
    mico_cbor_put_int(&w, 300);
    mico_cbor_put_text(&w, "\xe6\xb0\xb4");
    mico_cbor_put_int(&w, -5);
    mico_cbor_put_text(&w, "");
    expect_hex("d2824401020304a219012c63e6b0b42460");
    struct mico_reader r = mico_reader_of(bytes, w.len);
    int64_t key;
    assert_false(mico_cbor_tag(&r, 17));
    assert_true(mico_cbor_tag(&r, 18));
    assert_int_equal(mico_cbor_array(&r), 2);
    struct mico_span string = mico_cbor_bytes(&r);
    assert_int_equal(string.len, 4);
    struct mico_cbor_map map = mico_cbor_map(&r);
    assert_true(mico_cbor_key(&r, &map, &key) && key == 300);
    assert_int_equal(mico_cbor_text(&r).len, 3);
    assert_true(mico_cbor_key(&r, &map, &key) && key == -5);
    assert_int_equal(mico_cbor_text(&r).len, 0);
    assert_false(mico_cbor_key(&r, &map, &key));
    assert_true(mico_reader_done(&r));
}

/* What each function must refuse. */
static void read_int(struct mico_reader *r)
{
    mico_cbor_int(r);
}
static void read_text(struct mico_reader *r)
{
    mico_cbor_text(r);
}
static void read_bytes(struct mico_reader *r)
{
    mico_cbor_bytes(r);
}
static void read_array(struct mico_reader *r)
{
    mico_cbor_array(r);
}
static void read_map(struct mico_reader *r)
{
    int64_t key;
    struct mico_cbor_map map = mico_cbor_map(r);
    while (mico_cbor_key(r, &map, &key)) {
        mico_cbor_int(r);
    }
}

static void what_is_not_deterministic_or_not_in_the_subset_is_refused(void **state)
{
    static const struct {
        void (*read)(struct mico_reader *);
        const char *hex;
    } bad[] = {
        {read_int, "1817"},                 /* 23 in two bytes */
        {read_int, "1900ff"},               /* 255 in three */
        {read_int, "1a0000ffff"},           /* 65535 in five */
        {read_int, "1b00000000ffffffff"},   /* 2^32 - 1 in nine */
        {read_int, "1c"},                   /* reserved */
        {read_int, "1f"},                   /* indefinite */
        {read_int, "3b8000000000000000"},   /* below INT64_MIN */
        {read_int, "f4"},                   /* false */
        {read_int, "f93c00"},               /* 1.0 */
        {read_bytes, "5f4101ff"},           /* in pieces */
        {read_bytes, "4401"},               /* cut */
        {read_bytes, "5bffffffffffffffff"}, /* longer than all there is */
        {read_bytes, "6161"},               /* text */
        {read_text, "62c3"},                /* cut */
        {read_text, "61ff"},                /* no UTF-8 */
        {read_text, "62c080"},              /* overlong */
        {read_text, "63eda080"},            /* a surrogate */
        {read_text, "64f4908080"},          /* above U+10FFFF */
        {read_array, "9f"},                 /* indefinite */
        {read_array, "8201"},               /* two items in one byte */
        {read_map, "a10101ff"} /* not all read: judged by done */,
        {read_map, "a201010101"}, /* a key twice */
        {read_map, "a202010101"}, /* out of order */
        {read_map, "a220010101"}, /* a negative key first */
        {read_map, "a221012001"}, /* -2 before -1 */
        {read_map, "a2010102"},   /* cut */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mico_reader r = reading(bad[i].hex);
        bad[i].read(&r);
        assert_false(mico_reader_done(&r));
    }
}

static void what_does_not_fit_is_not_written(void **state)
{
    w = mico_writer_of(bytes, 4);
    mico_cbor_put_uint(&w, 1000000);
    assert_true(w.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_those_of_appendix_a),
        cmocka_unit_test(strings_arrays_maps_and_tags_come_back),
        cmocka_unit_test(what_is_not_deterministic_or_not_in_the_subset_is_refused),
        cmocka_unit_test(what_does_not_fit_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
