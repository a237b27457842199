/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on secrets, for two witnesses of their constant time: valgrind on this machine (constant_time.c), which sees what
 * depends on memory that secret() marked undefined, and the emulated boards (trace_board.c), where secret() puts other
 * bytes there in each run, and what the processor did is compared. SECRETS.md has the table. */
#ifndef CRYPTO_TESTS_CONSTANT_TIME_H
#define CRYPTO_TESTS_CONSTANT_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/psa/mico_psa.h"

struct ct_case {
    const char *name;
    void (*run)(void);
    uint8_t runs; /* on a board, with so many secrets */
    bool same;    /* with crypto_small by the same code, or not at all */
};
extern const struct ct_case ct_cases[];
extern const size_t ct_case_count;

/* What each witness has. secret: these bytes are secret now; gives back data. secret_as_is: the same, whose bytes must stay
 * what they are. open_up: public from now on. choice: which of count keys this run takes. */
void *secret(void *data, size_t len);
void secret_as_is(const void *data, size_t len);
void open_up(const void *data, size_t len);
size_t choice(size_t count);
extern bool entropy_is_public;
/* From here on this case's random numbers do not matter. */
void ct_open_entropy(void);

/* Before each run of a case. */
void ct_reset(void);
/* What a call answers is public. Anything but want ends the program. */
void ct_must(mico_err err);
void ct_expect(psa_status_t status, psa_status_t want);

/* Controls, which each witness must report: a table that is looked up, and time by the place of the first difference, as
 * memcmp has it. */
void ct_control_index(void);
void ct_control_compare(void);

/* The RSA key of this run, its parts but n and e secret; der holds it. */
#define CT_RSA_DER_MAX 1200
size_t ct_rsa_der(uint8_t der[CT_RSA_DER_MAX]);

/* constant_time_numbers.c */
void ct_p384(void);
void ct_rsa_sign(void);
void ct_rsa_decrypt(void);
void ct_ffdh(void);
void ct_dsa(void);
void ct_srp3072(void);
void ct_srp6(void);
void ct_srp_hap(void);
/* constant_time_psa.c */
void ct_psa_keys(void);
void ct_psa_keys_rsa(void);
void ct_psa_generate(void);
void ct_psa_hash(void);
void ct_psa_mac(void);
void ct_psa_cipher(void);
void ct_psa_padding(void);
void ct_psa_aead(void);
void ct_psa_wrap(void);
/* constant_time_derive.c */
void ct_psa_derive(void);
void ct_psa_password(void);
void ct_psa_agree(void);
void ct_psa_pake(void);
/* constant_time_sign.c */
void ct_psa_sign(void);
void ct_psa_sign_rsa(void);
void ct_psa_sign_dsa(void);
void ct_psa_decrypt(void);

#endif
