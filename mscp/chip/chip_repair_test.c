/* SPDX-License-Identifier: Apache-2.0 */
/* Another pairing under the owner's AUTH: nobody else gets one, and a cut of either end at any moment leaves a pairing that both
 * have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding old_binding;
static uint8_t identity[32];
static const uint8_t owner[34] = {MSCP_AUTH_HMAC, 5, 0x0E}, wrong[32] = {0x0F};
#define USER_ID 0x42u
static const uint8_t user[] = {MSCP_AUTH_PIN, 3, '1', '2', '3', '4'};
static const struct mscp_attributes owner_attributes = {.type = MSCP_AUTH, .write = MSCP_NEVER};

static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &old_binding, false);
    assert_int_equal(mscp_host_create(&rig.host, MSCP_ID_OWNER, &owner_attributes, MICO_SPAN(owner)), MICO_OK);
    assert_int_equal(mscp_host_create(&rig.host, USER_ID, &owner_attributes, MICO_SPAN(user)), MICO_OK);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity), MICO_OK);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

/* A host with this binding has the chip's session and its objects. */
static bool works(const struct mscp_binding *binding)
{
    uint8_t key[32];
    rig_new_host(&rig, binding);
    rig.now_ms += 60000;
    mico_err err = mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key);
    assert_true(err != MICO_OK || memcmp(key, identity, 32) == 0);
    return err == MICO_OK;
}

static mico_err authenticate(const uint8_t secret[32])
{
    return mscp_host_auth_secret(&rig.host, MSCP_ID_OWNER, secret, NULL);
}

/* As far as the proof, with a new host. */
static void prove(struct mscp_binding *made)
{
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_repair_stage(&rig.host, made), MICO_OK);
    assert_int_equal(authenticate(owner + 2), MICO_OK);
    assert_int_equal(mscp_host_repair_prove(&rig.host), MICO_OK);
}

static void the_owner_gives_the_chip_a_new_host(void **state)
{
    struct mscp_binding made;
    prove(&made);
    assert_int_equal(mscp_host_repair_commit(&rig.host), MICO_OK);
    uint8_t key[32];
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key),
                     MICO_OK); /* the session goes on, in full */
    assert_memory_equal(key, identity, 32);
    assert_true(works(&made));
    assert_false(works(&old_binding));
    rig_restart_chip(&rig);
    assert_true(works(&made));
    assert_false(works(&old_binding));
    assert_memory_not_equal(made.host_public, old_binding.host_public, 32);
}

static void until_the_commit_both_pairings_work_over_restarts(void **state)
{
    struct mscp_binding made;
    prove(&made);
    rig_restart_chip(&rig);
    assert_true(works(&old_binding));
    rig_new_host(&rig, &made);
    assert_int_equal(mscp_host_repair_prove(&rig.host), MICO_OK); /* again, as after a lost answer */
    assert_int_equal(mscp_host_repair_commit(&rig.host), MICO_OK);
    assert_int_equal(mscp_host_repair_commit(&rig.host), MICO_OK);
    assert_true(works(&made));
}

static void nobody_without_the_owners_secret_gets_a_pairing(void **state)
{
    struct mscp_binding made;
    uint8_t key[32];
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_repair_stage(&rig.host, &made), MICO_OK);
    assert_int_equal(mscp_host_repair_prove(&rig.host), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_REQUIRED);
    assert_int_equal(authenticate(wrong), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_repair_prove(&rig.host), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_repair_commit(&rig.host), MICO_ERR_PARAM);
    assert_int_equal(mscp_host_repair_put_aside(&rig.host), MICO_ERR_PARAM);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, key), MICO_ERR_AUTH);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_REQUIRED);
    assert_false(rig.chip.proven);
    assert_true(works(&old_binding));
    rig_restart_chip(&rig);
    assert_false(works(&made)); /* staged lives in RAM only */
    assert_true(works(&old_binding));
}

