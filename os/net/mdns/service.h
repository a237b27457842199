/* SPDX-License-Identifier: Apache-2.0 */
/* The device's one mDNS responder and browser: mdns.h with a socket, a clock and two threads. Any thread may call. */
#ifndef OS_NET_MDNS_SERVICE_H
#define OS_NET_MDNS_SERVICE_H

#include "os/net/mdns/mdns.h"

/** Claim host (such as "lamp": lamp.local) on the network, which must be up. Once: later calls return MICO_ERR_STATE.
 * MICO_ERR_PARAM; MICO_ERR_BUSY, MICO_ERR_FULL (no socket). */
MICO_MUST_USE mico_err mico_mdns_start(const char *host);

/** As mico_mdns_add and the calls after it. MICO_ERR_STATE before mico_mdns_start. */
MICO_MUST_USE mico_err mico_mdns_publish(const char *instance, const char *type, uint16_t port, const uint8_t *txt,
                                         size_t txt_len, uint32_t ttl_s, int *id);
MICO_MUST_USE mico_err mico_mdns_publish_txt(int id, const uint8_t *txt, size_t txt_len);
void mico_mdns_publish_suspend(int id);
void mico_mdns_publish_resume(int id);
void mico_mdns_publish_end(int id);

/** What became of a service: whether its name is ours yet. */
enum mico_mdns_state mico_mdns_publish_state(int id);

/** Look for services; on_found is called in a thread of 6 KiB of stack, and must not call back. MICO_ERR_STATE. */
MICO_MUST_USE mico_err mico_mdns_find(const char *type, mico_mdns_on_found on_found, void *ctx, int *id);
void mico_mdns_find_end(int id);

#endif
