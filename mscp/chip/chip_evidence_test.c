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
    assert_int_equal(mscp_host_evidence(&rig.host, id, MICO_SPAN(nonce), token, &len), MICO_OK);
    assert_int_equal(mscp_evidence_verify((struct mico_span){token, len}, MICO_SPAN(identity), &evidence), MICO_OK);
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
    assert_int_equal(mscp_host_evidence(&rig.host, MSCP_ID_ROLLBACK, MICO_SPAN(nonce), token, &len), MICO_ERR_DENIED);
    assert_int_equal(rig.host.last_detail, MSCP_CLAUSE_TYPE);
    assert_int_equal(mscp_host_evidence(&rig.host, 0x777, MICO_SPAN(nonce), token, &len), MICO_ERR_STATE);
    rig_start(&rig);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    assert_int_equal(mscp_host_evidence(&rig.host, 0, MICO_SPAN(nonce), token, &len), MICO_ERR_STATE);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_NO_SUCH_OBJECT);
    assert_int_equal(mscp_host_generate(&rig.host, MSCP_ID_IDENTITY, &no_attest, key), MICO_OK);
    assert_int_equal(mscp_host_evidence(&rig.host, 0, MICO_SPAN(nonce), token, &len), MICO_ERR_DENIED);
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
    assert_int_equal(mscp_host_evidence(&rig.host, 0, MICO_SPAN(nonce), token, &len), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_REQUIRED);
    assert_int_equal(mscp_host_login_proof(&rig.host, nonce, &proof), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_auth_secret(&rig.host, 0x41, secret + 2, NULL), MICO_OK);
    assert_int_equal(mscp_host_evidence(&rig.host, 0, MICO_SPAN(nonce), token, &len), MICO_OK);
    assert_int_equal(mscp_evidence_verify((struct mico_span){token, len}, MICO_SPAN(key), &evidence), MICO_OK);
    assert_int_equal(mscp_host_login_proof(&rig.host, nonce, &proof), MICO_OK);
}

/* ---- a P-256 identity ---- */

/* A certificate as far as the key, rig_certificate's with the other SubjectPublicKeyInfo. */
static size_t p256_certificate(const uint8_t key[65], uint8_t *out, size_t cap)
{
    uint8_t der[512], spki[MSCP_SPKI_MAX];
    size_t len = mscp_spki(MSCP_KEY_P256, key, spki), front = 0;
    size_t whole = rig_certificate(key, der, sizeof der); /* any 32 bytes */
    while (memcmp(der + front, "\x30\x2A\x30\x05", 4) != 0) {
        assert_true(++front < whole);
    }
    struct mico_writer w = mico_writer_of(out, cap);
    mico_write_bytes(&w, der, front);
    mico_write_bytes(&w, spki, len);
    mico_write_bytes(&w, der + front, 20);
    assert_false(w.failed);
    return w.len;
}

static void a_p256_identity_attests_logs_in_and_goes_into_a_device(void **state)
{
    static const struct mscp_attributes p256 = {
        .type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_CSR | MSCP_USE_ATTEST};
    uint8_t key[65], other[65], chain[512], own[32];
    uint32_t failing = 99;
    size_t len;
    struct mscp_login_proof proof;
    struct mscp_login_state cloud;
    rig_start(&rig);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    assert_int_equal(mscp_host_generate_p256(&rig.host, MSCP_ID_IDENTITY, &p256, key), MICO_OK);
    assert_int_equal(mico_p256_generate(own, other), MICO_OK);
    len = p256_certificate(key, chain, sizeof chain);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_CHAIN, &rig_cert, (struct mico_span){chain, len}), MICO_OK);
    for (unsigned i = 0; i < 8; i++) { /* RFC 6979, or a nonce drawn: either verifies, each time */
        assert_int_equal(
            mscp_host_evidence(&rig.host, i % 2 == 0 ? 0 : MSCP_ID_IDENTITY, MICO_SPAN(nonce), token, &len), MICO_OK);
        const struct mico_span made = {token, len};
        assert_int_equal(mscp_evidence_verify(made, MICO_SPAN(key), &evidence), MICO_OK);
        assert_int_equal(evidence.has_key, i % 2 == 1);
        assert_int_equal(mscp_evidence_verify(made, MICO_SPAN(other), &evidence), MICO_ERR_AUTH);
        assert_int_equal(mscp_evidence_verify(made, MICO_SPAN(identity), &evidence), MICO_ERR_AUTH);
        token[5] ^= 1; /* EdDSA for ES256 */
        assert_int_equal(mscp_evidence_verify(made, MICO_SPAN(key), &evidence), MICO_ERR_AUTH);
        token[5] ^= 3; /* no algorithm of ours */
        assert_int_equal(mscp_evidence_verify(made, MICO_SPAN(key), &evidence), MICO_ERR_FORMAT);
    }
    mscp_login_start(&cloud);
    assert_int_equal(mscp_host_login_proof(&rig.host, nonce, &proof), MICO_OK);
    assert_int_equal(mscp_login_check(&cloud, nonce, &proof, MICO_SPAN(key)), MSCP_LOGIN_NEWEST);
    assert_int_equal(mscp_login_check(&cloud, nonce, &proof, MICO_SPAN(other)), MSCP_LOGIN_FORGED);
    assert_int_equal(mscp_login_check(&cloud, nonce, &proof, MICO_SPAN(identity)), MSCP_LOGIN_FORGED);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, true, &failing), MICO_OK);
    assert_int_equal(failing, 0);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
}

static void a_certificate_of_another_p256_key_keeps_the_chip_in_the_factory(void **state)
{
    static const struct mscp_attributes p256 = {.type = MSCP_KEY_P256, .usage = MSCP_USE_ATTEST};
    uint8_t key[65], other[65], chain[512], own[32];
    uint32_t failing = 0;
    rig_start(&rig);
    assert_int_equal(mscp_host_pair(&rig.host, &binding), MICO_OK);
    assert_int_equal(mscp_host_generate_p256(&rig.host, MSCP_ID_IDENTITY, &p256, key), MICO_OK);
    assert_int_equal(mico_p256_generate(own, other), MICO_OK);
    const struct mico_span der = {chain, p256_certificate(other, chain, sizeof chain)};
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_CHAIN, &rig_cert, der), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, true, &failing), MICO_OK);
    assert_int_equal(failing, 8);
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
        STARTED(a_p256_identity_attests_logs_in_and_goes_into_a_device),
        STARTED(a_certificate_of_another_p256_key_keeps_the_chip_in_the_factory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
