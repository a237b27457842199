/* SPDX-License-Identifier: Apache-2.0 */
/* The tool's commands, one function each; argv[0] is the command's name. They return the exit status: 0 when it holds,
 * 1 when what was asked failed, 2 for misuse. */
#ifndef MICODER_COMMANDS_H
#define MICODER_COMMANDS_H

int mico_demo_command(int argc, char **argv);
int mico_test_command(int argc, char **argv);
int mico_bench_command(int argc, char **argv);

/** The project's folder, where build/ lies; and the build that this tool is of, such as TOP/build/host. */
const char *mico_top(void);
const char *mico_build(void);

#endif
