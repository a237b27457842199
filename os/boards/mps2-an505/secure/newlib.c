/* SPDX-License-Identifier: Apache-2.0 */
/* What newlib asks of the Secure world: an end for a broken assertion. It has no heap, no files, no console and no process; the
 * C library's calls for those are refused. */
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "os/boards/mps2-an505/secure/start.h"

void *_sbrk(ptrdiff_t increment);
int _write(int file, const char *data, int len);
int _read(int file, char *out, int cap);
int _close(int file);
int _fstat(int file, struct stat *out);
int _isatty(int file);
off_t _lseek(int file, off_t offset, int whence);
int _kill(int pid, int signal);
int _getpid(void);
_Noreturn void _exit(int status);

void *_sbrk(ptrdiff_t increment)
{
    errno = ENOMEM;
    return (void *)-1;
}

static int refused(void)
{
    errno = EBADF;
    return -1;
}

int _write(int file, const char *data, int len)
{
    return refused();
}

int _read(int file, char *out, int cap)
{
    return refused();
}

int _close(int file)
{
    return refused();
}

int _fstat(int file, struct stat *out)
{
    return refused();
}

int _isatty(int file)
{
    return 0;
}

off_t _lseek(int file, off_t offset, int whence)
{
    return refused();
}

int _kill(int pid, int signal)
{
    secure_halt("the C library gave up");
}

int _getpid(void)
{
    return 1;
}

void _exit(int status)
{
    secure_halt("the C library gave up");
}

/* In the place of the C library's, which has signals for it, and of the board's, whose record is the other world's. */
void abort(void)
{
    secure_halt("abort");
}

void __assert_func(const char *file, int line, const char *function, const char *what)
{
    secure_halt(what);
}
