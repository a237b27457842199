/* SPDX-License-Identifier: Apache-2.0 */
/* The integrity of this program: any byte of its code and constants that changes is found, in copies of the file that run, and, more of
 * them, in a copy that is laid out in memory. Sealing comes to the same file again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/selftest/integrity.h"
#include "crypto/selftest/selftest.h"

#define COPY "integrity_copy"
#define RUNS 120   /* of copies */
#define TURNS 1500 /* in memory */
#define MOST 64

static uint8_t *file; /* this program's */
static size_t size;
static const Elf64_Ehdr *header;

/* What must be covered: sections that nothing writes to, and what is written to by relocation alone. */
static struct range {
    const char *name;
    uint64_t at, offset, len;
} ranges[MOST];
static size_t range_count, covered;

static const char *const relocated[] = {".tdata", ".init_array", ".fini_array", ".data.rel.ro", NULL};

static bool is_named(const char *name, const char *const *names)
{
    while (*names != NULL && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

static int load(void **state)
{
    struct stat status;
    int fd = open("/proc/self/exe", O_RDONLY);
    assert_true(fd >= 0 && fstat(fd, &status) == 0);
    size = (size_t)status.st_size;
    file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    assert_true(file != MAP_FAILED);
    close(fd);
    header = (const Elf64_Ehdr *)(const void *)file;
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(const void *)(file + header->e_shoff);
    const char *names = (const char *)file + sections[header->e_shstrndx].sh_offset;
    for (size_t i = 0; i < header->e_shnum && range_count < MOST; i++) {
        const char *name = names + sections[i].sh_name;
        bool constant = (sections[i].sh_flags & (SHF_ALLOC | SHF_WRITE)) == SHF_ALLOC;
        if (sections[i].sh_type != SHT_NOBITS && strcmp(name, ".mico_integrity") != 0 &&
            (constant || is_named(name, relocated))) {
            ranges[range_count++] =
                (struct range){name, sections[i].sh_addr, sections[i].sh_offset, sections[i].sh_size};
            covered += sections[i].sh_size;
        }
    }
    return 0;
}

/* The range of the n-th covered byte, and n in it. */
static const struct range *range_of(size_t *n)
{
    size_t i = 0;
    while (i + 1 < range_count && *n >= ranges[i].len) {
        *n -= ranges[i++].len;
    }
    return &ranges[i];
}

static void code_and_constants_are_what_is_covered(void **state)
{
    static const char *const must[] = {".text", ".rodata", ".data.rel.ro", ".init", ".fini", ".rela.dyn", ".eh_frame"};
    for (size_t k = 0; k < sizeof must / sizeof must[0]; k++) {
        bool there = false;
        for (size_t i = 0; i < range_count; i++) {
            there = there || strcmp(ranges[i].name, must[k]) == 0;
        }
        if (!there) {
            fail_msg("%s is not among them", must[k]);
        }
    }
}

static void write_copy(void)
{
    int fd = open(COPY, O_WRONLY | O_CREAT | O_TRUNC, 0700);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, file, size), size);
    close(fd);
}

static void turn_in_copy(uint64_t offset, uint8_t bit)
{
    int fd = open(COPY, O_WRONLY);
    uint8_t byte = file[offset] ^ bit;
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)offset), 1);
    close(fd);
}

/* What the copy says of itself: 0 sound, 1 changed; -1: it did not get so far. */
static int run_copy(void)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, 1);
        dup2(nowhere, 2);
        alarm(20); /* a changed program may do anything */
        execl("./" COPY, COPY, "integrity", (char *)NULL);
        _exit(1);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) <= 1 ? WEXITSTATUS(status) : -1;
}

static int remove_copy(void **state)
{
    unlink(COPY);
    return 0;
}

static void copies_with_a_byte_changed_find_it(void **state)
{
    size_t said_so = 0;
    write_copy();
    assert_int_equal(run_copy(), 0);
    for (size_t k = 0; k < RUNS; k++) {
        size_t n = covered / RUNS * k + k * 7919 % (covered / RUNS);
        const struct range *range = range_of(&n);
        turn_in_copy(range->offset + n, (uint8_t)(1u << k % 8));
        int result = run_copy();
        turn_in_copy(range->offset + n, 0);
        /* The dynamic linker writes relocated words anew, whatever the file has there: no such change is one of the program. */
        if (result == 0 && !is_named(range->name, relocated)) {
            fail_msg("byte %zu of %s is not missed", n, range->name);
        }
        said_so += result == 1;
    }
    assert_int_equal(run_copy(), 0);
    assert_true(said_so >= RUNS / 2); /* the others did not come as far as main, or would not run at all */
}

/* As the kernel and the dynamic linker lay it out, at any address. */
static uint8_t *lay_out(void)
{
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(const void *)(file + header->e_phoff);
    uint8_t *base = mmap(NULL, 1u << 26, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(base != MAP_FAILED);
    uint64_t at = 0, len = 0;
    for (size_t i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD) {
            assert_true(segments[i].p_vaddr + segments[i].p_memsz <= 1u << 26);
            memcpy(base + segments[i].p_vaddr, file + segments[i].p_offset, segments[i].p_filesz);
        }
    }
    for (size_t i = 0; i < header->e_phnum; i++) {
        const Elf64_Dyn *d = (const Elf64_Dyn *)(const void *)(base + segments[i].p_vaddr);
        for (; segments[i].p_type == PT_DYNAMIC && d->d_tag != DT_NULL; d++) {
            at = d->d_tag == DT_RELA ? d->d_un.d_ptr : at;
            len = d->d_tag == DT_RELASZ ? d->d_un.d_val : len;
        }
    }
    for (const uint8_t *r = base + at; r < base + at + len; r += sizeof(Elf64_Rela)) {
        Elf64_Rela record;
        memcpy(&record, r, sizeof record);
        uint64_t word = (uint64_t)(uintptr_t)base + (uint64_t)record.r_addend;
        if (ELF64_R_SYM(record.r_info) == 0) {
            memcpy(base + record.r_offset, &word, sizeof word);
        }
    }
    return base;
}

