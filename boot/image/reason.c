/* SPDX-License-Identifier: Apache-2.0 */
#include "boot/image/reason.h"

#include <stdarg.h>
#include <stddef.h>

struct line {
    char *text;
    size_t len;
};

static void add_char(struct line *line, char c)
{
    if (line->len + 1 < MICO_REASON_MAX) {
        line->text[line->len++] = c;
    }
}

static void add_text(struct line *line, const char *text)
{
    while (*text != '\0') {
        add_char(line, *text++);
    }
}

static void add_number(struct line *line, unsigned value, unsigned base)
{
    char digits[10]; /* of 2^32 - 1 */
    size_t count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    while (count != 0) {
        add_char(line, digits[--count]);
    }
}

static void write_line(struct mico_reason *reason, const char *format, va_list args)
{
    struct line line = {reason->text, 0};
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            add_char(&line, *format);
        } else if (*++format == 's') {
            add_text(&line, va_arg(args, const char *));
        } else if (*format == 'x') {
            add_text(&line, "0x");
            add_number(&line, va_arg(args, unsigned), 16);
        } else {
            add_number(&line, va_arg(args, unsigned), 10);
        }
    }
    line.text[line.len] = '\0';
}

mico_err mico_refuse(struct mico_reason *reason, mico_err err, const char *format, ...)
{
    if (reason != NULL) {
        va_list args;
        va_start(args, format);
        write_line(reason, format, args);
        va_end(args);
    }
    return err != MICO_OK ? err : MICO_ERR_DENIED; /* a refusal is never taken for its contrary */
}

void mico_reason_write(struct mico_reason *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(line, format, args);
    va_end(args);
}
