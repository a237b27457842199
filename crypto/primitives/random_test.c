/* SPDX-License-Identifier: Apache-2.0 */
/* The generator itself, from a source that gives what the test wants: NIST's answers through mico_random, personalisation,
 * prediction resistance, the count after which it reseeds, its end, and processes that are forked off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "crypto/primitives/entropy.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/trust.h"
#include "os/port/rng.h"

static uint8_t script[512];
static size_t script_len, script_at, given, requests;
static bool repeats;

/* The script first, then what Linux gives. */
mico_err mico_entropy(uint8_t *out, size_t len)
{
    requests++;
    given += len;
    if (getrandom(out, len, 0) != (ssize_t)len) {
        return MICO_ERR_ENTROPY;
    }
    for (size_t i = 0; i < len; i++) {
        if (script_at < script_len) {
            out[i] = script[script_at++];
        } else if (repeats && i % 8 >= 4) {
            out[i] = out[i - 4]; /* each word twice */
        }
    }
    return MICO_OK;
}

static void say(const char *hex)
{
    size_t len = strlen(hex) / 2;
    assert_true(script_len + len <= sizeof script);
    assert_int_equal(mico_unhex(hex, script + script_len, len), MICO_OK);
    script_len += len;
}

/* The source is past its start-up test, and nothing is seeded. */
static int reset(void **state)
{
    uint8_t byte;
    script_len = script_at = 0;
    repeats = false;
    assert_int_equal(mico_random_personalise((struct mico_span){NULL, 0}), MICO_OK);
    assert_int_equal(mico_random(&byte, 1), MICO_OK);
    mico_random_forget();
    return 0;
}

/* NIST CAVP, DRBGVS 14.3, Hash_DRBG.rsp: the first of each group of SHA-256 without additional input, which the generator does
 * not take. Seeding asks the source for the nonce, for 4 bytes that wolfCrypt compares with their neighbours and leaves out, and
 * for the entropy. */
