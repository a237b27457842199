/* SPDX-License-Identifier: Apache-2.0 */
/* What the C library asks of a system: memory, the console, an end. Files and processes there are none.
 *
 * malloc is safe for a program without a kernel, which has one thread; one with a kernel adds application.c's locks. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "os/boards/mps2/mps2.h"
#include "os/port/board.h"
#include "os/port/uart.h"

void *_sbrk(ptrdiff_t increment);
int _write(int file, const char *data, int len);
int _read(int file, char *out, int cap);
int _close(int file);
int _fstat(int file, struct stat *out);
int _isatty(int file);
off_t _lseek(int file, off_t offset, int whence);
int _kill(int pid, int signal);
int _getpid(void);
int _gettimeofday(struct timeval *now, void *zone);
_Noreturn void _exit(int status);

extern char mps2_heap_start[], mps2_heap_end[];

void *_sbrk(ptrdiff_t increment)
{
    static char *end = mps2_heap_start;
    if (increment > mps2_heap_end - end || increment < mps2_heap_start - end) {
        errno = ENOMEM;
        return (void *)-1;
    }
    void *old = end;
    end += increment;
    return old;
}

int _write(int file, const char *data, int len)
{
    if ((file != 1 && file != 2) || len < 0) {
        errno = EBADF;
        return -1;
    }
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)data, (size_t)len);
    return len;
}

int _read(int file, char *out, int cap)
{
    errno = EBADF;
    return -1;
}

int _close(int file)
{
    errno = EBADF;
    return -1;
}

int _fstat(int file, struct stat *out)
{
    out->st_mode = S_IFCHR;
    return 0;
}

int _isatty(int file)
{
    return 1;
}

off_t _lseek(int file, off_t offset, int whence)
{
    return 0;
}

int _kill(int pid, int signal)
{
    mico_board_halt(1);
}

int _getpid(void)
{
    return 1;
}

/* There is no wall clock on the board. */
int _gettimeofday(struct timeval *now, void *zone)
{
    errno = ENOSYS;
    return -1;
}

void _exit(int status)
{
    mico_board_halt(status);
}
