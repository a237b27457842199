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
    static const struct {
        uint8_t command;
        const char *name;
    } names[] = {
        {MSCP_GET_INFO, "GET_INFO"},
        {MSCP_SELF_TEST, "SELF_TEST"},
        {MSCP_GET_RANDOM, "GET_RANDOM"},
        {MSCP_PAIR, "PAIR"},
        {MSCP_OPEN_SESSION, "OPEN_SESSION"},
        {MSCP_CLOSE_SESSION, "CLOSE_SESSION"},
        {MSCP_AUTHENTICATE, "AUTHENTICATE"},
        {MSCP_REPAIR, "REPAIR"},
        {MSCP_RESUME_SESSION, "RESUME_SESSION"},
        {MSCP_SET_LIFECYCLE, "SET_LIFECYCLE"},
        {MSCP_UPDATE_FIRMWARE, "UPDATE_FIRMWARE"},
        {MSCP_GENERATE_KEY_PAIR, "GENERATE_KEY_PAIR"},
        {MSCP_IMPORT_KEY, "IMPORT_KEY"},
        {MSCP_CREATE_OBJECT, "CREATE_OBJECT"},
        {MSCP_DELETE_OBJECT, "DELETE_OBJECT"},
        {MSCP_GET_ATTRIBUTES, "GET_ATTRIBUTES"},
        {MSCP_GET_PUBLIC_KEY, "GET_PUBLIC_KEY"},
        {MSCP_LIST_OBJECTS, "LIST_OBJECTS"},
        {MSCP_READ_DATA, "READ_DATA"},
        {MSCP_WRITE_DATA, "WRITE_DATA"},
        {MSCP_SEAL_DATA, "SEAL_DATA"},
        {MSCP_UNSEAL_DATA, "UNSEAL_DATA"},
        {MSCP_INCREMENT_COUNTER, "INCREMENT_COUNTER"},
        {MSCP_SIGN, "SIGN"},
        {MSCP_VERIFY, "VERIFY"},
        {MSCP_KEY_AGREEMENT, "KEY_AGREEMENT"},
        {MSCP_DERIVE_KEY, "DERIVE_KEY"},
        {MSCP_COMPUTE_MAC, "COMPUTE_MAC"},
        {MSCP_VERIFY_MAC, "VERIFY_MAC"},
        {MSCP_ENCRYPT, "ENCRYPT"},
        {MSCP_DECRYPT, "DECRYPT"},
        {MSCP_HASH, "HASH"},
        {MSCP_ATTEST_KEY, "ATTEST_KEY"},
        {MSCP_GET_EVIDENCE, "GET_EVIDENCE"},
        {MSCP_EXTEND_MEASUREMENT, "EXTEND_MEASUREMENT"},
        {MSCP_VERIFY_BOOT, "VERIFY_BOOT"},
        {MSCP_MAKE_RECEIPT, "MAKE_RECEIPT"},
        {MSCP_CHECK_RECEIPT, "CHECK_RECEIPT"},
        {MSCP_GET_AUDIT_LOG, "GET_AUDIT_LOG"},
        {MSCP_LOGIN_PROOF, "LOGIN_PROOF"},
        {MSCP_LOGIN_ACCEPT, "LOGIN_ACCEPT"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].command == command) {
            return names[i].name;
        }
    }
    return "UNKNOWN";
}
