/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of DES that are made, and those that are drawn again: from a source that says what the test wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/core.h"

/* SP 800-67 section 3.3.2: pairs of keys of which each undoes the other; the first four are pairs with themselves. */
static const char *const pairs[][2] = {
    {"0101010101010101", "0101010101010101"}, {"fefefefefefefefe", "fefefefefefefefe"},
    {"e0e0e0e0f1f1f1f1", "e0e0e0e0f1f1f1f1"}, {"1f1f1f1f0e0e0e0e", "1f1f1f1f0e0e0e0e"},
    {"011f011f010e010e", "1f011f010e010e01"}, {"01e001e001f101f1", "e001e001f101f101"},
    {"01fe01fe01fe01fe", "fe01fe01fe01fe01"}, {"1fe01fe00ef10ef1", "e01fe01ff10ef10e"},
    {"1ffe1ffe0efe0efe", "fe1ffe1ffe0efe0e"}, {"e0fee0fef1fef1fe", "fee0fee0fef1fef1"},
};
#define PAIRS (sizeof pairs / sizeof pairs[0])

static const uint8_t good[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF};

/* Gives these eight bytes, in turn; then it is dry. */
struct script {
    uint8_t draws[200][8];
    unsigned count, given;
};

static psa_status_t next(void *from, uint8_t *out, size_t len)
{
    struct script *script = from;
    assert_int_equal(len, 8);
    if (script->given == script->count) {
        return PSA_ERROR_INSUFFICIENT_DATA;
    }
    memcpy(out, script->draws[script->given++], 8);
    return PSA_SUCCESS;
}

static void add(struct script *script, const uint8_t draw[8])
{
    memcpy(script->draws[script->count++], draw, 8);
}

static void key_of(const char *hex, uint8_t key[8])
{
    assert_int_equal(mico_unhex(hex, key, 8), MICO_OK);
}

/* Imported, encrypts one block. */
static void encrypt(const uint8_t key[8], uint8_t block[8])
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id;
    size_t len;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_DES);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT);
    psa_set_key_algorithm(&attributes, PSA_ALG_ECB_NO_PADDING);
    assert_int_equal(psa_import_key(&attributes, key, 8, &id), PSA_SUCCESS);
    uint8_t out[8];
    assert_int_equal(psa_cipher_encrypt(id, PSA_ALG_ECB_NO_PADDING, block, 8, out, 8, &len), PSA_SUCCESS);
    memcpy(block, out, 8);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
}

static void weak_keys_undo_each_other_and_may_be_imported(void **state)
{
    for (size_t i = 0; i < PAIRS; i++) {
        uint8_t block[8] = "a block", key[8];
        key_of(pairs[i][0], key);
        encrypt(key, block);
        assert_memory_not_equal(block, "a block", 8);
        key_of(pairs[i][1], key);
        encrypt(key, block);
        assert_memory_equal(block, "a block", 8);
    }
}

/* Whatever their parity is. */
static void a_weak_key_is_drawn_again(void **state)
{
    for (size_t i = 0; i < 2 * PAIRS; i++) {
        for (unsigned flipped = 0; flipped < 2; flipped++) {
            struct script script = {.count = 0};
            uint8_t key[8], drawn[8];
            key_of(pairs[i / 2][i % 2], key);
            for (size_t k = 0; k < 8; k++) {
                key[k] ^= (uint8_t)flipped;
            }
            add(&script, key);
            add(&script, key);
            add(&script, good);
            assert_int_equal(psa_des_draw(next, &script, drawn, 8), PSA_SUCCESS);
            assert_int_equal(script.given, 3);
            assert_memory_equal(drawn, good, 8);
        }
    }
}

/* Only that part of the key. */
static void each_part_of_3des_is_drawn_by_itself(void **state)
{
    struct script script = {.count = 0};
    uint8_t key[24], weak[8], other[8] = {0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10};
    key_of(pairs[0][0], weak);
    add(&script, good);
    add(&script, weak);
    add(&script, other);
    add(&script, weak);
    add(&script, good);
    assert_int_equal(psa_des_draw(next, &script, key, 24), PSA_SUCCESS);
    assert_int_equal(script.given, 5);
    assert_memory_equal(key, good, 8);
    assert_memory_equal(key + 8, other, 8);
    assert_memory_equal(key + 16, good, 8);
}

static void the_next_key_is_not_weak_and_parity_is_set(void **state)
{
    for (size_t i = 0; i < PAIRS; i++) {
        struct script script = {.count = 0};
        uint8_t key[8], drawn[8];
        key_of(pairs[i][0], key);
        key[i % 8] ^= 0x04;
        add(&script, key);
        assert_int_equal(psa_des_draw(next, &script, drawn, 8), PSA_SUCCESS);
        assert_int_equal(script.given, 1);
        for (size_t k = 0; k < 8; k++) {
            assert_int_equal(__builtin_popcount(drawn[k]) % 2, 1);
            assert_int_equal(drawn[k] & 0xFE, key[k] & 0xFE);
        }
    }
}

static void a_source_of_nothing_else_gives_no_key(void **state)
{
    static const uint8_t zeros[24];
    struct script script = {.count = 0};
    uint8_t key[24];
    add(&script, good);
    for (unsigned i = 1; i < 200; i++) {
        memset(script.draws[script.count++], 0xFF, 8);
    }
    assert_int_equal(psa_des_draw(next, &script, key, 24), PSA_ERROR_INSUFFICIENT_ENTROPY);
    assert_memory_equal(key, zeros, 24);
    script.given = 0;
    script.count = 2;
    assert_int_equal(psa_des_draw(next, &script, key, 24), PSA_ERROR_INSUFFICIENT_DATA);
    assert_memory_equal(key, zeros, 24);
}

static int start(void **state)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weak_keys_undo_each_other_and_may_be_imported),
        cmocka_unit_test(a_weak_key_is_drawn_again),
        cmocka_unit_test(each_part_of_3des_is_drawn_by_itself),
        cmocka_unit_test(the_next_key_is_not_weak_and_parity_is_set),
        cmocka_unit_test(a_source_of_nothing_else_gives_no_key),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
