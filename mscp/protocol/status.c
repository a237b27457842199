/* SPDX-License-Identifier: Apache-2.0 */
/* Words for statuses and commands; see status.h. */
#include "mscp/protocol/status.h"

const char *mscp_status_name(enum mscp_status status)
{
    static const char *const names[] = {
        "OK",
        "UNKNOWN_COMMAND",
        "BAD_LENGTH",
        "BAD_PARAM",
        "NOT_SUPPORTED",
        "NO_SUCH_OBJECT",
        "OBJECT_EXISTS",
        "NO_SPACE",
        "POLICY_DENIED",
        "AUTH_REQUIRED",
        "AUTH_FAILED",
        "SESSION_REQUIRED",
        "SESSION_INVALID",
        "REPLAY",
        "LINK_MAC",
        "WRONG_LIFECYCLE",
        "RATE_LIMITED",
        "USE_LIMIT",
        "COUNTER_OVERFLOW",
        "ROLLBACK",
        "VERIFY_FAILED",
        "NOT_PAIRED",
        "ALREADY_PAIRED",
        "STORAGE",
        "CORRUPT",
        "ENTROPY",
        "TAMPER",
        "SELFTEST",
        "BUSY",
        "TERMINATED",
    };
    int index = -(int)status;
    return index >= 0 && index < (int)(sizeof names / sizeof names[0]) ? names[index] : "UNKNOWN_STATUS";
}

const char *mscp_command_name(unsigned command)
{
    switch (command) {
    case MSCP_GET_INFO:
        return "GET_INFO";
    case MSCP_GET_RANDOM:
        return "GET_RANDOM";
    case MSCP_PAIR:
        return "PAIR";
    case MSCP_OPEN_SESSION:
        return "OPEN_SESSION";
    case MSCP_CLOSE_SESSION:
        return "CLOSE_SESSION";
    case MSCP_SET_LIFECYCLE:
        return "SET_LIFECYCLE";
    case MSCP_GENERATE_KEY_PAIR:
        return "GENERATE_KEY_PAIR";
    case MSCP_CREATE_OBJECT:
        return "CREATE_OBJECT";
    case MSCP_GET_ATTRIBUTES:
        return "GET_ATTRIBUTES";
    case MSCP_GET_PUBLIC_KEY:
        return "GET_PUBLIC_KEY";
    case MSCP_READ_DATA:
        return "READ_DATA";
    case MSCP_WRITE_DATA:
        return "WRITE_DATA";
    case MSCP_INCREMENT_COUNTER:
        return "INCREMENT_COUNTER";
    case MSCP_SIGN:
        return "SIGN";
    case MSCP_KEY_AGREEMENT:
        return "KEY_AGREEMENT";
    case MSCP_ATTEST_KEY:
        return "ATTEST_KEY";
    default:
        return "UNKNOWN";
    }
}
