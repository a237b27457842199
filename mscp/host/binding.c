/* SPDX-License-Identifier: Apache-2.0 */
/* The binding of a device to its chip as bytes; see mscp_host.h. */
#include <string.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "mscp/host/mscp_host.h"

void mscp_binding_encode(const struct mscp_binding *binding, uint8_t out[MSCP_BINDING_SIZE])
{
    struct mico_writer w = mico_writer_of(out, MSCP_BINDING_SIZE);
    mico_write_bytes(&w, binding->host_private, 32);
    mico_write_bytes(&w, binding->host_public, 32);
    mico_write_bytes(&w, binding->chip_public, 32);
    mico_write_bytes(&w, binding->key, 32);
    mico_write_bytes(&w, binding->serial, MSCP_SERIAL_SIZE);
}

mico_err mscp_binding_decode(struct mscp_binding *binding, const uint8_t *in, size_t len)
{
    mico_wipe(binding, sizeof *binding);
    if (len != MSCP_BINDING_SIZE) {
        MICO_LOG("MSCP", "binding has %u bytes, not %u; provision the device again", (unsigned)len, MSCP_BINDING_SIZE);
        return MICO_ERR_SIZE;
    }
    struct mico_reader r = mico_reader_of(in, len);
    memcpy(binding->host_private, mico_read_bytes(&r, 32).data, 32);
    memcpy(binding->host_public, mico_read_bytes(&r, 32).data, 32);
    memcpy(binding->chip_public, mico_read_bytes(&r, 32).data, 32);
    memcpy(binding->key, mico_read_bytes(&r, 32).data, 32);
    memcpy(binding->serial, mico_read_bytes(&r, MSCP_SERIAL_SIZE).data, MSCP_SERIAL_SIZE);
    uint8_t own[32];
    mico_x25519_public(binding->host_private, own);
    if (!mico_ct_equal(own, binding->host_public, 32)) {
        MICO_LOG("MSCP", "binding's public key is not its private key's; provision the device again");
        mico_wipe(binding, sizeof *binding);
        return MICO_ERR_FORMAT;
    }
    return MICO_OK;
}
