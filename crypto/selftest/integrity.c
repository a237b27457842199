/* SPDX-License-Identifier: Apache-2.0 */
/* FIPS 140-2 section 4.9.1, software integrity test, by an approved authentication (section 4.6.1). */
#include "crypto/selftest/integrity.h"

#include "crypto/selftest/selftest.h"

/* Volatile: the compiler may not know what it is. */
__attribute__((section(".mico_integrity"), used)) const volatile uint8_t mico_integrity_value[INTEGRITY_SIZE] = {0};

psa_status_t mico_crypto_integrity(void)
{
    uint8_t mac[INTEGRITY_SIZE], want[INTEGRITY_SIZE];
    for (size_t i = 0; i < sizeof want; i++) {
        want[i] = mico_integrity_value[i];
    }
    bool right = integrity_of_program(mac) && mico_ct_equal(mac, want, sizeof mac);
    return right ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}
