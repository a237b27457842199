/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP's place in the network, its resolver, and its errors as MiCO's. */
#include "os/net/net.h"

#include <string.h>

#include <lwip/api.h>

#include "os/net/lwip/interface.h"
#include "os/net/lwip/lwip_err.h"
#include "os/net/tcp.h"

mico_err mico_lwip_err(err_t err)
{
    switch (err) {
    case ERR_OK:
        return MICO_OK;
    case ERR_TIMEOUT:
    case ERR_WOULDBLOCK:
        return MICO_ERR_TIMEOUT;
    case ERR_MEM:
    case ERR_BUF:
        return MICO_ERR_FULL;
    case ERR_CLSD:
    case ERR_CONN:
        return MICO_ERR_CLOSED;
    case ERR_USE:
    case ERR_ALREADY:
        return MICO_ERR_BUSY;
    default:
        return MICO_ERR_IO;
    }
}

u32_t mico_lwip_limit(uint32_t timeout_ms)
{
    return timeout_ms == MICO_NET_FOREVER ? 0 : timeout_ms == 0 ? 1 : timeout_ms;
}

mico_err mico_net_up(uint32_t timeout_ms)
{
    return mico_interface_up(timeout_ms);
}

void mico_net_address(char out[16])
{
    mico_interface_address(out);
}

void mico_net_info(struct mico_net_info *out)
{
    mico_interface_info(out);
}

mico_err mico_net_resolve(const char *host, uint8_t ip[4])
{
    ip_addr_t address;
    if (netconn_gethostbyname(host, &address) != ERR_OK) {
        return MICO_ERR_IO;
    }
    memcpy(ip, &ip_2_ip4(&address)->addr, 4);
    return MICO_OK;
}
