/* SPDX-License-Identifier: Apache-2.0 */
/* One line of log: "[ms][Tag: file.c: line] text". Log where an error is born, once; never log a secret. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

/* Where lines go: whoever stands on top (a board's main, a program) installs both; without a sink lines are dropped. */
typedef void (*mico_log_sink)(const char *line, size_t len);
typedef uint64_t (*mico_log_clock)(void);

/** Install the sink (called with one whole line, '\n' included; it must serialise) and the millisecond clock. */
void mico_log_to(mico_log_sink sink, mico_log_clock now_ms);

/** Use MICO_LOG; lines longer than 255 bytes are cut. */
void mico_log_line(const char *tag, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#define MICO_LOG(tag, ...) mico_log_line((tag), __FILE_NAME__, __LINE__, __VA_ARGS__)

#endif
