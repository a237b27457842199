/* SPDX-License-Identifier: Apache-2.0 */
/* What lwIP asks of compiler and C library; lwIP's own defaults serve for the rest. */
#ifndef OS_NET_LWIP_ARCH_CC_H
#define OS_NET_LWIP_ARCH_CC_H

#include <stdint.h>
#include <sys/time.h>

#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(text) mico_lwip_assert(text)
#define LWIP_RAND() mico_lwip_random()

typedef uint32_t sys_prot_t;

_Noreturn void mico_lwip_assert(const char *text);
uint32_t mico_lwip_random(void);

#endif
