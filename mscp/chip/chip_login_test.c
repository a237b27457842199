/* SPDX-License-Identifier: Apache-2.0 */
/* The login chain between a chip and a cloud that lose each other's messages, and between two chips of one state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

#define LOGINS 5000 /* mscp_login_test has a hundred thousand, without a chip */
#define FORKS 100

static struct rig rig;
static struct mscp_binding binding;
static uint8_t identity[32];

static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity), MICO_OK);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static uint64_t dice_state = 88172645463325252u;

/* Below n; the same in every run. */
static unsigned dice(unsigned n)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (unsigned)(dice_state % n);
}

/* A command into the chip, past the link: the link has tests of its own. */
static struct mscp_tlvs run(uint8_t command, const struct mico_writer *body)
{
    static uint8_t out_bytes[MSCP_BODY_MAX];
    struct mscp_tlvs answer;
    struct mico_writer out = mico_writer_of(out_bytes, sizeof out_bytes);
    assert_int_equal(mscp_chip_run(&rig.chip, command, true, (struct mico_span){body->out, body->len}, &out), MSCP_OK);
    assert_int_equal(mscp_tlvs_parse((struct mico_span){out_bytes, out.len}, &answer), MICO_OK);
    return answer;
}

static void fresh(uint8_t out[32])
{
    assert_int_equal(mico_random(out, 32), MICO_OK);
}

static struct mscp_login_proof prove(const uint8_t nonce[32])
{
    uint8_t bytes[64];
    struct mscp_login_proof proof;
    struct mico_writer body = mico_writer_of(bytes, sizeof bytes);
    mscp_put_bytes(&body, MSCP_TAG_NONCE, nonce, 32);
    struct mscp_tlvs answer = run(MSCP_LOGIN_PROOF, &body);
    proof.counter = mscp_tlv_u64(&answer, MSCP_TAG_VALUE);
    memcpy(proof.link, answer.value[MSCP_TAG_HEAD].data, 32);
    memcpy(proof.signature, answer.value[MSCP_TAG_SIGNATURE].data, 64);
    return proof;
}

static void accept(uint64_t counter, const uint8_t r[32])
{
    uint8_t bytes[64];
    struct mico_writer body = mico_writer_of(bytes, sizeof bytes);
    mscp_put_u64(&body, MSCP_TAG_VALUE, counter);
    mscp_put_bytes(&body, MSCP_TAG_SECRET, r, 32);
    run(MSCP_LOGIN_ACCEPT, &body);
}

enum loss { NOTHING_LOST, R_LOST, PROOF_LOST };

/* One login; what the cloud says of it. */
static enum mscp_login_verdict login(struct mscp_login_state *cloud, enum loss loss)
{
    uint8_t nonce[32], r[32];
    fresh(nonce);
    fresh(r);
    struct mscp_login_proof proof = prove(nonce);
    if (loss == PROOF_LOST) {
        return MSCP_LOGIN_NEWEST;
    }
    enum mscp_login_verdict verdict = mscp_login_check(cloud, nonce, &proof, MICO_SPAN(identity));
    if (verdict == MSCP_LOGIN_NEWEST || verdict == MSCP_LOGIN_AGAIN) {
        mscp_login_advance(cloud, verdict, r);
        if (loss == NOTHING_LOST) {
            accept(proof.counter, r);
        }
    }
    return verdict;
}

static void many_logins_over_a_lossy_net_raise_no_alarm(void **state)
{
    struct mscp_login_state cloud;
    uint32_t again = 0, most = 0;
    mscp_login_start(&cloud);
    for (unsigned i = 0; i < LOGINS; i++) {
        unsigned luck = dice(10); /* three of ten lose r, one of ten the proof */
        enum mscp_login_verdict verdict = login(&cloud, luck < 3 ? R_LOST : luck < 4 ? PROOF_LOST : NOTHING_LOST);
        assert_true(verdict == MSCP_LOGIN_NEWEST || verdict == MSCP_LOGIN_AGAIN);
        again += verdict == MSCP_LOGIN_AGAIN;
        most = cloud.retries > most ? cloud.retries : most;
        if (dice(2000) == 0) {
            rig_restart_chip(&rig);
        }
    }
    print_message("%u logins, %u of them from the state before, up to %u in a row, no alarm\n", LOGINS, again, most);
    assert_true(most > 2 && again > LOGINS / 5);
}

/* Two chips of one state: what each has of its own is the chain. */
static void two_chips_of_one_state_fork(void **state)
{
    struct mscp_login_state cloud;
    mscp_login_start(&cloud);
    for (unsigned i = 0; i < FORKS; i++) {
        assert_int_equal(login(&cloud, NOTHING_LOST), MSCP_LOGIN_NEWEST);
        struct mscp_chip_login copy = rig.chip.login;
        assert_int_equal(login(&cloud, NOTHING_LOST), MSCP_LOGIN_NEWEST);
        struct mscp_chip_login original = rig.chip.login;
        rig.chip.login = copy;
        assert_int_equal(login(&cloud, NOTHING_LOST), MSCP_LOGIN_AGAIN); /* as if r had got lost */
        copy = rig.chip.login;
        rig.chip.login = original;
        assert_int_equal(login(&cloud, NOTHING_LOST), MSCP_LOGIN_FORK);
        rig.chip.login = copy;
    }
}

