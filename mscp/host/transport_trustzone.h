/* SPDX-License-Identifier: Apache-2.0 */
/* The way to a coprocessor in this processor's Secure world (mps2-an505): a call, no line. Component mscp_host_trustzone; the
 * program says SECURE mscp_secure in its mico_firmware. */
#ifndef MSCP_HOST_TRANSPORT_TRUSTZONE_H
#define MSCP_HOST_TRANSPORT_TRUSTZONE_H

#include "mscp/host/mscp_host.h"

/** The transport to hand to mscp_host_start. An answer is there when a write returns, so a read never waits. It keeps no
 * state; but the Secure world serves one call at a time: MICO_ERR_BUSY while another thread's is going on. */
void mscp_trustzone_open(struct mscp_transport *transport);

#endif
