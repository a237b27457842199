/* SPDX-License-Identifier: Apache-2.0 */
/* The loader's firmware with one instruction turned into nothing, each time another one, before images that must not
 * start: as a glitch on the supply or the clock may do. No such loader may start one.
 *
 * Every instruction of the loader's and the image's own functions and of the comparisons that they stand on is a place.
 * That is more than a glitch, which would have to hit both passes of what runs twice. The signature primitive, which both
 * passes share, is no place: one of its instructions, missing for good, makes every signature right.
 * MICO_SKIP_STRIDE=n takes each n-th only (the default keeps the test under a minute), 1 takes all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "boot/loader/test_board.h"
#include "crypto/primitives/primitives.h"

#define PLACES_MAX 8192
#define PATIENCE_MS 1500 /* a loader that has lost its way says nothing */
#define STRIDE 61

struct place {
    unsigned address, len;
    char function[64];
};

static struct place places[PLACES_MAX];
static size_t place_count;
static char functions[400][64];
static size_t function_count;

static uint8_t loader[1 << 18];
static size_t loader_len;

static void functions_of(const char *archive, const char *member)
{
    char command[1200], line[256], kind, name[64];
    snprintf(command, sizeof command, "arm-none-eabi-nm --defined-only %s", board_built(archive));
    FILE *nm = popen(command, "r");
    bool inside = member == NULL;
    assert_non_null(nm);
    while (fgets(line, sizeof line, nm) != NULL) {
        if (strchr(line, ':') != NULL) {
            inside = member == NULL || strncmp(line, member, strlen(member)) == 0;
        } else if (inside && sscanf(line, "%*x %c %63s", &kind, name) == 2 && (kind == 't' || kind == 'T') &&
                   name[0] != '$' && function_count < 400) {
            snprintf(functions[function_count++], 64, "%s", name);
        }
    }
    assert_int_equal(pclose(nm), 0);
}

static bool wanted(const char *function)
{
    for (size_t i = 0; i < function_count; i++) {
        if (strcmp(functions[i], function) == 0) {
            return true;
        }
    }
    return false;
}

/* "    1a2c:	f000 f801 	bl	..." is an instruction of four bytes. */
static void list_places(void)
{
    static const char *const more[] = {"main", "mico_ct_equal"};
    char command[600], line[512], function[64] = "";
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        snprintf(functions[function_count++], 64, "%s", more[i]);
    }
    functions_of("boot/loader/libboot_loader.a", NULL);
    functions_of("boot/image/libboot_image.a", NULL);
    snprintf(command, sizeof command, "arm-none-eabi-objdump -d %s", board_built("boot/loader/loader.elf"));
    FILE *dump = popen(command, "r");
    assert_non_null(dump);
    while (fgets(line, sizeof line, dump) != NULL) {
        unsigned address, first;
        char *colon = strchr(line, ':'), *name = strchr(line, '<');
        if (name != NULL && colon != NULL && colon[-1] == '>') {
            colon[-1] = '\0';
            snprintf(function, sizeof function, "%.63s", name + 1);
        } else if (wanted(function) && place_count < PLACES_MAX && strstr(line, "\t.") == NULL &&
                   sscanf(line, " %x:\t%4x", &address, &first) == 2) {
            struct place *place = &places[place_count++];
            place->address = address;
            place->len = strchr(line, '\t')[6] == ' ' ? 2 : 4; /* the second half-word stands there, or padding */
            snprintf(place->function, sizeof place->function, "%s", function);
        }
    }
    assert_int_equal(pclose(dump), 0);
    assert_true(place_count > 1000);
}

static int set_up(void **state)
{
    if (place_count == 0) {
        list_places();
        FILE *file = fopen(board_built("boot/loader/loader.bin"), "rb");
        assert_non_null(file);
        loader_len = fread(loader, 1, sizeof loader, file);
        fclose(file);
    }
    return board_set_up(state);
}

static unsigned stride(void)
{
    const char *text = getenv("MICO_SKIP_STRIDE");
    unsigned value = text != NULL ? (unsigned)strtoul(text, NULL, 10) : STRIDE;
    return value != 0 ? value : 1;
}

static void never_starts(const char *reason)
{
    static const char *const outcomes[] = {"probe:", "loader: refused: ", "***", NULL};
    int said[3] = {0}, silent = 0, same = 0;
    board_power_on(NULL, 0);
    board_expect("loader: refused: ");
    assert_non_null(strstr(board_said, reason));
    board_power_off();
    for (size_t i = 0; i < place_count; i += stride()) {
        const struct place *place = &places[i];
        uint8_t kept[4];
        memcpy(kept, loader + place->address, place->len);
        for (unsigned at = 0; at < place->len; at += 2) {
            mico_store_le16(loader + place->address + at, 0xBF00); /* nop */
        }
        board_power_on(loader, loader_len);
        int outcome = board_wait(outcomes, PATIENCE_MS);
        board_power_off();
        memcpy(loader + place->address, kept, place->len);
        if (outcome == 0) {
            fail_msg("started without the instruction at %x in %s:\n%s", place->address, place->function, board_said);
        }
        same += strstr(board_said, reason) != NULL;
        silent += outcome < 0;
        said[1] += outcome == 1;
        said[2] += outcome == 2;
    }
    printf("%s: refused %d (%d for that reason), faults %d, silent %d, started 0\n", reason, said[1], same, said[2], silent);
}

static void forged_signature_never_starts(void **state)
{
    struct mico_image image;
    struct mico_span span = {board_flash, 2 << 20};
    struct mico_image_source source = mico_image_in_memory(&span);
    assert_int_equal(mico_image_parse(&image, &source, NULL), MICO_OK);
    for (size_t i = image.size - 300; i + 64 < image.size; i++) {
        if (memcmp(board_flash + i, image.signature, 64) == 0) {
            board_flash[i + 5] ^= 4;
        }
    }
    never_starts("signature");
}

static const uint8_t foreign_seed[32] = {9};

static mico_err foreign_sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    mico_ed25519_sign(foreign_seed, board_recipe.public_key, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

static void foreign_signer_never_starts(void **state)
{
    mico_ed25519_public(foreign_seed, board_recipe.public_key);
    board_recipe.sign = foreign_sign;
    board_make_image();
    never_starts("key hash");
}

static void altered_payload_never_starts(void **state)
{
    board_flash[0x2000] ^= 0x10;
    never_starts("digest");
}

static void older_counter_never_starts(void **state)
{
    board_recipe.security_counter = 2;
    board_make_image();
    never_starts("security counter");
}

int main(void)
{
#define ON_BOARD(test) cmocka_unit_test_setup_teardown(test, set_up, board_tear_down)
    const struct CMUnitTest tests[] = {
        ON_BOARD(forged_signature_never_starts),
        ON_BOARD(foreign_signer_never_starts),
        ON_BOARD(altered_payload_never_starts),
        ON_BOARD(older_counter_never_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
