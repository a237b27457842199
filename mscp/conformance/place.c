/* SPDX-License-Identifier: Apache-2.0 */
/* Where chip_commands_test.c looks for its chip: MSCP_PLACE is
 *     daemon      mscpd on a socket
 *     chip        the chip's firmware on the emulated mps2-an386, over its UART
 *     trustzone   the Secure world of the emulated mps2-an505, over the bridge and its UART */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

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

static void start_board(void)
{
    end_board();
    emulator_start(&board, secure_world() ? "../../mscp/trustzone/mscp_bridge" : "../../mscp/chip/chip",
                   "/dev/urandom");
    reach_board();
}

static void restart_board(void)
{
    mscp_socket_close(&link_socket);
    emulator_restart(&board);
    reach_board();
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
    static const struct rig_place at_daemon = {start_daemon,
                                               restart_daemon,
                                               end_daemon,
                                               {NULL, place_write, place_read}},
                                  at_board = {start_board, restart_board, end_board, {NULL, place_write, place_read}};
    const char *name = getenv("MSCP_PLACE");
    if (name == NULL) {
        fprintf(stderr, "error: MSCP_PLACE is not set\n  try: MSCP_PLACE=daemon, chip or trustzone\n");
        exit(2);
    }
    if (strcmp(name, "daemon") == 0) {
        return &at_daemon;
    }
    setenv("MICO_TEST_BOARD", strcmp(name, "trustzone") == 0 ? "mps2-an505" : "mps2-an386", 1);
    return &at_board;
}
