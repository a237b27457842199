/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log in flash. docs/MSCP.md, "Audit log".
 *
 * "a/<page>" holds the head before the page and its entries so far; each entry is one write of its page, so a cut leaves the
 * log with the entry or without it. An entry is written before what it tells of happens and before the answer goes out. What
 * cannot be written, or comes faster than WRITES_BURST and one a second, is counted and told by the next entry: neither a full
 * flash nor a host gone wild stops the chip; at one a second a store of 1 MiB that bears 10,000 erasures lasts for more than a year. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "mscp/chip/chip_internal.h"

#define PREFIX "a/"
#define WRITES_BURST 16
#define WRITE_REGAINED_MS 1000

struct page_name {
    char text[12];
};

static struct page_name name_of(uint32_t page)
{
    struct page_name name;
    snprintf(name.text, sizeof name.text, PREFIX "%08lx", (unsigned long)page);
    return name;
}

static uint32_t page_of(uint64_t number)
{
    return (uint32_t)(number / MSCP_AUDIT_PAGE);
}

/* ---- the start ---- */

struct pages {
    bool any;
    uint32_t newest;
};

static bool see_page(void *ctx, const char *name, size_t len)
{
    struct pages *pages = ctx;
    uint8_t number[4];
    if (strncmp(name, PREFIX, strlen(PREFIX)) == 0 && mico_unhex(name + strlen(PREFIX), number, 4) == MICO_OK) {
        uint32_t page = mico_load_be32(number);
        pages->newest = !pages->any || page > pages->newest ? page : pages->newest;
        pages->any = true;
    }
    return true;
}

static bool take_page(struct mscp_chip_audit *audit, uint32_t page, struct mico_span value)
{
    size_t len = value.len - 32;
    if (value.len < 32 || len % MSCP_AUDIT_ENTRY != 0 || len > sizeof audit->entries) {
        return false;
    }
    memcpy(audit->page_head, value.data, 32);
    memcpy(audit->now.head, value.data, 32);
    memcpy(audit->entries, value.data + 32, len);
    audit->now.count = (uint64_t)page * MSCP_AUDIT_PAGE + len / MSCP_AUDIT_ENTRY;
    for (size_t at = 0; at < len; at += MSCP_AUDIT_ENTRY) {
        mscp_audit_link(audit->now.head, audit->entries + at);
    }
    return true;
}

mico_err mscp_audit_load(struct mscp_chip *chip)
{
    struct mscp_chip_audit *audit = &chip->audit;
    struct pages pages = {0};
    struct mico_span value;
    bool found = false;
    audit->writes_left = WRITES_BURST;
    audit->regained_ms = chip->platform.now_ms(chip->platform.ctx);
    mico_err err = mico_store_each(&chip->store, see_page, &pages);
    if (err != MICO_OK || !pages.any) {
        return err;
    }
    err = mscp_chip_get(chip, name_of(pages.newest).text, 0, &value, &found);
    if (err == MICO_ERR_IO) {
        return err;
    }
    if (err != MICO_OK || !found || !take_page(audit, pages.newest, value)) {
        /* Lost entries must be seen, and must not cost the chip its life. */
        MICO_LOG("MSCP", "chip: the newest page of the audit log is damaged; it begins anew");
        audit->now = (struct mscp_chain){.count = ((uint64_t)pages.newest + 1) * MSCP_AUDIT_PAGE};
        mscp_audit_log(chip, MSCP_AUDIT_DAMAGED, 0, MSCP_CORRUPT, 0);
    }
    return MICO_OK;
}

/* ---- writing ---- */

static bool may_write(struct mscp_chip *chip)
{
    struct mscp_chip_audit *audit = &chip->audit;
    uint64_t regained = (chip->platform.now_ms(chip->platform.ctx) - audit->regained_ms) / WRITE_REGAINED_MS;
    audit->regained_ms += regained * WRITE_REGAINED_MS;
    uint64_t left = audit->writes_left + regained;
    audit->writes_left = left > WRITES_BURST ? WRITES_BURST : (uint8_t)left;
    if (audit->writes_left == 0) {
        return false;
    }
    audit->writes_left--;
    return true;
}

/* The page that a new one drives out costs room only. */
static void drop_oldest(struct mscp_chip *chip, uint32_t page)
{
    if (page >= MSCP_AUDIT_PAGES) {
        mico_err ignored = mscp_chip_remove(chip, name_of(page - MSCP_AUDIT_PAGES).text);
        (void)ignored;
    }
}

