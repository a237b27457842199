/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates for tests: Ed25519, made in memory, written as PEM on demand. Failures abort: they are the test's. */
#ifndef CLOUD_BROKER_TEST_PKI_H
#define CLOUD_BROKER_TEST_PKI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_cert {
    void *certificate, *key; /* GnuTLS's */
    uint8_t der[2048];
    size_t der_len;
    uint8_t sha256[32];
    uint8_t public_key[32];
    char device_id[18]; /* the id that belongs to the key */
    uint8_t serial[8];  /* of the chip, as in a device's subject: here of the key too */
};

enum test_role { TEST_CA, TEST_CLIENT, TEST_SERVER };

/** A certificate of a new key for cn, signed by issuer (NULL: itself). cn NULL: a device's, for the key's id and
 * serial. */
void test_cert_make(struct test_cert *out, const char *cn, enum test_role role, const struct test_cert *issuer);
/** The same subject and key again: another certificate (another number, another hash). */
void test_cert_again(struct test_cert *out, const struct test_cert *same, const char *cn,
                     const struct test_cert *issuer);
/** NAME.pem (this certificate, then chain when there is one) and NAME.key. */
void test_cert_write(const struct test_cert *cert, const struct test_cert *chain, const char *name);
void test_cert_free(struct test_cert *cert);

#endif