static void a_flash_that_was_put_back_is_found_at_the_next_login(void **state)
{
    static uint8_t before[RIG_FLASH_SIZE];
    struct mscp_login_state cloud;
    mscp_login_start(&cloud);
    for (unsigned i = 0; i < 50; i++) {
        login(&cloud, NOTHING_LOST);
        memcpy(before, rig.flash.bytes, sizeof before);
        unsigned more = 2 + dice(3);
        for (unsigned j = 0; j < more; j++) {
            login(&cloud, NOTHING_LOST);
        }
        uint8_t now[32];
        struct mscp_chip_login newest = rig.chip.login;
        memcpy(now, rig.chip.login.r, 32);
        memcpy(rig.flash.bytes, before, sizeof before);
        rig_restart_chip(&rig);
        assert_memory_not_equal(rig.chip.login.r, now, 32);
        assert_int_equal(login(&cloud, NOTHING_LOST), MSCP_LOGIN_FORK);
        rig.chip.login = newest; /* the genuine one, had it not been put back, still goes on */
        assert_int_equal(login(&cloud, NOTHING_LOST), MSCP_LOGIN_NEWEST);
    }
}

static void a_forged_proof_says_nothing_about_the_device(void **state)
{
    static const uint8_t nonce[32] = {7}, other[32] = {8};
    struct mscp_login_state cloud;
    struct mscp_login_proof proof;
    mscp_login_start(&cloud);
    assert_int_equal(mscp_host_login_proof(&rig.host, nonce, &proof), MICO_OK);
    assert_int_equal(mscp_login_check(&cloud, nonce, &proof, MICO_SPAN(identity)), MSCP_LOGIN_NEWEST);
    assert_int_equal(mscp_login_check(&cloud, other, &proof, MICO_SPAN(identity)), MSCP_LOGIN_FORGED); /* replayed */
    proof.counter++;
    assert_int_equal(mscp_login_check(&cloud, nonce, &proof, MICO_SPAN(identity)), MSCP_LOGIN_FORGED);
    proof.counter--;
    proof.link[5] ^= 1;
    assert_int_equal(mscp_login_check(&cloud, nonce, &proof, MICO_SPAN(identity)), MSCP_LOGIN_FORGED);
}

static void r_is_taken_once_and_only_for_the_last_proof(void **state)
{
    static const uint8_t nonce[32] = {7}, r[32] = {1}, other[32] = {2};
    struct mscp_login_proof proof;
    assert_int_equal(mscp_host_login_proof(&rig.host, nonce, &proof), MICO_OK);
    assert_int_equal(proof.counter, 0);
    assert_int_equal(mscp_host_login_accept(&rig.host, 1, r), MICO_ERR_CRYPTO);
    assert_int_equal(mscp_host_login_accept(&rig.host, 0, r), MICO_OK);
    assert_int_equal(mscp_host_login_accept(&rig.host, 0, r), MICO_OK); /* its answer may have got lost */
    assert_int_equal(rig.chip.login.counter, 1);
    assert_int_equal(mscp_host_login_accept(&rig.host, 0, other), MICO_ERR_CRYPTO);
    assert_int_equal(mscp_host_login_accept(&rig.host, UINT64_MAX, other), MICO_ERR_CRYPTO);
    assert_int_equal(rig.chip.login.counter, 1);
    rig_restart_chip(&rig);
    assert_int_equal(rig.chip.login.counter, 1);
    assert_memory_equal(rig.chip.login.r, r, 32);
}

static void a_cut_while_r_is_taken_leaves_a_state_that_the_cloud_knows(void **state)
{
    struct mscp_login_state cloud;
    mscp_login_start(&cloud);
    rig.host.timeout_ms = 10;
    bool cut = true;
    for (unsigned operation = 1; cut; operation++) {
        uint8_t nonce[32], r[32];
        struct mscp_login_proof proof;
        fresh(nonce);
        fresh(r);
        assert_int_equal(mscp_host_login_proof(&rig.host, nonce, &proof), MICO_OK);
        enum mscp_login_verdict verdict = mscp_login_check(&cloud, nonce, &proof, MICO_SPAN(identity));
        assert_true(verdict == MSCP_LOGIN_NEWEST || verdict == MSCP_LOGIN_AGAIN);
        mscp_login_advance(&cloud, verdict, r);
        rig.flash.cut = (struct test_flash_cut){rig.flash.operations + operation, TEST_TEAR_MIXED, operation};
        mico_err err = mscp_host_login_accept(&rig.host, proof.counter, r);
        cut = rig.flash.dead;
        rig_restart_chip(&rig);
        assert_true(rig.chip.login.counter == proof.counter + 1 ||
                    (err != MICO_OK && rig.chip.login.counter == proof.counter));
    }
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(many_logins_over_a_lossy_net_raise_no_alarm),
        STARTED(two_chips_of_one_state_fork),
        STARTED(a_flash_that_was_put_back_is_found_at_the_next_login),
        STARTED(a_forged_proof_says_nothing_about_the_device),
        STARTED(r_is_taken_once_and_only_for_the_last_proof),
        STARTED(a_cut_while_r_is_taken_leaves_a_state_that_the_cloud_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
