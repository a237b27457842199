/* SPDX-License-Identifier: Apache-2.0 */
/* Reads NIST's files of test vectors: lines `Name = value`, under headings in brackets. */
#ifndef CRYPTO_TESTS_VECTORS_H
#define CRYPTO_TESTS_VECTORS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"

#define VECTORS_VALUE_MAX 1100 /* bytes of the longest value */
#define VECTORS_NAMES_MAX 12

struct vectors {
    FILE *file;
    char section[160]; /* what stands in the last brackets */
    struct {
        char name[16], text[2 * VECTORS_VALUE_MAX + 8];
        uint8_t bytes[VECTORS_VALUE_MAX];
    } values[VECTORS_NAMES_MAX];
    unsigned count;
};

/** A file of python3-cryptography-vectors; a test fails that cannot open it. */
void vectors_open(struct vectors *v, const char *path);
/** Read until a value of this name has come; false at the end of the file, which is closed. Values stay until others of
 * their name come. */
bool vectors_next(struct vectors *v, const char *last);
/** A hexadecimal value, of whole bytes, and the same without leading zeros or padded to a length. */
struct mico_span vectors_hex(struct vectors *v, const char *name);
struct mico_span vectors_number(struct vectors *v, const char *name);
struct mico_span vectors_padded(struct vectors *v, const char *name, size_t len);
const char *vectors_text(struct vectors *v, const char *name);

#endif
