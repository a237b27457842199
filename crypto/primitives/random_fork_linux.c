/* SPDX-License-Identifier: Apache-2.0 */
/* A page that the kernel clears in the child of each fork (madvise(2), MADV_WIPEONFORK, Linux 4.14), by whatever system call it
 * came, has a mark that tells; a process number could come again. Where the kernel does not know it, the number has to do. */
#include "crypto/primitives/random_fork.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile uint8_t *mark; /* 1 in this process */
static pid_t number;

static void start(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *at = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at != MAP_FAILED && madvise(at, page, MADV_WIPEONFORK) == 0) {
        mark = at;
        *mark = 1;
    } else if (at != MAP_FAILED) {
        (void)munmap(at, page);
    }
    number = getpid();
}

bool mico_random_forked(void)
{
    if (number == 0) {
        start();
        return false;
    }
    bool forked = mark != NULL ? *mark == 0 : getpid() != number;
    if (forked && mark != NULL) {
        *mark = 1;
    }
    if (forked) {
        number = getpid();
    }
    return forked;
}
