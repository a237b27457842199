/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's check sums, ring, records and comparison of secrets. */
#include "base/bytes.h"
#include "os/sdk/utilities/CheckSumUtils.h"
#include "os/sdk/utilities/RingBufferUtils.h"
#include "os/sdk/utilities/SecurityUtils.h"
#include "os/sdk/utilities/TLVUtils.h"

void CRC8_Init(CRC8_Context *context)
{
    context->crc = 0;
}

void CRC8_Update(CRC8_Context *context, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    uint8_t crc = context->crc;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (uint8_t)(crc >> 1 ^ ((crc & 1) != 0 ? 0x8C : 0));
        }
    }
    context->crc = crc;
}

void CRC8_Final(CRC8_Context *context, uint8_t *out)
{
    *out = context->crc;
}

void CRC16_Init(CRC16_Context *context)
{
    context->crc = 0;
}

void CRC16_Update(CRC16_Context *context, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    uint16_t crc = context->crc;
    for (size_t i = 0; i < len; i++) {
        crc ^= (uint16_t)(bytes[i] << 8);
        for (int bit = 0; bit < 8; bit++) {
            crc = (uint16_t)(crc << 1 ^ ((crc & 0x8000) != 0 ? 0x1021 : 0));
        }
    }
    context->crc = crc;
}

void CRC16_Final(CRC16_Context *context, uint16_t *out)
{
    *out = context->crc;
}

int ring_buffer_init(ring_buffer_t *ring_buffer, uint8_t *buffer, uint32_t size)
{
    if (ring_buffer == NULL || buffer == NULL || size < 2) {
        return kParamErr;
    }
    *ring_buffer = (ring_buffer_t){.buffer = buffer, .size = size};
    return kNoErr;
}

int ring_buffer_deinit(ring_buffer_t *ring_buffer)
{
    return ring_buffer != NULL ? kNoErr : kParamErr;
}

/* Differences modulo 2^32 do not serve, since size need be no power of two. */
uint32_t ring_buffer_used_space(ring_buffer_t *ring_buffer)
{
    uint32_t head = ring_buffer->head, tail = ring_buffer->tail;
    return tail >= head ? tail - head : ring_buffer->size - (head - tail);
}

uint32_t ring_buffer_free_space(ring_buffer_t *ring_buffer)
{
    return ring_buffer->size - 1 - ring_buffer_used_space(ring_buffer);
}

int ring_buffer_get_data(ring_buffer_t *ring_buffer, uint8_t **data, uint32_t *contiguous_bytes)
{
    uint32_t to_end = ring_buffer->size - ring_buffer->head;
    *data = ring_buffer->buffer + ring_buffer->head;
    *contiguous_bytes = Min(to_end, ring_buffer_used_space(ring_buffer));
    return 0;
}

int ring_buffer_consume(ring_buffer_t *ring_buffer, uint32_t bytes_consumed)
{
    uint32_t used = ring_buffer_used_space(ring_buffer);
    uint32_t count = Min(bytes_consumed, used);
    uint32_t to_end = ring_buffer->size - ring_buffer->head;
    ring_buffer->head = count < to_end ? ring_buffer->head + count : count - to_end;
    return 0;
}

uint32_t ring_buffer_write(ring_buffer_t *ring_buffer, const uint8_t *data, uint32_t data_length)
{
    uint32_t room = ring_buffer_free_space(ring_buffer);
    uint32_t count = Min(data_length, room);
    uint32_t to_end = ring_buffer->size - ring_buffer->tail;
    uint32_t first = Min(count, to_end);
    memcpy(ring_buffer->buffer + ring_buffer->tail, data, first);
    memcpy(ring_buffer->buffer, data + first, count - first);
    ring_buffer->tail = count < to_end ? ring_buffer->tail + count : count - to_end;
    return count;
}

OSStatus TLVGetNext(const uint8_t *src, const uint8_t *end, uint8_t *id, const uint8_t **data, size_t *len,
                    const uint8_t **next)
{
    if (src == NULL || end == NULL) {
        return kParamErr;
    }
    if (src == end) {
        return kNotFoundErr;
    }
    if (end - src < 2 || end - src - 2 < src[1]) {
        return kUnderrunErr;
    }
    if (id != NULL) {
        *id = src[0];
    }
    if (data != NULL) {
        *data = src + 2;
    }
    if (len != NULL) {
        *len = src[1];
    }
    if (next != NULL) {
        *next = src + 2 + src[1];
    }
    return kNoErr;
}

int memcmp_constant_time(const void *a, const void *b, size_t len)
{
    return mico_ct_equal(a, b, len) ? 0 : 1;
}
