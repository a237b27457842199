/* SPDX-License-Identifier: Apache-2.0 */
/* The seven scenes of Thread-Metric, in the kernel's own calls. */
#ifndef BENCH_KERNEL_SCENES_H
#define BENCH_KERNEL_SCENES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scene {
    const char *name;
    void (*start)(void);     /* make its objects and threads; they run when the caller sleeps */
    unsigned counters;       /* the events are the sum of scene_counter[0..counters) */
    bool (*plausible)(void); /* NULL, or: what was counted elsewhere agrees */
};

extern const struct scene scenes[];
extern const size_t scene_count;

#define SCENE_COUNTERS 5
extern volatile uint32_t scene_counter[SCENE_COUNTERS];

/* End what start has made. */
void scene_stop(void);

#endif
