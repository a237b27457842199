/* SPDX-License-Identifier: Apache-2.0 */
/* `mico crash`: a record from the posix board's file, a board's console or an image of its flash, with names of functions and lines where the ELF is
 * at hand. */
#include "micoder/crash_cmd.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "base/bytes.h"
#include "micoder/crash_symbols.h"
#include "os/crash/kept.h"

#define FILE_MAX (16u << 20) /* of what is longer only the end is looked at: in a log the last crash counts */
#define SECTOR 4096u         /* of flash */
#define OK 0
#define FAILED 1
#define MISUSE 2

static const char usage_text[] =
    "usage: ./mico crash FILE [--elf ELF] [--json]\n"
    "\n"
    "  FILE        what a crash has left: the file of --crash on posix, a board's console log,\n"
    "              or an image of its flash\n"
    "  --elf ELF   the firmware that crashed, for names of functions and lines\n"
    "  --json      as JSON\n"
    "\n"
    "example: ./mico crash console.log --elf build/mps2-an386/apps/light/light.elf\n";

static const char marker[] = "*** record ";

/* The record in hexadecimal digits from at on. */
static mico_err find_in_line(const uint8_t *at, size_t left, struct mico_crash *out)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    size_t len = 0;
    for (; len < sizeof record && 2 * len + 2 <= left; len++) {
        char digits[3] = {(char)at[2 * len], (char)at[2 * len + 1], '\0'};
        if (mico_unhex(digits, &record[len], 1) != MICO_OK) {
            break;
        }
    }
    return mico_crash_decode(record, len, out);
}

static mico_err read_image(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    memcpy(out, (const uint8_t *)flash->ctx + address, len);
    return MICO_OK;
}

/* In an image of flash: the newest of the last sector that begins with a record. Looking at one changes nothing. */
static bool find_in_flash(const uint8_t *data, size_t len, struct mico_crash *out)
{
    const struct mico_flash image = {.size = (uint32_t)len,
                                     .sector_size = SECTOR,
                                     .program_size = 1,
                                     .read = read_image,
                                     .ctx = (void *)(uintptr_t)data};
    for (size_t at = len - len % SECTOR; at >= SECTOR; at -= SECTOR) {
        uint8_t record[MICO_CRASH_RECORD_MAX];
        size_t sector = at - SECTOR;
        if (mico_load_le32(data + sector) == MICO_CRASH_MAGIC) {
            size_t size = mico_crash_kept(&image, (uint32_t)sector, record);
            if (size > 0 && mico_crash_decode(record, size, out) == MICO_OK) {
                return true;
            }
        }
    }
    return false;
}

mico_err mico_crash_find(const uint8_t *data, size_t len, struct mico_crash *out)
{
    if (find_in_flash(data, len, out)) {
        return MICO_OK;
    }
    if (len >= 4 && mico_load_le32(data) == MICO_CRASH_MAGIC) {
        return mico_crash_decode(data, len, out);
    }
    size_t size = sizeof marker - 1;
    for (size_t at = len; at >= size; at--) { /* from the end: the last one */
        if (memcmp(data + at - size, marker, size) == 0) {
            return find_in_line(data + at, len - at, out);
        }
    }
    return MICO_ERR_FORMAT;
}

