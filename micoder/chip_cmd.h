/* SPDX-License-Identifier: Apache-2.0 */
/* `mico chip`: a coprocessor behind a Unix socket (mscpd, or an emulated chip's line) asked, provisioned, locked and believed. */
#ifndef MICODER_CHIP_CMD_H
#define MICODER_CHIP_CMD_H

/** argv[0] is "chip", argv[1] the subcommand. Exit status as in subcommand.h. */
int mico_chip_command(int argc, char **argv);

#endif
