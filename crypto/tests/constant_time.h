/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of constant_time.c that have a file of their own, and what they share. */
#ifndef CRYPTO_TESTS_CONSTANT_TIME_H
#define CRYPTO_TESTS_CONSTANT_TIME_H

#include <stdbool.h>
#include <stddef.h>

/* Mark memory undefined, and defined again; secret gives back data. */
void *secret(void *data, size_t len);
void open_up(void *data, size_t len);
/* Set by a case whose random numbers do not matter. */
extern bool entropy_is_public;

/* constant_time_numbers.c */
void ct_p384(void);
void ct_rsa_sign(void);
void ct_rsa_decrypt(void);
void ct_ffdh(void);
void ct_dsa(void);
void ct_srp6(void);

#endif
