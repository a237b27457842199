/* SPDX-License-Identifier: Apache-2.0 */
/* Where chip_commands_test.c looks for its chip: MSCP_PLACE is
 *     daemon      mscpd on a socket
 *     chip        a boot stage and the chip's firmware on the emulated mps2-an386, over its UART
 *     trustzone   the Secure world of the emulated mps2-an505, over the bridge and its UART */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "mscp/chip/test_firmware.h"
#include "mscp/chip/test_rig.h"
#include "mscp/host/transport_socket.h"
#include "tests/boards/emulator.h"

#define CONNECT_MS 20000
#define BOOT_MS 20000

static struct mscp_socket link_socket = {.fd = -1};
static struct mscp_transport the_link;
static char folder[64];
static pid_t daemon_pid;
static struct emulator board;

static void connect_to(const char *path)
{
    mscp_socket_close(&link_socket);
    assert_int_equal(mscp_socket_open(&link_socket, path, CONNECT_MS, &the_link), MICO_OK);
}

/* ---- the daemon ---- */

static void run_daemon(void)
{
    unlink("chip.sock");
    daemon_pid = fork();
    assert_true(daemon_pid >= 0);
    if (daemon_pid == 0) {
        freopen("log", "a", stdout);
        execl(MSCPD, "mscpd", "--flash", "chip.bin", "--listen", "chip.sock", "--survive", "process", (char *)NULL);
        _exit(127);
    }
    connect_to("chip.sock");
}

static void stop_daemon(void)
{
    mscp_socket_close(&link_socket);
    if (daemon_pid > 0) {
        kill(daemon_pid, SIGKILL);
        waitpid(daemon_pid, NULL, 0);
        daemon_pid = 0;
    }
}

static void restart_daemon(void)
{
    stop_daemon();
    run_daemon();
}

static void end_daemon(void)
{
    char line[100];
    stop_daemon();
    if (folder[0] != '\0') {
        snprintf(line, sizeof line, "rm -rf %s", folder);
        assert_int_equal(chdir("/"), 0);
        assert_int_equal(system(line), 0);
        folder[0] = '\0';
    }
}

