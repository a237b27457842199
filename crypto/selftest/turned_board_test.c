/* SPDX-License-Identifier: Apache-2.0 */
/* Integrity of a board's image: apps/examples/self_tested with one bit of one byte turned, at many places of all that its HMAC covers.
 * What has not run before the check ends in the error state, with its words. What the board starts by may be so broken that it says
 * nothing any more: then too nothing of cryptography is let out. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/boards/emulator.h"

#define PATIENCE_MS 60000
#define SPREAD 16 /* places at equal distances, wherever they are */
static const char name[] = "../../apps/examples/example_self_tested";
static const char *const ends[] = {"] self-tests: -151", "] self-tests: 0", "*** fault"};
enum { REFUSED, PASSED };

static struct emulator board;
static uint8_t *image; /* the ELF file */
static size_t image_len;
static char turned[64];  /* where the changed one is written */
static bool named;       /* the last one said that its integrity failed */
static int64_t whole_ms; /* from power-on to the end of all tests of the right one */

/* --- the file: ELF of 32 bits, as our linker makes it ------------------------------------------------------------------- */

static const Elf32_Shdr *sections(size_t *count)
{
    const Elf32_Ehdr *header = (const Elf32_Ehdr *)(const void *)image;
    *count = header->e_shnum;
    return (const Elf32_Shdr *)(const void *)(image + header->e_shoff);
}

static const Elf32_Shdr *section(const char *wanted)
{
    size_t count;
    const Elf32_Shdr *all = sections(&count);
    const char *names = (const char *)image + all[((const Elf32_Ehdr *)(const void *)image)->e_shstrndx].sh_offset;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names + all[i].sh_name, wanted) == 0 && all[i].sh_size != 0) {
            return &all[i];
        }
    }
    return NULL;
}

/* Where in the file a function or a constant begins. */
static size_t place_of(const char *symbol)
{
    size_t count;
    const Elf32_Shdr *all = sections(&count), *table = section(".symtab");
    assert_non_null(table);
    const Elf32_Sym *symbols = (const Elf32_Sym *)(const void *)(image + table->sh_offset);
    const char *names = (const char *)image + all[table->sh_link].sh_offset;
    for (size_t i = 0; i < table->sh_size / sizeof *symbols; i++) {
        if (strcmp(names + symbols[i].st_name, symbol) == 0 && symbols[i].st_shndx < count) {
            const Elf32_Shdr *in = &all[symbols[i].st_shndx];
            return in->sh_offset + (symbols[i].st_value & ~1u) - in->sh_addr;
        }
    }
    fail_msg("the image has no %s", symbol);
    return 0;
}

static int read_image(void **state)
{
    char path[512], file_name[128];
    snprintf(file_name, sizeof file_name, "tests/boards/%s.elf", name);
    emulator_firmware(path, file_name);
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        return 1;
    }
    image_len = (size_t)ftell(file);
    rewind(file);
    image = malloc(image_len);
    size_t got = image == NULL ? 0 : fread(image, 1, image_len, file);
    fclose(file);
    snprintf(turned, sizeof turned, "/tmp/mico-turned-XXXXXX");
    int fd = mkstemp(turned);
    return got != image_len || fd < 0 || close(fd) != 0;
}

static int forget_image(void **state)
{
    emulator_stop(&board);
    free(image);
    return unlink(turned);
}

/* --- what becomes of one that is not as it was built --------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* An index into ends; below zero: it says nothing. */
static int outcome_of(size_t place, int timeout_ms)
{
    FILE *file = fopen(turned, "wb");
    assert_non_null(file);
    image[place] ^= 1;
    assert_int_equal(fwrite(image, 1, image_len, file), image_len);
    image[place] ^= 1;
    assert_int_equal(fclose(file), 0);
    emulator_start_file(&board, turned, "/dev/urandom");
    int outcome = emulator_hear(&board, ends, sizeof ends / sizeof ends[0], timeout_ms);
    bool let_out = strstr(board.text, "random numbers after them") != NULL;
    bool failed = strstr(board.text, "self-test failed: ") != NULL;
    named = strstr(board.text, "self-test failed: integrity (-151)") != NULL;
    emulator_stop(&board);
    if (outcome == PASSED || let_out) {
        fail_msg("%zx of the file turned: the self-tests passed", place);
    }
    assert_true(named || !failed ||
                outcome != REFUSED); /* else it was refused before any self-test, by random numbers' start */
    return outcome;
}

