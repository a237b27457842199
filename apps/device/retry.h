/* SPDX-License-Identifier: Apache-2.0 */
/* How long to wait before the next attempt to reach what thousands of devices want to reach: a wait of any length up to
 * a limit, which doubles with each attempt up to a bound. So devices that lost their server at the same moment do not
 * come back at the same moment ("full jitter"). */
#ifndef APPS_DEVICE_RETRY_H
#define APPS_DEVICE_RETRY_H

#include <stdint.h>

#define MICO_RETRY_FIRST_MS 4000u /* 10,000 devices that fall at once: 2,500 a second */
#define MICO_RETRY_MOST_MS 60000u
#define MICO_RETRY_STEADY_MS 60000u /* a connection that stood this long was a good one */

struct mico_retry {
    uint32_t limit_ms; /* of the next wait */
};

void mico_retry_start(struct mico_retry *retry);

/** An attempt has failed, or its connection has ended after it stood for stood_ms: how long to wait now. A good connection
 * starts from the first limit again; a server that lets everybody in and falls over does not. */
uint32_t mico_retry_next(struct mico_retry *retry, uint64_t stood_ms);

#endif