static void start_daemon(void)
{
    end_daemon();
    snprintf(folder, sizeof folder, "/tmp/mscp-place-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    run_daemon();
}

/* ---- an emulated board ---- */

static bool secure_world(void)
{
    return strcmp(emulator_board(), "mps2-an505") == 0;
}

static void reach_board(void)
{
    char path[160];
    emulator_expect(&board, secure_world() ? "bridge: ready" : "chip: serial", BOOT_MS);
    snprintf(path, sizeof path, "%s/link.sock", board.dir);
    connect_to(path);
}

static void end_board(void)
{
    mscp_socket_close(&link_socket);
    if (board.pid > 0) {
        emulator_stop(&board);
        memset(&board, 0, sizeof board);
    }
}

static void start_secure_world(void)
{
    end_board();
    emulator_start(&board, "../../mscp/trustzone/mscp_bridge", "/dev/urandom");
    reach_board();
}

/* ---- a chip with firmware in its flash ---- */

#define FLASH_SIZE (16u << 20)

/* The code of a slot's firmware as the build made it, in an image of that version. */
static size_t make_image(unsigned slot, uint8_t minor, uint8_t *out, struct test_firmware *what)
{
    static uint8_t code[TEST_FIRMWARE_MAX];
    char path[512];
    emulator_firmware(path, slot == 0 ? "mscp/chip/chip_a.bin" : "mscp/chip/chip_b.bin");
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t len = fread(code, 1, sizeof code, f);
    fclose(f);
    *what = (struct test_firmware){.code = {code, len}, .slot = slot, .minor = minor, .security = 1};
    return out != NULL ? test_firmware_image(what, out) : 0;
}

static size_t chip_firmware(uint32_t address, uint8_t minor, uint8_t *out)
{
    struct test_firmware what;
    return make_image(address == MSCP_FIRMWARE_BASE + mscp_firmware_slot(0) ? 0 : 1, minor, out, &what);
}

/* As it leaves the chip's maker: his key, and a first firmware. */
static void fill_flash(void)
{
    char path[160];
    struct test_firmware first;
    snprintf(path, sizeof path, "%s/flash.bin", board.dir);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    uint8_t *flash = mmap(NULL, FLASH_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(flash, MAP_FAILED);
    close(fd);
    memset(flash, 0xFF, FLASH_SIZE);
    test_firmware_keys(flash);
    make_image(0, 1, NULL, &first);
    test_firmware_install(&first, flash);
    munmap(flash, FLASH_SIZE);
}

static void start_chip(void)
{
    end_board();
    emulator_start(&board, "board_bare", "/dev/urandom"); /* any firmware, for a board with a flash to fill */
    emulator_expect(&board, "bare firmware", BOOT_MS);
    fill_flash();
    emulator_firmware(board.firmware, "mscp/chip/chip_boot.elf");
    emulator_restart(&board);
    reach_board();
}

static void restart_board(void)
{
    mscp_socket_close(&link_socket);
    emulator_restart(&board);
    reach_board();
}

/* ---- the flash of any of them, a file ---- */

static uint8_t kept[2][FLASH_SIZE];

/* Where the chip's flash begins in it: the Secure world has the last 4 MiB. */
static size_t flash_start(void)
{
    return daemon_pid == 0 && secure_world() ? FLASH_SIZE - (4u << 20) : 0;
}

static uint8_t *map_flash(void)
{
    char path[160] = "chip.bin";
    if (daemon_pid == 0) {
        snprintf(path, sizeof path, "%s/flash.bin", board.dir);
    }
    int fd = open(path, O_RDWR | O_CLOEXEC);
    uint8_t *flash = mmap(NULL, FLASH_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(flash, MAP_FAILED);
    close(fd);
    return flash;
}

static void keep_flash(unsigned number)
{
    uint8_t *flash = map_flash();
    memcpy(kept[number], flash, FLASH_SIZE);
    munmap(flash, FLASH_SIZE);
}

/* mscpd's anchor is another file; the boards' stands in front of the store. */
static void put_back(unsigned number)
{
    uint8_t *flash = map_flash();
    size_t anchor = flash_start() + MSCP_CHIP_ANCHOR_ADDRESS, behind = flash_start() + MSCP_CHIP_STORE_ADDRESS;
    memcpy(flash, kept[number], anchor);
    memcpy(flash + behind, kept[number] + behind, FLASH_SIZE - behind);
    munmap(flash, FLASH_SIZE);
}

/* ---- the line, whoever is at its end now ---- */

static mico_err place_write(void *ctx, const uint8_t *data, size_t len)
{
    return the_link.write(the_link.ctx, data, len);
}

static mico_err place_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return the_link.read(the_link.ctx, out, cap, len, timeout_ms);
}

const struct rig_place *rig_place(void)
{
    static const struct mscp_transport link = {NULL, place_write, place_read};
    static struct rig_place place;
    const char *name = getenv("MSCP_PLACE");
    if (name == NULL) {
        fprintf(stderr, "error: MSCP_PLACE is not set\n  try: MSCP_PLACE=daemon, chip or trustzone\n");
        exit(2);
    }
    if (strcmp(name, "daemon") == 0) {
        place = (struct rig_place){start_daemon, restart_daemon, end_daemon, link, NULL, keep_flash, put_back};
        return &place;
    }
    setenv("MICO_TEST_BOARD", strcmp(name, "trustzone") == 0 ? "mps2-an505" : "mps2-an386", 1);
    place = secure_world()
                ? (struct rig_place){start_secure_world, restart_board, end_board, link, NULL, keep_flash, put_back}
                : (struct rig_place){start_chip, restart_board, end_board, link, chip_firmware, keep_flash, put_back};
    return &place;
}