static void a_session_on_trial_takes_nothing_but_its_steps(void **state)
{
    struct mscp_binding made;
    struct mscp_response answer;
    for (unsigned proven = 0; proven < 2; proven++) {
        rig_new_host(&rig, NULL);
        assert_int_equal(mscp_host_repair_stage(&rig.host, &made), MICO_OK);
        assert_int_equal(authenticate(owner + 2), MICO_OK);
        assert_int_equal(proven == 0 ? MICO_OK : mscp_host_repair_prove(&rig.host), MICO_OK);
        for (unsigned command = 0; command < 256; command++) {
            if (command == MSCP_GET_INFO || command == MSCP_AUTHENTICATE || command == MSCP_REPAIR ||
                command == MSCP_CLOSE_SESSION) {
                continue;
            }
            int status =
                rig_record(&rig, (uint8_t)command, (struct mico_span){NULL, 0}, rig.host.session.next, &answer);
            assert_true(status == MSCP_AUTH_REQUIRED || status == MSCP_UNKNOWN_COMMAND || status == MSCP_NOT_SUPPORTED);
        }
        rig.now_ms += 60000;
    }
}

/* Anyone on the line can have a session on trial: he guesses nobody's PIN there, and locks nobody out. */
static void a_session_on_trial_cannot_spend_the_tries_of_others(void **state)
{
    struct mscp_binding made;
    const struct mico_span right = {user + 2, 4}, guess = {(const uint8_t *)"0000", 4};
    unsigned left = 9;
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_repair_stage(&rig.host, &made), MICO_OK);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(mscp_host_auth_pin(&rig.host, USER_ID, i == 0 ? right : guess, NULL), MICO_ERR_AUTH);
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_REQUIRED);
        assert_int_equal(mscp_host_auth_pin(&rig.host, 0x7E, guess, NULL), MICO_ERR_AUTH); /* and learns not what there is */
        assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_REQUIRED);
    }
    assert_true(works(&old_binding));
    assert_int_equal(mscp_host_auth_pin(&rig.host, USER_ID, guess, &left), MICO_ERR_AUTH);
    assert_int_equal(left, 2);
    assert_int_equal(mscp_host_auth_pin(&rig.host, USER_ID, right, NULL), MICO_OK);
}

static void a_new_staging_ends_the_session_on_trial(void **state)
{
    struct mscp_binding made, evil;
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_repair_stage(&rig.host, &made), MICO_OK);
    assert_int_equal(authenticate(owner + 2), MICO_OK);
    struct mscp_host honest = rig.host;
    rig_new_host(&rig, NULL); /* somebody else stages: what the owner allowed is not theirs */
    assert_int_equal(mscp_host_repair_stage(&rig.host, &evil), MICO_OK);
    struct mscp_host stranger = rig.host;
    rig.host = honest;
    assert_int_not_equal(mscp_host_repair_prove(&rig.host), MICO_OK);
    rig.host = stranger;
    assert_int_equal(mscp_host_repair_prove(&rig.host), MICO_ERR_AUTH);
    assert_false(rig.chip.proven);
}

static void a_chip_without_an_owner_keeps_its_pairing(void **state)
{
    struct mscp_binding made;
    rig_start(&rig);
    rig_provision(&rig, &old_binding, true);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity), MICO_OK);
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_repair_stage(&rig.host, &made), MICO_ERR_STATE);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_ALREADY_PAIRED);
    assert_true(works(&old_binding));
}

static void pairing_with_a_chip_that_has_an_owner_says_that_it_is_paired(void **state)
{
    struct mscp_binding made, before;
    memset(&made, 0x5A, sizeof made);
    before = made;
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_pair(&rig.host, &made), MICO_ERR_STATE);
    assert_int_equal(mscp_host_last_status(&rig.host), MSCP_AUTH_REQUIRED);
    assert_memory_equal(&made, &before, sizeof made);
    assert_false(rig.host.bound);
    assert_true(works(&old_binding));
}

