/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a against vectors of another implementation, both sides against each other, and hostile numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/srp/srp.h"
#include "crypto/srp/srp_math.h"
#include "crypto/srp/srp_test_entry.h"
#include "crypto/srp/srp_vectors.h"

#define VECTORS (sizeof vectors / sizeof vectors[0])

static const uint8_t *hex(const char *digits)
{
    static uint8_t buffers[8][MICO_SRP_SIZE];
    static unsigned turn;
    uint8_t *out = buffers[turn++ % 8];
    assert_int_equal(mico_unhex(digits, out, strlen(digits) / 2), MICO_OK);
    return out;
}

static struct mico_span text(const char *string)
{
    return (struct mico_span){(const uint8_t *)string, strlen(string)};
}

static void verifier_equals_the_vectors(void **state)
{
    uint8_t verifier[MICO_SRP_SIZE];
    for (size_t i = 0; i < VECTORS; i++) {
        assert_int_equal(mico_srp_verifier(text(vectors[i].code), hex(vectors[i].salt), verifier), MICO_OK);
        assert_memory_equal(verifier, hex(vectors[i].v), MICO_SRP_SIZE);
    }
}

static void server_accepts_either_rule_and_keeps_the_key_that_matched(void **state)
{
    for (size_t i = 0; i < VECTORS * 2; i++) {
        const struct vector *v = &vectors[i / 2];
        const char *M1 = i % 2 == 0 ? v->padded.M1 : v->stripped.M1;
        const char *M2 = i % 2 == 0 ? v->padded.M2 : v->stripped.M2, *K = i % 2 == 0 ? v->padded.K : v->stripped.K;
        struct mico_srp_server server;
        uint8_t B[MICO_SRP_SIZE], proof[64], key[64];
        const uint8_t *A = hex(v->A);
        size_t zeros = i % 2 == 1 && A[0] == 0 ? 1 : 0; /* a stripping client sends A so too */

        mico_srp_server_start_with(&server, hex(v->salt), hex(v->v), hex(v->b), B);
        assert_memory_equal(B, hex(v->B), MICO_SRP_SIZE);
        A = hex(v->A);
        if (B[0] == 0 && i % 2 == 1) {
            continue; /* a real server redraws b: no such B leaves it */
        }
        assert_int_equal(
            mico_srp_server_finish(&server, (struct mico_span){A + zeros, MICO_SRP_SIZE - zeros}, hex(M1), proof, key),
            MICO_OK);
        assert_memory_equal(proof, hex(M2), 64);
        assert_memory_equal(key, hex(K), 64);
        assert_true(mico_ct_is_zero(&server, sizeof server));
    }
}

static void client_equals_the_vectors_where_nothing_begins_with_zero(void **state)
{
    unsigned done = 0;
    for (size_t i = 0; i < VECTORS; i++) {
        const struct vector *v = &vectors[i];
        struct mico_srp_client client;
        uint8_t A[MICO_SRP_SIZE], M1[64], key[64];

        if (hex(v->A)[0] == 0 || hex(v->S)[0] == 0) {
            continue;
        }
        mico_srp_client_start_with(&client, hex(v->a));
        assert_int_equal(mico_srp_client_prove(&client, hex(v->salt), (struct mico_span){hex(v->B), MICO_SRP_SIZE},
                                               text(v->code), A, M1),
                         MICO_OK);
        assert_memory_equal(A, hex(v->A), MICO_SRP_SIZE);
        assert_memory_equal(M1, hex(v->padded.M1), 64);
        assert_int_equal(mico_srp_client_check(&client, hex(v->padded.M2), key), MICO_OK);
        assert_memory_equal(key, hex(v->padded.K), 64);
        assert_true(mico_ct_is_zero(&client, sizeof client));
        done++;
    }
    assert_true(done >= 1);
}

static void client_redraws_when_s_begins_with_zero(void **state)
{
    unsigned done = 0;
    for (size_t i = 0; i < VECTORS; i++) {
        const struct vector *v = &vectors[i];
        struct mico_srp_client client;
        uint8_t A[MICO_SRP_SIZE], M1[64];
        if (hex(v->S)[0] != 0) {
            continue;
        }
        mico_srp_client_start_with(&client, hex(v->a));
        assert_int_equal(mico_srp_client_prove(&client, hex(v->salt), (struct mico_span){hex(v->B), MICO_SRP_SIZE},
                                               text(v->code), A, M1),
                         MICO_OK);
        assert_memory_not_equal(A, hex(v->A), MICO_SRP_SIZE);
        mico_srp_client_stop(&client);
        done++;
    }
    assert_int_equal(done, 1);
}

