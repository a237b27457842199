/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a beside OpenSSL's, which has SHA-1 alone: the groups, and either side of an exchange with random secrets. */
#define OPENSSL_SUPPRESS_DEPRECATED /* SRP is deprecated in 3.0, and there */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/srp.h>

#include "crypto/primitives/primitives.h"
#include "crypto/srp/srp6.h"
#include "crypto/tests/replay.h"

static const size_t sizes[] = {1024, 1536, 2048, 3072, 4096, 6144, 8192};
#define SIZES (sizeof sizes / sizeof sizes[0])

static SRP_gN *group_of(size_t bits)
{
    char name[8];
    snprintf(name, sizeof name, "%u", (unsigned)bits);
    SRP_gN *group = SRP_get_default_gN(name);
    assert_non_null(group);
    return group;
}

static void open_srp(struct srp6 *srp, size_t bits)
{
    srp->digest = &mico_sha1_digest;
    assert_true(srp_group_open(&srp->group, bits));
}

/* Takes number over. */
static void equals(const struct srp6 *srp, const uint8_t *ours, BIGNUM *number)
{
    static uint8_t theirs[SRP_GROUP_MAX];
    int size = (int)srp->group.size;
    assert_non_null(number);
    assert_int_equal(BN_bn2binpad(number, theirs, size), size);
    assert_memory_equal(ours, theirs, srp->group.size);
    BN_free(number);
}

static BIGNUM *number_of(const uint8_t *bytes, size_t len)
{
    return BN_bin2bn(bytes, (int)len, NULL);
}

static void groups_are_those_of_openssl(void **state)
{
    struct srp6 srp;
    for (size_t i = 0; i < SIZES; i++) {
        open_srp(&srp, sizes[i]);
        SRP_gN *group = group_of(sizes[i]);
        equals(&srp, srp.group.N, BN_dup(group->N));
        assert_int_equal(BN_get_word(group->g), srp.group.generator);
    }
}

/* x = H(s | H(user | ":" | password)), as PSA's derivation has it. */
static void make_x(const uint8_t salt[16], struct mico_span user_and_password, uint8_t x[20])
{
    uint8_t text[36];
    memcpy(text, salt, 16);
    mico_digest_of(&mico_sha1_digest, user_and_password, text + 16);
    mico_digest_of(&mico_sha1_digest, MICO_SPAN(text), x);
}

static void every_number_of_an_exchange_is_openssls(void **state)
{
    static uint8_t v[SRP_GROUP_MAX], A[SRP_GROUP_MAX], B[SRP_GROUP_MAX], S[SRP_GROUP_MAX];
    uint8_t salt[16], x[20], a[SRP_PRIVATE_MAX], b[SRP_PRIVATE_MAX];
    struct srp6 srp;
    for (size_t i = 0; i < SIZES; i++) {
        open_srp(&srp, sizes[i]);
        SRP_gN *group = group_of(sizes[i]);
        size_t size = srp.group.size, private_size = srp.group.private_size;
        replay_draw(salt, sizeof salt);
        assert_int_equal(srp6_draw(&srp, a), MICO_OK);
        assert_int_equal(srp6_draw(&srp, b), MICO_OK);
        make_x(salt, (struct mico_span){(const uint8_t *)"alice:password123", 17}, x);
        BIGNUM *their_salt = number_of(salt, sizeof salt), *their_v = NULL;
        BIGNUM *their_x = SRP_Calc_x(their_salt, "alice", "password123");
        BIGNUM *their_a = number_of(a, private_size), *their_b = number_of(b, private_size);
        assert_int_equal(SRP_create_verifier_BN("alice", "password123", &their_salt, &their_v, group->N, group->g), 1);
        srp6_raise(&srp, MICO_SPAN(x), v);
        equals(&srp, v, BN_dup(their_v));
        srp6_raise(&srp, (struct mico_span){a, private_size}, A);
        equals(&srp, A, SRP_Calc_A(their_a, group->N, group->g));
        srp6_server_share(&srp, b, v, B);
        equals(&srp, B, SRP_Calc_B(their_b, group->N, group->g, their_v));

        BIGNUM *their_A = number_of(A, size), *their_B = number_of(B, size);
        BIGNUM *u = SRP_Calc_u(their_A, their_B, group->N);
        assert_int_equal(srp6_server_secret(&srp, (struct srp6_shares){A, B}, b, v, S), MICO_OK);
        equals(&srp, S, SRP_Calc_client_key(group->N, their_B, group->g, their_x, their_a, u));
        assert_int_equal(srp6_client_secret(&srp, (struct srp6_shares){A, B}, a, MICO_SPAN(x), S), MICO_OK);
        equals(&srp, S, SRP_Calc_server_key(their_A, their_v, u, their_b, group->N));
        BIGNUM *all[] = {their_salt, their_v, their_x, their_a, their_b, their_A, their_B, u};
        for (size_t j = 0; j < sizeof all / sizeof all[0]; j++) {
            BN_free(all[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_those_of_openssl),
        cmocka_unit_test(every_number_of_an_exchange_is_openssls),
    };
    replay_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
