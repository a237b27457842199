/* SPDX-License-Identifier: Apache-2.0 */
/* Words for statuses and commands. mscp/host/mscp_host.h offers mscp_status_name too: it is this one. */
#ifndef MSCP_PROTOCOL_STATUS_H
#define MSCP_PROTOCOL_STATUS_H

#include "mscp/protocol/mscp.h"

/** "REPLAY" for MSCP_REPLAY, "UNKNOWN_STATUS" for a number that is none; a static string. */
const char *mscp_status_name(enum mscp_status status);

/** "SIGN" for MSCP_SIGN, "UNKNOWN" for a number that is none; a static string. */
const char *mscp_command_name(unsigned command);

#endif