static mico_err append(struct mscp_chip *chip, const struct mscp_audit_entry *entry)
{
    struct mscp_chip_audit *audit = &chip->audit;
    uint8_t value[32 + sizeof audit->entries];
    size_t at = audit->now.count % MSCP_AUDIT_PAGE * MSCP_AUDIT_ENTRY;
    uint32_t page = page_of(audit->now.count);
    if (at == 0) {
        memcpy(audit->page_head, audit->now.head, 32);
        drop_oldest(chip, page);
    }
    mscp_audit_encode(entry, audit->entries + at);
    memcpy(value, audit->page_head, 32);
    memcpy(value + 32, audit->entries, at + MSCP_AUDIT_ENTRY);
    mico_err err = mscp_chip_put(chip, name_of(page).text, 0, value, 32 + at + MSCP_AUDIT_ENTRY);
    if (err == MICO_OK) {
        mscp_audit_link(audit->now.head, audit->entries + at);
        audit->now.count++;
    }
    return err;
}

static struct mscp_audit_entry entry_of(struct mscp_chip *chip, enum mscp_audit_event event)
{
    return (struct mscp_audit_entry){
        .number = (uint32_t)chip->audit.now.count,
        .boot = chip->boot_counter,
        .seconds = (uint32_t)((chip->platform.now_ms(chip->platform.ctx) - chip->started_ms) / 1000),
        .event = (uint8_t)event,
    };
}

void mscp_audit_log(struct mscp_chip *chip, enum mscp_audit_event event, uint8_t command, mscp_status_t status,
                    uint32_t subject)
{
    struct mscp_chip_audit *audit = &chip->audit;
    mico_err err = may_write(chip) ? MICO_OK : MICO_ERR_BUSY;
    if (err == MICO_OK && audit->lost > 0) {
        struct mscp_audit_entry lost = entry_of(chip, MSCP_AUDIT_LOST);
        lost.subject = audit->lost;
        err = append(chip, &lost);
        audit->lost = err == MICO_OK ? 0 : audit->lost;
    }
    if (err == MICO_OK) {
        struct mscp_audit_entry entry = entry_of(chip, event);
        entry.command = command;
        entry.status = (int8_t)status;
        entry.detail = chip->detail > UINT8_MAX ? UINT8_MAX : (uint8_t)chip->detail;
        entry.subject = subject;
        err = append(chip, &entry);
    }
    if (err != MICO_OK) {
        audit->lost++;
        /* A flash that fails stops the chip, as with any other write; one that is full does not. */
        chip->storage_broken = chip->storage_broken || err == MICO_ERR_IO;
    }
}

/* ---- reading ---- */

static mscp_status_t put_page(struct mscp_chip *chip, uint32_t page, struct mico_span value, struct mico_writer *out)
{
    if (value.len < 32) {
        return MSCP_CORRUPT;
    }
    mscp_put_u64(out, MSCP_TAG_VALUE, (uint64_t)page * MSCP_AUDIT_PAGE);
    mscp_put_bytes(out, MSCP_TAG_HEAD, value.data, 32);
    mscp_put_bytes(out, MSCP_TAG_BYTES, value.data + 32, value.len - 32);
    return MSCP_OK;
}

mscp_status_t mscp_chip_get_audit_log(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    const struct mscp_chip_audit *audit = &chip->audit;
    uint64_t from = mscp_tlv_u64(in, MSCP_TAG_VALUE);
    uint32_t newest = page_of(audit->now.count), page = page_of(from);
    uint32_t oldest = newest >= MSCP_AUDIT_PAGES - 1 ? newest - (MSCP_AUDIT_PAGES - 1) : 0;
    if (from < audit->now.count) {
        for (page = page < oldest ? oldest : page; page <= newest;
             page++) { /* a damaged page was skipped: at most all */
            struct mico_span value;
            bool found = false;
            mico_err err = mscp_chip_get(chip, name_of(page).text, 0, &value, &found);
            if (err == MICO_ERR_IO) {
                return MSCP_STORAGE;
            }
            if (err == MICO_OK && found) {
                return put_page(chip, page, value, out);
            }
        }
    }
    mscp_put_u64(out, MSCP_TAG_VALUE, audit->now.count);
    mscp_put_bytes(out, MSCP_TAG_HEAD, audit->now.head, 32);
    mscp_put_bytes(out, MSCP_TAG_BYTES, NULL, 0);
    return MSCP_OK;
}
