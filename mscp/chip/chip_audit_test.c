/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log: what goes in, that it can be checked, that nothing stops the chip because of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

static struct rig rig;
static struct mscp_binding binding;
static uint8_t identity[32];

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

/* The log as a host downloads it. */
static struct {
    uint64_t first;
    uint8_t head[32];
    uint8_t bytes[(MSCP_AUDIT_KEPT + MSCP_AUDIT_PAGE) * MSCP_AUDIT_ENTRY];
    size_t len;
    struct mscp_audit_walk walk;
} down;

static void download(void)
{
    struct mscp_audit_part part;
    uint64_t from = 0;
    memset(&down, 0, sizeof down);
    do {
        assert_int_equal(mscp_host_audit(&rig.host, from, &part), MICO_OK);
        if (down.len == 0) {
            down.first = part.first;
            memcpy(down.head, part.head, 32);
        }
        assert_true(down.len + part.len <= sizeof down.bytes);
        memcpy(down.bytes + down.len, part.entries, part.len);
        down.len += part.len;
        assert_int_equal(mscp_audit_take(&down.walk, part.first, part.head, (struct mico_span){part.entries, part.len}),
                         MICO_OK);
        from = down.walk.now.count;
    } while (part.len > 0);
}

static struct mscp_chain attested(void)
{
    static const uint8_t nonce[32] = {1};
    uint8_t token[MSCP_EVIDENCE_MAX];
    struct mscp_evidence e;
    size_t len;
    assert_int_equal(mscp_host_evidence(&rig.host, 0, MICO_SPAN(nonce), token, &len), MICO_OK);
    assert_int_equal(mscp_evidence_verify((struct mico_span){token, len}, MICO_SPAN(identity), &e), MICO_OK);
    return e.audit;
}

static struct mscp_audit_entry entry_at(size_t i)
{
    assert_true((i + 1) * MSCP_AUDIT_ENTRY <= down.len);
    return mscp_audit_decode(down.bytes + i * MSCP_AUDIT_ENTRY);
}

static struct mscp_audit_entry newest(void)
{
    download();
    return entry_at(down.len / MSCP_AUDIT_ENTRY - 1);
}

/* Refused by the measurement registers: costs no flash but the log's. */
static void be_refused(void)
{
    static const uint8_t digest[32];
    assert_int_equal(mscp_host_measure(&rig.host, 0, digest), MICO_ERR_DENIED);
}

static void pairing_lifecycle_denials_and_bad_records_are_entered(void **state)
{
    uint8_t signature[64];
    struct mscp_response answer;
    download();
    struct mscp_audit_entry e = entry_at(0);
    assert_int_equal(e.event, MSCP_AUDIT_PAIRED);
    assert_int_equal(e.boot, rig.chip.boot_counter);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_IDENTITY, MICO_SPAN("x"), signature), MICO_ERR_DENIED);
    e = newest();
    assert_int_equal(e.event, MSCP_AUDIT_REFUSED);
    assert_int_equal(e.command, MSCP_SIGN);
    assert_int_equal(e.status, MSCP_POLICY_DENIED);
    assert_int_equal(e.detail, MSCP_CLAUSE_SHAPE);
    assert_int_equal(e.subject, MSCP_ID_IDENTITY);
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    e = newest();
    assert_int_equal(e.event, MSCP_AUDIT_LIFECYCLE);
    assert_int_equal(e.subject, MSCP_OPERATIONAL);
    rig_record(&rig, MSCP_GET_INFO, (struct mico_span){NULL, 0}, rig.host.session.next + 1, &answer);
    rig.host.session.open = false;
    e = newest();
    assert_int_equal(e.event, MSCP_AUDIT_LINK);
    assert_int_equal(e.status, MSCP_REPLAY);
    assert_string_equal(mscp_audit_event_name(e.event), "link");
}

