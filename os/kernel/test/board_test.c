/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the kernel's cases as firmware in the emulator, with instructions counted (-icount): time on the board does not
 * depend on how busy the host is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/boards/emulator.h"

#define PATIENCE_MS 120000

static pid_t emulator;

static int start(const char *name)
{
    char file[128], firmware[512];
    snprintf(file, sizeof file, "os/kernel/test/%s.elf", name);
    emulator_firmware(firmware, file);
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    emulator = fork();
    assert_true(emulator >= 0);
    if (emulator == 0) {
        dup2(ends[1], STDOUT_FILENO);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execlp("qemu-system-arm", "qemu-system-arm", "-M", emulator_board(), "-icount", "shift=6,sleep=off", "-display",
               "none", "-monitor", "none", "-serial", "stdio", "-nic", "none", "-kernel", firmware, (char *)NULL);
        perror("error: qemu-system-arm does not start; try: apt-get install qemu-system-arm");
        _exit(127);
    }
    close(ends[1]);
    return ends[0];
}

/* The console up to the line with last, or one that tells of a failure. */
static void read_outcome(int fd, const char *last, char *text, size_t cap)
{
    size_t len = 0;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        ssize_t got = poll(&ready, 1, PATIENCE_MS) > 0 ? read(fd, text + len, cap - 1 - len) : 0;
        len += got > 0 ? (size_t)got : 0;
        text[len] = '\0';
        if (got <= 0 || strstr(text, last) != NULL || strstr(text, "FAILED") != NULL) {
            return;
        }
    }
}

static void expect(const char *firmware, const char *last)
{
    static char text[65536];
    int fd = start(firmware);
    read_outcome(fd, last, text, sizeof text);
    kill(emulator, SIGKILL);
    waitpid(emulator, NULL, 0);
    close(fd);
    if (strstr(text, last) == NULL) {
        fail_msg("the board said:\n%s", strlen(text) > 1000 ? text + strlen(text) - 1000 : text);
    }
}

static void all_cases_hold_on_the_emulated_board(void **state)
{
    expect("os_kernel_board", "cases hold\n");
}

static void a_full_stack_stops_the_board_before_it_spoils_memory_and_names_the_thread(void **state)
{
    expect("os_kernel_overflow", "*** thread diver");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_cases_hold_on_the_emulated_board),
        cmocka_unit_test(a_full_stack_stops_the_board_before_it_spoils_memory_and_names_the_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
