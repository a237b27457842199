/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico demo`: lives a device's life and reports it. */
#include "micoder/demo.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "micoder/commands.h"
#include "micoder/elf_size.h"
#include "micoder/report.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Which process failed, and the end of its log, on stderr. */
static void explain(const struct mico_world *world)
{
    fprintf(stderr, "error: %s\n", world->failure);
    if (world->failed_log[0] != '\0') {
        char tail[1500];
        mico_file_tail(world->failed_log, tail, sizeof tail);
        fprintf(stderr, "the end of %s:\n%s", world->failed_log, tail);
    }
    fprintf(stderr, "  try: ./mico doctor, then ./mico demo again; all logs are in %s\n", world->dir);
}

/* The whole life, in order. */
static const struct mico_demo_act acts[] = {
    {false, false, "factory", mico_step_factory},
    {false, true, "firmware", mico_step_firmware},
    {false, false, "boot", mico_step_boot},
    {false, false, "cloud", mico_step_cloud},
    {true, false, "a wrong setup code", mico_attack_setup_code},
    {false, false, "pairing", mico_step_pairing},
    {false, false, "use, direct", mico_step_direct},
    {false, false, "use, relay", mico_step_relay},
    {true, false, "a frame replayed on the chip's link", mico_attack_replay},
    {true, false, "right name, wrong key at the broker", mico_attack_broker},
    {true, false, "flash copied to a board with another chip", mico_attack_copied_flash},
    {true, true, "one bit of the firmware altered", mico_attack_altered},
    {true, true, "an older, genuinely signed firmware", mico_attack_older},
};
#define ACT_COUNT (sizeof acts / sizeof acts[0])

/* False when a step failed, so that nothing after it makes sense. */
static bool run_act(const struct mico_demo_act *act, struct mico_world *world, struct mico_report *report)
{
    char proof[MICO_PROOF] = "";
    world->failure[0] = '\0';
    if (!report->quiet || isatty(STDERR_FILENO)) {
        fprintf(stderr, "%s%s …%s", isatty(STDERR_FILENO) ? "\r\033[K" : "", act->name,
                isatty(STDERR_FILENO) ? "\r" : "\n");
    }
    double start = seconds();
    bool ok = act->run(world, proof) && interrupted == 0;
    if (interrupted != 0) {
        snprintf(world->failure, sizeof world->failure, "interrupted by signal %d", (int)interrupted);
    }
    if (act->attack) {
        mico_report_attack(report, act->name, ok, ok ? proof : world->failure);
    } else {
        mico_report_step(report, act->name, ok, seconds() - start, ok ? proof : world->failure);
    }
    if (!ok) {
        explain(world);
    }
    return ok || (act->attack && interrupted == 0);
}

/* True when every act was played and every one held. */
static bool run_all(struct mico_world *world, struct mico_report *report)
{
    size_t played = 0;
    while (played < ACT_COUNT && ((acts[played].emulated && world->posix) || run_act(&acts[played], world, report))) {
        played++;
    }
    return played == ACT_COUNT && mico_report_held(report);
}

static void print_sizes(const struct mico_world *world)
{
    static const struct {
        const char *name;
        const char *file;
    } firmware[] = {
        {"loader", "boot/loader/loader.elf"}, {"chip", "mscp/chip/chip.elf"}, {"light", "apps/light/light.elf"}};
    printf("\n%-10s %12s %12s\n", "firmware", "ROM bytes", "RAM bytes");
    for (size_t i = 0; i < sizeof firmware / sizeof firmware[0]; i++) {
        struct mico_elf_size size;
        if (mico_elf_size(mico_world_board_file(world, firmware[i].file), &size) == MICO_OK) {
            printf("%-10s %12u %12u\n", firmware[i].name, size.rom, size.ram);
        }
    }
}

static void print_places(const struct mico_world *world)
{
    printf("\nlogs            %s/*.log\nflash files     %s/*.flash\nlink recording  %s/link-a.trace\n", world->dir,
           world->dir, world->dir);
    if (!world->posix) {
        printf("packet capture  %s/device-a.pcap\n", world->dir);
    }
}

/* Leave everything running until the user ends it. */
static void stay(struct mico_world *world)
{
    fprintf(stderr,
            "\neverything runs: device A at 127.0.0.1:%u, broker at 127.0.0.1:%u, identity service at "
            "https://127.0.0.1:%u\nend it with Ctrl-C\n",
            world->device_port, world->broker_port, world->cloud_port);
    while (interrupted == 0) {
        struct mico_process *dead = mico_processes_dead(&world->processes);
        if (dead != NULL) {
            fprintf(stderr, "%s has ended; its log is %s\n", dead->name, dead->log);
            mico_process_stop(&world->processes, dead); /* said once */
        }
        poll(NULL, 0, 200);
    }
}

struct demo_options {
    bool keep, json, posix;
    char dir[512];
};

/* False with the word that is not understood said. */
static bool read_options(int argc, char **argv, struct demo_options *o)
{
    *o = (struct demo_options){0};
    snprintf(o->dir, sizeof o->dir, "%.400s/build/demo", mico_top());
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : "";
        bool board = strcmp(argv[i], "--board") == 0, posix = strcmp(next, "posix") == 0;
        if (strcmp(argv[i], "--keep") == 0) {
            o->keep = true;
        } else if (strcmp(argv[i], "--json") == 0) {
            o->json = true;
        } else if (board && (posix || strcmp(next, "mps2-an386") == 0)) {
            o->posix = posix;
            i++;
        } else if (strcmp(argv[i], "--dir") == 0 && next[0] == '/' && strlen(next) <= 400) {
            snprintf(o->dir, sizeof o->dir, "%s", argv[++i]);
        } else {
            fprintf(stderr,
                    "error: demo does not know '%s%s%s'\n  try: ./mico demo [--keep] [--json] [--board posix] [--dir "
                    "/FOLDER]\n",
                    argv[i], board ? " " : "", board ? next : "");
            return false;
        }
    }
    return true;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void conclude(const struct mico_world *world, const struct mico_report *report, const struct demo_options *o)
{
    if (o->json) {
        mico_report_json(report);
    } else {
        mico_report_table(report);
        if (!o->posix) {
            print_sizes(world);
        }
        print_places(world);
    }
    fflush(stdout);
}

int mico_demo_command(int argc, char **argv)
{
    struct demo_options o;
    static struct mico_world world;
    if (!read_options(argc, argv, &o)) {
        return 2;
    }
    catch_signals();
    struct mico_report report = {.quiet = o.json};
    if (!mico_world_open(&world, o.dir, o.posix)) {
        explain(&world);
        mico_world_close(&world);
        return 2;
    }
    bool held = run_all(&world, &report);
    conclude(&world, &report, &o);
    if (o.keep && held && mico_demo_start_device(&world)) {
        stay(&world);
    }
    mico_world_close(&world);
    return held ? 0 : 1;
}
