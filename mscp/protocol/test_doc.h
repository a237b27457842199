/* SPDX-License-Identifier: Apache-2.0 */
/* Test vectors as they stand in docs/MSCP.md. */
#ifndef MSCP_PROTOCOL_TEST_DOC_H
#define MSCP_PROTOCOL_TEST_DOC_H

#include <stddef.h>

/* The rest of the line that begins with `name `; asserts that there is one. */
void test_doc_vector(const char *name, char *out, size_t cap);

#endif
