/* SPDX-License-Identifier: Apache-2.0 */
/* Pools and the arena; see pool.h. */
#include "os/sdk/pool.h"

#include <stdbool.h>

#include "os/port/context.h"

#define INDEX_BITS 5u
#define KIND_BITS 4u

static struct sdk_slot *slot_at(const struct sdk_pool *pool, size_t index)
{
    return (struct sdk_slot *)(void *)((uint8_t *)pool->objects + index * pool->object_size);
}

void *sdk_take(const struct sdk_pool *pool)
{
    struct sdk_slot *taken = NULL;
    uint32_t irq = mico_irq_save();
    for (size_t i = 0; i < pool->count && taken == NULL; i++) {
        struct sdk_slot *slot = slot_at(pool, i);
        if (slot->generation % 2 == 0) {
            slot->generation++;
            taken = slot;
        }
    }
    mico_irq_restore(irq);
    return taken;
}

void sdk_give_back(struct sdk_slot *slot)
{
    slot->generation++;
}

/* The index in the low bits, the kind above, and then the generation modulo 2^23: it stays odd, so never NULL. */
void *sdk_handle(const struct sdk_pool *pool, const struct sdk_slot *slot)
{
    size_t index = (size_t)((const uint8_t *)slot - (const uint8_t *)pool->objects) / pool->object_size;
    uint32_t place = pool->kind << INDEX_BITS | (uint32_t)index;
    return (void *)(uintptr_t)(uint32_t)(slot->generation << (INDEX_BITS + KIND_BITS) | place);
}

void *sdk_find(const struct sdk_pool *pool, const void *handle)
{
    uintptr_t value = (uintptr_t)handle;
    size_t index = value & ((1u << INDEX_BITS) - 1);
    if (index >= pool->count) {
        return NULL;
    }
    struct sdk_slot *slot = slot_at(pool, index);
    bool valid = slot->generation % 2 == 1 && sdk_handle(pool, slot) == handle;
    return valid ? slot : NULL;
}

/* The arena is a row of blocks, each with its size (header included) in front. Free neighbours are joined while
 * looking. */
struct block {
    uint32_t size;
    uint32_t used;
};

static uint64_t arena[SDK_ARENA / sizeof(uint64_t)];

static struct block *block_at(size_t offset)
{
    return (struct block *)(void *)((uint8_t *)arena + offset);
}

static void join_with_free_ones_behind(size_t offset)
{
    struct block *block = block_at(offset);
    while (offset + block->size < sizeof arena && block_at(offset + block->size)->used == 0) {
        block->size += block_at(offset + block->size)->size;
    }
}

static void cut_to(size_t offset, uint32_t size)
{
    struct block *block = block_at(offset);
    if (block->size - size >= 2 * sizeof *block) {
        *block_at(offset + size) = (struct block){.size = block->size - size, .used = 0};
        block->size = size;
    }
}

void *sdk_arena_take(size_t size)
{
    void *memory = NULL;
    if (size > sizeof arena - sizeof(struct block)) {
        return NULL;
    }
    uint32_t needed = (uint32_t)(size + sizeof(struct block) + 7) & ~7u;
    uint32_t irq = mico_irq_save();
    if (block_at(0)->size == 0) {
        block_at(0)->size = sizeof arena;
    }
    /* ends: every block is at least 8 bytes, and there are at most twice as many as threads and queues */
    for (size_t offset = 0; offset < sizeof arena && memory == NULL; offset += block_at(offset)->size) {
        struct block *block = block_at(offset);
        if (block->used == 0) {
            join_with_free_ones_behind(offset);
            if (block->size >= needed) {
                cut_to(offset, needed);
                block->used = 1;
                memory = block + 1;
            }
        }
    }
    mico_irq_restore(irq);
    return memory;
}

void sdk_arena_give_back(void *memory)
{
    if (memory != NULL) {
        ((struct block *)memory - 1)->used = 0;
    }
}

size_t sdk_arena_used(void)
{
    size_t used = 0;
    uint32_t irq = mico_irq_save();
    for (size_t offset = 0; offset < sizeof arena && block_at(offset)->size > 0; offset += block_at(offset)->size) {
        used += block_at(offset)->used != 0 ? block_at(offset)->size : 0;
    }
    mico_irq_restore(irq);
    return used;
}
