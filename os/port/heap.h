/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's heap, for applications that use one; MiCO's own code does not. */
#ifndef OS_PORT_HEAP_H
#define OS_PORT_HEAP_H

#include <stddef.h>

struct mico_heap {
    size_t total; /* bytes it may grow to (posix: that it has grown to) */
    size_t used;
    size_t blocks; /* free ones */
};

struct mico_heap mico_board_heap(void);

#endif
