/* SPDX-License-Identifier: Apache-2.0 */
/* One line of log; see log.h. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static mico_log_sink the_sink;
static mico_log_clock the_clock;

void mico_log_to(mico_log_sink sink, mico_log_clock now_ms)
{
    the_clock = now_ms;
    the_sink = sink;
}

void mico_log_line(const char *tag, const char *file, int line, const char *format, ...)
{
    if (the_sink == NULL) {
        return;
    }
    char text[256];
    unsigned long ms = the_clock != NULL ? (unsigned long)the_clock() : 0;
    int head = snprintf(text, sizeof text, "[%lu][%s: %s: %d] ", ms, tag, file, line);
    if (head < 0 || (size_t)head >= sizeof text) {
        head = 0;
    }
    va_list args;
    va_start(args, format);
    int body = vsnprintf(text + head, sizeof text - (size_t)head, format, args);
    va_end(args);
    size_t len = (size_t)head + (body > 0 ? (size_t)body : 0);
    if (len > sizeof text - 2) {
        len = sizeof text - 2;
    }
    text[len] = '\n';
    the_sink(text, len + 1);
}
