/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tests/rsa_examples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tests/vectors.h"

#define NONE RSA_VALUES

static const struct {
    const char *name;
    enum rsa_value value;
} names[] = {
    {"Modulus:", RSA_MODULUS},
    {"Public exponent:", RSA_PUBLIC_EXPONENT},
    {"Exponent:", RSA_EXPONENT},
    {"Prime 1:", RSA_PRIME_1},
    {"Prime 2:", RSA_PRIME_2},
    {"Prime exponent 1:", RSA_PRIME_EXPONENT_1},
    {"Prime exponent 2:", RSA_PRIME_EXPONENT_2},
    {"Coefficient:", RSA_COEFFICIENT},
    {"Message:", RSA_MESSAGE},
    {"Message to be signed:", RSA_MESSAGE},
    {"Message to be encrypted:", RSA_MESSAGE},
    {"Salt:", RSA_SALT},
    {"Encryption:", RSA_ANSWER},
    {"Signature:", RSA_ANSWER},
};

void rsa_examples_open(struct rsa_examples *examples, const char *path)
{
    memset(examples, 0, sizeof *examples);
    examples->file = vectors_file(path);
    examples->current = NONE;
}

/* What a comment begins; every other one ends a value. */
static enum rsa_value named(const char *comment)
{
    comment += strspn(comment, "# ");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(comment, names[i].name, strlen(names[i].name)) == 0) {
            return names[i].value;
        }
    }
    return NONE;
}

/* Adds a line's digits, in pairs or not, a single one being a byte. */
static void add(struct rsa_examples *examples, const char *line)
{
    char digits[2 * RSA_EXAMPLES_VALUE_MAX + 2] = "";
    size_t count = 0;
    for (; *line != '\0' && *line != '\n' && *line != '\r'; line++) {
        if (*line != ' ') {
            assert_true(count < sizeof digits - 2);
            digits[count++] = *line;
        }
    }
    if (count % 2 != 0) {
        memmove(digits + 1, digits, count++);
        digits[0] = '0';
    }
    uint8_t *bytes = examples->values[examples->current].bytes;
    size_t *len = &examples->values[examples->current].len;
    assert_true(*len + count / 2 <= RSA_EXAMPLES_VALUE_MAX);
    digits[count] = '\0';
    assert_int_equal(mico_unhex(digits, bytes + *len, count / 2), MICO_OK);
    *len += count / 2;
}

bool rsa_examples_next(struct rsa_examples *examples)
{
    char line[2 * RSA_EXAMPLES_VALUE_MAX + 8];
    while (fgets(line, sizeof line, examples->file) != NULL) {
        bool comment = line[0] == '#', ended = comment && examples->current == RSA_ANSWER;
        if (comment) {
            examples->current = named(line);
        }
        if (comment && examples->current != NONE) {
            examples->values[examples->current].len = 0;
        } else if (!comment && examples->current != NONE) {
            add(examples, line);
        }
        if (ended) {
            return true;
        }
    }
    bool last = examples->current == RSA_ANSWER;
    examples->current = NONE;
    if (!last) {
        fclose(examples->file);
    }
    return last;
}

struct mico_span rsa_examples_value(const struct rsa_examples *examples, enum rsa_value value)
{
    return (struct mico_span){examples->values[value].bytes, examples->values[value].len};
}

static struct mico_span number(const struct rsa_examples *examples, enum rsa_value value)
{
    struct mico_span span = rsa_examples_value(examples, value);
    while (span.len > 1 && span.data[0] == 0) {
        span.data++;
        span.len--;
    }
    return span;
}

struct mico_rsa_private rsa_examples_key(const struct rsa_examples *examples)
{
    return (struct mico_rsa_private){
        .pub = {number(examples, RSA_MODULUS), number(examples, RSA_PUBLIC_EXPONENT)},
        .d = number(examples, RSA_EXPONENT),
        .p = number(examples, RSA_PRIME_1),
        .q = number(examples, RSA_PRIME_2),
        .dp = number(examples, RSA_PRIME_EXPONENT_1),
        .dq = number(examples, RSA_PRIME_EXPONENT_2),
        .qinv = number(examples, RSA_COEFFICIENT),
    };
}
