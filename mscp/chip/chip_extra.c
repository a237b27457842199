/* SPDX-License-Identifier: Apache-2.0 */
/* SelfTest, and sealing of the host's data under a key that never leaves. docs/MSCP.md, "Commands" and "Sealing". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

/* ---- self-test ---- */

#define FAILS_SHA256 1u
#define FAILS_CHACHAPOLY 2u
#define FAILS_X25519 4u
#define FAILS_ED25519 8u
#define FAILS_RANDOM 16u

static bool is(const uint8_t *got, size_t len, const char *want_hex)
{
    uint8_t want[64];
    return mico_unhex(want_hex, want, len) == MICO_OK && memcmp(got, want, len) == 0;
}

/* FIPS 180-4. */
static bool sha256_good(void)
{
    uint8_t digest[32];
    mico_sha256("abc", 3, digest);
    return is(digest, sizeof digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* What is sealed opens, and with one bit flipped it does not. */
static bool chachapoly_good(void)
{
    static const uint8_t key[32] = {1}, nonce[12] = {2};
    uint8_t sealed[5 + 16], text[5];
    mico_chachapoly_seal(key, nonce, MICO_SPAN(key), (struct mico_span){(const uint8_t *)"hello", 5}, sealed);
    bool good = mico_chachapoly_open(key, nonce, MICO_SPAN(key), MICO_SPAN(sealed), text) == MICO_OK &&
                memcmp(text, "hello", 5) == 0;
    sealed[3] ^= 1;
    return good && mico_chachapoly_open(key, nonce, MICO_SPAN(key), MICO_SPAN(sealed), text) == MICO_ERR_AUTH;
}

/* RFC 7748 section 6.1. */
static bool x25519_good(void)
{
    uint8_t key[32], got[32];
    if (mico_unhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", key, 32) != MICO_OK) {
        return false;
    }
    mico_x25519_public(key, got);
    return is(got, sizeof got, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
}

/* RFC 8032 section 7.1, test 1. */
static bool ed25519_good(void)
{
    uint8_t seed[32], key[32], signature[64];
    if (mico_unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed, 32) != MICO_OK) {
        return false;
    }
    mico_ed25519_public(seed, key);
    mico_ed25519_sign(seed, key, (struct mico_span){NULL, 0}, signature);
    return is(signature, sizeof signature,
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
              "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
}

static bool random_good(void)
{
    uint8_t a[16], b[16];
    return mico_random(a, sizeof a) == MICO_OK && mico_random(b, sizeof b) == MICO_OK && memcmp(a, b, sizeof a) != 0;
}

mscp_status_t mscp_chip_self_test(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    uint16_t failing = (sha256_good() ? 0 : FAILS_SHA256) | (chachapoly_good() ? 0 : FAILS_CHACHAPOLY) |
                       (x25519_good() ? 0 : FAILS_X25519) | (ed25519_good() ? 0 : FAILS_ED25519) |
                       (random_good() ? 0 : FAILS_RANDOM);
    chip->detail = failing;
    return failing == 0 ? MSCP_OK : MSCP_SELFTEST;
}

/* ---- sealing: u8 1 | u8 life | nonce (12) | ciphertext | tag (16) ---- */

#define SEAL_VERSION 1
#define SEAL_HEAD 2
#define SEAL_NONCE 12
#define SEAL_OVERHEAD (SEAL_HEAD + SEAL_NONCE + 16)

#define SEAL_LABEL "MSCP1 seal"

mscp_status_t mscp_chip_seal(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mico_span text = in->value[MSCP_TAG_BYTES];
    uint8_t key[32], sealed[MSCP_CHUNK_MAX];
    if (text.len == 0 || text.len > sizeof sealed - SEAL_OVERHEAD) {
        return MSCP_BAD_LENGTH;
    }
    sealed[0] = SEAL_VERSION;
    sealed[1] = mscp_tlv_u8(in, MSCP_TAG_LIFECYCLE);
    if (mico_random(sealed + SEAL_HEAD, SEAL_NONCE) != MICO_OK) {
        return MSCP_ENTROPY;
    }
    mscp_chip_derive(chip, SEAL_LABEL, key);
    mico_chachapoly_seal(key, sealed + SEAL_HEAD, (struct mico_span){sealed, SEAL_HEAD}, text,
                         sealed + SEAL_HEAD + SEAL_NONCE);
    mico_wipe(key, sizeof key);
    mscp_put_bytes(out, MSCP_TAG_BYTES, sealed, SEAL_OVERHEAD + text.len);
    return MSCP_OK;
}

mscp_status_t mscp_chip_unseal(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mico_span sealed = in->value[MSCP_TAG_BYTES];
    uint8_t key[32], text[MSCP_CHUNK_MAX];
    if (sealed.len <= SEAL_OVERHEAD) {
        return MSCP_BAD_LENGTH;
    }
    mscp_chip_derive(chip, SEAL_LABEL, key);
    mico_err err = mico_chachapoly_open(
        key, sealed.data + SEAL_HEAD, (struct mico_span){sealed.data, SEAL_HEAD},
        (struct mico_span){sealed.data + SEAL_HEAD + SEAL_NONCE, sealed.len - SEAL_HEAD - SEAL_NONCE}, text);
    mico_wipe(key, sizeof key);
    mscp_status_t status = err == MICO_OK && sealed.data[0] == SEAL_VERSION ? MSCP_OK : MSCP_VERIFY_FAILED;
    if (status == MSCP_OK && sealed.data[1] != 0 && (sealed.data[1] & mscp_chip_stage(chip)) == 0) {
        status = mscp_denied(chip, MSCP_CLAUSE_LIFE);
    }
    if (status == MSCP_OK) {
        mscp_put_bytes(out, MSCP_TAG_BYTES, text, sealed.len - SEAL_OVERHEAD);
    }
    mico_wipe(text, sizeof text);
    return status;
}