struct run {
    struct mico_srp_server server;
    struct mico_srp_client client;
    uint8_t salt[16], verifier[MICO_SRP_SIZE], A[MICO_SRP_SIZE], B[MICO_SRP_SIZE], M1[64], M2[64];
    uint8_t server_key[64], client_key[64];
};

/* Everything up to the client's proof. */
static void run_until_proof(struct run *run, const char *right, const char *typed)
{
    memset(run->salt, 0xA5, sizeof run->salt);
    assert_int_equal(mico_srp_verifier(text(right), run->salt, run->verifier), MICO_OK);
    assert_int_equal(mico_srp_server_start(&run->server, run->salt, run->verifier, run->B), MICO_OK);
    assert_int_not_equal(run->B[0], 0);
    assert_int_equal(mico_srp_client_start(&run->client), MICO_OK);
    assert_int_equal(mico_srp_client_prove(&run->client, run->salt, MICO_SPAN(run->B), text(typed), run->A, run->M1),
                     MICO_OK);
    assert_int_not_equal(run->A[0], 0);
}

static void both_sides_agree_on_a_fresh_key(void **state)
{
    struct run run, other;
    run_until_proof(&run, "123-45-679", "123-45-679");
    assert_int_equal(mico_srp_server_finish(&run.server, MICO_SPAN(run.A), run.M1, run.M2, run.server_key), MICO_OK);
    assert_int_equal(mico_srp_client_check(&run.client, run.M2, run.client_key), MICO_OK);
    assert_memory_equal(run.server_key, run.client_key, 64);
    run_until_proof(&other, "123-45-679", "123-45-679");
    assert_int_equal(mico_srp_server_finish(&other.server, MICO_SPAN(other.A), other.M1, other.M2, other.server_key),
                     MICO_OK);
    assert_memory_not_equal(other.server_key, run.server_key, 64);
}

static void a_wrong_code_proves_nothing_and_b_takes_one_guess(void **state)
{
    struct run run;
    uint8_t M1[64];
    run_until_proof(&run, "123-45-679", "123-45-678");
    memset(run.server_key, 0x55, 64);
    assert_int_equal(mico_srp_server_finish(&run.server, MICO_SPAN(run.A), run.M1, run.M2, run.server_key),
                     MICO_ERR_AUTH);
    assert_true(mico_ct_is_zero(run.M2, 64) && mico_ct_is_zero(run.server_key, 64));
    assert_true(mico_ct_is_zero(&run.server, sizeof run.server));
    memset(M1, 0, sizeof M1);
    assert_int_equal(mico_srp_server_finish(&run.server, MICO_SPAN(run.A), M1, run.M2, run.server_key), MICO_ERR_STATE);
}

static void a_wrong_m2_gives_no_key(void **state)
{
    struct run run;
    run_until_proof(&run, "123-45-679", "123-45-679");
    assert_int_equal(mico_srp_server_finish(&run.server, MICO_SPAN(run.A), run.M1, run.M2, run.server_key), MICO_OK);
    run.M2[63] ^= 1;
    assert_int_equal(mico_srp_client_check(&run.client, run.M2, run.client_key), MICO_ERR_AUTH);
    assert_true(mico_ct_is_zero(run.client_key, 64));
    assert_int_equal(mico_srp_client_check(&run.client, run.M2, run.client_key), MICO_ERR_STATE);
}

