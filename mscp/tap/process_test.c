/* SPDX-License-Identifier: Apache-2.0 */
/* mscpd and mico-tap as processes, the driver over its socket transport: what a device on Linux lives with. */
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

#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_socket.h"

static char folder[] = "/tmp/mscp-process-XXXXXX";
static pid_t chip, tap;
static struct mscp_host host;
static struct mscp_socket link_socket;
static struct mscp_binding binding;

static const struct mscp_attributes counter = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_SESSION};

static pid_t spawn(const char *program, const char *const *args)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execv(program, (char *const *)args);
        _exit(127);
    }
    return pid;
}

static void start_chip(void)
{
    const char *const args[] = {"mscpd", "--flash", "chip.bin", "--listen", "chip.sock", NULL};
    chip = spawn(MSCPD, args);
}

static void stop(pid_t *pid, int signal_number)
{
    if (*pid > 0) {
        kill(*pid, signal_number);
        waitpid(*pid, NULL, 0);
        *pid = 0;
    }
}

static void open_link(const char *path, const struct mscp_binding *with)
{
    struct mscp_transport transport;
    mscp_socket_close(&link_socket);
    assert_int_equal(mscp_socket_open(&link_socket, path, 5000, &transport), MICO_OK);
    mscp_host_start(&host, &transport, with);
}

static int setup(void **state)
{
    link_socket.fd = -1;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
        return -1;
    }
    start_chip();
    open_link("chip.sock", NULL);
    return 0;
}

static int teardown(void **state)
{
    stop(&tap, SIGTERM);
    stop(&chip, SIGTERM);
    mscp_socket_close(&link_socket);
    unlink("chip.bin");
    unlink("chip.bin.anchor");
    unlink("trace.txt");
    return rmdir(folder);
}

static void a_chip_process_pairs_and_keeps_what_it_promised_through_sigkill(void **state)
{
    uint64_t value = 0;
    assert_int_equal(mscp_host_pair(&host, &binding), MICO_OK);
    assert_int_equal(mscp_host_create(&host, MSCP_ID_ROLLBACK, &counter, (struct mico_span){NULL, 0}), MICO_OK);
    for (uint64_t i = 1; i <= 5; i++) {
        assert_int_equal(mscp_host_counter_raise(&host, MSCP_ID_ROLLBACK, i), MICO_OK);
        stop(&chip, SIGKILL);
        start_chip();
        open_link("chip.sock", &binding);
        assert_int_equal(mscp_host_counter(&host, MSCP_ID_ROLLBACK, &value), MICO_OK);
        assert_int_equal(value, i);
    }
}

static void a_new_client_comes_after_the_old_one_left(void **state)
{
    struct mscp_info info;
    for (unsigned i = 0; i < 3; i++) {
        open_link("chip.sock", &binding);
        assert_int_equal(mscp_host_info(&host, &info), MICO_OK);
        assert_true(info.paired);
    }
}

static void ask_tap(const char *command, char *answer, size_t cap)
{
    struct mscp_socket control;
    struct mscp_transport line;
    size_t len = 0;
    assert_int_equal(mscp_socket_open(&control, "tap.sock", 5000, &line), MICO_OK);
    assert_int_equal(line.write(line.ctx, (const uint8_t *)command, strlen(command)), MICO_OK);
    assert_int_equal(line.read(line.ctx, (uint8_t *)answer, cap - 1, &len, 5000), MICO_OK);
    answer[len] = '\0';
    mscp_socket_close(&control);
}

static void the_tap_replays_and_the_device_recovers(void **state)
{
    const char *const args[] = {"mico-tap", "--listen",  "link.sock", "--connect", "chip.sock",
                                "--record", "trace.txt", "--control", "tap.sock",  NULL};
    char answer[192];
    uint64_t value = 0;
    mscp_socket_close(&link_socket);
    tap = spawn(MICO_TAP, args);
    open_link("link.sock", &binding);
    assert_int_equal(mscp_host_counter_raise(&host, MSCP_ID_ROLLBACK, 10), MICO_OK);
    ask_tap("replay\n", answer, sizeof answer);
    print_message("%s", answer);
    assert_non_null(strstr(answer, "chip answered REPLAY (-13)\n"));
    assert_int_equal(mscp_host_counter_raise(&host, MSCP_ID_ROLLBACK, 11), MICO_OK);
    assert_int_equal(mscp_host_counter(&host, MSCP_ID_ROLLBACK, &value), MICO_OK);
    assert_int_equal(value, 11);
    assert_int_equal(host.sessions, 2);
    ask_tap("stats\n", answer, sizeof answer);
    assert_non_null(strstr(answer, "replays 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chip_process_pairs_and_keeps_what_it_promised_through_sigkill),
        cmocka_unit_test(a_new_client_comes_after_the_old_one_left),
        cmocka_unit_test(the_tap_replays_and_the_device_recovers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
