/* SPDX-License-Identifier: Apache-2.0 */
/* The table, and a control for what only these rooms do: a secret that goes through chip, link and driver. */
#include "tests/traces/cases.h"

#include <string.h>

#include "crypto/primitives/entropy.h"
#include "crypto/primitives/primitives.h"

static uint8_t random_bytes[32], out[32];

void ct_reset(void)
{
    mico_psa_zeroise();
    mico_entropy_forget();
    ct_expect(psa_crypto_init(), PSA_SUCCESS);
    ct_must(mico_random(random_bytes, 1)); /* seeds */
    line_reset();
    psa_chip_reset();
    boot_reset();
    store_reset();
    pairing_reset();
}

__attribute__((noinline)) void spoil(uint8_t *bytes, size_t len)
{
    bytes[choice(len)] ^= 1;
}

/* ---- the controls: each must be reported ---- */

static void branch(void)
{
    line_start();
    ct_must(mscp_host_random(&line_host, random_bytes, sizeof random_bytes));
    if (random_bytes[0] > 0x40) {
        ((volatile uint8_t *)out)[0] = 1;
    }
}

const struct ct_case ct_cases[] = {
    {"branch", branch, 4, false},
    {"index", ct_control_index, 4, false},
    {"compare", ct_control_compare, 8, false},
    {"chip-keys", chip_keys, 3, false},
    {"chip-secrets", chip_secrets, 4, false},
    {"chip-owner", chip_owner, 4, false},
    {"chip-statements", chip_statements, 3, false},
    {"chip-sessions", chip_sessions, 3, false},
    {"psa-chip", psa_chip, 4, false},
    {"boot-image", boot_image, 4, false},
    {"boot-loader", boot_loader, 3, false},
    {"store-sealed", store_sealed, 6, false},
    {"pair-setup", pairing_setup, 2, false},
    {"pair-verify", pairing_verify, 6, false},
    {"sdk-security", sdk_security, 6, false},
    {"sdk-pem", sdk_pem, 8, false},
};
const size_t ct_case_count = sizeof ct_cases / sizeof ct_cases[0];
