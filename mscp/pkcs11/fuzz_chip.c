/* SPDX-License-Identifier: Apache-2.0 */
/* A chip for the module's fuzzer; see fuzz_chip.h. It stands in for mscp/host/transport_socket.c. */
#include "mscp/pkcs11/fuzz_chip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mscp/chip/chip.h"
#include "mscp/host/transport_socket.h"
#include "os/store/test_flash.h"

#define FLASH_SIZE (MSCP_CHIP_STORE_ADDRESS + MSCP_CHIP_STORE_SIZE)

static uint8_t memory[FLASH_SIZE], before[FLASH_SIZE], answers[4 * MSCP_WIRE_MAX];
static size_t answers_len;
static struct test_flash flash;
static struct mscp_chip chip, chip_before;
static struct mico_store_entry names[64], names_before[64];

static uint64_t now_ms(void *ctx)
{
    static uint64_t ms;
    return ms += 1000; /* no rate is ever reached */
}

static void take_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    memcpy(answers + answers_len, bytes, len);
    answers_len += len;
}

static mico_err line_write(void *ctx, const uint8_t *data, size_t len)
{
    mscp_chip_input(&chip, data, len);
    return MICO_OK;
}

static mico_err line_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    *len = answers_len < cap ? answers_len : cap;
    memcpy(out, answers, *len);
    memmove(answers, answers + *len, answers_len - *len);
    answers_len -= *len;
    return *len > 0 ? MICO_OK : MICO_ERR_TIMEOUT;
}

mico_err mscp_socket_open(struct mscp_socket *link, const char *path, uint32_t wait_ms,
                          struct mscp_transport *transport)
{
    *transport = (struct mscp_transport){link, line_write, line_read};
    answers_len = 0;
    return MICO_OK;
}

void mscp_socket_close(struct mscp_socket *link)
{
}

void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "pkcs11_fuzz: %s\n", what);
        abort();
    }
}

static void start_chip(void)
{
    const struct mscp_chip_platform platform = {
        .flash = &flash.flash, .now_ms = now_ms, .reply = take_reply, .index = names, .index_len = 64};
    must(mscp_chip_start(&chip, &platform) == MICO_OK, "the chip does not start");
}

static char folder[] = "/tmp/pkcs11-fuzz-XXXXXX";

static void remove_folder(void)
{
    must(chdir(folder) == 0, "chdir");
    unlink("binding");
    unlink("chip.sock");
    rmdir(folder);
}

/* The name of a socket, for what looks whether one is there. */
static void make_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/chip.sock", folder);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    must(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "a socket");
    close(fd);
}

void fuzz_chip_start(void)
{
    must(mkdtemp(folder) != NULL && setenv("MICO_TOKEN", folder, 1) == 0, "a folder");
    atexit(remove_folder);
    make_socket();
    test_flash_init(&flash, memory, sizeof memory, 4096, 1);
    start_chip();
}

void fuzz_chip_keep(void)
{
    memcpy(before, memory, sizeof memory);
    memcpy(names_before, names, sizeof names);
    chip_before = chip;
}

void fuzz_chip_restore(void)
{
    memcpy(memory, before, sizeof memory);
    memcpy(names, names_before, sizeof names);
    chip = chip_before;
}