static const struct {
    const char *entropy, *nonce, *personal, *again[2]; /* NULL: no reseeding. Two: before each request. */
    const char *want;
} answers[] = {
    {"a65ad0f345db4e0effe875c3a2e71f42c7129d620ff5c119a9ef55f05185e0fb",
     "8581f9317517276e06e9607ddbcbcc2e",
     "",
     {NULL, NULL},
     "d3e160c35b99f340b2628264d1751060e0045da383ff57a57d73a673d2b8d80daaf6a6c35a91bb4579d73fd0c8fed111b0391306828adfed5"
     "28f"
     "018121b3febdc343e797b87dbb63db1333ded9d1ece177cfa6b71fe8ab1da46624ed6415e51ccde2c7ca86e283990eeaeb91120415528b229"
     "591"
     "0281b02dd431f4c9f70427df"},
    {"dfeabab904bfe93a37bb5b1ea4a696f881ab5ab4be87ffbf2d4e8cdfaabb37fd",
     "a2d458b475053a0346b57fc518849ba1",
     "d15d5d9a4a3a41877b4ea98dbda5079ee393f6ab24105dbd70f5bf145772b15c",
     {NULL, NULL},
     "86d8c63ed4a8a19f3429b4dd57ede5ca573e861712e631400645ceee763c37cf950bdcc4d9c886ead3f0f1bf46a63bf22bd2eb39b2dac61d2"
     "e8c"
     "8f29e26045b3db56b2265adc8152d4f736c09ee90364a1e265eb5e77b0c5988c8fa52717fd33b6da760e78f2a7c27065227c47ac2134b95b7"
     "dad"
     "bf96e4ea2dad78ef200e174b"},
    {"63363377e41e86468deb0ab4a8ed683f6a134e47e014c700454e81e95358a569",
     "808aa38f2a72a62359915a9f8a04ca68",
     "",
     {"e62b8a8ee8f141b6980566e3bfe3c04903dad4ac2cdf9f2280010a6739bc83d3", NULL},
     "04eec63bb231df2c630a1afbe724949d005a587851e1aa795e477347c8b056621c18bddcdd8d99fc5fc2b92053d8cfacfb0bb8831205fad1d"
     "dd6"
     "c071318a6018f03b73f5ede4d4d071f9de03fd7aea105d9299b8af99aa075bdb4db9aa28c18d174b56ee2a014d098896ff2282c955a81969e"
     "069"
     "fa8ce007a180183a07dfae17"},
    {"b87bb4de5c148d964fc0cb612d69295671780b4270fe32bf389b6f49488efe13",
     "27eb37a0c695c4ee3c9b70b7f6b33492",
     "52321406ac8a9c266b1f8d811bb871269e5824b59a0234f01d358193523bbb7c",
     {"7638267f534c4e6ee22cc6ca6ed824fd5d3d387c00b89dd791eb5ac9766385b8", NULL},
     "de01c061651bab3cef2fc4ea89a56b6e86e74b2e9fd11ed671c97c813778a06a2c1f41b41e754a5257750c6bde9601da9d67d8d9564f4a853"
     "8b9"
     "2516a2dacc496dee257b85393f2a01ad59aa3257f1b6da9566e3706d2d6d4a26e511b0c64d7dc223acb24827178afa43ca8d5a66f983d6929"
     "dc6"
     "1564c4c14fc32d85765a23f7"},
    {"4a4e743f877ea6e94e545a56ccb5a1f99efc7eb1e8191929152a56d41dc92425",
     "33b7ab9356acf7da03d3d6773b61f8d9",
     "",
     {"2e148f9269d00a162e897a91f3aca46fed1e2adbab4f848218f288650dab8b1e",
      "2566475353ec8ced47d03b76fca779d0668c95136cf7866259d9e3b7e0d1f74f"},
     "924b74d6ba3d56dffc0de00711e3010ccbdb730718743f0cc0631931434b0ffc4ad6d5ef96fd81f16e51a10206f674987d1b52f0cf15d294c"
     "98b"
     "c4a877f4716c0ff2c2484d3f057eafd09154874aa2a213a2641da1a3d7be6988616b6bb483cd9213ed750858ce85811b8f708dcfd607b383e"
     "da8"
     "45c87f60084db7a0500643b1"},
    {"5314e6405ceb2b26b4034502aea394850570650ab622c41090d0c15414a5a7e0",
     "1ac01cf36c44bf789e53a0d6456d12ce",
     "8f09e95ad10aa3c2d3f8468e70ecfa373a3461de7a5002bd837d35a607dcfc30",
     {"7dac9bba1000dde15e3d9099e1d7824b54d8e6241be478435aad647539c72d58",
      "722ed3424e3b586ddea0d37b6318ecd549667086b5e63e35ff85a734c4666b31"},
     "c90b12cba054c272e05686ce79b48fbab4059db8311f9b39ad7e5e4f72b586354cceeb3adec29508396aeeb66cba471f208f28f49306c9501"
     "e1f"
     "cf221b1a05ded54a64cef14b617f9fb476a370984308f62ab586b11b58b5a95aadca1de8c92c1ed9ae5894fe7ed4ccd9887d666382cbcf753"
     "5c7"
     "8e5cecbb0b1b97b43f59b97d"},
};

static void the_generator_gives_nists_answers(void **state)
{
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        uint8_t personal[MICO_RANDOM_PERSONAL], out[128], want[128];
        bool resistant = answers[i].again[1] != NULL;
        reset(NULL);
        size_t len = strlen(answers[i].personal) / 2;
        assert_int_equal(len == 0 ? MICO_OK : mico_unhex(answers[i].personal, personal, len), MICO_OK);
        assert_int_equal(mico_random_personalise((struct mico_span){personal, len}), MICO_OK);
        say(answers[i].nonce);
        say("00010203");
        say(answers[i].entropy);
        for (int k = 0; k < 2 && answers[i].again[k] != NULL; k++) {
            say(answers[i].again[k]);
        }
        if (answers[i].again[0] != NULL && !resistant) {
            assert_int_equal(mico_random_fresh(out, 0), MICO_OK); /* reseed only */
        }
        for (int k = 0; k < 2; k++) {
            assert_int_equal(resistant ? mico_random_fresh(out, sizeof out) : mico_random(out, sizeof out), MICO_OK);
        }
        assert_int_equal(mico_unhex(answers[i].want, want, sizeof want), MICO_OK);
        assert_memory_equal(out, want, sizeof want);
        assert_int_equal(script_at, script_len);
    }
}

