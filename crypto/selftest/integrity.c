/* SPDX-License-Identifier: Apache-2.0 */
/* FIPS 140-2 section 4.6.1: an approved authentication over the software. */
#include "crypto/primitives/digest.h"
#include "crypto/selftest/selftest.h"

extern const uint8_t mico_text_start[], mico_text_end[]; /* cmake/integrity.cmake, or the board's sections.ld */

/* After the link, cmake/integrity.cmake puts the value here. Volatile: the compiler may not know what it is. */
__attribute__((section(".mico_integrity"), used)) static const volatile uint8_t sealed[32] = {0};

/* The same in cmake/integrity.cmake. */
static const uint8_t key[32] = "MiCO: the program's integrity, 1";

psa_status_t mico_crypto_integrity(void)
{
    uint8_t mac[32], want[32],
        first[8]; /* a board's code begins at address 0, which nothing else takes for a pointer */
    const volatile uint8_t *code = mico_text_start;
    struct mico_hmac hmac;
    for (size_t i = 0; i < sizeof first; i++) {
        first[i] = code[i];
    }
    for (size_t i = 0; i < sizeof want; i++) {
        want[i] = sealed[i];
    }
    mico_hmac_start(&hmac, &mico_sha256_digest, MICO_SPAN(key));
    mico_hmac_add(&hmac, MICO_SPAN(first));
    mico_hmac_add(&hmac, (struct mico_span){mico_text_start + sizeof first,
                                            (size_t)(mico_text_end - mico_text_start) - sizeof first});
    mico_hmac_finish(&hmac, mac);
    return mico_ct_equal(mac, want, sizeof mac) ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}
