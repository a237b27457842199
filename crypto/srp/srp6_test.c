/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a in RFC 5054's groups: its test vector, both sides against each other in every group, and hostile numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/srp/srp6.h"
#include "crypto/srp/srp_math.h"

static const size_t sizes[] = {1024, 1536, 2048, 3072, 4096, 6144, 8192};
static const struct mico_digest *const digests[] = {&mico_sha1_digest, &mico_sha256_digest, &mico_sha512_digest};
#define SIZES (sizeof sizes / sizeof sizes[0])
#define DIGESTS (sizeof digests / sizeof digests[0])

/* One exchange, whose users write what they like into it. */
struct run {
    struct srp6 srp;
    uint8_t x[64], a[SRP_PRIVATE_MAX], b[SRP_PRIVATE_MAX], v[SRP_GROUP_MAX], A[SRP_GROUP_MAX], B[SRP_GROUP_MAX];
    uint8_t client_S[SRP_GROUP_MAX], server_S[SRP_GROUP_MAX];
};

static void open_group(struct run *run, size_t bits, const struct mico_digest *digest)
{
    memset(run, 0, sizeof *run);
    run->srp.digest = digest;
    assert_true(srp_group_open(&run->srp.group, bits));
    assert_int_equal(run->srp.group.size * 8, bits);
}

static struct mico_span x_of(const struct run *run)
{
    return (struct mico_span){run->x, run->srp.digest->size};
}

/* Everything from x, a and b on. */
static void compute(struct run *run)
{
    struct srp6_shares shares = {run->A, run->B};
    srp6_raise(&run->srp, x_of(run), run->v);
    srp6_raise(&run->srp, (struct mico_span){run->a, run->srp.group.private_size}, run->A);
    srp6_server_share(&run->srp, run->b, run->v, run->B);
    assert_int_equal(srp6_client_secret(&run->srp, shares, run->a, x_of(run), run->client_S), MICO_OK);
    assert_int_equal(srp6_server_secret(&run->srp, shares, run->b, run->v, run->server_S), MICO_OK);
}

static void equals(const uint8_t *got, const char *hex)
{
    uint8_t want[128];
    size_t len = strlen(hex) / 2;
    assert_true(len <= sizeof want);
    assert_int_equal(mico_unhex(hex, want, len), MICO_OK);
    assert_memory_equal(got, want, len);
}

/* Appendix B. K and the proofs are not in it: they were computed from its S by RFC 2945's formulas in Python. */
static void both_sides_equal_rfc_5054s_vector(void **state)
{
    struct run run;
    uint8_t salt[16], K[64], proof[64];
    open_group(&run, 1024, &mico_sha1_digest);
    assert_int_equal(mico_unhex("beb25379d1a8581eb5a727673a2441ee", salt, 16), MICO_OK);
    assert_int_equal(mico_unhex("94b7555aabe9127cc58ccf4993db6cf84d16c124", run.x, 20), MICO_OK);
    assert_int_equal(mico_unhex("60975527035cf2ad1989806f0407210bc81edc04e2762a56afd529ddda2d4393", run.a, 32), 0);
    assert_int_equal(mico_unhex("e487cb59d31ac550471e81f00f6928e01dda08e974a004f49e61f5d105284d20", run.b, 32), 0);
    compute(&run);
    equals(run.v, "7e273de8696ffc4f4e337d05b4b375beb0dde1569e8fa00a9886d8129bada1f1822223ca1a605b530e379ba4729fdc59"
                  "f105b4787e5186f5c671085a1447b52a48cf1970b4fb6f8400bbf4cebfbb168152e08ab5ea53d15c1aff87b2b9da6e04"
                  "e058ad51cc72bfc9033b564e26480d78e955a5e29e7ab245db2be315e2099afb");
    equals(run.A, "61d5e490f6f1b79547b0704c436f523dd0e560f0c64115bb72557ec44352e8903211c04692272d8b2d1a5358a2cf1b6e"
                  "0bfcf99f921530ec8e39356179eae45e42ba92aeaced825171e1e8b9af6d9c03e1327f44be087ef06530e69f66615261"
                  "eef54073ca11cf5858f0edfdfe15efeab349ef5d76988a3672fac47b0769447b");
    equals(run.B, "bd0c61512c692c0cb6d041fa01bb152d4916a1e77af46ae105393011baf38964dc46a0670dd125b95a981652236f99d9"
                  "b681cbf87837ec996c6da04453728610d0c6ddb58b318885d7d82c7f8deb75ce7bd4fbaa37089e6f9c6059f388838e7a"
                  "00030b331eb76840910440b1b27aaeaeeb4012b7d7665238a8e3fb004b117b58");
    assert_memory_equal(run.client_S, run.server_S, 128);
    equals(run.client_S, "b0dc82babcf30674ae450c0287745e7990a3381f63b387aaf271a10d233861e359b48220f7c4693c9ae12b0a6f67"
                         "809f0876e2d013800d6c41bb59b6d5979b5c00a172b4a2a5903a0bdcaf8a709585eb2afafa8f3499b200210dcc1f"
                         "10eb33943cd67fc88a2f39a4be5bec4ec0a3212dc346d7e474b29ede8a469ffeca686e5a");
    srp6_key(&run.srp, run.client_S, SRP6_PADDED, K);
    equals(K, "017eefa1cefc5c2e626e21598987f31e0f1b11bb");
    srp6_first_proof(&run.srp, (struct mico_span){(const uint8_t *)"alice", 5}, MICO_SPAN(salt),
                     (struct srp6_shares){run.A, run.B}, K, SRP6_PADDED, proof);
    equals(proof, "3f3bc67169ea71302599cf1b0f5d408b7b65d347");
    srp6_second_proof(&run.srp, run.A, proof, K, proof);
    equals(proof, "9cab3c575a11de37d3ac1421a9f009236a48eb55");
}

