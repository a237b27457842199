/* SPDX-License-Identifier: Apache-2.0 */
/* What an operation on long numbers, or the boards' AES, leaves on the stack: nothing of its secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <inner.h> /* BearSSL's */

#include "crypto/primitives/aes_even.h"
#include "crypto/primitives/modular.h"

#define DEPTH (256 * 1024) /* below the test's own frame; the operations take 40 KiB and more on a host */
#define SIZE 128
#define RUN 12 /* bytes in a row that are no accident, in either byte order */

static uint8_t secret[SIZE], reversed[SIZE], out[SIZE];
static volatile uintptr_t bottom;

/* Zeros over the stack that the operation will use. */
__attribute__((noinline)) static void clear_stack(void)
{
    volatile uint8_t room[DEPTH];
    for (size_t i = 0; i < DEPTH; i++) {
        room[i] = 0;
    }
    bottom = (uintptr_t)room;
}

/* Does any part of what stand there? Reads what is below the caller's frame. */
__attribute__((noinline)) static bool stands_there(const void *what, size_t len)
{
    static uint8_t copy[DEPTH];
    const volatile uint8_t *from = (const volatile uint8_t *)bottom;
    for (size_t i = 0; i < DEPTH; i++) {
        copy[i] = from[i];
    }
    for (size_t at = 0; at + RUN <= len; at += RUN) {
        if (memmem(copy, DEPTH, (const uint8_t *)what + at, RUN) != NULL) {
            return true;
        }
    }
    return false;
}

static bool left_behind(void)
{
    return stands_there(secret + 16, SIZE - 32) || stands_there(reversed + 16, SIZE - 32);
}

static void make_secret(void)
{
    uint32_t state = 12345;
    for (size_t i = 0; i < SIZE; i++) {
        state = state * 1103515245 + 12345;
        secret[i] = (uint8_t)(state >> 16);
        reversed[SIZE - 1 - i] = secret[i];
    }
    secret[0] |= 0x80;
    secret[SIZE - 1] |= 1;
    reversed[SIZE - 1] = secret[0];
    reversed[0] = secret[SIZE - 1];
}

__attribute__((noinline)) static void leave_it(void)
{
    volatile uint8_t room[SIZE];
    memcpy((uint8_t *)(uintptr_t)room, secret, SIZE);
}

static void what_is_left_is_found(void **state)
{
    make_secret();
    clear_stack();
    leave_it();
    assert_true(left_behind());
}

static void an_inversion_leaves_nothing_of_its_modulus(void **state)
{
    static const uint8_t a[SIZE] = {[SIZE - 1] = 3};
    make_secret();
    clear_stack();
    modular_invert(out, a, (struct mico_span){secret, SIZE});
    assert_false(left_behind());
}

static void a_product_leaves_nothing_of_its_modulus(void **state)
{
    static const uint8_t a[SIZE] = {[SIZE - 1] = 3};
    make_secret();
    clear_stack();
    modular_mul(out, a, a, (struct mico_span){secret, SIZE});
    assert_false(left_behind());
}

static void a_power_leaves_nothing_of_its_exponent(void **state)
{
    static const uint8_t a[SIZE] = {[SIZE - 1] = 3};
    uint8_t modulus[SIZE];
    make_secret();
    memset(modulus, 0xC7, sizeof modulus);
    clear_stack();
    modular_exp(out, a, (struct mico_span){secret, SIZE}, (struct mico_span){modulus, SIZE});
    assert_false(left_behind());
}

/* The key, and the schedule as it is written and as the rounds read it. */
static bool key_left_behind(const uint32_t schedule[60])
{
    static uint32_t words[120];
    br_aes_ct_skey_expand(words, 14, schedule);
    return stands_there(secret, 32) || stands_there(words, sizeof words) ||
           stands_there(schedule, 60 * sizeof *schedule);
}

static void aes_leaves_nothing_of_its_key(void **state)
{
    static uint32_t schedule[60];
    static uint8_t counter[16], text[64];
    uint8_t *bytes = (uint8_t *)schedule;
    make_secret();
    clear_stack();
    AES_set_encrypt_key(secret, 256, bytes);
    assert_false(key_left_behind(schedule));
    clear_stack();
    AES_ECB_encrypt(text, text, 48, bytes, 14);
    assert_false(key_left_behind(schedule));
    AES_ECB_decrypt(text, text, 48, bytes, 14);
    assert_false(key_left_behind(schedule));
    AES_CTR_encrypt(text, text, 48, bytes, 14, counter);
    AES_GCM_encrypt(text, text, 48, bytes, 14, counter);
    assert_false(key_left_behind(schedule));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_is_found),
        cmocka_unit_test(an_inversion_leaves_nothing_of_its_modulus),
        cmocka_unit_test(a_product_leaves_nothing_of_its_modulus),
        cmocka_unit_test(a_power_leaves_nothing_of_its_exponent),
        cmocka_unit_test(aes_leaves_nothing_of_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
