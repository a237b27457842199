/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP's threads, semaphores and mailboxes are MiCO's, in lwIP's own storage. */
#ifndef OS_NET_LWIP_ARCH_SYS_ARCH_H
#define OS_NET_LWIP_ARCH_SYS_ARCH_H

#include <stdbool.h>

#include "os/kernel/kernel.h"

#define MICO_LWIP_MAILBOX 32 /* messages; no mailbox that lwipopts.h asks for is larger */

typedef struct {
    struct mico_semaphore semaphore;
    bool valid;
} sys_sem_t;

typedef struct {
    struct mico_mutex mutex;
    bool valid;
} sys_mutex_t;

typedef struct {
    struct mico_queue queue;
    void *items[MICO_LWIP_MAILBOX];
    bool valid;
} sys_mbox_t;

typedef struct mico_thread *sys_thread_t;

#define sys_sem_valid(s) ((s)->valid)
#define sys_sem_set_invalid(s) ((s)->valid = false)
#define sys_mutex_valid(m) ((m)->valid)
#define sys_mutex_set_invalid(m) ((m)->valid = false)
#define sys_mbox_valid(m) ((m)->valid)
#define sys_mbox_set_invalid(m) ((m)->valid = false)

#endif
