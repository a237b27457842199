/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519ph: the answer of RFC 8032, and that pure and prehashed signatures are not each other's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"

/* RFC 8032 section 7.3. */
static void prehashed_ed25519_gives_the_published_signature(void **state)
{
    static const char seed_hex[] = "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42";
    static const char want_hex[] = "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
                                   "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406";
    static const char public_hex[] = "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf";
    uint8_t seed[32], public_key[32], digest[64], signature[64], want[64], want_public[32];
    assert_int_equal(mico_unhex(seed_hex, seed, 32), MICO_OK);
    assert_int_equal(mico_unhex(want_hex, want, 64), MICO_OK);
    assert_int_equal(mico_unhex(public_hex, want_public, 32), MICO_OK);
    mico_ed25519_public(seed, public_key);
    assert_memory_equal(public_key, want_public, 32);
    mico_sha512("abc", 3, digest);
    mico_ed25519ph_sign(seed, public_key, digest, signature);
    assert_memory_equal(signature, want, 64);
    assert_int_equal(mico_ed25519ph_verify(public_key, digest, signature), MICO_OK);
    /* Not a pure signature of the digest, nor the other way. */
    assert_int_equal(mico_ed25519_verify(public_key, MICO_SPAN(digest), signature), MICO_ERR_AUTH);
    mico_ed25519_sign(seed, public_key, MICO_SPAN(digest), signature);
    assert_int_equal(mico_ed25519ph_verify(public_key, digest, signature), MICO_ERR_AUTH);
    digest[0] ^= 1;
    assert_int_equal(mico_ed25519ph_verify(public_key, digest, want), MICO_ERR_AUTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prehashed_ed25519_gives_the_published_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
