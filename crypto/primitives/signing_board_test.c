/* SPDX-License-Identifier: Apache-2.0 */
/* Runs signing_board.c in the emulator with instructions counted: the library as it is and with crypto_small
 * gives right signatures, and the small one costs at most a third more. Build the board first: `./mico build mps2-an386`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 60000

static void read_until(int fd, const char *mark, char *text, size_t cap)
{
    size_t len = 0;
    do {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        ssize_t got = poll(&ready, 1, PATIENCE_MS) > 0 ? read(fd, text + len, cap - 1 - len) : 0;
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
        text[len] = '\0';
    } while (strstr(text, mark) == NULL);
    text[len] = '\0';
}

static void run(const char *name, char *text, size_t cap)
{
    char firmware[512];
    const char *build = getenv("MICO_BOARD_BUILD");
    snprintf(firmware, sizeof firmware, "%s/crypto/primitives/%s.elf",
             build != NULL ? build : MICO_SOURCE_DIR "/build/mps2-an386", name);
    if (access(firmware, R_OK) != 0) {
        fail_msg("the board's firmware %s is missing\n  try: ./mico build mps2-an386", firmware);
    }
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t emulator = fork();
    assert_true(emulator >= 0);
    if (emulator == 0) {
        dup2(ends[1], STDOUT_FILENO);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execlp("qemu-system-arm", "qemu-system-arm", "-M", "mps2-an386", "-icount", "shift=6,sleep=off", "-display",
               "none", "-monitor", "none", "-serial", "stdio", "-nic", "none", "-kernel", firmware, (char *)NULL);
        perror("error: qemu-system-arm does not start; try: apt-get install qemu-system-arm");
        _exit(127);
    }
    close(ends[1]);
    read_until(ends[0], "signatures fail\n", text, cap);
    kill(emulator, SIGKILL);
    waitpid(emulator, NULL, 0);
    close(ends[0]);
    printf("%s:\n%s", name, text);
}

static unsigned long figure(const char *text, const char *what)
{
    const char *at = strstr(text, what);
    assert_non_null(at);
    return strtoul(at + strlen(what), NULL, 10);
}

static void small_code_signs_right_at_a_bounded_price(void **state)
{
    static char table[4096], small[4096];
    run("signing_table", table, sizeof table);
    run("signing_small", small, sizeof small);
    assert_non_null(strstr(table, "known answers right, 0 of"));
    assert_non_null(strstr(small, "known answers right, 0 of"));
    unsigned long fast = figure(table, "sign 64 bytes "), slow = figure(small, "sign 64 bytes ");
    assert_true(fast > 100000 && slow < fast + fast / 3);
    static const char *const p256[] = {"P-256 sign ", "P-256 verify ", "P-256 agree "};
    assert_non_null(strstr(table, "P-256 works"));
    assert_non_null(strstr(small, "P-256 works"));
    for (size_t i = 0; i < 3; i++) {
        fast = figure(table, p256[i]);
        slow = figure(small, p256[i]);
        assert_true(fast > 100000 && slow < 3 * fast);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_code_signs_right_at_a_bounded_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
