/* SPDX-License-Identifier: Apache-2.0 */
/* Self-tests of everything that PSA offers: known answers of each algorithm of this build, of the random generator and the
 * entropy tests, and the integrity of the program. After one fails, PSA is in its error state (mico_psa_self_tested).
 *
 * Call it once at start, after psa_crypto_init and before the first service, in a program that asks for the approved mode;
 * and again whenever the tests are wanted on demand. It takes one thread's stack of 36 KB, for RSA, and 4 KiB of variables, and is
 * not for two threads at a time. What it takes in time: docs/CRYPTO-TRUST.md. */
#ifndef CRYPTO_SELFTEST_SELFTEST_H
#define CRYPTO_SELFTEST_SELFTEST_H

#include "psa/crypto.h"

/* What became of one test: PSA_SUCCESS, PSA_ERROR_NOT_PERMITTED (the approved mode refuses the algorithm, so it is not
 * tested), anything else is a failure. */
typedef void (*mico_selftest_report)(void *ctx, const char *name, psa_status_t status);

/** Run all tests, and go on after a failure, so that report (NULL: nobody) sees each; of a program that is not what was built the
 * integrity alone. PSA_SUCCESS, PSA_ERROR_BAD_STATE
 * before psa_crypto_init, or PSA_ERROR_CORRUPTION_DETECTED. */
psa_status_t mico_crypto_selftest(mico_selftest_report report, void *ctx);

/** Is the program's code the one that was built? HMAC-SHA-256 from mico_text_start to mico_text_end against the value that
 * mico_sealed (cmake/integrity.cmake) put into the file; the key is known to all: it finds accidents and careless
 * changes, and a signature over the image (boot/) is what finds an attacker's. PSA_ERROR_CORRUPTION_DETECTED, also for a
 * program that has no value. */
psa_status_t mico_crypto_integrity(void);

#endif