static void a_downloaded_log_is_what_the_evidence_speaks_of_and_any_change_is_found(void **state)
{
    for (unsigned i = 0; i < 40; i++) {
        rig.now_ms += 1000;
        be_refused();
    }
    struct mscp_chain evidence = attested();
    be_refused(); /* later entries may be there */
    download();
    struct mico_span entries = {down.bytes, down.len};
    assert_int_equal(mscp_audit_verify(down.first, down.head, entries, &evidence), MICO_OK);
    for (size_t i = 0; i < evidence.count * MSCP_AUDIT_ENTRY; i++) {
        down.bytes[i] ^= 4;
        assert_int_not_equal(mscp_audit_verify(down.first, down.head, entries, &evidence), MICO_OK);
        down.bytes[i] ^= 4;
    }
    down.head[3] ^= 1;
    assert_int_equal(mscp_audit_verify(down.first, down.head, entries, &evidence), MICO_ERR_AUTH);
    down.head[3] ^= 1;
    entries.len = (evidence.count - 1) * MSCP_AUDIT_ENTRY;
    assert_int_equal(mscp_audit_verify(down.first, down.head, entries, &evidence), MICO_ERR_SIZE);
    entries.len = down.len - 1;
    assert_int_equal(mscp_audit_verify(down.first, down.head, entries, &evidence), MICO_ERR_FORMAT);
    entries = (struct mico_span){down.bytes + MSCP_AUDIT_ENTRY, down.len - MSCP_AUDIT_ENTRY}; /* the first left out */
    assert_int_equal(mscp_audit_verify(down.first, down.head, entries, &evidence), MICO_ERR_FORMAT);
}

static void the_oldest_entries_give_way_and_the_chain_stays_whole(void **state)
{
    for (unsigned i = 0; i < MSCP_AUDIT_KEPT + 100; i++) {
        rig.now_ms += 1000;
        be_refused();
        if (i % 50 == 0) {
            rig_restart_chip(&rig);
        }
    }
    struct mscp_chain evidence = attested();
    download();
    assert_true(down.first > 0);
    size_t kept = down.len / MSCP_AUDIT_ENTRY;
    assert_true(kept > MSCP_AUDIT_KEPT - MSCP_AUDIT_PAGE && kept <= MSCP_AUDIT_KEPT);
    assert_int_equal(mscp_audit_verify(down.first, down.head, (struct mico_span){down.bytes, down.len}, &evidence),
                     MICO_OK);
}

static void entries_that_come_too_fast_are_counted_not_written(void **state)
{
    rig.now_ms += 100000;
    be_refused();
    uint64_t operations = rig.flash.operations;
    for (unsigned i = 0; i < 1000; i++) {
        be_refused();
    }
    assert_true(rig.flash.operations - operations < 200); /* fifteen more, however wild the host is */
    rig.now_ms += 5000;
    be_refused();
    download();
    struct mscp_audit_entry lost = entry_at(down.len / MSCP_AUDIT_ENTRY - 2);
    assert_int_equal(lost.event, MSCP_AUDIT_LOST);
    assert_int_equal(lost.subject, 1000 - 15);
}

static void a_full_flash_stops_the_log_and_not_the_chip(void **state)
{
    static uint8_t filler[2048];
    char name[16];
    uint8_t message[RIG_PAIRING_MESSAGE], signature[64];
    rig_pairing_message(message);
    mico_err err = MICO_OK;
    for (unsigned i = 0; err == MICO_OK; i++) { /* past the chip, to the last byte */
        snprintf(name, sizeof name, "f/%u", i);
        err = mico_store_put(&rig.chip.store, name, filler, sizeof filler);
    }
    for (unsigned i = 0; err == MICO_ERR_FULL && i < 4096; i++) {
        snprintf(name, sizeof name, "g/%u", i);
        err = mico_store_put(&rig.chip.store, name, filler, 1) == MICO_OK ? MICO_ERR_FULL : MICO_ERR_SIZE;
    }
    uint64_t count = rig.chip.audit.now.count;
    for (unsigned i = 0; i < 20; i++) {
        rig.now_ms += 1000;
        be_refused();
    }
    assert_int_equal(rig.chip.audit.now.count, count);
    assert_int_equal(rig.chip.audit.lost, 20);
    assert_false(rig.chip.storage_broken);
    assert_int_equal(mscp_host_sign(&rig.host, MSCP_ID_PAIRING, MICO_SPAN(message), signature), MICO_OK);
    for (unsigned i = 0; i < 64; i++) { /* room again */
        snprintf(name, sizeof name, "f/%u", i);
        assert_int_equal(mico_store_delete(&rig.chip.store, name), MICO_OK);
    }
    rig.now_ms += 1000;
    be_refused();
    assert_int_equal(rig.chip.audit.lost, 0);
    assert_int_equal(rig.chip.audit.now.count, count + 2);
}

