/* SPDX-License-Identifier: Apache-2.0 */
/* What the chip says of itself and its keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/test_rig.h"
#include "mscp/protocol/policy.h"

static struct rig rig;
static struct mscp_binding binding;
static uint8_t identity[32], token[MSCP_EVIDENCE_MAX];
static const uint8_t nonce[32] = {0x3C};
static struct mscp_evidence evidence;

static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity), MICO_OK);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static void ask(uint32_t id)
{
    size_t len;
    assert_int_equal(mscp_host_evidence(&rig.host, id, nonce, token, &len), MICO_OK);
    assert_int_equal(mscp_evidence_verify((struct mico_span){token, len}, identity, &evidence), MICO_OK);
}

static void evidence_about_a_key_tells_its_origin_usage_and_binding(void **state)
{
    uint8_t firmware[32], spki[MSCP_SPKI_25519_SIZE], digest[32];
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_FIRMWARE, firmware), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    ask(MSCP_ID_FIRMWARE);
    assert_true(evidence.has_key);
    assert_int_equal(evidence.key.id, MSCP_ID_FIRMWARE);
    assert_int_equal(evidence.key.attributes.origin, MSCP_GENERATED);
    assert_int_equal(evidence.key.attributes.usage, MSCP_USE_AGREE);
    mscp_spki_25519(MSCP_KEY_X25519, firmware, spki);
    assert_int_equal(evidence.key.spki_len, sizeof spki);
    assert_memory_equal(evidence.key.spki, spki, sizeof spki);
    assert_memory_equal(evidence.nonce, nonce, 32);
    assert_memory_equal(evidence.serial, binding.serial, MSCP_SERIAL_SIZE);
    mico_sha256(binding.host_public, 32, digest);
    assert_memory_equal(evidence.host_binding, digest, 32);
    assert_int_equal(evidence.lifecycle, MSCP_OPERATIONAL);
    assert_int_equal(evidence.firmware_version, MSCP_CHIP_VERSION);
    assert_int_equal(evidence.security_version, MSCP_CHIP_SECURITY);
}

static void evidence_about_the_chip_follows_its_state(void **state)
{
    static const uint8_t digest[32] = {9};
    uint8_t ueid[MSCP_UEID_SIZE];
    ask(0);
    struct mscp_evidence before = evidence;
    assert_false(evidence.has_key);
    assert_true(mico_ct_is_zero(evidence.registers, sizeof evidence.registers));
    assert_int_equal(mscp_host_measure(&rig.host, 4, digest), MICO_OK);
    ask(0);
    assert_memory_equal(evidence.registers[4], rig.chip.boot.registers[4], 32);
    assert_false(mico_ct_is_zero(evidence.registers[4], 32));
    memcpy(ueid, evidence.ueid, sizeof ueid);
    assert_int_equal(mscp_host_measure(&rig.host, 0, digest), MICO_ERR_DENIED); /* goes into the audit log */
    ask(0);
    assert_int_equal(evidence.audit.count, before.audit.count + 1);
    assert_memory_not_equal(evidence.audit.head, before.audit.head, 32);
    rig_restart_chip(&rig);
    ask(0);
    assert_int_equal(evidence.boot_counter, before.boot_counter + 1);
    assert_memory_equal(evidence.ueid, ueid, sizeof ueid);
}

static void two_chips_have_two_ueids(void **state)
{
    ask(0);
    struct mscp_evidence first = evidence;
    start(NULL);
    ask(0);
    assert_memory_not_equal(first.ueid, evidence.ueid, MSCP_UEID_SIZE);
}

static void only_an_identity_key_with_usage_attest_signs_evidence(void **state)
{
    static const struct mscp_attributes no_attest = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_PAIRING};
    uint8_t key[32];
    size_t len;
    assert_int_equal(mscp_host_evidence(&rig.host, MSCP_ID_ROLLBACK, nonce, token, &len), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_TYPE);
    assert_int_equal(mscp_host_evidence(&rig.host, 0x777, nonce, token, &len), MICO_ERR_STATE);
    rig_start(&rig);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    assert_int_equal(mscp_host_evidence(&rig.host, 0, nonce, token, &len), MICO_ERR_STATE);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_NO_SUCH_OBJECT);
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_IDENTITY, &no_attest, key), MICO_OK);
    assert_int_equal(mscp_host_evidence(&rig.host, 0, nonce, token, &len), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_USAGE);
}

static void the_identity_keys_policy_holds_for_evidence_and_login_proofs_too(void **state)
{
    static const struct mscp_attributes auth = {.type = MSCP_AUTH};
    static const uint8_t secret[34] = {MSCP_AUTH_HMAC, 5, 0x0E};
    struct mscp_attributes a = rig_identity;
    struct mscp_login_proof proof;
    uint8_t key[32];
    size_t len;
    const uint8_t policy[] = {1, MSCP_IF_AUTHENTICATED, 0x41, 0, 0, 0};
    memcpy(a.policy, policy, sizeof policy);
    a.policy_len = sizeof policy;
    rig_start(&rig);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, 0x41, &auth, MICO_SPAN(secret)), MICO_OK);
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_IDENTITY, &a, key), MICO_OK);
    assert_int_equal(mscp_host_evidence(&rig.host, 0, nonce, token, &len), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_REQUIRED);
    assert_int_equal(mscp_host_login_proof(&rig.host, nonce, &proof), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_auth_secret(&rig.host, 0x41, secret + 2, NULL), MICO_OK);
    assert_int_equal(mscp_host_evidence(&rig.host, 0, nonce, token, &len), MICO_OK);
    assert_int_equal(mscp_evidence_verify((struct mico_span){token, len}, key, &evidence), MICO_OK);
    assert_int_equal(mscp_host_login_proof(&rig.host, nonce, &proof), MICO_OK);
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(evidence_about_a_key_tells_its_origin_usage_and_binding),
        STARTED(evidence_about_the_chip_follows_its_state),
        STARTED(two_chips_have_two_ueids),
        STARTED(only_an_identity_key_with_usage_attest_signs_evidence),
        STARTED(the_identity_keys_policy_holds_for_evidence_and_login_proofs_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
