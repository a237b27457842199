/* SPDX-License-Identifier: Apache-2.0 */
/* Where the SDK's objects come from: pools of fixed size with generation-checked handles, and one arena for stacks and
 * queue contents. All calls are short and mask interrupts, so every thread may make them; sdk_find also interrupts. */
#ifndef OS_SDK_POOL_H
#define OS_SDK_POOL_H

#include <stddef.h>
#include <stdint.h>

#define SDK_THREADS 16u
#define SDK_SEMAPHORES 32u
#define SDK_MUTEXES 32u
#define SDK_QUEUES 16u
#define SDK_TIMERS 16u
#define SDK_EVENT_FLAGS 16u
#define SDK_ARENA 65536u /* bytes */

/* The first member of every pooled object. */
struct sdk_slot {
    uint32_t generation; /* odd: in use */
};

struct sdk_pool {
    void *objects;
    size_t object_size;
    uint32_t count; /* at most 32 */
    uint32_t kind;  /* so that a handle of one pool is none of another */
};

enum {
    SDK_THREAD,
    SDK_SEMAPHORE,
    SDK_MUTEX,
    SDK_QUEUE,
    SDK_TIMER,
    SDK_FLAGS,
    SDK_CMSIS_THREAD,
    SDK_CMSIS_TIMER,
    SDK_CMSIS_EVENT_FLAGS,
    SDK_CMSIS_MUTEX,
    SDK_CMSIS_SEMAPHORE,
    SDK_CMSIS_MEMORY_POOL,
    SDK_CMSIS_MESSAGE_QUEUE,
};

#define SDK_POOL_MAX 32u /* objects of one kind */

#define SDK_POOL(array, kind)                                               \
    {                                                                       \
        (array), sizeof(array)[0], sizeof(array) / sizeof(array)[0], (kind) \
    }

/** A free object, now in use, or NULL. Its fields other than the slot are as its last user left them. */
void *sdk_take(const struct sdk_pool *pool);

/** Give object back: its handles are void from now on. */
void sdk_give_back(struct sdk_slot *slot);

/** The handle of an object in use; never NULL. */
void *sdk_handle(const struct sdk_pool *pool, const struct sdk_slot *slot);

/** The object of handle, or NULL when it is no handle of this pool or a void one. */
void *sdk_find(const struct sdk_pool *pool, const void *handle);

/** The same for where an application keeps its handle, which may be NULL. */
static inline void *sdk_find_at(const struct sdk_pool *pool, void *const *handle)
{
    return handle != NULL ? sdk_find(pool, *handle) : NULL;
}

/** size bytes, 8-byte aligned, or NULL. */
void *sdk_arena_take(size_t size);
/** memory may be NULL. */
void sdk_arena_give_back(void *memory);
/** Bytes that are taken, with what they cost. */
size_t sdk_arena_used(void);

#endif
