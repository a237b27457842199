/* SPDX-License-Identifier: Apache-2.0 */
/* Calls through the gate as a way to the chip; see transport_trustzone.h. */
#include "mscp/host/transport_trustzone.h"

#include "mscp/trustzone/gate.h"

static mico_err gate_write(void *ctx, const uint8_t *data, size_t len)
{
    return (mico_err)mscp_secure_write(data, (uint32_t)len);
}

static mico_err gate_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    int32_t n = mscp_secure_read(out, (uint32_t)cap);
    *len = n > 0 ? (size_t)n : 0;
    return n > 0 ? MICO_OK : n == 0 ? MICO_ERR_TIMEOUT : (mico_err)n;
}

void mscp_trustzone_open(struct mscp_transport *transport)
{
    *transport = (struct mscp_transport){NULL, gate_write, gate_read};
}
