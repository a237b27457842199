/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP's errors and limits as MiCO's. */
#ifndef OS_NET_LWIP_LWIP_ERR_H
#define OS_NET_LWIP_LWIP_ERR_H

#include <lwip/err.h>

#include "base/err.h"

mico_err mico_lwip_err(err_t err);

/** lwIP waits for ever with 0: "at once" is a millisecond. */
u32_t mico_lwip_limit(uint32_t timeout_ms);

#endif
