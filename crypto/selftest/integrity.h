/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/selftest: what of a program its HMAC is over. On a board (integrity_board.c) it is all of the image, on Linux
 * (integrity_linux.c) what the kernel maps read-only. Either takes the value itself for 32 zeros. */
#ifndef CRYPTO_SELFTEST_INTEGRITY_H
#define CRYPTO_SELFTEST_INTEGRITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/primitives/digest.h"

#define INTEGRITY_SIZE 32
/* After the link, mico_sealed of cmake/integrity.cmake puts the value here. */
extern const volatile uint8_t mico_integrity_value[INTEGRITY_SIZE];

/* Whose key is no secret: see mico_crypto_integrity. */
void integrity_start(struct mico_hmac *hmac);

/* The HMAC of this program; false when it is not laid out as it should be. */
bool integrity_of_program(uint8_t mac[INTEGRITY_SIZE]);

/* Linux: of a program of 64-bit ELF that lies at base as its segments say, its header at head. value is the address in the file's
 * own numbers of the 32 bytes to leave out. loaded: the dynamic linker has been at it, and each word that it has relocated must be
 * what its record says; else those words are what the link left. False for what cannot be followed. */
bool integrity_of_elf(const uint8_t *base, const uint8_t *head, uint64_t value, bool loaded,
                      uint8_t mac[INTEGRITY_SIZE]);

#endif
