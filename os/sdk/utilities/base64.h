/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: Base64, RFC 4648. Results come from the C library's heap and are the caller's to free(). */
#ifndef OS_SDK_UTILITIES_BASE64_H
#define OS_SDK_UTILITIES_BASE64_H

#ifdef __cplusplus
extern "C" {
#endif

/** Lines of 72 characters, each ended by '\n', and a NUL that *out_len (may be NULL) does not count. NULL: len negative, or
 * no memory. */
unsigned char *base64_encode(const unsigned char *src, int len, int *out_len);

/** What text of len characters stands for; line ends and blanks are skipped. NULL when it is malformed, also by bits or
 * characters behind its end, or without memory. */
unsigned char *base64_decode(const unsigned char *text, int len, int *out_len);

#ifdef __cplusplus
}
#endif

#endif
