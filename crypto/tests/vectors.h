/* SPDX-License-Identifier: Apache-2.0 */
/* Reads NIST's files of test vectors: lines `Name = value`, under headings in brackets. A line that is neither, nor a
 * comment, nor the word FAIL, fails the test: nothing is passed over in silence. */
#ifndef CRYPTO_TESTS_VECTORS_H
#define CRYPTO_TESTS_VECTORS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"

#define VECTORS_VALUE_MAX 13000 /* bytes of the longest value: SHA-512's longest message has 12800 */
#define VECTORS_NAMES_MAX 20
#define VECTORS_NAME_MAX 32
#define VECTORS_OURS "known/" /* files that begin so are this folder's, not the package's */

struct vectors {
    FILE *file;
    const char *path;
    unsigned line, cases;
    bool held;         /* the line read last is the next case's */
    char section[160]; /* what stands in the last brackets */
    struct {
        char name[VECTORS_NAME_MAX], text[2 * VECTORS_VALUE_MAX + 8];
        uint8_t bytes[VECTORS_VALUE_MAX];
        unsigned of_case; /* the case that it came with */
    } values[VECTORS_NAMES_MAX];
    unsigned count;
};

/** A file of python3-cryptography-vectors, or of known/; a test fails that cannot open it. vectors_file: to read otherwise. */
FILE *vectors_file(const char *path);
void vectors_open(struct vectors *v, const char *path);
/** Read until a value of this name has come; false at the end of the file, which is closed. Values stay until others of
 * their name come; `[Tlen = 4]` is a heading and a value. */
bool vectors_next(struct vectors *v, const char *last);
/** Read one case: from a value of this name up to the next of it, a heading or the end of the file. */
bool vectors_case(struct vectors *v, const char *first);
/** Did the file ever have a value of this name, did this case? The word FAIL is one. */
bool vectors_known(struct vectors *v, const char *name);
bool vectors_has(struct vectors *v, const char *name);
/** Whole bytes, in hexadecimal or as text in quotes; and a number, of any digits, without leading zeros or padded to a
 * length. */
struct mico_span vectors_hex(struct vectors *v, const char *name);
struct mico_span vectors_number(struct vectors *v, const char *name);
struct mico_span vectors_padded(struct vectors *v, const char *name, size_t len);
const char *vectors_text(struct vectors *v, const char *name);
/** A decimal number. */
unsigned long vectors_decimal(struct vectors *v, const char *name);

#endif
