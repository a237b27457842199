/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's network interface over os/net. */
#include "os/sdk/mico_wlan.h"

#include "os/net/tcp.h"

OSStatus micoWlanGetIPStatus(IPStatusTypedef *out, wlanInterfaceTypedef interface)
{
    if (out == NULL || interface != Station) {
        return kParamErr;
    }
    out->dhcp = 1;
    mico_net_address(out->ip);
    return kNoErr;
}
