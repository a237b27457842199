/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/device/outbox.h"

#include <string.h>

#include "base/log.h"

void mico_outbox_put(struct mico_outbox *outbox, const uint8_t *data, size_t len)
{
    if (len > sizeof outbox->bytes - outbox->len && !outbox->overfull) {
        outbox->overfull = true;
        MICO_LOG("device", "requests in one piece whose answers exceed %u bytes: closing",
                 (unsigned)sizeof outbox->bytes);
    }
    if (!outbox->overfull) {
        memcpy(outbox->bytes + outbox->len, data, len);
        outbox->len += len;
    }
}

void mico_outbox_empty(struct mico_outbox *outbox)
{
    outbox->len = 0;
    outbox->overfull = false;
}
