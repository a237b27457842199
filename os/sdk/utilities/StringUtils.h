/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: bytes as text and back. Strings that are made come from the C library's heap and are the caller's to free();
 * NULL without input or memory. None of these calls is for interrupts. */
#ifndef OS_SDK_UTILITIES_STRINGUTILS_H
#define OS_SDK_UTILITIES_STRINGUTILS_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

#define sizeof_string(text) (sizeof(text) - 1)
#define kSizeCString ((size_t)-1)

/** "00:1A:2B:3C:4D:5E" from 12 hexadecimal digits; out has 18 bytes. */
void formatMACAddr(char *out, char *digits);

/** The bytes of a text of hexadecimal digits, at most cap. Returns how many; 0 for any other character or an odd digit. */
unsigned int str2hex(unsigned char *text, unsigned char *out, unsigned int cap);

/** Decimal digits and a '-' when negative, with NUL: 12 bytes at most. */
void Int2Str(uint8_t *out, int32_t number);

/** Decimal, with k or m for 2^10 or 2^20, or 0x and hexadecimal digits. 1, or 0 when text is neither or does not fit 32
 * bits: *number is untouched then. */
uint32_t Str2Int(uint8_t *text, int32_t *number);

/** Copies of text: NULL for an empty one; the second with '/' before every dot. */
char *mico_strdup(const char *text);
char *mico_strdup_trans_dot(char *text);
#define __strdup(text) mico_strdup(text)
#define __strdup_trans_dot(text) mico_strdup_trans_dot(text)

/** Bytes that are written as hexadecimal numbers of one or two digits with ':', '-' or ' ' between. text_size may be
 * kSizeCString. kMalformedErr: fewer than address_size numbers (the address is untouched). */
OSStatus TextToHardwareAddress(const void *text, size_t text_size, size_t address_size, void *address);
#define TextToMACAddress(text, size, address) TextToHardwareAddress(text, size, 6, address)

char *DataToCString(const uint8_t *bytes, size_t len);
char *DataToHexString(const uint8_t *bytes, size_t len);           /* "0AFF" */
char *DataToHexStringWithSpaces(const uint8_t *bytes, size_t len); /* "0A FF " */
char *DataToHexStringWithColons(const uint8_t *bytes, size_t len); /* "0A:FF" */

/** As strncmp, without regard to case: -1, 0, 1. */
int strnicmp(const char *a, const char *b, size_t most);
/** The same of a, which has len characters and need not end with NUL, and the whole of b. */
int strnicmpx(const void *a, size_t len, const char *b);
/** 0 when text, of at most most characters, ends with suffix. */
int strnicmp_suffix(const void *text, size_t most, const char *suffix);
/** The first place in text, of at most most characters, where suffix stands; NULL. */
char *strnstr_suffix(const char *text, size_t most, const char *suffix);

/** Upper-case hexadecimal or decimal digits of value, with zeros in front up to min_length; NUL follows. Returns the
 * length; 0 when it is more than max_length. */
uint8_t unsigned_to_hex_string(uint32_t value, char *out, uint8_t min_length, uint8_t max_length);
uint8_t unsigned_to_decimal_string(uint32_t value, char *out, uint8_t min_length, uint8_t max_length);
/** The number that text begins with, of length characters at most; is_hex: hexadecimal, 0x may stand in front. Returns
 * how many characters belong to it; 0 for none, or a number above 32 bits (*value is untouched). */
uint8_t string_to_unsigned(const char *text, uint8_t length, uint32_t *value, uint8_t is_hex);

/** Where find stands in start; NULL. */
void *mico_memmem(void *start, unsigned int start_len, void *find, unsigned int find_len);
#define memmem(start, start_len, find, find_len) mico_memmem(start, start_len, find, find_len)

#ifdef __cplusplus
}
#endif

#endif