static void a_damaged_page_is_told_and_the_chip_goes_on(void **state)
{
    for (unsigned i = 0; i < 20; i++) {
        rig.now_ms += 1000;
        be_refused();
    }
    uint64_t page = rig.chip.audit.now.count / MSCP_AUDIT_PAGE;
    assert_int_equal(page, 1);
    struct mico_span stored = rig_stored(&rig, "a/00000001");
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 1), MICO_OK); /* a last record may be torn */
    rig.flash.bytes[stored.data - rig.flash.bytes + (ptrdiff_t)stored.len - 1] ^= 1;
    rig_restart_chip(&rig);
    be_refused();
    download();
    assert_true(down.walk.damaged);
    assert_int_equal(entry_at(16).event, MSCP_AUDIT_DAMAGED);
    assert_int_equal(entry_at(16).number, 32);
    struct mscp_chain evidence = attested();
    assert_memory_equal(evidence.head, down.walk.now.head, 32);
    assert_int_equal(evidence.count, down.walk.now.count);
}

/* Power lost at each flash operation of an entry: the log has it or not, and goes on whole; an entry whose answer went out is
 * there. */
static void a_cut_at_any_moment_leaves_a_log_that_verifies(void **state)
{
    static uint8_t before[RIG_FLASH_SIZE];
    for (unsigned fill = 0; fill < MSCP_AUDIT_PAGE + 1; fill += 8) { /* also over the border of a page */
        start(NULL);
        rig.host.timeout_ms = 10;
        for (unsigned i = 0; i < fill + MSCP_AUDIT_KEPT; i++) {
            rig.now_ms += 1000;
            be_refused();
        }
        memcpy(before, rig.flash.bytes, sizeof before);
        bool cut = true;
        for (unsigned operation = 1; cut; operation++) {
            memcpy(rig.flash.bytes, before, sizeof before);
            rig_restart_chip(&rig);
            uint64_t count = attested().count;
            rig.flash.cut = (struct test_flash_cut){rig.flash.operations + operation, TEST_TEAR_BITS, operation};
            static const uint8_t digest[32];
            mico_err err = mscp_host_measure(&rig.host, 0, digest);
            cut = rig.flash.dead;
            assert_int_equal(err == MICO_ERR_DENIED, !cut);
            rig_restart_chip(&rig);
            struct mscp_chain evidence = attested();
            assert_true(evidence.count == count + 1 || (cut && evidence.count == count));
            download();
            assert_int_equal(
                mscp_audit_verify(down.first, down.head, (struct mico_span){down.bytes, down.len}, &evidence), MICO_OK);
        }
    }
}

#define STARTED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STARTED(pairing_lifecycle_denials_and_bad_records_are_entered),
        STARTED(a_downloaded_log_is_what_the_evidence_speaks_of_and_any_change_is_found),
        STARTED(the_oldest_entries_give_way_and_the_chain_stays_whole),
        STARTED(entries_that_come_too_fast_are_counted_not_written),
        STARTED(a_full_flash_stops_the_log_and_not_the_chip),
        STARTED(a_damaged_page_is_told_and_the_chip_goes_on),
        STARTED(a_cut_at_any_moment_leaves_a_log_that_verifies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
