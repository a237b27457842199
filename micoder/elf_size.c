/* SPDX-License-Identifier: Apache-2.0 */
/* ROM and RAM of an ELF file; see elf_size.h. */
#include "micoder/elf_size.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

mico_err mico_elf_size(const char *path, struct mico_elf_size *out)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return MICO_ERR_IO;
    }
    Elf32_Ehdr head;
    struct mico_elf_size size = {0, 0};
    mico_err err = MICO_OK;
    if (fread(&head, sizeof head, 1, f) != 1 || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != ELFCLASS32 || head.e_ident[EI_DATA] != ELFDATA2LSB ||
        head.e_shentsize != sizeof(Elf32_Shdr) || fseek(f, (long)head.e_shoff, SEEK_SET) != 0) {
        err = MICO_ERR_FORMAT;
    }
    for (unsigned i = 0; err == MICO_OK && i < head.e_shnum; i++) {
        Elf32_Shdr section;
        if (fread(&section, sizeof section, 1, f) != 1) {
            err = MICO_ERR_FORMAT;
        } else if ((section.sh_flags & SHF_ALLOC) != 0) {
            size.rom += section.sh_type == SHT_NOBITS ? 0 : section.sh_size;
            size.ram += (section.sh_flags & SHF_WRITE) != 0 ? section.sh_size : 0;
        }
    }
    fclose(f);
    if (err == MICO_OK) {
        *out = size;
    }
    return err;
}
