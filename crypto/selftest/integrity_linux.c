/* SPDX-License-Identifier: Apache-2.0 */
/* This program, as the kernel and the dynamic linker have laid it out. */
#include <elf.h>

#include "crypto/selftest/integrity.h"

extern const uint8_t __ehdr_start[]
    __attribute__((visibility("hidden"))); /* the linker's: where the ELF header is mapped */

bool integrity_of_program(uint8_t mac[INTEGRITY_SIZE])
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)__ehdr_start;
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(const void *)(__ehdr_start + header->e_phoff);
    for (size_t i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD && segments[i].p_offset == 0) {
            const uint8_t *base = (const uint8_t *)((uintptr_t)__ehdr_start - segments[i].p_vaddr);
            uint64_t value = (uint64_t)((uintptr_t)mico_integrity_value - (uintptr_t)base);
            return integrity_of_elf(base, __ehdr_start, value, true, mac);
        }
    }
    return false;
}
