/* SPDX-License-Identifier: Apache-2.0 */
/* A registry with two devices, in a file of the test's own. Include it behind cmocka.h. */
#ifndef CLOUD_REGISTRY_TEST_REGISTRY_H
#define CLOUD_REGISTRY_TEST_REGISTRY_H

#include "cloud/registry/registry.h"

#define ID_A "A1:B2:C3:D4:E5:F6"
#define ID_B "00:11:22:33:44:55"

extern char path[64];
extern struct mico_registry *registry;
extern struct mico_complaint complaint;

/** A test's setup and teardown. */
int test_fresh(void **state);
int test_clean(void **state);

/** The file with all that SQLite keeps beside it; and what killed makers have left there. */
void test_remove_files(void);
void test_remove_leftovers(void);

struct mico_new_device test_sample(const char *id, const char *serial, uint8_t seed);
void test_add(const char *id, const char *serial, uint8_t seed);
struct mico_device test_find(const char *id);

/** What someone with the file and an SQL shell can do. */
void test_tamper(const char *sql);

#endif
