/* SPDX-License-Identifier: Apache-2.0 */
/* The health tests of the entropy source: their limits, what they must notice and how soon, what they must let through, and that
 * a source which fails them ends every service until the program starts anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/primitives/entropy.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/trust.h"
#include "os/port/rng.h"

static size_t given, dry_after = SIZE_MAX, stuck_after = SIZE_MAX;

mico_err mico_entropy(uint8_t *out, size_t len)
{
    if (given + len > dry_after || getrandom(out, len, 0) != (ssize_t)len) {
        memset(out, 0, len);
        return MICO_ERR_ENTROPY;
    }
    for (size_t i = 0; i < len; i++, given++) {
        if (given >= stuck_after) {
            out[i] = 0x42;
        }
    }
    return MICO_OK;
}

static int reset(void **state)
{
    given = 0;
    mico_entropy_forget();
    mico_random_forget();
    dry_after = stuck_after = SIZE_MAX;
    return 0;
}

/* A process of its own, for the error state lasts: true when what it does holds. */
static bool in_a_child(bool (*holds)(size_t), size_t with)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        _exit(holds(with) ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* P[X >= count] of a window of fair bytes. */
static long double tail(int count)
{
    long double sum = 0, term = 1; /* of k matches: C(W, k) p^k (1 - p)^(W - k) */
    for (int i = 0; i < MICO_ENTROPY_WINDOW; i++) {
        term *= 255.0L / 256;
    }
    for (int k = 0; k <= MICO_ENTROPY_WINDOW; k++) {
        sum += k >= count ? term : 0;
        term *= (long double)(MICO_ENTROPY_WINDOW - k) / (k + 1) / 255;
    }
    return sum;
}

static void the_limits_are_those_of_one_in_2_to_the_40(void **state)
{
    const long double alarm = 1.0L / (1ull << MICO_ENTROPY_ALPHA);
    assert_int_equal(MICO_ENTROPY_H, 8); /* which tail has in it */
    assert_int_equal(MICO_ENTROPY_REPEATS, 6);
    assert_true(tail(MICO_ENTROPY_PROPORTION) <= alarm);
    assert_true(tail(MICO_ENTROPY_PROPORTION - 1) > alarm);
}

static void six_equal_bytes_in_a_row_are_noticed(void **state)
{
    struct mico_entropy_health health = {0};
    static const uint8_t five[] = {1, 7, 7, 7, 7, 7, 2}, six[] = {1, 7, 7, 7, 7, 7, 7};
    assert_true(mico_entropy_check(&health, five, sizeof five));
    assert_false(mico_entropy_check(&health, six, sizeof six));
    assert_false(mico_entropy_check(&health, five, sizeof five)); /* and not forgotten */
}

static void a_byte_that_comes_too_often_is_noticed(void **state)
{
    struct mico_entropy_health health = {0};
    uint8_t samples[MICO_ENTROPY_WINDOW];
    for (size_t i = 0; i < sizeof samples; i++) {
        samples[i] = (uint8_t)(i * (1 + 2 * (i >> 8)));
    }
    for (size_t i = 0; i < MICO_ENTROPY_PROPORTION - 3; i++) { /* 0 comes twice already */
        samples[3 + 3 * i] = 0;
    }
    assert_true(mico_entropy_check(&health, samples, sizeof samples));
    samples[0] = samples[511] = 0;
    health = (struct mico_entropy_health){0};
    assert_false(mico_entropy_check(&health, samples, sizeof samples));
}

static uint8_t draw(void)
{
    return (uint8_t)(random() >> 7);
}

/* How many bytes of a source of so many bits a byte, each value as likely, are let through; at most most. */
static size_t noticed_after(unsigned bits, size_t most)
{
    struct mico_entropy_health health = {0};
    size_t count = 0;
    bool good = true;
    while (good && count < most) {
        uint8_t sample = (uint8_t)(draw() & ((1u << bits) - 1));
        good = mico_entropy_check(&health, &sample, 1);
        count++;
    }
    return good ? SIZE_MAX : count;
}

/* What the claim of 8 bits means: at 4 bits and fewer the start-up test itself notices, at 5 soon after. */
static void a_source_with_half_of_the_entropy_does_not_pass_the_start_up_test(void **state)
{
    srandom(1);
    for (int i = 0; i < 200; i++) {
        for (unsigned bits = 0; bits <= 4; bits++) {
            assert_true(noticed_after(bits, MICO_ENTROPY_STARTUP) <= MICO_ENTROPY_STARTUP);
        }
        assert_true(noticed_after(5, 64 * MICO_ENTROPY_WINDOW) <= 64 * MICO_ENTROPY_WINDOW);
    }
}

/* One value in four samples, the rest fair: 2 bits of min-entropy a byte. A window notices that begins with it. */
static void a_biased_source_is_noticed(void **state)
{
    srandom(2);
    for (int turn = 0; turn < 100; turn++) {
        struct mico_entropy_health health = {0};
        bool good = true;
        for (size_t i = 0; i < 64 * MICO_ENTROPY_WINDOW && good; i++) {
            uint8_t sample = random() % 4 == 0 ? 0x42 : draw();
            good = mico_entropy_check(&health, &sample, 1);
        }
        assert_false(good);
    }
}

/* Bytes that go round every `period`, after as many fair ones as `late`. */
static bool going_round_is_noticed(size_t period, size_t late, size_t within)
{
    static uint8_t round[MICO_ENTROPY_CYCLE];
    struct mico_entropy_health health = {0};
    bool good = true;
    for (size_t i = 0; i < period; i++) {
        round[i] = draw();
    }
    for (size_t i = 0; i < late; i++) {
        uint8_t sample = draw();
        assert_true(mico_entropy_check(&health, &sample, 1));
    }
    for (size_t i = 0; i < within && good; i++) {
        good = mico_entropy_check(&health, &round[i % period], 1);
    }
    return !good;
}

static void a_source_that_goes_round_is_noticed(void **state)
{
    srandom(3);
    for (size_t period = 1; period <= 300; period++) { /* in the start-up test */
        assert_true(going_round_is_noticed(period, 0, MICO_ENTROPY_STARTUP));
    }
    for (size_t period = 8; period <= MICO_ENTROPY_CYCLE / 2; period *= 2) { /* whenever it begins */
        for (size_t late = 0; late < 1000; late += 333) {
            assert_true(going_round_is_noticed(period - 1, late, 4 * MICO_ENTROPY_CYCLE));
            assert_true(going_round_is_noticed(period, late * 101, 4 * MICO_ENTROPY_CYCLE));
        }
    }
}

static void good_bytes_pass_by_the_million(void **state)
{
    struct mico_entropy_health health = {0};
    static uint8_t samples[1u << 22];
    srandom(1);
    for (size_t i = 0; i < sizeof samples; i++) {
        samples[i] = draw();
    }
    assert_true(mico_entropy_check(&health, samples, sizeof samples));
}

static void the_first_seed_comes_after_the_start_up_test(void **state)
{
    uint8_t out[32];
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_true(given >= MICO_ENTROPY_STARTUP + 32);
    size_t before = given;
    mico_random_forget();
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_true(given - before < MICO_ENTROPY_STARTUP); /* a second seed needs no second one */
}

static bool it_ends_every_service(size_t from)
{
    static const uint8_t none[32];
    uint8_t out[32];
    reset(NULL);
    stuck_after = from;
    for (int i = 0; i < 3; i++) {
        memset(out, 1, sizeof out);
        mico_err wanted = i == 0 ? MICO_ERR_ENTROPY : MICO_ERR_STATE; /* also of a source that is mended */
        if (mico_random(out, sizeof out) != wanted || memcmp(out, none, sizeof out) != 0 || !mico_trust_failed()) {
            return false;
        }
        stuck_after = SIZE_MAX;
    }
    return mico_random_fresh(out, sizeof out) == MICO_ERR_STATE;
}

static void a_source_that_is_stuck_ends_every_service(void **state)
{
    for (size_t from = 0; from <= MICO_ENTROPY_STARTUP; from += 128) { /* in the start-up test, and in the seed */
        assert_true(in_a_child(it_ends_every_service, from));
    }
}

static bool it_is_noticed_while_running(size_t unused)
{
    uint8_t out[32];
    bool good = mico_random(out, sizeof out) == MICO_OK;
    stuck_after = given;
    return good && mico_random(out, sizeof out) == MICO_OK && mico_random_fresh(out, sizeof out) == MICO_ERR_ENTROPY &&
           mico_random(out, sizeof out) == MICO_ERR_STATE;
}

static void a_source_that_gets_stuck_later_is_noticed_by_the_next_seed(void **state)
{
    assert_true(in_a_child(it_is_noticed_while_running, 0));
}

static void a_dry_source_gives_no_random_numbers_until_it_is_not(void **state)
{
    uint8_t out[32];
    dry_after = given + MICO_ENTROPY_STARTUP;
    assert_int_equal(mico_random(out, sizeof out), MICO_ERR_ENTROPY);
    dry_after = SIZE_MAX;
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_true(given >= 2 * MICO_ENTROPY_STARTUP); /* tested anew from the start */
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        CASE(the_limits_are_those_of_one_in_2_to_the_40),
        CASE(six_equal_bytes_in_a_row_are_noticed),
        CASE(a_byte_that_comes_too_often_is_noticed),
        CASE(a_source_with_half_of_the_entropy_does_not_pass_the_start_up_test),
        CASE(a_biased_source_is_noticed),
        CASE(a_source_that_goes_round_is_noticed),
        CASE(good_bytes_pass_by_the_million),
        CASE(the_first_seed_comes_after_the_start_up_test),
        CASE(a_source_that_is_stuck_ends_every_service),
        CASE(a_source_that_gets_stuck_later_is_noticed_by_the_next_seed),
        CASE(a_dry_source_gives_no_random_numbers_until_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
