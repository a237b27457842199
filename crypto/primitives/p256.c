/* SPDX-License-Identifier: Apache-2.0 */
/* NIST P-256 (SP 800-186 section 3.2.1.3). */
#include "crypto/primitives/ec_curve.h"
#include "crypto/primitives/primitives.h"

static const uint8_t prime[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0,    0,    0,    1,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0xFF, 0xFF,
                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
static const uint8_t order[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0,    0,    0,    0,    0xFF, 0xFF, 0xFF,
                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
                                  0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};

const struct mico_ec mico_ec_p256 = {
    .size = 32,
    .prime = prime,
    .order = order,
    .times_base = sp_ecc_mulmod_base_256,
    .on_curve = sp_ecc_is_point_256,
};
const struct mico_ecdsa mico_ecdsa_p256 = {&mico_ec_p256, sp_ecc_sign_256, sp_ecc_verify_256};
const struct mico_ecdh mico_ecdh_p256 = {&mico_ec_p256, sp_ecc_secret_gen_256};

mico_err mico_p256_generate(uint8_t private_key[32], uint8_t public_key[65])
{
    return mico_ec_generate(&mico_ec_p256, private_key, public_key);
}

mico_err mico_p256_public(const uint8_t private_key[32], uint8_t public_key[65])
{
    return mico_ec_public(&mico_ec_p256, private_key, public_key);
}

mico_err mico_p256_check(const uint8_t public_key[65])
{
    return mico_ec_check(&mico_ec_p256, public_key);
}

mico_err mico_p256_sign(const uint8_t private_key[32], const uint8_t digest[32], uint8_t signature[64])
{
    return mico_ec_sign(&mico_ecdsa_p256, private_key, (struct mico_span){digest, 32}, signature);
}

mico_err mico_p256_sign_deterministic(const uint8_t private_key[32], const uint8_t digest[32], uint8_t signature[64])
{
    return mico_ec_sign_deterministic(&mico_ecdsa_p256, private_key, (struct mico_span){digest, 32},
                                      &mico_sha256_digest, signature);
}

mico_err mico_p256_verify(const uint8_t public_key[65], const uint8_t digest[32], const uint8_t signature[64])
{
    return mico_ec_verify(&mico_ecdsa_p256, public_key, (struct mico_span){digest, 32}, signature);
}

mico_err mico_p256_agree(const uint8_t private_key[32], const uint8_t public_key[65], uint8_t secret[32])
{
    return mico_ec_agree(&mico_ecdh_p256, private_key, public_key, secret);
}
