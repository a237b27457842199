/* SPDX-License-Identifier: Apache-2.0 */
/* The pair-wise test of pairs that another location makes, in the approved mode (pair.c): a location that computes in
 * location 0's way, and may lie. A lie is the end of the module, so each has a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/psa/core.h"
#include "crypto/psa/test_attributes.h"
#include "crypto/psa/vault.h"

static struct mico_psa_driver location; /* psa_software's table under another name, with the entries below in it */
static bool lies;
static unsigned kept; /* keys that the location has */

static psa_status_t generate(void *ctx, struct mico_psa_key *key, struct mico_span custom)
{
    kept++;
    return psa_software.generate(NULL, key, custom);
}

static psa_status_t destroy(void *ctx, struct mico_psa_key *key)
{
    kept--;
    return psa_software.destroy != NULL ? psa_software.destroy(NULL, key) : PSA_SUCCESS;
}

static psa_status_t sign(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                         uint8_t *out, size_t cap, size_t *len)
{
    psa_status_t status = psa_software.sign_message(NULL, key, alg, in, out, cap, len);
    out[0] ^= lies;
    return status;
}

static psa_status_t sign_hash(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                              uint8_t *out, size_t cap, size_t *len)
{
    psa_status_t status = psa_software.sign_hash(NULL, key, alg, in, out, cap, len);
    out[0] ^= lies;
    return status;
}

static psa_status_t agree(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                          uint8_t *out, size_t cap, size_t *len)
{
    psa_status_t status = psa_software.agree(NULL, key, alg, peer, out, cap, len);
    out[0] ^= lies;
    return status;
}

static psa_status_t make(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = test_attributes(type, bits, usage, alg);
    psa_key_id_t key;
    psa_set_key_lifetime(&attributes, LIFETIME(VAULT));
    return psa_generate_key(&attributes, &key);
}

static const struct {
    psa_key_type_t type;
    size_t bits;
    psa_key_usage_t usage;
    psa_algorithm_t alg;
} pairs[] = {
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255, PSA_KEY_USAGE_SIGN_MESSAGE, PSA_ALG_PURE_EDDSA},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_KEY_USAGE_SIGN_MESSAGE,
     PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH},
};

/* In a process of its own, whose exit status says what failed. */
static int try_pair(size_t i, bool approved, bool lying)
{
    location = psa_software;
    location.location = VAULT;
    location.generate = generate;
    location.destroy = destroy;
    location.sign_message = sign;
    location.sign_hash = sign_hash;
    location.agree = agree;
    lies = lying;
    bool refused = approved && lying;
    mico_psa_self_tested(true);
    if (psa_crypto_init() != PSA_SUCCESS || mico_psa_attach_driver(&location, NULL) != PSA_SUCCESS ||
        (approved && mico_psa_approved_mode(true) != PSA_SUCCESS)) {
        return 1;
    }
    psa_status_t status = make(pairs[i].type, pairs[i].bits, pairs[i].usage, pairs[i].alg);
    if (status != (refused ? PSA_ERROR_CORRUPTION_DETECTED : PSA_SUCCESS)) {
        return 2;
    }
    uint8_t byte;
    bool open = psa_generate_random(&byte, 1) == PSA_SUCCESS;
    return kept != !refused ? 3 : open != !refused ? 4 : 0;
}

static void in_a_process(bool approved, bool lying)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        int status;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            _exit(try_pair(i, approved, lying));
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

static void a_pair_that_agrees_with_itself_is_kept(void **state)
{
    in_a_process(true, false);
}

static void a_pair_that_does_not_is_destroyed_and_ends_the_module(void **state)
{
    in_a_process(true, true);
}

static void outside_of_the_approved_mode_the_location_is_believed(void **state)
{
    in_a_process(false, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_that_agrees_with_itself_is_kept),
        cmocka_unit_test(a_pair_that_does_not_is_destroyed_and_ends_the_module),
        cmocka_unit_test(outside_of_the_approved_mode_the_location_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
