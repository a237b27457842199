/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's steps of re-pairing behind the first, which is host_pair.c's; see mscp_host.h. */
#include "mscp/host/host_internal.h"

enum step { PROVE = 1, COMMIT = 2, PUT_ASIDE = 3 };

static mico_err do_step(struct mscp_host *host, enum step step)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u8(&head.w, MSCP_TAG_STEP, (uint8_t)step);
    return mscp_call(host,
                     &(struct mscp_call){.command = MSCP_REPAIR, .repeatable = true, .head = mscp_head_span(&head)});
}

mico_err mscp_host_repair_prove(struct mscp_host *host)
{
    return do_step(host, PROVE);
}

mico_err mscp_host_repair_commit(struct mscp_host *host)
{
    return do_step(host, COMMIT);
}

mico_err mscp_host_repair_put_aside(struct mscp_host *host)
{
    return do_step(host, PUT_ASIDE);
}
