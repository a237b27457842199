/* SPDX-License-Identifier: Apache-2.0 */
/* Two functions of the C library for programs that want little code: newlib's are unrolled, or made for long needles, and take 1.8 KB;
 * what TLS compares are names of suites. They take the place of the library's in the whole program. */
#include <stddef.h>
#include <string.h>

int strcmp(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

char *strstr(const char *text, const char *word)
{
    size_t len = strlen(word);
    while (strncmp(text, word, len) != 0) {
        if (*text++ == '\0') {
            return NULL;
        }
    }
    return (char *)text;
}
