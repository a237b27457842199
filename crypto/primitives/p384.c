/* SPDX-License-Identifier: Apache-2.0 */
/* NIST P-384 (SP 800-186 section 3.2.1.4). */
#include "crypto/primitives/ec_curve.h"
#include "crypto/primitives/primitives.h"

static const uint8_t prime[48] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF,
                                  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF};
static const uint8_t order[48] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                  0xC7, 0x63, 0x4D, 0x81, 0xF4, 0x37, 0x2D, 0xDF, 0x58, 0x1A, 0x0D, 0xB2,
                                  0x48, 0xB0, 0xA7, 0x7A, 0xEC, 0xEC, 0x19, 0x6A, 0xCC, 0xC5, 0x29, 0x73};

const struct mico_ec mico_ec_p384 = {
    .size = 48,
    .prime = prime,
    .order = order,
    .times_base = sp_ecc_mulmod_base_384,
    .on_curve = sp_ecc_is_point_384,
};
const struct mico_ecdsa mico_ecdsa_p384 = {&mico_ec_p384, sp_ecc_sign_384, sp_ecc_verify_384};
const struct mico_ecdh mico_ecdh_p384 = {&mico_ec_p384, sp_ecc_secret_gen_384};

mico_err mico_p384_generate(uint8_t private_key[48], uint8_t public_key[97])
{
    return mico_ec_generate(&mico_ec_p384, private_key, public_key);
}

mico_err mico_p384_public(const uint8_t private_key[48], uint8_t public_key[97])
{
    return mico_ec_public(&mico_ec_p384, private_key, public_key);
}

mico_err mico_p384_check(const uint8_t public_key[97])
{
    return mico_ec_check(&mico_ec_p384, public_key);
}

mico_err mico_p384_sign(const uint8_t private_key[48], const uint8_t digest[48], uint8_t signature[96])
{
    return mico_ec_sign(&mico_ecdsa_p384, private_key, (struct mico_span){digest, 48}, signature);
}

mico_err mico_p384_sign_deterministic(const uint8_t private_key[48], const uint8_t digest[48], uint8_t signature[96])
{
    return mico_ec_sign_deterministic(&mico_ecdsa_p384, private_key, (struct mico_span){digest, 48},
                                      &mico_sha384_digest, signature);
}

mico_err mico_p384_verify(const uint8_t public_key[97], const uint8_t digest[48], const uint8_t signature[96])
{
    return mico_ec_verify(&mico_ecdsa_p384, public_key, (struct mico_span){digest, 48}, signature);
}

mico_err mico_p384_agree(const uint8_t private_key[48], const uint8_t public_key[97], uint8_t secret[48])
{
    return mico_ec_agree(&mico_ecdh_p384, private_key, public_key, secret);
}
