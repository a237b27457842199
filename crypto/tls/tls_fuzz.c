/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls/tls_fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/primitives/entropy.h"
#include "crypto/primitives/primitives.h"
#include "os/port/clock.h"
#include "os/port/rng.h"

enum fuzz_side fuzz_side;
static uint64_t drawn[2];

uint64_t fuzz_ms = 1;

uint64_t mico_clock_ms(void)
{
    return fuzz_ms;
}

/* A stream of each side's own, good enough for the health tests (SplitMix64). */
mico_err mico_entropy(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint64_t x = drawn[fuzz_side] += 0x9E3779B97F4A7C15u;
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
        x = (x ^ x >> 27) * 0x94D049BB133111EBu;
        out[i] = (uint8_t)(x >> 31);
    }
    return MICO_OK;
}

void fuzz_restart(void)
{
    uint8_t byte;
    mico_random_forget();
    mico_entropy_forget();
    if (mico_entropy_tested(&byte, 1) != MICO_OK) { /* the start-up test takes from neither side's stream */
        abort();
    }
    drawn[0] = 1;
    drawn[1] = 2;
    fuzz_ms = 1;
}

psa_key_id_t fuzz_key(uint8_t seed_byte)
{
    uint8_t seed[32];
    psa_key_id_t id;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    memset(seed, seed_byte, sizeof seed);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    if (psa_crypto_init() != PSA_SUCCESS || psa_import_key(&attributes, seed, sizeof seed, &id) != PSA_SUCCESS) {
        abort();
    }
    return id;
}

static size_t insert(struct mico_reader *input, uint8_t *data, size_t len, size_t cap, size_t at, size_t many)
{
    many = many < cap - len ? many : cap - len;
    many = many < input->left ? many : input->left;
    struct mico_span more = mico_read_bytes(input, many);
    memmove(data + at + many, data + at, len - at);
    memcpy(data + at, more.data, many);
    return len + many;
}

size_t fuzz_edit(struct mico_reader *input, unsigned count, uint8_t *data, size_t len, size_t cap)
{
    for (unsigned i = 0; i < count && input->left >= 4; i++) {
        uint8_t operation = mico_read_u8(input) % 6;
        size_t at = len == 0 ? 0 : mico_read_be16(input) % len;
        uint8_t value = mico_read_u8(input);
        size_t rest = len - at, many = value < rest ? value : rest;
        switch (operation) {
        case 0:
            len = insert(input, data, len, cap, at, value);
            break;
        case 1: /* leave out */
            memmove(data + at, data + at + many, rest - many);
            len -= many;
            break;
        case 2:
            len = at;
            break;
        case 3: /* say again */
            many = many < cap - len ? many : cap - len;
            memmove(data + at + many, data + at, rest);
            len += many;
            break;
        default:
            if (len > 0) {
                data[at] = operation == 4 ? value : (uint8_t)(data[at] ^ (1u << value % 8));
            }
        }
    }
    return len;
}