static void ends_in_the_error_state(const char *what, size_t place)
{
    if (outcome_of(place, PATIENCE_MS) != REFUSED || !named) {
        fail_msg("%s: %zx of the file turned: it does not say that its integrity failed", what, place);
    }
}

static void the_image_as_it_was_built_passes(void **state)
{
    int64_t from = now_ms();
    emulator_start(&board, name, "/dev/urandom");
    emulator_expect(&board, "random numbers before the self-tests: 0", PATIENCE_MS);
    emulator_expect(&board, "] self-tests: 0", PATIENCE_MS);
    emulator_expect(&board, "random numbers after them: 1", PATIENCE_MS);
    whole_ms = now_ms() - from;
    emulator_stop(&board);
}

/* The processor ignores the lowest bit of its first stack pointer, which is the first byte. */
static void the_first_byte_is_covered(void **state)
{
    ends_in_the_error_state("the first byte", place_of("mico_text_start"));
}

static void the_value_is_covered(void **state)
{
    const Elf32_Shdr *value = section(".mico_integrity");
    assert_non_null(value);
    ends_in_the_error_state("the value's first byte", value->sh_offset);
    ends_in_the_error_state("the value's last byte", value->sh_offset + value->sh_size - 1);
}

/* That the programs have no use for. */
static void tables_of_unwinding_are_covered(void **state)
{
    const Elf32_Shdr *table = section(".ARM.exidx");
    if (table != NULL) {
        ends_in_the_error_state("the first byte of .ARM.exidx", table->sh_offset);
        ends_in_the_error_state("the last byte of .ARM.exidx", table->sh_offset + table->sh_size - 1);
    }
}

/* Functions and tables that nothing has used when the image is checked. */
static void code_and_constants_are_covered(void **state)
{
    static const char *const symbols[] = {"sp_RsaPrivate_2048", "psa_sign_hash", "mico_dsa_verify", "known_symmetric",
                                          "known_asymmetric"};
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        ends_in_the_error_state(symbols[i], place_of(symbols[i]));
    }
}

/* What variables begin with lies behind the code; the board may have had a use for each of them. */
static void the_ends_of_code_and_variables_let_nothing_out(void **state)
{
    const Elf32_Shdr *code = section(".text"), *variables = section(".data");
    assert_non_null(code);
    assert_non_null(variables);
    const size_t places[] = {code->sh_offset + code->sh_size - 1, variables->sh_offset,
                             variables->sh_offset + variables->sh_size - 1};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        (void)outcome_of(places[i], (int)(3000 + 2 * whole_ms));
    }
}

/* Some are of what random numbers begin by, which fails its own tests first: in other words than integrity's. */
static void a_byte_anywhere_lets_nothing_out(void **state)
{
    const Elf32_Shdr *code = section(".text");
    int refused = 0;
    for (size_t i = 0; i < SPREAD; i++) {
        size_t place = code->sh_offset + (size_t)((uint64_t)code->sh_size * (2 * i + 1) / (2 * SPREAD));
        int outcome = outcome_of(place, (int)(3000 + 2 * whole_ms));
        print_message("%zx: %s\n", place, outcome < 0 ? "silence" : ends[outcome]);
        refused += outcome == REFUSED;
    }
    assert_true(refused >= SPREAD / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_image_as_it_was_built_passes),
        cmocka_unit_test(the_first_byte_is_covered),
        cmocka_unit_test(the_value_is_covered),
        cmocka_unit_test(tables_of_unwinding_are_covered),
        cmocka_unit_test(code_and_constants_are_covered),
        cmocka_unit_test(the_ends_of_code_and_variables_let_nothing_out),
        cmocka_unit_test(a_byte_anywhere_lets_nothing_out),
    };
    return cmocka_run_group_tests(tests, read_image, forget_image);
}