/* 0, N, 2N, empty and oversized numbers, on both sides. */
static void numbers_that_are_zero_mod_n_or_of_a_wrong_size_are_refused(void **state)
{
    uint8_t twice[MICO_SRP_SIZE + 1] = {0}, zeros[MICO_SRP_SIZE + 1] = {0};
    for (size_t i = 0; i < MICO_SRP_SIZE; i++) {
        twice[i] |= (uint8_t)(srp_N[i] >> 7);
        twice[i + 1] = (uint8_t)(srp_N[i] << 1);
    }
    const struct {
        struct mico_span number;
        mico_err err;
    } cases[] = {
        {{zeros, MICO_SRP_SIZE}, MICO_ERR_CRYPTO},
        {{zeros, 1}, MICO_ERR_CRYPTO},
        {{srp_N, MICO_SRP_SIZE}, MICO_ERR_CRYPTO},
        {{twice, MICO_SRP_SIZE + 1}, MICO_ERR_SIZE},
        {{zeros, 0}, MICO_ERR_SIZE},
        {{NULL, 0}, MICO_ERR_SIZE},
        {{zeros, MICO_SRP_SIZE + 1}, MICO_ERR_SIZE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct run run;
        run_until_proof(&run, "123-45-679", "123-45-679");
        assert_int_equal(mico_srp_server_finish(&run.server, cases[i].number, run.M1, run.M2, run.server_key),
                         cases[i].err);
        assert_true(mico_ct_is_zero(&run.server, sizeof run.server));
        assert_int_equal(mico_srp_client_start(&run.client), MICO_OK);
        assert_int_equal(mico_srp_client_prove(&run.client, run.salt, cases[i].number, text("1"), run.A, run.M1),
                         cases[i].err);
        assert_true(mico_ct_is_zero(&run.client, sizeof run.client));
    }
}

/* A = N + 1 is 1 mod N, legal, and must not break anything: S is then v^(ub), which only the verifier's owner knows. */
static void an_unreduced_a_is_only_a_wrong_guess(void **state)
{
    struct run run;
    uint8_t A[MICO_SRP_SIZE];
    run_until_proof(&run, "123-45-679", "123-45-679");
    memcpy(A, srp_N, sizeof A);
    A[MICO_SRP_SIZE - 8]++; /* N ends with eight bytes 0xFF; this carries into none of them */
    A[MICO_SRP_SIZE - 9]++;
    assert_int_equal(mico_srp_server_finish(&run.server, MICO_SPAN(A), run.M1, run.M2, run.server_key), MICO_ERR_AUTH);
}

static void verifiers_of_nobody_are_refused(void **state)
{
    struct run run = {0};
    assert_int_equal(mico_srp_server_start(&run.server, run.salt, run.verifier, run.B), MICO_ERR_PARAM);
    assert_int_equal(mico_srp_server_start(&run.server, run.salt, srp_N, run.B), MICO_ERR_PARAM);
    assert_int_equal(mico_srp_server_finish(&run.server, MICO_SPAN(run.A), run.M1, run.M2, run.server_key),
                     MICO_ERR_STATE);
}

/* The arithmetic's own laws, at its edges: (N-1)^2 = 1, a - b + b = a, 0 and 1. */
static void arithmetic_holds_at_the_edges(void **state)
{
    uint8_t one[MICO_SRP_SIZE] = {[MICO_SRP_SIZE - 1] = 1}, zero[MICO_SRP_SIZE] = {0};
    uint8_t top[MICO_SRP_SIZE], out[MICO_SRP_SIZE];
    memcpy(top, srp_N, sizeof top);
    top[MICO_SRP_SIZE - 1]--;
    srp_mul(out, top, top);
    assert_memory_equal(out, one, sizeof out);
    srp_exp(out, top, MICO_SPAN(one));
    assert_memory_equal(out, top, sizeof out);
    srp_add(out, top, one);
    assert_memory_equal(out, zero, sizeof out);
    srp_sub(out, zero, one);
    assert_memory_equal(out, top, sizeof out);
    srp_mul(out, top, zero);
    assert_memory_equal(out, zero, sizeof out);
    srp_mul(out, srp_g, one);
    assert_memory_equal(out, srp_g, sizeof out);
    srp_reduce(out, srp_N);
    assert_memory_equal(out, zero, sizeof out);
    assert_false(srp_below_N(srp_N));
    assert_true(srp_below_N(top));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_holds_at_the_edges),
        cmocka_unit_test(verifier_equals_the_vectors),
        cmocka_unit_test(server_accepts_either_rule_and_keeps_the_key_that_matched),
        cmocka_unit_test(client_equals_the_vectors_where_nothing_begins_with_zero),
        cmocka_unit_test(client_redraws_when_s_begins_with_zero),
        cmocka_unit_test(both_sides_agree_on_a_fresh_key),
        cmocka_unit_test(a_wrong_code_proves_nothing_and_b_takes_one_guess),
        cmocka_unit_test(a_wrong_m2_gives_no_key),
        cmocka_unit_test(numbers_that_are_zero_mod_n_or_of_a_wrong_size_are_refused),
        cmocka_unit_test(an_unreduced_a_is_only_a_wrong_guess),
        cmocka_unit_test(verifiers_of_nobody_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
