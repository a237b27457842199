/* SPDX-License-Identifier: Apache-2.0 */
/* A maker's certificates for tests, made in memory with GnuTLS: root, issuing authority, device. Failures abort. */
#ifndef PAIRING_CONTROLLER_TEST_MAKER_H
#define PAIRING_CONTROLLER_TEST_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#define TEST_FOR_EVER ((time_t)-1) /* 99991231235959Z */

struct test_maker {
    gnutls_x509_privkey_t root_key, issuing_key;
    gnutls_x509_crt_t root, issuing;
};

/* What a test wants to be wrong about a device's certificate. */
struct test_device {
    const char *cn;
    const char *second_cn; /* or NULL */
    const uint8_t *key;    /* 32 bytes of Ed25519; NULL: a fresh P-256 key */
    time_t from, to;
    bool ca;
};

void test_maker_make(struct test_maker *maker);
void test_maker_free(struct test_maker *maker);
/** The root in PEM, to a file. */
void test_maker_write_root(const struct test_maker *maker, const char *path);
/** Device certificate | issuing certificate in DER; returns its length. */
size_t test_maker_chain(const struct test_maker *maker, const struct test_device *device, uint8_t *out, size_t cap);

#endif
