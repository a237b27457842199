/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of bad input: calls that are noted by name, and the page's that were not. */
#ifndef OS_SDK_BAD_INPUT_H
#define OS_SDK_BAD_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Note the call whose text it is; fail the test unless it gave what was wanted. */
void tried(const char *text, int64_t got, int64_t wanted, int line);

#define TRY(call, wanted) tried(#call, (int64_t)(call), (int64_t)(wanted), __LINE__)
#define DO(call) ((void)(call), tried(#call, 0, 0, __LINE__))

/** How many calls of REFERENCE.md were not noted, but for those of the sections elsewhere and of harmless; names them. */
int untried(const char *const *elsewhere, size_t elsewhere_count, const char *const *harmless, size_t harmless_count);

/* Tests: in bad_input_cmsis.c, and in bad_input_system.c. */
void cmsis_bad_input(void **state);
void the_system(void **state);
void the_board(void **state);
void the_console(void **state);
void text_bytes_and_urls(void **state);

#endif
