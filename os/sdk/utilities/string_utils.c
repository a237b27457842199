/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's string helpers; see StringUtils.h. */
#include "os/sdk/utilities/StringUtils.h"

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    int letter = (c | 0x20) - 'a';
    return letter >= 0 && letter < 6 ? 10 + letter : -1;
}

void formatMACAddr(char *out, char *digits)
{
    for (int i = 0; i < 6; i++) {
        *out++ = (char)toupper_safe(digits[2 * i]);
        *out++ = (char)toupper_safe(digits[2 * i + 1]);
        *out++ = i < 5 ? ':' : '\0';
    }
}

unsigned int str2hex(unsigned char *text, unsigned char *out, unsigned int cap)
{
    unsigned int count = 0;
    for (; text[2 * count] != '\0' && count < cap; count++) {
        int high = digit_of((char)text[2 * count]);
        int low = high < 0 ? -1 : digit_of((char)text[2 * count + 1]);
        if (low < 0) {
            return 0;
        }
        out[count] = (unsigned char)(high << 4 | low);
    }
    return count;
}

void Int2Str(uint8_t *out, int32_t number)
{
    snprintf((char *)out, 12, "%ld", (long)number);
}

/* The digits at the start of text, of len characters, as a number; *used 0 when there is none or it is too large. */
static uint32_t read_digits(const char *text, size_t len, uint32_t base, size_t *used)
{
    uint64_t value = 0;
    size_t i = 0;
    for (; i < len && value <= UINT32_MAX; i++) {
        int digit = digit_of(text[i]);
        if (digit < 0 || (uint32_t)digit >= base) {
            break;
        }
        value = value * base + (uint32_t)digit;
    }
    *used = value <= UINT32_MAX ? i : 0;
    return (uint32_t)value;
}

static bool has_hex_prefix(const char *text, size_t len)
{
    return len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
}

uint32_t Str2Int(uint8_t *text, int32_t *number)
{
    const char *digits = (const char *)text;
    size_t len = strlen(digits), used;
    if (has_hex_prefix(digits, len)) {
        uint32_t value = read_digits(digits + 2, len - 2, 16, &used);
        if (used != len - 2) {
            return 0;
        }
        *number = (int32_t)value;
        return 1;
    }
    uint64_t value = read_digits(digits, len, 10, &used);
    int unit = used > 0 ? digits[used] | 0x20 : 0;
    unsigned shift = unit == 'k' ? 10 : unit == 'm' ? 20 : 0;
    if (used == 0 || used + (shift > 0) != len || value << shift > UINT32_MAX) {
        return 0;
    }
    *number = (int32_t)(uint32_t)(value << shift);
    return 1;
}

char *mico_strdup(const char *text)
{
    return text != NULL ? DataToCString((const uint8_t *)text, strlen(text)) : NULL;
}

char *mico_strdup_trans_dot(char *text)
{
    if (text == NULL) {
        return NULL;
    }
    char *copy = malloc(2 * strlen(text) + 1);
    char *to = copy;
    for (; copy != NULL && *text != '\0'; text++) {
        if (*text == '.') {
            *to++ = '/';
        }
        *to++ = *text;
    }
    if (copy != NULL) {
        *to = '\0';
    }
    return copy;
}

/* One or two digits, after an optional separator. Returns how many characters that took; 0 for none. */
static size_t read_octet(const char *text, size_t len, bool first, uint8_t *out)
{
    size_t at = !first && len > 0 && (text[0] == ':' || text[0] == '-' || text[0] == ' ') ? 1 : 0;
    size_t used;
    *out = (uint8_t)read_digits(text + at, len - at < 2 ? len - at : 2, 16, &used);
    return used > 0 ? at + used : 0;
}

OSStatus TextToHardwareAddress(const void *text, size_t text_size, size_t address_size, void *address)
{
    uint8_t bytes[32];
    const char *from = text;
    size_t len = text_size == kSizeCString && text != NULL ? strlen(text) : text_size;
    if (text == NULL || address_size > sizeof bytes) {
        return kParamErr;
    }
    for (size_t i = 0; i < address_size; i++) {
        size_t used = read_octet(from, len, i == 0, &bytes[i]);
        if (used == 0) {
            return kMalformedErr;
        }
        from += used;
        len -= used;
    }
    if (address != NULL) {
        memcpy(address, bytes, address_size);
    }
    return kNoErr;
}

