/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: numbers in memory, of either byte order and any alignment; every board is little-endian. */
#ifndef OS_SDK_COMMON_BYTES_H
#define OS_SDK_COMMON_BYTES_H

#include <stdint.h>

#define TARGET_RT_LITTLE_ENDIAN 1

static inline uint64_t sdk_read_be(const void *from, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++) {
        value = value << 8 | ((const uint8_t *)from)[i];
    }
    return value;
}

static inline uint64_t sdk_read_le(const void *from, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++) {
        value |= (uint64_t)((const uint8_t *)from)[i] << (8 * i);
    }
    return value;
}

static inline void sdk_write_be(void *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        ((uint8_t *)to)[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    }
}

static inline void sdk_write_le(void *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        ((uint8_t *)to)[i] = (uint8_t)(value >> (8 * i));
    }
}

#define ReadBig16(from) ((uint16_t)sdk_read_be((from), 2))
#define ReadLittle16(from) ((uint16_t)sdk_read_le((from), 2))
#define ReadBig32(from) ((uint32_t)sdk_read_be((from), 4))
#define ReadLittle32(from) ((uint32_t)sdk_read_le((from), 4))
#define ReadBig48(from) ((uint64_t)sdk_read_be((from), 6))
#define ReadLittle48(from) ((uint64_t)sdk_read_le((from), 6))
#define ReadBig64(from) ((uint64_t)sdk_read_be((from), 8))
#define ReadLittle64(from) ((uint64_t)sdk_read_le((from), 8))
#define WriteBig16(to, value) sdk_write_be((to), (uint64_t)(value), 2)
#define WriteLittle16(to, value) sdk_write_le((to), (uint64_t)(value), 2)
#define WriteBig32(to, value) sdk_write_be((to), (uint64_t)(value), 4)
#define WriteLittle32(to, value) sdk_write_le((to), (uint64_t)(value), 4)
#define WriteBig48(to, value) sdk_write_be((to), (uint64_t)(value), 6)
#define WriteLittle48(to, value) sdk_write_le((to), (uint64_t)(value), 6)
#define WriteBig64(to, value) sdk_write_be((to), (uint64_t)(value), 8)
#define WriteLittle64(to, value) sdk_write_le((to), (uint64_t)(value), 8)
#define ReadHost16(from) ReadLittle16(from)
#define WriteHost16(to, value) WriteLittle16((to), (value))
#define ReadSwap16(from) ReadBig16(from)
#define WriteSwap16(to, value) WriteBig16((to), (value))
#define ReadHost32(from) ReadLittle32(from)
#define WriteHost32(to, value) WriteLittle32((to), (value))
#define ReadSwap32(from) ReadBig32(from)
#define WriteSwap32(to, value) WriteBig32((to), (value))
#define ReadHost48(from) ReadLittle48(from)
#define WriteHost48(to, value) WriteLittle48((to), (value))
#define ReadSwap48(from) ReadBig48(from)
#define WriteSwap48(to, value) WriteBig48((to), (value))
#define ReadHost64(from) ReadLittle64(from)
#define WriteHost64(to, value) WriteLittle64((to), (value))
#define ReadSwap64(from) ReadBig64(from)
#define WriteSwap64(to, value) WriteBig64((to), (value))

#define Swap16(value) __builtin_bswap16((uint16_t)(value))
#define Swap32(value) __builtin_bswap32((uint32_t)(value))
#define Swap64(value) __builtin_bswap64((uint64_t)(value))
#define hton16(value) Swap16(value)
#define ntoh16(value) Swap16(value)
#define hton32(value) Swap32(value)
#define ntoh32(value) Swap32(value)
#define hton64(value) Swap64(value)
#define ntoh64(value) Swap64(value)

#define ROTL(value, count, size) (((value) << (count)) | ((value) >> ((size) - (count))))
#define ROTR(value, count, size) (((value) >> (count)) | ((value) << ((size) - (count))))
#define ROTL32(value, count) ROTL((value), (count), 32)
#define ROTR32(value, count) ROTR((value), (count), 32)
#define ROTL64(value, count) ROTL((value), (count), 64)
#define ROTR64(value, count) ROTR((value), (count), 64)

/* '0' to 'F' for 0 to 15. */
static inline char nibble_to_hexchar(uint8_t nibble)
{
    return (char)(nibble > 9 ? 'A' + (nibble - 10) : '0' + nibble);
}

/* 0, or -1 (as char) when hexchar is no digit: *nibble is untouched then. */
static inline char hexchar_to_nibble(char hexchar, uint8_t *nibble)
{
    char lower = (char)(hexchar | 0x20);
    if (hexchar >= '0' && hexchar <= '9') {
        *nibble = (uint8_t)(hexchar - '0');
        return 0;
    }
    if (lower >= 'a' && lower <= 'f') {
        *nibble = (uint8_t)(lower - 'a' + 10);
        return 0;
    }
    return (char)-1;
}

#endif