static uint64_t value_at(const uint8_t *base)
{
    const uint8_t *value = memmem(base, 1u << 26, (const void *)(uintptr_t)mico_integrity_value, INTEGRITY_SIZE);
    assert_non_null(value);
    return (uint64_t)(value - base);
}

/* Is it of a word that names something of another library? Only the dynamic linker knows what it must be. */
static bool is_anothers(const uint8_t *base, uint64_t address)
{
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(const void *)(file + header->e_shoff);
    const char *names = (const char *)file + sections[header->e_shstrndx].sh_offset;
    for (size_t i = 0; i < header->e_shnum; i++) {
        const Elf64_Rela *records = (const Elf64_Rela *)(const void *)(file + sections[i].sh_offset);
        for (size_t k = 0;
             strcmp(names + sections[i].sh_name, ".rela.dyn") == 0 && k < sections[i].sh_size / sizeof *records; k++) {
            if (ELF64_R_SYM(records[k].r_info) != 0 && address - records[k].r_offset < 8) {
                return true;
            }
        }
    }
    return false;
}

static bool is_left_out(uint64_t address)
{
    static const size_t of_sections[][2] = {{offsetof(Elf64_Ehdr, e_shoff), 8}, {offsetof(Elf64_Ehdr, e_shnum), 4}};
    return address - of_sections[0][0] < of_sections[0][1] || address - of_sections[1][0] < of_sections[1][1];
}

static void any_byte_that_changes_in_memory_is_found(void **state)
{
    uint8_t *base = lay_out(), mac[INTEGRITY_SIZE];
    uint64_t value = value_at(base);
    size_t others = 0;
    assert_true(integrity_of_elf(base, base, value, true, mac));
    assert_memory_equal(mac, (const void *)(uintptr_t)mico_integrity_value,
                        sizeof mac); /* what this program has is this */
    for (size_t k = 0; k < TURNS; k++) {
        size_t n = covered / TURNS * k + k * 7919 % (covered / TURNS);
        const struct range *range = range_of(&n);
        uint8_t *byte = base + range->at + n;
        if (is_anothers(base, range->at + n) || is_left_out(range->at + n)) {
            others++;
            continue;
        }
        *byte ^= (uint8_t)(1u << k % 8);
        bool same = integrity_of_elf(base, base, value, true, mac) &&
                    memcmp(mac, (const void *)(uintptr_t)mico_integrity_value, sizeof mac) == 0;
        *byte ^= (uint8_t)(1u << k % 8);
        if (same) {
            fail_msg("byte %zu of %s is not missed", n, range->name);
        }
    }
    assert_true(others < TURNS / 20);
    munmap(base, 1u << 26);
}

static void sealing_again_gives_the_same_file(void **state)
{
    write_copy();
    assert_int_equal(system("../../crypto/selftest/mico_seal " COPY), 0);
    int fd = open(COPY, O_RDONLY);
    uint8_t *again = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    assert_true(again != MAP_FAILED);
    close(fd);
    assert_memory_equal(again, file, size);
    munmap(again, size);
    turn_in_copy((uint64_t)ranges[range_count / 2].offset, 1); /* of a file that is another, it is another */
    assert_int_equal(run_copy() == 0, 0);
    assert_int_equal(system("../../crypto/selftest/mico_seal " COPY), 0);
}

static void a_stripped_copy_is_sound(void **state)
{
    write_copy();
    assert_int_equal(system("strip " COPY), 0);
    assert_int_equal(run_copy(), 0);
}

static void what_is_no_program_is_not_sealed(void **state)
{
    int fd = open(COPY, O_WRONLY | O_CREAT | O_TRUNC, 0700);
    assert_true(fd >= 0 && write(fd, file, 4096) == 4096); /* cut off */
    close(fd);
    assert_int_not_equal(system("../../crypto/selftest/mico_seal " COPY " 2>/dev/null"), 0);
    assert_int_not_equal(system("../../crypto/selftest/mico_seal /dev/null 2>/dev/null"), 0);
    assert_int_not_equal(system("../../crypto/selftest/mico_seal 2>/dev/null"), 0);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "integrity") == 0) {
        return mico_crypto_integrity() == PSA_SUCCESS ? 0 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_and_constants_are_what_is_covered),
        cmocka_unit_test_teardown(copies_with_a_byte_changed_find_it, remove_copy),
        cmocka_unit_test(any_byte_that_changes_in_memory_is_found),
        cmocka_unit_test_teardown(sealing_again_gives_the_same_file, remove_copy),
        cmocka_unit_test_teardown(a_stripped_copy_is_sound, remove_copy),
        cmocka_unit_test_teardown(what_is_no_program_is_not_sealed, remove_copy),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
