/* SPDX-License-Identifier: Apache-2.0 */
/* That a seed repeats a run: what it drew, the library's keys and OpenSSL's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tests/replay.h"

struct run {
    uint8_t drawn[77], library[50], theirs[128];
};

static struct run run_of(uint64_t seed)
{
    struct run run;
    BIGNUM *modulus = NULL;
    replay_start_with(seed);
    replay_draw(run.drawn, sizeof run.drawn);
    assert_int_equal(mico_random(run.library, sizeof run.library), MICO_OK);
    EVP_PKEY *pkey = EVP_RSA_gen(1024);
    assert_non_null(pkey);
    assert_int_equal(EVP_PKEY_get_bn_param(pkey, "n", &modulus), 1);
    assert_int_equal(BN_bn2binpad(modulus, run.theirs, sizeof run.theirs), sizeof run.theirs);
    BN_free(modulus);
    EVP_PKEY_free(pkey);
    return run;
}

static void a_seed_gives_the_same_numbers_again(void **state)
{
    struct run first = run_of(1), other = run_of(2), again = run_of(1);
    assert_memory_equal(&first, &again, sizeof first);
    assert_memory_not_equal(first.drawn, other.drawn, sizeof first.drawn);
    assert_memory_not_equal(first.library, other.library, sizeof first.library);
    assert_memory_not_equal(first.theirs, other.theirs, sizeof first.theirs);
}

static void numbers_below_a_limit_reach_all_of_it(void **state)
{
    unsigned seen = 0;
    replay_start_with(3);
    for (unsigned i = 0; i < 500; i++) {
        size_t number = replay_below(7);
        assert_true(number < 7);
        seen |= 1U << number;
    }
    assert_int_equal(seen, 0x7F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_the_same_numbers_again),
        cmocka_unit_test(numbers_below_a_limit_reach_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
