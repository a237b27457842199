/* SPDX-License-Identifier: Apache-2.0 */
/* The test vectors of docs/MSCP.md for the login chain, the audit log and resumed sessions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/protocol/audit.h"
#include "mscp/protocol/login.h"
#include "mscp/protocol/resume.h"
#include "mscp/protocol/test_doc.h"

static void expect(const char *name, const void *got, size_t len)
{
    char want[1024], hex[1024];
    assert_true(2 * len < sizeof hex);
    test_doc_vector(name, want, sizeof want);
    mico_hex(got, len, hex);
    assert_string_equal(hex, want);
}

static void a_login_proof_is_that_of_the_vector(void **state)
{
    uint8_t nonce[32], r[32], head[32], link[32], message[MSCP_LOGIN_MESSAGE], seed[32] = {1}, key[32], signature[64];
    memset(nonce, 0x11, 32);
    memset(r, 0x22, 32);
    memset(head, 0x33, 32);
    mscp_login_link(r, head, link);
    expect("login-link", link, sizeof link);
    mscp_login_message(nonce, 5, link, message);
    mico_ed25519_public(seed, key);
    mico_ed25519_sign(seed, key, MICO_SPAN(message), signature);
    expect("login-message", message, sizeof message);
    expect("login-signature", signature, sizeof signature);
}

static void an_audit_entry_and_its_head_are_those_of_the_vector(void **state)
{
    const struct mscp_audit_entry entry = {.number = 3,
                                           .boot = 7,
                                           .seconds = 65,
                                           .event = MSCP_AUDIT_REFUSED,
                                           .command = MSCP_SIGN,
                                           .status = MSCP_POLICY_DENIED,
                                           .detail = MSCP_CLAUSE_SHAPE,
                                           .subject = MSCP_ID_IDENTITY};
    uint8_t bytes[MSCP_AUDIT_ENTRY], head[32];
    memset(head, 0x44, sizeof head);
    mscp_audit_encode(&entry, bytes);
    expect("audit-entry", bytes, sizeof bytes);
    mscp_audit_link(head, bytes);
    expect("audit-head", head, sizeof head);
    struct mscp_audit_entry back = mscp_audit_decode(bytes);
    assert_int_equal(back.status, MSCP_POLICY_DENIED);
    assert_int_equal(back.subject, MSCP_ID_IDENTITY);
}

static void a_resumed_sessions_keys_are_those_of_the_vector(void **state)
{
    struct mscp_resumption r = {.boot_counter = 7};
    struct mscp_session session = {.id = 0x01020304};
    uint8_t key[32], proof[32];
    memset(r.host_nonce, 0x11, 32);
    memset(r.chip_nonce, 0x22, 32);
    memset(key, 0x33, 32);
    mscp_resume(&r, key, &session, proof);
    expect("resume-to-chip", session.to_chip, 32);
    expect("resume-to-host", session.to_host, 32);
    expect("resume-proof", proof, 32);
    session.next = MSCP_REKEY_RECORDS - 1;
    mscp_session_advance(&session);
    expect("rekey-to-chip", session.to_chip, 32);
    expect("rekey-to-host", session.to_host, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_proof_is_that_of_the_vector),
        cmocka_unit_test(an_audit_entry_and_its_head_are_those_of_the_vector),
        cmocka_unit_test(a_resumed_sessions_keys_are_those_of_the_vector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