static void a_personalisation_that_is_too_long_changes_nothing(void **state)
{
    uint8_t text[MICO_RANDOM_PERSONAL + 1] = {1}, out[8];
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    size_t before = given;
    assert_int_equal(mico_random_personalise(MICO_SPAN(text)), MICO_ERR_SIZE);
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_int_equal(given, before);
}

/* SP 800-90A section 10.1, table 2 permits 2^48. */
static void it_reseeds_after_a_million_requests(void **state)
{
    uint8_t out[4];
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    size_t before = given, count = 1;
    while (given == before) {
        assert_int_equal(mico_random(out, sizeof out), MICO_OK);
        assert_true(++count <= 1000000);
    }
    assert_int_equal(count, 1000000); /* the million-th comes from a new seed */
    assert_true(given - before >= 32);
    before = given;
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_int_equal(given, before); /* and the count begins anew */
}

static void a_long_request_is_cut_into_those_that_the_publication_permits(void **state)
{
    static uint8_t out[70000], none[64];
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    for (size_t at = 0; at + sizeof none <= sizeof out; at += sizeof none) {
        assert_memory_not_equal(out + at, none, sizeof none);
    }
}

/* What a child draws, by whichever call it came about. */
static void child_draws(pid_t (*spawn)(void), uint8_t out[32])
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = spawn();
    if (child == 0) {
        bool drawn = mico_random(out, 32) == MICO_OK;
        _exit(drawn && write(ends[1], out, 32) == 32 ? 0 : 1);
    }
    assert_true(child > 0);
    assert_int_equal(read(ends[0], out, 32), 32);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    close(ends[1]);
}

static pid_t by_system_call(void)
{
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); /* past whatever the C library does at a fork */
}

static void a_process_that_is_forked_off_draws_numbers_of_its_own(void **state)
{
    uint8_t seeded[32], of[4][32];
    assert_int_equal(mico_random(seeded, sizeof seeded), MICO_OK);
    child_draws(fork, of[0]);
    child_draws(fork, of[1]);
    child_draws(by_system_call, of[2]);
    size_t before = given;
    assert_int_equal(mico_random(of[3], 32), MICO_OK);
    assert_int_equal(given, before); /* the parent goes on with what it has */
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < i; k++) {
            assert_memory_not_equal(of[i], of[k], 32);
        }
    }
}

static void forgetting_seeds_anew(void **state)
{
    uint8_t out[8];
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    size_t before = given;
    mico_random_forget();
    mico_random_forget();
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_int_equal(given - before, 16 + 4 + 32);
}

/* wolfCrypt compares the words of a seed: FIPS 140-2 section 4.9.2's continuous test. Last, for the error state lasts. */
static void a_seed_whose_words_repeat_ends_every_service(void **state)
{
    uint8_t out[8];
    repeats = true;
    assert_int_equal(mico_random(out, sizeof out), MICO_ERR_ENTROPY);
    assert_true(mico_trust_failed());
    repeats = false;
    assert_int_equal(mico_random(out, sizeof out), MICO_ERR_STATE);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        CASE(the_generator_gives_nists_answers),
        CASE(a_personalisation_that_is_too_long_changes_nothing),
        CASE(it_reseeds_after_a_million_requests),
        CASE(a_long_request_is_cut_into_those_that_the_publication_permits),
        CASE(a_process_that_is_forked_off_draws_numbers_of_its_own),
        CASE(forgetting_seeds_anew),
        CASE(a_seed_whose_words_repeat_ends_every_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
