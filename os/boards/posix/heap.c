/* SPDX-License-Identifier: Apache-2.0 */
/* The process's heap. */
#include "os/port/heap.h"

#include <malloc.h>

struct mico_heap mico_board_heap(void)
{
    struct mallinfo2 now = mallinfo2();
    return (struct mico_heap){now.arena + now.hblkhd, now.uordblks + now.hblkhd, now.ordblks};
}
