/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the examples that RSA Laboratories published beside PKCS #1, and those in their form: a line `# Name:` and the
 * value after it, in hexadecimal, over as many lines as it takes. */
#ifndef CRYPTO_TESTS_RSA_EXAMPLES_H
#define CRYPTO_TESTS_RSA_EXAMPLES_H

#include <stdio.h>

#include "crypto/primitives/rsa.h"

#define RSA_EXAMPLES_VALUE_MAX 512 /* bytes */

enum rsa_value {
    RSA_MODULUS,
    RSA_PUBLIC_EXPONENT,
    RSA_EXPONENT, /* after `Public key` it is the public one, which does no harm: the private one comes after it */
    RSA_PRIME_1,
    RSA_PRIME_2,
    RSA_PRIME_EXPONENT_1,
    RSA_PRIME_EXPONENT_2,
    RSA_COEFFICIENT,
    RSA_MESSAGE,
    RSA_SALT,
    RSA_ANSWER, /* an encryption or a signature; it ends an example */
    RSA_VALUES,
};

struct rsa_examples {
    FILE *file;
    enum rsa_value current;
    struct {
        uint8_t bytes[RSA_EXAMPLES_VALUE_MAX];
        size_t len;
    } values[RSA_VALUES];
};

/** A file of python3-cryptography-vectors; a test fails that cannot open or read it. */
void rsa_examples_open(struct rsa_examples *examples, const char *path);
/** Read up to the next answer; false at the end of the file, which is closed. */
bool rsa_examples_next(struct rsa_examples *examples);
struct mico_span rsa_examples_value(const struct rsa_examples *examples, enum rsa_value value);
/** The example's key, views into examples; leading zeros are left out. */
struct mico_rsa_private rsa_examples_key(const struct rsa_examples *examples);

#endif
