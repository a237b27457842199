/* SPDX-License-Identifier: Apache-2.0 */
/* Small programs of a few threads, played under seeds by seed_test.c. */
#ifndef OS_KERNEL_TEST_SEED_SCENES_H
#define OS_KERNEL_TEST_SEED_SCENES_H

#include <stdbool.h>
#include <stddef.h>

struct seed_scene {
    const char *name;
    bool (*play)(void); /* true when it came out as it must */
};

extern const struct seed_scene seed_scenes[];
extern const size_t seed_scene_count;

/* One with a race in it: two threads count together without a lock. */
bool seed_planted_race(void);
unsigned seed_planted_count(void); /* what they came to, last time */

/* An interrupt that the scenes understand at any time. */
void seed_interrupt(void *arg);

#endif
