/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes of a program of 64-bit ELF its HMAC is over, in this order:
 *
 *   - each segment that is not written to: headers, symbols and relocation records, code, constants;
 *   - of what becomes read-only after relocation (PT_GNU_RELRO), all before the dynamic section: constants that have addresses
 *     in them, the tables of constructors. A relocated word counts as zeros, and must be its record's addend above the base.
 *
 * Left out: the value itself, and of the ELF header what tells of sections, which strip(1) changes. Not covered: the dynamic section
 * and the table of addresses in other libraries (.got), which the dynamic linker fills as it finds them; variables. Only what the
 * compiler of Debian 12 makes is followed: relocations with addends (DT_RELA), no packed ones (DT_RELR). */
#include <elf.h>
#include <string.h>

#include "crypto/selftest/integrity.h"

#define PIECE 1024

struct image {
    const uint8_t *base;
    const Elf64_Phdr *segments;
    size_t count;
    const Elf64_Rela *records;
    size_t record_count;
    uint32_t relative; /* the machine's number of "base and addend" */
    bool loaded;
};

static const Elf64_Phdr *segment_of(const struct image *image, uint32_t type)
{
    for (size_t i = 0; i < image->count; i++) {
        if (image->segments[i].p_type == type) {
            return &image->segments[i];
        }
    }
    return NULL;
}

static bool find_machine(struct image *image, uint16_t machine)
{
    image->relative = machine == EM_X86_64 ? R_X86_64_RELATIVE : machine == EM_AARCH64 ? R_AARCH64_RELATIVE : 0;
    return image->relative != 0;
}

/* The C library has put addresses in the place of some of the dynamic section's numbers. */
static uint64_t unloaded(const struct image *image, uint64_t address)
{
    uint64_t base = (uint64_t)(uintptr_t)image->base;
    return image->loaded && address >= base ? address - base : address;
}

static bool find_records(struct image *image)
{
    const Elf64_Phdr *dynamic = segment_of(image, PT_DYNAMIC);
    if (dynamic == NULL) {
        return true; /* nothing is relocated */
    }
    uint64_t at = 0, size = 0;
    for (const Elf64_Dyn *d = (const Elf64_Dyn *)(const void *)(image->base + dynamic->p_vaddr); d->d_tag != DT_NULL;
         d++) {
        at = d->d_tag == DT_RELA ? unloaded(image, d->d_un.d_ptr) : at;
        size = d->d_tag == DT_RELASZ ? d->d_un.d_val : size;
        if (d->d_tag == DT_RELR || d->d_tag == DT_REL) {
            return false;
        }
    }
    image->records = (const Elf64_Rela *)(const void *)(image->base + at);
    image->record_count = size / sizeof(Elf64_Rela);
    return true;
}

/* From between objects, too, where the address sanitizer lets nobody read: what is hashed is a copy. */
__attribute__((no_sanitize_address)) static void copy_image(uint8_t *out, const uint8_t *image, size_t len)
{
    const volatile uint8_t *in = image;
    for (size_t i = 0; i < len; i++) {
        out[i] = in[i];
    }
}

static void add_bytes(struct mico_hmac *hmac, const uint8_t *image, uint64_t len)
{
    uint8_t copy[PIECE];
    for (uint64_t at = 0; at < len; at += PIECE) {
        size_t piece = len - at < PIECE ? (size_t)(len - at) : PIECE;
        copy_image(copy, image + at, piece);
        mico_hmac_add(hmac, (struct mico_span){copy, piece});
    }
}

/* Bytes [from, from + len) of the file's addresses, with [value, value + 32) as zeros. */
static void add(struct mico_hmac *hmac, const uint8_t *base, uint64_t from, uint64_t len, uint64_t value)
{
    static const uint8_t none[INTEGRITY_SIZE];
    if (value < from || value + INTEGRITY_SIZE > from + len) {
        add_bytes(hmac, base + from, len);
        return;
    }
    uint64_t after = value + INTEGRITY_SIZE;
    add_bytes(hmac, base + from, value - from);
    mico_hmac_add(hmac, MICO_SPAN(none));
    add_bytes(hmac, base + after, from + len - after);
}

/* The header without what it says of sections. */
static void add_header(struct mico_hmac *hmac, const uint8_t *head)
{
    Elf64_Ehdr header;
    memcpy(&header, head, sizeof header);
    header.e_shoff = 0;
    header.e_shnum = header.e_shstrndx = 0;
    mico_hmac_add(hmac, (struct mico_span){(const uint8_t *)&header, sizeof header});
}

/* Zeros for the relocated words of [from, from + len); false for one that is not what its record says. */
static bool clear_relocated(const struct image *image, uint64_t from, uint64_t len, uint8_t *copy)
{
    for (size_t i = 0; i < image->record_count; i++) {
        const Elf64_Rela *record = &image->records[i];
        if (record->r_offset < from || record->r_offset - from > len - sizeof(uint64_t)) {
            continue;
        }
        uint64_t word, want = (uint64_t)(uintptr_t)image->base + (uint64_t)record->r_addend;
        memcpy(&word, copy + (record->r_offset - from), sizeof word);
        if (image->loaded && ELF64_R_TYPE(record->r_info) == image->relative && word != want) {
            return false;
        }
        memset(copy + (record->r_offset - from), 0, sizeof word);
    }
    return true;
}

/* Pieces begin at multiples of 8, and so do relocated words: none lies in two. */
static bool add_relocated(struct mico_hmac *hmac, const struct image *image)
{
    const Elf64_Phdr *part = segment_of(image, PT_GNU_RELRO), *dynamic = segment_of(image, PT_DYNAMIC);
    if (part == NULL) {
        return true;
    }
    uint64_t end = part->p_vaddr + part->p_filesz;
    if (dynamic != NULL && dynamic->p_vaddr >= part->p_vaddr && dynamic->p_vaddr < end) {
        end = dynamic->p_vaddr;
    }
    for (uint64_t at = part->p_vaddr & ~7ull; at < end; at += PIECE) {
        _Alignas(8) uint8_t copy[PIECE];
        uint64_t len = end - at < PIECE ? (end - at) & ~7ull : PIECE;
        copy_image(copy, image->base + at, len);
        if (len == 0 || !clear_relocated(image, at, len, copy)) {
            return len == 0;
        }
        mico_hmac_add(hmac, (struct mico_span){copy, len});
    }
    return true;
}

bool integrity_of_elf(const uint8_t *base, const uint8_t *head, uint64_t value, bool loaded,
                      uint8_t mac[INTEGRITY_SIZE])
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)head;
    struct image image = {.base = base,
                          .segments = (const Elf64_Phdr *)(const void *)(head + header->e_phoff),
                          .count = header->e_phnum,
                          .loaded = loaded};
    struct mico_hmac hmac;
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64 ||
        !find_machine(&image, header->e_machine) || !find_records(&image)) {
        return false;
    }
    integrity_start(&hmac);
    add_header(&hmac, head);
    for (size_t i = 0; i < image.count; i++) {
        const Elf64_Phdr *segment = &image.segments[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_W) == 0) {
            uint64_t skip = segment->p_offset == 0 ? sizeof *header : 0;
            add(&hmac, base, segment->p_vaddr + skip, segment->p_filesz - skip, value);
        }
    }
    bool good = add_relocated(&hmac, &image);
    mico_hmac_finish(&hmac, mac);
    return good;
}