/* The last FILE_MAX bytes of a file, on the heap. */
static uint8_t *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = file != NULL ? malloc(FILE_MAX) : NULL;
    if (data != NULL) {
        if (fseek(file, -(long)FILE_MAX, SEEK_END) != 0) {
            rewind(file);
        }
        *len = fread(data, 1, FILE_MAX, file);
        if (ferror(file)) { /* such as a folder's */
            free(data);
            data = NULL;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return data;
}

static void print_registers(const struct mico_crash *crash)
{
    int width = crash->processor == MICO_CRASH_CORTEX_M ? 8 : 16;
    for (unsigned i = 0; i < crash->registers; i++) {
        printf("%s%-6s %0*llx", i % 4 == 0 ? "\n  " : "  ", mico_crash_register_name(crash->processor, i), width,
               (unsigned long long)crash->reg[i]);
    }
    printf(crash->registers > 0 ? "\n" : "");
}

static void print_calls(const struct mico_crash *crash, const struct crash_symbol *symbols)
{
    printf("\ncalls, the innermost first%s\n",
           crash->processor == MICO_CRASH_CORTEX_M ? " (found on the stack: a stale one may stand between)" : "");
    for (unsigned i = 0; i < crash->calls; i++) {
        if (crash->call[i] == 0) {
            printf("  %-12s unknown: it could not be saved\n", "?");
        } else {
            printf("  0x%08llx   %s%s%s\n", (unsigned long long)crash->call[i], symbols[i].function,
                   symbols[i].place[0] != '\0' ? "  " : "", symbols[i].place);
        }
    }
}

static void print_report(const struct mico_crash *crash, const struct crash_symbol *symbols)
{
    char why[200];
    printf("%s in thread %s%s on %s, %llu.%03llu s after its start\n", mico_crash_cause_name(crash->cause),
           crash->thread[0] != '\0' ? crash->thread : "(none)", crash->in_interrupt ? ", in an interrupt," : "",
           crash->board, (unsigned long long)(crash->uptime_ms / 1000), (unsigned long long)(crash->uptime_ms % 1000));
    if (crash->what[0] != '\0') {
        printf("  %s\n", crash->what);
    }
    if (crash->exception != 0) {
        crash_reasons(crash, why, sizeof why);
        printf("  %s %u: %s\n", crash->processor == MICO_CRASH_CORTEX_M ? "exception" : "signal", crash->exception,
               why);
    }
    if (crash->address != 0) {
        printf("  address 0x%llx\n", (unsigned long long)crash->address);
    }
    print_registers(crash);
    if (crash->calls > 0) {
        print_calls(crash, symbols);
    }
}

static void add_number(cJSON *object, const char *name, uint64_t number)
{
    char text[24]; /* JSON's numbers end at 2^53 */
    snprintf(text, sizeof text, "0x%llx", (unsigned long long)number);
    cJSON_AddStringToObject(object, name, text);
}

static void print_json(const struct mico_crash *crash, const struct crash_symbol *symbols)
{
    char why[200];
    cJSON *all = cJSON_CreateObject();
    cJSON_AddStringToObject(all, "cause", mico_crash_cause_name(crash->cause));
    cJSON_AddStringToObject(all, "thread", crash->thread);
    cJSON_AddBoolToObject(all, "in_interrupt", crash->in_interrupt);
    cJSON_AddStringToObject(all, "board", crash->board);
    cJSON_AddStringToObject(all, "what", crash->what);
    cJSON_AddNumberToObject(all, "uptime_ms", (double)crash->uptime_ms);
    cJSON_AddNumberToObject(all, "exception", crash->exception);
    crash_reasons(crash, why, sizeof why);
    cJSON_AddStringToObject(all, "reason", crash->exception != 0 ? why : "");
    add_number(all, "status", crash->status);
    add_number(all, "address", crash->address);
    cJSON *registers = cJSON_AddObjectToObject(all, "registers");
    for (unsigned i = 0; i < crash->registers; i++) {
        add_number(registers, mico_crash_register_name(crash->processor, i), crash->reg[i]);
    }
    cJSON *calls = cJSON_AddArrayToObject(all, "calls");
    for (unsigned i = 0; i < crash->calls; i++) {
        cJSON *call = cJSON_CreateObject();
        add_number(call, "address", crash->call[i]);
        cJSON_AddStringToObject(call, "function", symbols[i].function);
        cJSON_AddStringToObject(call, "place", symbols[i].place);
        cJSON_AddItemToArray(calls, call);
    }
    char *text = cJSON_PrintUnformatted(all);
    printf("%s\n", text != NULL ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(all);
}

static int show(const char *path, const char *elf, bool json)
{
    struct mico_crash crash;
    struct crash_symbol symbols[MICO_CRASH_CALLS_MAX];
    size_t len = 0;
    uint8_t *data = read_file(path, &len);
    if (data == NULL) {
        fprintf(stderr, "error: cannot read %s\n  try: ./mico crash FILE, with what a crash has left\n", path);
        return FAILED;
    }
    mico_err err = mico_crash_find(data, len, &crash);
    free(data);
    if (err != MICO_OK) {
        fprintf(stderr,
                "error: %s: %s\n  try: the file of --crash on posix, a console's log with a line '*** record ...', or "
                "an image of the "
                "flash\n",
                path,
                err == MICO_ERR_FORMAT ? "there is no crash record in it"
                : err == MICO_ERR_SIZE ? "its crash record is cut"
                                       : "its crash record is damaged: the check sum is wrong");
        return FAILED;
    }
    if (!crash_symbols(&crash, elf, symbols)) {
        fprintf(stderr, "error: no symbols from %s\n  try: the ELF of the firmware that crashed\n", elf);
        return FAILED;
    }
    if (json) {
        print_json(&crash, symbols);
    } else {
        print_report(&crash, symbols);
    }
    return OK;
}

int mico_crash_command(int argc, char **argv)
{
    const char *path = NULL, *elf = NULL;
    bool json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[i], "--elf") == 0 && i + 1 < argc) {
            elf = argv[++i];
        } else if (strcmp(argv[i], "--help") == 0) {
            printf("%s", usage_text);
            return OK;
        } else if (strcmp(argv[i], "--elf") == 0) {
            fprintf(stderr, "error: --elf needs a file\n  try: ./mico crash --help\n");
            return MISUSE;
        } else if (argv[i][0] == '-' || path != NULL) {
            fprintf(stderr, "error: '%s' is not understood\n  try: ./mico crash --help\n", argv[i]);
            return MISUSE;
        } else {
            path = argv[i];
        }
    }
    if (path == NULL) {
        fprintf(stderr, "error: no file is given\n  try: ./mico crash --help\n");
        return MISUSE;
    }
    return show(path, elf, json);
}
