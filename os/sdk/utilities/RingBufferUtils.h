/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: a ring of bytes in the caller's storage, of which size - 1 can be used. One side may write while the other
 * reads, an interrupt too; several writers or readers need a lock. */
#ifndef OS_SDK_UTILITIES_RINGBUFFERUTILS_H
#define OS_SDK_UTILITIES_RINGBUFFERUTILS_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint8_t *buffer;
    uint32_t size;
    volatile uint32_t head; /* next to read */
    volatile uint32_t tail; /* next to write */
} ring_buffer_t;

/** kParamErr: something is NULL, or size below 2. */
int ring_buffer_init(ring_buffer_t *ring_buffer, uint8_t *buffer, uint32_t size);
int ring_buffer_deinit(ring_buffer_t *ring_buffer);
uint32_t ring_buffer_free_space(ring_buffer_t *ring_buffer);
uint32_t ring_buffer_used_space(ring_buffer_t *ring_buffer);
/** Where the oldest bytes lie, and how many follow one another there; 0. */
int ring_buffer_get_data(ring_buffer_t *ring_buffer, uint8_t **data, uint32_t *contiguous_bytes);
/** Forget the oldest bytes, at most all there are; 0. */
int ring_buffer_consume(ring_buffer_t *ring_buffer, uint32_t bytes_consumed);
/** Append what there is room for; how much that was. */
uint32_t ring_buffer_write(ring_buffer_t *ring_buffer, const uint8_t *data, uint32_t data_length);

#ifdef __cplusplus
}
#endif

#endif
