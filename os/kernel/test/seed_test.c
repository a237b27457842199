/* SPDX-License-Identifier: Apache-2.0 */
/* Thousands of orders of the same few threads, each chosen by a seed and each the same when it is played again.
 *
 * Interrupts may come at every branch of the kernel and of the scenes, which are compiled for that. A scene that goes wrong
 * names its seed; `MICO_SEED=N os_kernel_seed_test` plays that seed alone, with the race that is planted besides when
 * MICO_SCENE=race. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/boards/posix/posix.h"
#include "os/kernel/test/cases.h"
#include "os/kernel/test/seed_scenes.h"
#include "os/port/board.h"

#define SEEDS 1000u

void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
    mico_posix_point();
}

static bool play(const struct seed_scene *scene, unsigned long seed)
{
    mico_posix_seed(seed);
    mico_posix_seed_interrupt(seed_interrupt, NULL);
    bool good = scene->play();
    reap();
    if (!good) {
        printf("FAILED: %s with seed %lu\n  again: MICO_SEED=%lu os_kernel_seed_test\n", scene->name, seed, seed);
    }
    return good;
}

static bool play_all(unsigned long first, unsigned long last)
{
    bool good = true;
    for (size_t i = 0; i < seed_scene_count; i++) {
        unsigned long seed = first;
        while (seed <= last && play(&seed_scenes[i], seed)) {
            seed++;
        }
        printf("%s %s, seeds %lu to %lu\n", seed > last ? "ok" : "FAILED", seed_scenes[i].name, first, last);
        good = good && seed > last;
    }
    return good;
}

/* One play of the race: whether it came out right, what was counted, and the trace of who ran when. */
struct outcome {
    bool right;
    unsigned count;
    uint64_t trace;
};

static struct outcome race(unsigned long seed)
{
    struct outcome out;
    mico_posix_seed(seed);
    out.right = seed_planted_race();
    out.count = seed_planted_count();
    out.trace = mico_posix_trace();
    reap();
    return out;
}

static bool same(struct outcome a, struct outcome b)
{
    return a.right == b.right && a.count == b.count && a.trace == b.trace;
}

/* A seed that shows the race is found among few, shows it again every time, and another life of the program that is told
 * that seed shows the same. */
static bool the_planted_race_is_found_and_replays(void)
{
    unsigned long seed = 1;
    struct outcome found = race(seed);
    while (found.right && seed < SEEDS) {
        found = race(++seed);
    }
    bool good = !found.right;
    for (int again = 0; again < 10; again++) {
        good = good && same(race(seed), found);
    }
    bool another = false; /* the trace tells orders apart */
    for (unsigned long other = seed + 1; other < seed + 20; other++) {
        another = another || race(other).trace != found.trace;
    }
    printf("race: seed %lu counts to %u, trace %016llx\n", seed, found.count, (unsigned long long)found.trace);
    fflush(stdout);
    return good && another;
}

static bool another_life_shows_the_same(void)
{
    unsigned long seed = 1;
    char command[128], line[128], wanted[128];
    struct outcome found = race(seed);
    while (found.right) {
        found = race(++seed);
    }
    snprintf(wanted, sizeof wanted, "race: seed %lu counts to %u, trace %016llx\n", seed, found.count,
             (unsigned long long)found.trace);
    snprintf(command, sizeof command, "MICO_SEED=%lu MICO_SCENE=race /proc/%d/exe", seed, (int)getpid());
    FILE *life = popen(command, "r");
    bool read = life != NULL && fgets(line, sizeof line, life) != NULL;
    int status = life != NULL ? pclose(life) : -1;
    return read && strcmp(line, wanted) == 0 && status != 0; /* it fails, as a test with a race must */
}

static bool play_race_alone(unsigned long seed)
{
    struct outcome out = race(seed);
    printf("race: seed %lu counts to %u, trace %016llx\n", seed, out.count, (unsigned long long)out.trace);
    return out.right;
}

static void run(void *arg)
{
    const char *one = getenv("MICO_SEED"), *scene = getenv("MICO_SCENE");
    unsigned long seed = one != NULL ? strtoul(one, NULL, 10) : 0;
    bool good;
    mico_thread_set_priority(mico_thread_self(), 0); /* above all actors, so that they start together */
    if (one != NULL) {
        good = scene != NULL && strcmp(scene, "race") == 0 ? play_race_alone(seed) : play_all(seed, seed);
    } else {
        good = the_planted_race_is_found_and_replays() && another_life_shows_the_same();
        good = play_all(1, SEEDS) && good;
    }
    printf(good ? "all hold\n" : "FAILED\n");
    fflush(stdout);
    mico_board_halt(good ? 0 : 1);
}

int main(void)
{
    static uint64_t stack[65536 / sizeof(uint64_t)];
    mico_posix_clock_hold();
    mico_kernel_start(run, NULL, stack, sizeof stack);
}