char *DataToCString(const uint8_t *bytes, size_t len)
{
    char *text = bytes != NULL && len > 0 ? malloc(len + 1) : NULL;
    if (text != NULL) {
        memcpy(text, bytes, len);
        text[len] = '\0';
    }
    return text;
}

/* between: "" or one character, also after the last byte when trailing. */
static char *to_hex(const uint8_t *bytes, size_t len, const char *between, bool trailing)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = bytes != NULL && len > 0 && len < SIZE_MAX / 3 ? malloc(3 * len + 1) : NULL;
    char *to = text;
    for (size_t i = 0; text != NULL && i < len; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
        if (between[0] != '\0' && (trailing || i + 1 < len)) {
            *to++ = between[0];
        }
    }
    if (text != NULL) {
        *to = '\0';
    }
    return text;
}

char *DataToHexString(const uint8_t *bytes, size_t len)
{
    return to_hex(bytes, len, "", false);
}

char *DataToHexStringWithSpaces(const uint8_t *bytes, size_t len)
{
    return to_hex(bytes, len, " ", true);
}

char *DataToHexStringWithColons(const uint8_t *bytes, size_t len)
{
    return to_hex(bytes, len, ":", false);
}

static int compare(char a, char b)
{
    int x = tolower_safe(a), y = tolower_safe(b);
    return (x > y) - (x < y);
}

int strnicmp(const char *a, const char *b, size_t most)
{
    int order = 0;
    for (size_t i = 0; i < most && order == 0; i++) {
        order = compare(a[i], b[i]);
        if (a[i] == '\0') {
            break;
        }
    }
    return order;
}

int strnicmpx(const void *a, size_t len, const char *b)
{
    const char *text = a;
    for (size_t i = 0; i < len; i++) {
        int order = compare(text[i], b[i]);
        if (order != 0 || b[i] == '\0') {
            return order;
        }
    }
    return b[len] != '\0' ? -1 : 0;
}

int strnicmp_suffix(const void *text, size_t most, const char *suffix)
{
    size_t len = strnlen(text, most), tail = strlen(suffix);
    return len < tail ? 1 : strnicmp((const char *)text + len - tail, suffix, tail);
}

char *strnstr_suffix(const char *text, size_t most, const char *suffix)
{
    return mico_memmem((void *)(uintptr_t)text, (unsigned)strnlen(text, most), (void *)(uintptr_t)suffix,
                       (unsigned)strlen(suffix));
}

static uint8_t to_digits(const char *format, uint32_t value, char *out, uint8_t min_length, uint8_t max_length)
{
    char text[256 + 12];
    int len = snprintf(text, sizeof text, format, min_length, (unsigned long)value);
    if (len <= 0 || len > max_length) {
        return 0;
    }
    memcpy(out, text, (size_t)len + 1);
    return (uint8_t)len;
}

uint8_t unsigned_to_hex_string(uint32_t value, char *out, uint8_t min_length, uint8_t max_length)
{
    return to_digits("%0*lX", value, out, min_length, max_length);
}

uint8_t unsigned_to_decimal_string(uint32_t value, char *out, uint8_t min_length, uint8_t max_length)
{
    return to_digits("%0*lu", value, out, min_length, max_length);
}

uint8_t string_to_unsigned(const char *text, uint8_t length, uint32_t *value, uint8_t is_hex)
{
    size_t used, prefix = is_hex != 0 && has_hex_prefix(text, length) ? 2 : 0;
    uint32_t number = read_digits(text + prefix, length - prefix, is_hex != 0 ? 16 : 10, &used);
    if (used == 0) {
        return 0;
    }
    *value = number;
    return (uint8_t)(prefix + used);
}

void *mico_memmem(void *start, unsigned int start_len, void *find, unsigned int find_len)
{
    uint8_t *at = start;
    for (unsigned int i = 0; find_len <= start_len && i <= start_len - find_len; i++) {
        if (memcmp(at + i, find, find_len) == 0) {
            return at + i;
        }
    }
    return NULL;
}
