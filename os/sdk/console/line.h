/* SPDX-License-Identifier: Apache-2.0 */
/* One line that somebody types: its editing, and its words. Pure: bytes in, bytes to echo out. */
#ifndef OS_SDK_CONSOLE_LINE_H
#define OS_SDK_CONSOLE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SDK_LINE_MAX 127u /* characters; more are not taken, with a bell */
#define SDK_WORDS_MAX 16u /* of a line; more are an error */
#define SDK_ECHO_MAX 400u /* bytes that one key may echo: a whole line wiped is three for each character */

struct sdk_line {
    char text[SDK_LINE_MAX + 1];
    size_t len;
    uint8_t escape; /* how far into an escape sequence */
    bool after_cr;  /* an LF now belongs to the line before */
};

/** Take one byte. Backspace and DEL take the last character back, Ctrl-U and Ctrl-C all of them; cursor keys and other
 * control characters do nothing. echo gets *echo_len bytes for the terminal. True when the line is complete: text is a
 * string then, until sdk_line_clear. */
bool sdk_line_key(struct sdk_line *line, uint8_t key, char echo[SDK_ECHO_MAX], size_t *echo_len);

void sdk_line_clear(struct sdk_line *line);

/** Split text, in place, at blanks; "double quotes" keep blanks in a word. words[0..count) are strings of text, and
 * words[count] is NULL. -1: more words than SDK_WORDS_MAX, or a quote that does not end. */
int sdk_line_split(char *text, char *words[SDK_WORDS_MAX + 1]);

#endif
