/* SPDX-License-Identifier: Apache-2.0 */
/* mico_seal FILE: puts into a linked program of Linux the HMAC that it asks itself for (integrity_elf.c). What the file has in the
 * place of the value does not count, so sealing again changes nothing, and the same sources give the same file. */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/selftest/integrity.h"

static const char *name;

static int fail(const char *why)
{
    fprintf(stderr, "mico_seal: %s: %s\n", name, why);
    return 1;
}

/* A part of the file, or NULL when the file is shorter. */
static const void *part(struct mico_span file, uint64_t at, uint64_t len)
{
    return at <= file.len && len <= file.len - at ? file.data + at : NULL;
}

static const Elf64_Shdr *find_value(struct mico_span file)
{
    const Elf64_Ehdr *header = part(file, 0, sizeof *header);
    const Elf64_Shdr *sections =
        header == NULL ? NULL : part(file, header->e_shoff, (uint64_t)header->e_shnum * sizeof *sections);
    if (sections == NULL || header->e_shstrndx >= header->e_shnum) {
        return NULL;
    }
    const Elf64_Shdr *strings = &sections[header->e_shstrndx];
    for (size_t i = 0; i < header->e_shnum; i++) {
        const char *text = part(file, strings->sh_offset + sections[i].sh_name, sizeof ".mico_integrity");
        if (text != NULL && memcmp(text, ".mico_integrity", sizeof ".mico_integrity") == 0) {
            return &sections[i];
        }
    }
    return NULL;
}

/* The file as its segments say; NULL when they say what cannot be. */
static uint8_t *lay_out(struct mico_span file)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)file.data;
    const Elf64_Phdr *segments = part(file, header->e_phoff, (uint64_t)header->e_phnum * sizeof *segments);
    uint64_t end = 0;
    for (size_t i = 0; segments != NULL && i < header->e_phnum; i++) {
        uint64_t last = segments[i].p_vaddr + segments[i].p_filesz;
        end = segments[i].p_type == PT_LOAD && last > end ? last : end;
    }
    uint8_t *base = end == 0 ? MAP_FAILED : mmap(NULL, end, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; base != MAP_FAILED && i < header->e_phnum; i++) {
        const void *from = part(file, segments[i].p_offset, segments[i].p_filesz);
        if (segments[i].p_type == PT_LOAD && from != NULL) {
            memcpy(base + segments[i].p_vaddr, from, segments[i].p_filesz);
        }
    }
    return base == MAP_FAILED ? NULL : base;
}

int main(int argc, char **argv)
{
    struct stat status;
    uint8_t mac[INTEGRITY_SIZE];
    name = argc == 2 ? argv[1] : "FILE";
    int fd = argc == 2 ? open(name, O_RDWR) : -1;
    if (fd < 0 || fstat(fd, &status) != 0) {
        return fail("cannot be opened");
    }
    struct mico_span file = {NULL, (size_t)status.st_size};
    uint8_t *bytes = mmap(NULL, file.len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED) {
        return fail("cannot be mapped");
    }
    file.data = bytes;
    const Elf64_Shdr *value = find_value(file);
    if (value == NULL || value->sh_size < INTEGRITY_SIZE || part(file, value->sh_offset, INTEGRITY_SIZE) == NULL) {
        return fail("has no place for the value: crypto_selftest is not linked in");
    }
    const uint8_t *base = lay_out(file);
    if (base == NULL || !integrity_of_elf(base, bytes, value->sh_addr, false, mac)) {
        return fail("is of a kind that cannot be sealed (64-bit ELF with the header in the first segment, DT_RELA)");
    }
    memcpy(bytes + value->sh_offset, mac, sizeof mac);
    return munmap(bytes, file.len) == 0 && close(fd) == 0 ? 0 : fail("cannot be written");
}
