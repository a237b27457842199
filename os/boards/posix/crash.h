/* SPDX-License-Identifier: Apache-2.0 */
/* Crash reports of the posix board, for its own parts; applications use os/port/crash.h. */
#ifndef OS_BOARDS_POSIX_CRASH_H
#define OS_BOARDS_POSIX_CRASH_H

#include <stdint.h>

/** From now on faults, failed asserts and panics are reported, with a record in the file at path (NULL: nowhere). */
void mico_posix_crash_install(const char *path);

/** Each host thread calls these at its begin and end. */
void mico_posix_crash_thread(void);
void mico_posix_crash_thread_ends(void);

/** An assertion has failed at where; abort. */
_Noreturn void mico_posix_crash_assert(const char *what, uintptr_t where);

#endif
