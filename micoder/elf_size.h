/* SPDX-License-Identifier: Apache-2.0 */
/* What a firmware takes of a chip: ROM and RAM, read from its ELF file. */
#ifndef MICODER_ELF_SIZE_H
#define MICODER_ELF_SIZE_H

#include <stdint.h>

#include "base/err.h"

struct mico_elf_size {
    uint32_t rom; /* code, constants and the initial values of variables */
    uint32_t ram; /* variables, stacks and reserved heap */
};

/** MICO_ERR_IO (no such file) or MICO_ERR_FORMAT (no 32-bit little-endian ELF). */
MICO_MUST_USE mico_err mico_elf_size(const char *path, struct mico_elf_size *out);

#endif
