/* SPDX-License-Identifier: Apache-2.0 */
/* For the fuzzers of crypto/tls: randomness and a clock that never differ, and edits that an input describes. */
#ifndef CRYPTO_TLS_TLS_FUZZ_H
#define CRYPTO_TLS_TLS_FUZZ_H

#include "crypto/tls/tls_server.h"

/* Which stream of randomness the next calls draw from; fuzz_restart begins both anew. */
enum fuzz_side { FUZZ_CLIENT, FUZZ_SERVER };
extern enum fuzz_side fuzz_side;
void fuzz_restart(void);
/* The clock; fuzz_restart sets it to 1. */
extern uint64_t fuzz_ms;

psa_key_id_t fuzz_key(uint8_t seed_byte);

/* Apply what at most count of the edits at the input's front say: (operation, position 2, value) each; the rest of the input
 * is what insertions take. Returns the new length, at most cap. */
size_t fuzz_edit(struct mico_reader *input, unsigned count, uint8_t *data, size_t len, size_t cap);

#endif
