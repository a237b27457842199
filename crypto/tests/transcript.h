/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed inputs through every primitive, and a digest of all outputs: equal on every processor, or assembly is wrong. */
#ifndef CRYPTO_TESTS_TRANSCRIPT_H
#define CRYPTO_TESTS_TRANSCRIPT_H

#include <stddef.h>
#include <stdint.h>

#define TRANSCRIPT_SECTIONS 14

/** The section's name, and 32 bytes over everything that it computed. */
const char *transcript_section(size_t section, uint8_t digest[32]);

#endif