static void both_sides_agree_in_every_group_with_every_hash(void **state)
{
    static struct run run;
    uint8_t last[64] = {0}, key[64];
    for (size_t i = 0; i < SIZES; i++) {
        for (size_t j = 0; j < DIGESTS; j++) {
            open_group(&run, sizes[i], digests[j]);
            assert_int_equal(mico_random(run.x, sizeof run.x), MICO_OK);
            assert_int_equal(srp6_draw(&run.srp, run.a), MICO_OK);
            assert_int_equal(srp6_draw(&run.srp, run.b), MICO_OK);
            compute(&run);
            assert_memory_equal(run.client_S, run.server_S, run.srp.group.size);
            srp6_key(&run.srp, run.client_S, SRP6_PADDED, key);
            assert_memory_not_equal(key, last, digests[j]->size);
            memcpy(last, key, digests[j]->size);
        }
    }
}

static void every_exponent_is_as_long_as_its_group_asks(void **state)
{
    static const uint8_t bytes[SIZES] = {32, 32, 32, 32, 40, 48, 48};
    struct run run;
    for (size_t i = 0; i < SIZES; i++) {
        open_group(&run, sizes[i], &mico_sha256_digest);
        assert_int_equal(run.srp.group.private_size, bytes[i]);
        assert_int_equal(srp6_draw(&run.srp, run.a), MICO_OK);
        assert_true(run.a[0] >= 0x80);
        assert_true(mico_ct_is_zero(run.a + bytes[i], sizeof run.a - bytes[i]));
    }
}

static void the_group_of_3072_bits_is_the_one_of_pairing(void **state)
{
    struct run run;
    open_group(&run, 3072, &mico_sha512_digest);
    assert_memory_equal(run.srp.group.N, srp_N, MICO_SRP_SIZE);
    assert_int_equal(run.srp.group.generator, srp_g[MICO_SRP_SIZE - 1]);
}

static void sizes_without_a_group_are_refused(void **state)
{
    static const size_t none[] = {0, 8, 512, 1023, 1025, 2056, 3080, 8184, 8200, 16384, 65528};
    struct srp_group group;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(srp_group_open(&group, none[i]));
    }
}

/* 0, N and what is empty or too long; N - 1 and N + 1 are numbers like others. */
static void shares_that_are_zero_mod_n_or_of_a_wrong_size_are_refused(void **state)
{
    static uint8_t share[SRP_GROUP_MAX], number[SRP_GROUP_MAX + 1];
    struct run run;
    for (size_t i = 0; i < SIZES; i++) {
        open_group(&run, sizes[i], &mico_sha256_digest);
        size_t size = run.srp.group.size;
        memset(number, 0, sizeof number);
        assert_int_equal(srp6_take_share(&run.srp, (struct mico_span){number, 0}, share), MICO_ERR_SIZE);
        assert_int_equal(srp6_take_share(&run.srp, (struct mico_span){number, size + 1}, share), MICO_ERR_SIZE);
        assert_int_equal(srp6_take_share(&run.srp, (struct mico_span){number, 1}, share), MICO_ERR_CRYPTO);
        assert_int_equal(srp6_take_share(&run.srp, (struct mico_span){number, size}, share), MICO_ERR_CRYPTO);
        assert_false(srp6_is_verifier(&run.srp, number));
        memcpy(number, run.srp.group.N, size);
        assert_int_equal(srp6_take_share(&run.srp, (struct mico_span){number, size}, share), MICO_ERR_CRYPTO);
        assert_false(srp6_is_verifier(&run.srp, number));
        number[size - 1]--;
        assert_int_equal(srp6_take_share(&run.srp, (struct mico_span){number, size}, share), MICO_OK);
        assert_true(srp6_is_verifier(&run.srp, number));
        memset(number, 0xFF, size);
        assert_int_equal(srp6_take_share(&run.srp, (struct mico_span){number, size}, share), MICO_OK);
        assert_memory_equal(share, number, size);
        assert_false(srp6_is_verifier(&run.srp, number));
        assert_int_equal(srp6_take_share(&run.srp, (struct mico_span){number, 3}, share), MICO_OK);
        assert_true(mico_ct_is_zero(share, size - 3));
    }
}

