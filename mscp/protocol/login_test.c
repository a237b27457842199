/* SPDX-License-Identifier: Apache-2.0 */
/* The login chain's verifier against devices that follow docs/MSCP.md, "Login chain", over a net that loses messages, and against
 * two devices of one key and state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/protocol/login.h"

#define LOGINS 100000 /* 7 s */
#define FORKS 5000

static const uint8_t seed[32] = {3};
static uint8_t identity[32];

struct device {
    uint64_t counter;
    uint8_t head[32], r[32];
};

static uint64_t dice_state = 88172645463325252u;

/* Below n; the same in every run. */
static unsigned dice(unsigned n)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (unsigned)(dice_state % n);
}

static void fresh(uint8_t out[32])
{
    memset(out, 0, 32);
    mico_store_le32(out, dice(UINT32_MAX));
    mico_store_le32(out + 4, dice(UINT32_MAX));
}

static struct mscp_login_proof prove(const struct device *device, const uint8_t nonce[32])
{
    uint8_t message[MSCP_LOGIN_MESSAGE];
    struct mscp_login_proof proof = {.counter = device->counter};
    mscp_login_link(device->r, device->head, proof.link);
    mscp_login_message(nonce, proof.counter, proof.link, message);
    mico_ed25519_sign(seed, identity, MICO_SPAN(message), proof.signature);
    return proof;
}

static void take(struct device *device, const uint8_t r[32])
{
    mscp_login_link(device->r, device->head, device->head);
    memcpy(device->r, r, 32);
    device->counter++;
}

enum loss { NOTHING_LOST, R_LOST, PROOF_LOST };

/* One login; what the cloud says of it. */
static enum mscp_login_verdict login(struct mscp_login_state *cloud, struct device *device, enum loss loss)
{
    uint8_t nonce[32], r[32];
    fresh(nonce);
    fresh(r);
    struct mscp_login_proof proof = prove(device, nonce);
    if (loss == PROOF_LOST) {
        return MSCP_LOGIN_NEWEST;
    }
    enum mscp_login_verdict verdict = mscp_login_check(cloud, nonce, &proof, MICO_SPAN(identity));
    if (verdict == MSCP_LOGIN_NEWEST || verdict == MSCP_LOGIN_AGAIN) {
        mscp_login_advance(cloud, verdict, r);
        if (loss == NOTHING_LOST) {
            take(device, r);
        }
    }
    return verdict;
}

static bool alarm(enum mscp_login_verdict verdict)
{
    return verdict != MSCP_LOGIN_NEWEST && verdict != MSCP_LOGIN_AGAIN;
}

static void a_hundred_thousand_logins_over_a_lossy_net_raise_no_alarm(void **state)
{
    struct mscp_login_state cloud;
    struct device device = {0};
    uint32_t again = 0, most = 0;
    mscp_login_start(&cloud);
    for (unsigned i = 0; i < LOGINS; i++) {
        unsigned luck = dice(10); /* three of ten lose r, one of ten the proof */
        enum mscp_login_verdict verdict = login(&cloud, &device,
                                                luck < 3   ? R_LOST
                                                : luck < 4 ? PROOF_LOST
                                                           : NOTHING_LOST);
        assert_false(alarm(verdict));
        again += verdict == MSCP_LOGIN_AGAIN;
        most = cloud.retries > most ? cloud.retries : most;
    }
    print_message("%u logins, %u of them from the state before, up to %u in a row, no alarm\n", LOGINS, again, most);
    assert_true(most > 5 && again > LOGINS / 5);
}

/* However the two take turns and whatever gets lost: once both have taken an r, the next login of the one whose r is not the
 * last is a fork. */
static void a_copied_state_forks_within_one_login_of_each_party(void **state)
{
    for (unsigned i = 0; i < FORKS; i++) {
        struct mscp_login_state cloud;
        struct device party[2] = {{0}};
        mscp_login_start(&cloud);
        unsigned before = dice(6);
        for (unsigned j = 0; j < before; j++) {
            assert_false(alarm(login(&cloud, &party[0], dice(3) == 0 ? R_LOST : NOTHING_LOST)));
        }
        party[1] = party[0];
        uint64_t copied = party[0].counter;
        unsigned last = 0;
        for (unsigned turns = 0; party[0].counter == copied || party[1].counter == copied; turns++) {
            unsigned who = turns < 20 ? dice(2) : party[0].counter == copied ? 0 : 1;
            uint64_t counter = party[who].counter;
            if (alarm(login(&cloud, &party[who], turns < 20 && dice(3) == 0 ? R_LOST : NOTHING_LOST))) {
                break; /* found even earlier */
            }
            last = party[who].counter > counter ? who : last;
        }
        if (party[0].counter > copied && party[1].counter > copied) {
            assert_int_equal(login(&cloud, &party[1 - last], NOTHING_LOST), MSCP_LOGIN_FORK);
        }
    }
}

/* Why the state before is taken as often as it comes, and not once only: once would call a device with a bad line a copy, and finds no
 * copy sooner, for one that plays along never asks for it. */
static void taking_the_state_before_only_once_would_raise_alarms_and_find_nothing_sooner(void **state)
{
    struct mscp_login_state cloud;
    struct device honest = {0};
    unsigned false_alarms = 0;
    mscp_login_start(&cloud);
    for (unsigned i = 0; i < 2000; i++) {
        uint32_t retries = cloud.retries;
        enum mscp_login_verdict verdict = login(&cloud, &honest, dice(10) < 1 ? R_LOST : NOTHING_LOST);
        assert_false(alarm(verdict));
        false_alarms += verdict == MSCP_LOGIN_AGAIN && retries > 0;
    }
    print_message("one acknowledgement of ten lost: %u of 2,000 logins would be false alarms\n", false_alarms);
    assert_true(false_alarms > 5);
    for (unsigned logins = 1; logins < 20; logins++) {
        struct device copy = honest;
        struct mscp_login_state there = cloud;
        for (unsigned i = 0; i < logins; i++) {
            enum mscp_login_verdict verdict = login(&there, &copy, NOTHING_LOST);
            assert_true(verdict == MSCP_LOGIN_NEWEST || (i == 0 && verdict == MSCP_LOGIN_AGAIN));
            assert_int_equal(there.retries, i == 0 ? there.retries : 0); /* nothing that "once" could refuse */
        }
        struct device rightful = honest;
        enum mscp_login_verdict verdict = login(&there, &rightful, NOTHING_LOST);
        if (logins == 1 && verdict == MSCP_LOGIN_AGAIN) { /* then the copy's r is void, and the copy is found */
            verdict = login(&there, &copy, NOTHING_LOST);
        }
        assert_int_equal(verdict, MSCP_LOGIN_FORK);
    }
}

int main(void)
{
    mico_ed25519_public(seed, identity);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_thousand_logins_over_a_lossy_net_raise_no_alarm),
        cmocka_unit_test(a_copied_state_forks_within_one_login_of_each_party),
        cmocka_unit_test(taking_the_state_before_only_once_would_raise_alarms_and_find_nothing_sooner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
