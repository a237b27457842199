/* SPDX-License-Identifier: Apache-2.0 */
/* The posix board: a Linux process with an entropy source and a lamp that nobody sees. */
#include "os/port/board.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/bytes.h"
#include "os/boards/posix/crash.h"
#include "os/boards/posix/events.h"
#include "os/boards/posix/posix.h"
#include "os/port/clock.h"
#include "os/port/rng.h"

static uint16_t the_port;
static uint8_t the_address[4] = {127, 0, 0, 1};
static char **the_arguments; /* for the next life of the process */

mico_err mico_entropy(uint8_t *out, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t got = getrandom(out + done, len - done, 0);
        if (got < 0 && errno != EINTR) {
            mico_wipe(out, len);
            return MICO_ERR_ENTROPY;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return MICO_OK;
}

void mico_board_init(void)
{
    (void)mico_clock_us();
}

void mico_board_wait(uint32_t timeout_ms)
{
    mico_posix_poll(timeout_ms);
}

void mico_posix_restart(void)
{
    static const char sorry[] = "posix board: reset, and nothing to start again\n";
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL); /* what a handler had blocked would stay so in the next life */
    if (the_arguments != NULL) {
        execv("/proc/self/exe", the_arguments); /* files and sockets of the board close by themselves */
    }
    (void)!write(STDERR_FILENO, sorry, sizeof sorry - 1);
    _exit(3);
}

void mico_board_reset(void)
{
    fflush(NULL);
    mico_posix_restart();
}

void mico_board_halt(int status)
{
    exit(status);
}

void mico_board_lamp(bool on)
{
}

const char *mico_board_name(void)
{
    return "posix";
}

uint16_t mico_posix_port(void)
{
    return the_port;
}

void mico_posix_address(uint8_t out[4])
{
    memcpy(out, the_address, sizeof the_address);
}

static _Noreturn void usage(const char *program, const char *wrong)
{
    fprintf(stderr, "error: %s: %s\n  try: %s --flash FILE --link SOCKET --port N --address A.B.C.D --crash FILE\n", program,
            wrong, program);
    exit(2);
}

void mico_posix_board_options(int argc, char **argv)
{
    the_arguments = argv;
    mico_posix_crash_install(NULL);
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc) {
            usage(argv[0], "an option has no value");
        }
        if (strcmp(argv[i], "--flash") == 0) {
            mico_posix_board_flash(argv[i + 1]);
        } else if (strcmp(argv[i], "--link") == 0) {
            mico_posix_board_connect(argv[i + 1]);
        } else if (strcmp(argv[i], "--crash") == 0) {
            mico_posix_crash_install(argv[i + 1]);
        } else if (strcmp(argv[i], "--port") == 0) {
            char *end;
            unsigned long port = strtoul(argv[i + 1], &end, 10);
            if (*end != '\0' || port == 0 || port > 65535) {
                usage(argv[0], "--port takes a number from 1 to 65535");
            }
            the_port = (uint16_t)port;
        } else if (strcmp(argv[i], "--address") == 0) {
            if (inet_pton(AF_INET, argv[i + 1], the_address) != 1) {
                usage(argv[0], "--address takes an IPv4 address of this host");
            }
        } else {
            usage(argv[0], "unknown option");
        }
    }
}