/* A = N + 2 counts as 2: what it is hashed as differs, what it is raised as does not. */
static void an_unreduced_share_is_reduced_for_arithmetic_alone(void **state)
{
    struct run run;
    uint8_t low[SRP_GROUP_MAX] = {0}, over[SRP_GROUP_MAX], S[SRP_GROUP_MAX], want[SRP_GROUP_MAX];
    open_group(&run, 1536, &mico_sha256_digest); /* N ends with BB: no carry */
    memcpy(over, run.srp.group.N, run.srp.group.size);
    over[run.srp.group.size - 1] += 2;
    low[run.srp.group.size - 1] = 2;
    memset(run.b, 0xB5, sizeof run.b);
    srp6_raise(&run.srp, (struct mico_span){run.b, 32}, run.v);
    assert_int_equal(srp6_server_secret(&run.srp, (struct srp6_shares){over, run.v}, run.b, run.v, S), MICO_OK);
    uint8_t u[64], pair[2 * SRP_GROUP_MAX];
    memcpy(pair, over, run.srp.group.size);
    memcpy(pair + run.srp.group.size, run.v, run.srp.group.size);
    mico_digest_of(&mico_sha256_digest, (struct mico_span){pair, 2 * run.srp.group.size}, u);
    struct mico_span N = srp_group_prime(&run.srp.group);
    modular_exp(want, run.v, (struct mico_span){u, 32}, N);
    modular_mul(want, want, low, N);
    modular_exp(want, want, (struct mico_span){run.b, 32}, N);
    assert_memory_equal(S, want, run.srp.group.size);
}

/* B = k v makes the client's base 0, and S with it: legal, and the server that sends it knows the verifier anyway. */
static void a_base_of_zero_gives_zero(void **state)
{
    struct run run;
    for (size_t i = 0; i < SIZES; i++) {
        open_group(&run, sizes[i], &mico_sha256_digest);
        struct mico_span N = srp_group_prime(&run.srp.group);
        uint8_t g_b[SRP_GROUP_MAX];
        memset(run.x, 0x3C, sizeof run.x);
        memset(run.a, 0xA5, sizeof run.a);
        memset(run.b, 0xB5, sizeof run.b);
        compute(&run);
        srp6_raise(&run.srp, (struct mico_span){run.b, run.srp.group.private_size}, g_b);
        modular_sub(run.B, run.B, g_b, N);
        assert_int_equal(
            srp6_client_secret(&run.srp, (struct srp6_shares){run.A, run.B}, run.a, x_of(&run), run.client_S), MICO_OK);
        assert_true(mico_ct_is_zero(run.client_S, run.srp.group.size));
    }
}

static void the_rules_differ_where_a_number_begins_with_zero(void **state)
{
    struct run run;
    uint8_t S[128] = {[1] = 7}, one[64], other[64];
    open_group(&run, 1024, &mico_sha256_digest);
    srp6_key(&run.srp, S, SRP6_PADDED, one);
    mico_sha256(S, 128, other);
    assert_memory_equal(one, other, 32);
    srp6_key(&run.srp, S, SRP6_STRIPPED, one);
    mico_sha256(S + 1, 127, other);
    assert_memory_equal(one, other, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_equal_rfc_5054s_vector),
        cmocka_unit_test(both_sides_agree_in_every_group_with_every_hash),
        cmocka_unit_test(every_exponent_is_as_long_as_its_group_asks),
        cmocka_unit_test(the_group_of_3072_bits_is_the_one_of_pairing),
        cmocka_unit_test(sizes_without_a_group_are_refused),
        cmocka_unit_test(shares_that_are_zero_mod_n_or_of_a_wrong_size_are_refused),
        cmocka_unit_test(an_unreduced_share_is_reduced_for_arithmetic_alone),
        cmocka_unit_test(a_base_of_zero_gives_zero),
        cmocka_unit_test(the_rules_differ_where_a_number_begins_with_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