static void the_old_host_can_put_a_proven_pairing_aside(void **state)
{
    struct mscp_binding made;
    prove(&made);
    assert_true(works(&old_binding));
    assert_int_equal(mscp_host_repair_commit(&rig.host), MICO_ERR_PARAM); /* not his to commit */
    assert_int_equal(mscp_host_repair_put_aside(&rig.host), MICO_OK);
    assert_false(works(&made));
    assert_true(works(&old_binding));
}

/* What a host says first in a session that it opens now, kept back by the line. */
static struct rig_frame kept_back(const struct mscp_binding *binding, mico_err (*say)(struct mscp_host *host))
{
    struct mscp_host other = rig.host;
    unsigned first = rig.frame_count;
    rig_new_host(&rig, binding);
    rig.host.timeout_ms = 10;
    rig_drop_from(&rig, 3); /* OPEN_SESSION, its answer, and then the record */
    assert_int_equal(say(&rig.host), MICO_ERR_TIMEOUT);
    rig_drop_from(&rig, 0);
    rig.host = other;
    return rig.frames[first + 2];
}

static int arrives(const struct rig_frame *frame)
{
    return rig_inject(&rig, rig.trace + frame->at, frame->len, NULL);
}

static mico_err draw(struct mscp_host *host)
{
    uint8_t random[1];
    return mscp_host_random(host, random, sizeof random);
}

static void a_commit_that_arrives_after_its_pairing_was_put_aside_commits_nothing(void **state)
{
    struct mscp_binding made;
    struct mscp_chip_pairing standing = rig.chip.pairing;
    prove(&made);
    assert_true(works(&old_binding));
    struct rig_frame commit = kept_back(&made, mscp_host_repair_commit);
    assert_int_equal(mscp_host_repair_put_aside(&rig.host), MICO_OK);
    assert_int_equal(arrives(&commit), MSCP_SESSION_INVALID);
    assert_memory_equal(&rig.chip.pairing, &standing, sizeof standing);
    assert_true(works(&old_binding));
    rig_restart_chip(&rig);
    assert_true(works(&old_binding));
}

static void a_commit_of_a_pairing_that_another_replaced_commits_nothing(void **state)
{
    struct mscp_binding first, second;
    prove(&first);
    rig_new_host(&rig, NULL);
    assert_int_equal(mscp_host_repair_stage(&rig.host, &second), MICO_OK);
    assert_int_equal(authenticate(owner + 2), MICO_OK);
    struct rig_frame commit = kept_back(&first, mscp_host_repair_commit);
    assert_int_equal(mscp_host_repair_prove(&rig.host), MICO_OK);
    assert_int_equal(arrives(&commit), MSCP_SESSION_INVALID);
    assert_true(works(&old_binding));
    assert_false(works(&first));
}

static void a_session_that_the_old_host_opened_before_the_commit_ends_with_its_pairing(void **state)
{
    struct mscp_binding made;
    prove(&made);
    struct rig_frame record = kept_back(&old_binding, draw);
    assert_int_equal(mscp_host_repair_commit(&rig.host), MICO_OK);
    assert_int_equal(arrives(&record), MSCP_SESSION_INVALID);
    assert_int_equal(draw(&rig.host), MICO_OK); /* the new host's goes on */
}

static void staging_again_and_again_costs_rate_budget(void **state)
{
    struct mscp_binding made;
    mico_err err = MICO_OK;
    unsigned tries = 0;
    rig_new_host(&rig, NULL);
    for (; tries < 20 && err == MICO_OK; tries++) {
        rig.host.bound = false;
        err = mscp_host_repair_stage(&rig.host, &made);
    }
    assert_int_equal(err, MICO_ERR_BUSY);
    assert_in_range(tries, 8, 11);
}

/* A host that keeps what it must in its own flash: the binding in use, and one that was proven. */
struct kept {
    struct mscp_binding in_use, pending;
    bool has_pending;
};

