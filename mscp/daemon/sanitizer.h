/* SPDX-License-Identifier: Apache-2.0 */
/* System calls that a build's sanitizers make: none in a product (sanitizer_none.c). */
#ifndef MSCP_DAEMON_SANITIZER_H
#define MSCP_DAEMON_SANITIZER_H

#include <stddef.h>

extern const int mscpd_sanitizer_calls[];
extern const size_t mscpd_sanitizer_call_count;

#endif
