/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a maker with its CAs in software, entries of devices that never were, and files in a directory of one's
 * own. */
#ifndef IDENTITY_FACTORY_TEST_MAKER_H
#define IDENTITY_FACTORY_TEST_MAKER_H

#include <gnutls/abstract.h>

#include "identity/factory/station.h"
#include "identity/manifest_entry.h"

struct test_maker {
    char dir[64]; /* under /tmp, made anew */
    gnutls_privkey_t root_key, issuing_key;
    gnutls_x509_crt_t root, issuing;
};

void test_maker_start(struct test_maker *maker, const char *name);
void test_maker_end(struct test_maker *maker); /* removes dir */

/** An entry with a fresh key and a good certificate, chained behind prev. */
void test_maker_entry(struct test_maker *maker, uint32_t index, const uint8_t prev[32],
                      struct mico_manifest_entry *entry);

/** Write text as the manifest dir/m.json, with its signature and chain; root is at dir/root.pem. */
void test_maker_publish(struct test_maker *maker, const char *text, bool sign);

/** The whole file, by free(); asserts that it is there. */
char *test_read(const char *dir, const char *name);
void test_write(const char *dir, const char *name, const char *text);

/** What was said on stderr between the two calls: catching starts, and the text (static) is given back. */
void test_catch_stderr(void);
const char *test_caught_stderr(void);

#endif
