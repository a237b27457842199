/* SPDX-License-Identifier: Apache-2.0 */
/* mscpd: the security coprocessor as a Linux daemon, for gateways, factory stations and development. The core is the
 * chip's own; what this place can promise is in the room's README. */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "mscp/daemon/anchor.h"
#include "mscp/daemon/durable.h"
#include "mscp/daemon/sandbox.h"
#include "mscp/daemon/serve.h"
#include "os/port/clock.h"

struct options {
    const char *flash, *listen, *user, *anchor;
    bool survive_power; /* a power cut of the machine, not only the end of the process */
    struct mscpd_peers peers;
};

/* Names of the chip's records: of each object itself, the two parts of its value and what it counts; the audit log's pages and
 * a few more. */
#define NAMES (4 * MSCP_CHIP_OBJECTS + 64)

static struct mscp_chip the_chip;
static struct mico_store_entry the_index[NAMES];
static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    stopping = 1;
}

/* Blocked, so that they come in only where mscpd_serve waits. */
static void take_signals(void)
{
    const struct sigaction act = {.sa_handler = on_signal};
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
}

static void log_out(const char *line, size_t len)
{
    fwrite(line, 1, len, stdout);
    fflush(stdout);
}

static uint64_t now_ms(void *ctx)
{
    return mico_clock_ms();
}

/* Two processes on one flash would each be half a chip. The lock ends with the process. */
static mico_err open_flash(struct mico_posix_flash *flash, const char *path)
{
    mico_err err = mico_posix_flash_open(flash, path);
    if (err != MICO_OK) {
        fprintf(stderr, "error: --flash: cannot use %s (%s)\n  try: another file; one that does not exist is made\n",
                path, mico_err_name(err));
    } else if (flock(flash->fd, LOCK_EX | LOCK_NB) != 0) {
        fprintf(stderr, "error: --flash: another chip runs on %s\n  try: stop that one first\n", path);
        err = MICO_ERR_BUSY;
    } else if (flash->flash.size < MSCP_CHIP_STORE_ADDRESS + MSCP_CHIP_STORE_SIZE) {
        fprintf(stderr, "error: --flash: %s is shorter than %u bytes\n", path,
                MSCP_CHIP_STORE_ADDRESS + MSCP_CHIP_STORE_SIZE);
        err = MICO_ERR_SIZE;
    }
    return err;
}

static int usage(void)
{
    fprintf(
        stderr,
        "usage: mscpd --flash FILE --listen SOCKET [--allow USER|@GROUP ...] [--user USER] [--survive process]\n"
        "             [--anchor FILE]\n"
        "The security coprocessor as a daemon. FILE (16 MiB) is made when it does not exist.\n"
        "  --allow    who may use the chip beside root and the daemon's own user; may be repeated\n"
        "  --user     whom to become when root starts it (else mscpd, else a number of its own)\n"
        "  --anchor   where to count what was written, so that a flash file put back is noticed (else FILE.anchor);\n"
        "             best where whoever can write FILE cannot\n"
        "  --survive  'power' (the default): an answer goes out when the disk has what it promises;\n"
        "             'process': it survives the daemon's end, not the machine's; faster\n"
        "example: mscpd --flash /var/lib/mico/chip.bin --listen /run/mico/chip.sock --allow @mico\n");
    return 2;
}

static bool take_option(struct options *options, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **value;
    } texts[] = {{"--flash", &options->flash},
                 {"--listen", &options->listen},
                 {"--user", &options->user},
                 {"--anchor", &options->anchor}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].value = value;
            return true;
        }
    }
    if (strcmp(name, "--survive") == 0 && (strcmp(value, "power") == 0 || strcmp(value, "process") == 0)) {
        options->survive_power = strcmp(value, "power") == 0;
        return true;
    }
    return strcmp(name, "--allow") == 0 && mscpd_peers_add(&options->peers, value);
}

static bool take_options(struct options *options, int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc || !take_option(options, argv[i], argv[i + 1])) {
            return false;
        }
    }
    return options->flash != NULL && options->listen != NULL;
}

/* A flash file that is made anew beside a count that is not: a chip that was, or one that was taken away. */
static bool anchor_fits(const struct options *options, const char *path)
{
    const char *flash = options->flash;
    struct stat found;
    uint64_t count = 0;
    if (!mscpd_anchor_open(path, options->survive_power) || mscpd_anchor_read(NULL, &count) != MICO_OK) {
        return false;
    }
    if (count == 0 || stat(flash, &found) == 0) {
        return true;
    }
    fprintf(stderr,
            "error: --flash: %s does not exist, but %s counts %llu writes of a chip that did\n"
            "  try: remove %s too, to begin a new chip\n",
            flash, path, (unsigned long long)count, path);
    return false;
}

static bool open_anchor(const struct options *options)
{
    char beside[PATH_MAX];
    if (options->anchor != NULL) {
        return anchor_fits(options, options->anchor);
    }
    if ((size_t)snprintf(beside, sizeof beside, "%s.anchor", options->flash) >= sizeof beside) {
        fprintf(stderr, "error: --flash: the name is longer than %d characters\n", PATH_MAX - 8);
        return false;
    }
    return anchor_fits(options, beside);
}

/* Everything that needs privileges or files, before they are given up. */
static int prepare(const struct options *options, struct mico_posix_flash *flash)
{
    struct mscpd_user user;
    if (!open_anchor(options)) {
        return -1;
    }
    if (!mscpd_choose_user(options->user, &user) || open_flash(flash, options->flash) != MICO_OK) {
        return -1;
    }
    int listener = mscpd_listen(options->listen);
    return listener >= 0 && mscpd_confine(&user, flash->fd) ? listener : -1;
}

/* The generator's first use makes the page by which it knows a fork (random_fork_linux.c), with calls that are not needed later. */
static bool seed_generator(void)
{
    uint8_t drawn;
    if (mico_random(&drawn, 1) == MICO_OK) {
        return true;
    }
    fprintf(stderr, "error: the random generator has no entropy that passes its tests\n  try: the kernel's log\n");
    return false;
}

int main(int argc, char **argv)
{
    static struct mico_posix_flash flash;
    static struct mscpd_durable durable;
    static struct options options = {.survive_power = true};
    if (!take_options(&options, argc, argv)) {
        return usage();
    }
    mico_log_to(log_out, mico_clock_ms);
    take_signals();
    int listener = prepare(&options, &flash);
    if (listener < 0) {
        return 1;
    }
    mscpd_durable_open(&durable, &flash);
    const struct mscp_chip_platform platform = {.flash = options.survive_power ? &durable.flash : &flash.flash,
                                                .now_ms = now_ms,
                                                .reply = mscpd_reply,
                                                .index = the_index,
                                                .index_len = NAMES,
                                                .anchor_read = mscpd_anchor_read,
                                                .anchor_raise = mscpd_anchor_raise};
    if (!seed_generator() || !mscpd_restrict_calls() || mscp_chip_start(&the_chip, &platform) != MICO_OK) {
        return 1;
    }
    mscpd_serve(&the_chip, listener, &options.peers, &stopping);
    unlink(options.listen); /* where the folder is the daemon's own; else the next start replaces it */
    mscp_chip_stop(&the_chip);
    return 0;
}
