/* SPDX-License-Identifier: Apache-2.0 */
/* Power-on tests without anybody's call (FIPS 140-2 section 4.9.1): linked into a program by mico_self_tested
 * (cmake/integrity.cmake), this has the first psa_crypto_init run all self-tests, and crypto/primitives/trust.c let nothing out
 * before they have passed. */
#include "base/log.h"
#include "crypto/selftest/selftest.h"

extern const char mico_trust_tests_first;
const char mico_trust_tests_first = 1; /* crypto/primitives/trust.c */

psa_status_t mico_psa_power_on(void); /* crypto/psa/core.c */

static void say(void *ctx, const char *name, psa_status_t status)
{
    if (status != PSA_SUCCESS) {
        MICO_LOG("crypto", "self-test failed: %s (%d)", name, (int)status);
    }
}

psa_status_t mico_psa_power_on(void)
{
    return mico_crypto_selftest(say, NULL);
}
