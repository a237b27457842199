/* SPDX-License-Identifier: Apache-2.0 */
/* The heap between the variables and the main stack. */
#include "os/port/heap.h"

#include <malloc.h>

extern char mps2_heap_start[], mps2_heap_end[];

struct mico_heap mico_board_heap(void)
{
    struct mallinfo now = mallinfo();
    return (struct mico_heap){(size_t)(mps2_heap_end - mps2_heap_start), (size_t)now.uordblks, (size_t)now.ordblks};
}
