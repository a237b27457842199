/* SPDX-License-Identifier: Apache-2.0 */
/* Runs every scene for a second of the board's time and says how many events there were:
 *     scene NAME EVENTS MICROSECONDS
 *     size NAME BYTES
 *     done
 * or `failed SCENE`. */
#include <stdio.h>

#include "bench/kernel/scenes.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/port/clock.h"

#define WARM_MS 10u
#define RUN_MS 1000u

static uint32_t events(const struct scene *scene)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < scene->counters; i++) {
        sum += scene_counter[i];
    }
    return sum;
}

static bool run(const struct scene *scene)
{
    scene->start();
    mico_thread_sleep_ms(WARM_MS);
    uint32_t count = events(scene);
    uint64_t start_us = mico_clock_us();
    mico_thread_sleep_ms(RUN_MS);
    uint64_t elapsed_us = mico_clock_us() - start_us;
    count = events(scene) - count;
    bool good = count > 0 && (scene->plausible == NULL || scene->plausible());
    scene_stop();
    if (!good) {
        printf("failed %s\n", scene->name);
        return false;
    }
    printf("scene %s %lu %lu\n", scene->name, (unsigned long)count, (unsigned long)elapsed_us);
    return true;
}

static void run_all(void *arg)
{
    mico_thread_set_priority(mico_thread_self(), 0);
    bool good = true;
    for (size_t i = 0; i < scene_count; i++) {
        good = run(&scenes[i]) && good;
    }
    printf("size thread %u\nsize queue %u\nsize semaphore %u\nsize mutex %u\nsize timer %u\n",
           (unsigned)sizeof(struct mico_thread), (unsigned)sizeof(struct mico_queue),
           (unsigned)sizeof(struct mico_semaphore), (unsigned)sizeof(struct mico_mutex),
           (unsigned)sizeof(struct mico_timer));
    printf(good ? "done\n" : "failed\n");
    fflush(stdout);
    mico_board_halt(good ? 0 : 1);
}

int main(void)
{
    static uint64_t stack[4096 / sizeof(uint64_t)];
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
