/* SPDX-License-Identifier: Apache-2.0 */
/* What an example must say: its expected.txt, line by line. For tests alone. */
#ifndef APPS_EXAMPLES_TEST_EXPECTED_H
#define APPS_EXAMPLES_TEST_EXPECTED_H

/** Open the example's file, before it runs. */
void expect_open(const char *name);
/** The next count lines of log, or all that are expected still, are what is expected. */
void expect_lines(int count);
/** So are all that are left; the example is then stopped. */
void expect_rest(void);

#endif