static mico_err repair(struct kept *kept)
{
    struct mscp_binding made;
    rig_new_host(&rig, NULL);
    rig.host.timeout_ms = 10;
    mico_err err = mscp_host_repair_stage(&rig.host, &made);
    err = err == MICO_OK ? authenticate(owner + 2) : err;
    err = err == MICO_OK ? mscp_host_repair_prove(&rig.host) : err;
    if (err == MICO_OK) {
        kept->pending = made;
        kept->has_pending = true;
        err = mscp_host_repair_commit(&rig.host);
    }
    if (err == MICO_OK) {
        kept->in_use = made;
        kept->has_pending = false;
    }
    return err;
}

/* After anything: under one of what it keeps the host goes on, and comes to the end. */
static void recover(struct kept *kept)
{
    bool by_new = kept->has_pending && works(&kept->in_use) == false;
    if (kept->has_pending) {
        rig_new_host(&rig, &kept->pending);
        if (mscp_host_repair_commit(&rig.host) == MICO_OK) {
            kept->in_use = kept->pending;
        } else {
            assert_false(by_new);
        }
        kept->has_pending = false;
    }
    assert_true(works(&kept->in_use));
}

static void power_lost_at_every_operation_of_the_chip_strands_nobody(void **state)
{
    static uint8_t before[RIG_FLASH_SIZE];
    static const enum test_flash_tear tears[] = {TEST_TEAR_PREFIX, TEST_TEAR_BITS, TEST_TEAR_MIXED};
    memcpy(before, rig.flash.bytes, sizeof before);
    for (unsigned tear = 0; tear < 3; tear++) {
        bool cut = true;
        unsigned operation = 1;
        for (; cut; operation++) {
            struct kept kept = {.in_use = old_binding};
            memcpy(rig.flash.bytes, before, sizeof before);
            rig_restart_chip(&rig);
            rig.flash.cut = (struct test_flash_cut){rig.flash.operations + operation, tears[tear], operation};
            mico_err err = repair(&kept);
            cut = rig.flash.dead;
            assert_true(cut || err == MICO_OK);
            rig_restart_chip(&rig);
            recover(&kept);
            rig_restart_chip(&rig);
            assert_true(works(&kept.in_use));
        }
        assert_true(operation > 6);
    }
}

static void the_host_lost_at_every_frame_strands_nobody(void **state)
{
    static uint8_t before[RIG_FLASH_SIZE];
    memcpy(before, rig.flash.bytes, sizeof before);
    mico_err err = MICO_ERR_IO;
    for (unsigned frame = 1; err != MICO_OK; frame++) {
        struct kept kept = {.in_use = old_binding};
        memcpy(rig.flash.bytes, before, sizeof before);
        rig_restart_chip(&rig);
        rig_drop_from(&rig, frame);
        err = repair(&kept);
        rig_drop_from(&rig, 0);
        rig.now_ms += 60000;
        recover(&kept);
        assert_true(frame < 40);
    }
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(the_owner_gives_the_chip_a_new_host),
        STARTED(until_the_commit_both_pairings_work_over_restarts),
        STARTED(nobody_without_the_owners_secret_gets_a_pairing),
        STARTED(a_session_on_trial_takes_nothing_but_its_steps),
        STARTED(a_session_on_trial_cannot_spend_the_tries_of_others),
        STARTED(a_new_staging_ends_the_session_on_trial),
        STARTED(a_chip_without_an_owner_keeps_its_pairing),
        STARTED(pairing_with_a_chip_that_has_an_owner_says_that_it_is_paired),
        STARTED(the_old_host_can_put_a_proven_pairing_aside),
        STARTED(a_commit_that_arrives_after_its_pairing_was_put_aside_commits_nothing),
        STARTED(a_commit_of_a_pairing_that_another_replaced_commits_nothing),
        STARTED(a_session_that_the_old_host_opened_before_the_commit_ends_with_its_pairing),
        STARTED(staging_again_and_again_costs_rate_budget),
        STARTED(power_lost_at_every_operation_of_the_chip_strands_nobody),
        STARTED(the_host_lost_at_every_frame_strands_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
