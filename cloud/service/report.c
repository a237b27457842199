/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud/service/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloud/service/json.h"

/* ---- list ---- */

static bool print_device(void *ctx, const struct mico_device *device)
{
    char seen[MICO_TIME_SIZE] = "never";
    if (device->last_seen_ms > 0) {
        mico_time_text(device->last_seen_ms, seen);
    }
    printf("%-17s  %-16s  %-11s  %-7s  %s\n", device->id, device->serial, mico_device_state_name(device->state),
           device->online ? "online" : "offline", seen);
    ++*(unsigned *)ctx;
    return true;
}

enum mico_exit mico_report_list(const struct mico_arguments *arguments, struct mico_complaint *complaint)
{
    struct mico_registry *registry;
    unsigned count = 0;
    if (mico_registry_open(mico_cli_get(arguments, "--db"), &registry, complaint)) {
        return MICO_EXIT_FAILED;
    }
    enum mico_exit code = MICO_EXIT_OK;
    cJSON *json = mico_cli_get(arguments, "--json") ? mico_devices_json(registry, "", -1) : NULL;
    mico_err err = MICO_OK;
    if (json) {
        code = mico_json_print(json) ? MICO_EXIT_OK : MICO_EXIT_FAILED;
    } else if (!mico_cli_get(arguments, "--json")) {
        printf("%-17s  %-16s  %-11s  %-7s  %s\n", "DEVICE", "SERIAL", "STATE", "ONLINE", "LAST SEEN");
        err = mico_registry_each(registry, "", -1, print_device, &count);
        fprintf(stderr, "%u devices\n", count);
    } else {
        err = MICO_ERR_IO;
    }
    if (err) {
        mico_complain_registry(complaint, err);
        code = MICO_EXIT_FAILED;
    }
    mico_registry_close(registry);
    return code;
}

/* ---- audit ---- */

static bool print_entry(void *ctx, const struct mico_audit_entry *entry)
{
    char at[MICO_TIME_SIZE];
    mico_time_text(entry->at_ms, at);
    printf("%6" PRId64 "  %s  %-8s  %-18s  %s %s\n", entry->seq, at, entry->actor, entry->action, entry->subject,
           entry->detail);
    return true;
}

static bool append_entry(void *ctx, const struct mico_audit_entry *entry)
{
    cJSON_AddItemToArray(ctx, mico_audit_json(entry));
    return true;
}

/* "SEQ:HASH", as an earlier audit printed it. */
struct witness {
    int64_t seq;
    uint8_t hash[32];
    bool seen, same;
};

static bool compare_witness(void *ctx, const struct mico_audit_entry *entry)
{
    struct witness *witness = ctx;
    witness->seen = entry->seq == witness->seq;
    witness->same = witness->seen && mico_ct_equal(entry->hash, witness->hash, 32);
    return false;
}

static mico_err check_witness(struct mico_registry *registry, const char *text, struct mico_complaint *complaint)
{
    struct witness witness = {0};
    char *colon = NULL;
    witness.seq = strtoll(text, &colon, 10);
    if (witness.seq < 1 || *colon != ':' || mico_unhex(colon + 1, witness.hash, sizeof witness.hash)) {
        return mico_complain(complaint, MICO_ERR_PARAM, "give the head that an earlier mico-cloud audit printed",
                             "--witness '%.80s' is not NUMBER:HASH", text);
    }
    mico_err err = mico_registry_audit_each(registry, witness.seq - 1, compare_witness, &witness);
    if (!err && !witness.same) {
        err = mico_complain(complaint, MICO_ERR_CORRUPT,
                            "the whole log was rewritten: compare it with a copy taken before",
                            "audit row %" PRId64 " is %s", witness.seq,
                            witness.seen ? "not the one that was witnessed" : "gone, though it was witnessed");
    }
    return err;
}

static void print_audit(struct mico_registry *registry, bool as_json, const struct mico_audit_entry *head, bool good,
                        int64_t bad, const struct mico_complaint *complaint)
{
    char hash[65];
    mico_hex(head->hash, 32, hash);
    if (!as_json) {
        (void)!mico_registry_audit_each(registry, 0, print_entry, NULL);
        if (good) {
            printf("chain good; head %" PRId64 ":%s\n", head->seq, hash);
        }
        return;
    }
    cJSON *object = cJSON_CreateObject();
    cJSON_AddBoolToObject(object, "good", good);
    if (good) {
        char text[32 + 65];
        snprintf(text, sizeof text, "%" PRId64 ":%s", head->seq, hash);
        cJSON_AddStringToObject(object, "head", text);
    } else {
        cJSON_AddNumberToObject(object, "altered_row", (double)bad);
        cJSON_AddStringToObject(object, "error", complaint->what);
    }
    (void)!mico_registry_audit_each(registry, 0, append_entry, cJSON_AddArrayToObject(object, "entries"));
    (void)mico_json_print(object);
}

enum mico_exit mico_report_audit(const struct mico_arguments *arguments, struct mico_complaint *complaint)
{
    struct mico_registry *registry;
    struct mico_audit_entry head;
    int64_t bad;
    const char *witness = mico_cli_get(arguments, "--witness");
    if (mico_registry_open(mico_cli_get(arguments, "--db"), &registry, complaint)) {
        return MICO_EXIT_FAILED;
    }
    mico_err err = mico_registry_audit_verify(registry, &head, &bad, complaint);
    if (!err && witness) {
        err = check_witness(registry, witness, complaint);
    }
    if (err && !complaint->what[0]) {
        mico_complain_registry(complaint, err);
    }
    if (!err || err == MICO_ERR_CORRUPT) {
        print_audit(registry, mico_cli_get(arguments, "--json") != NULL, &head, !err, bad, complaint);
    }
    mico_registry_close(registry);
    return !err ? MICO_EXIT_OK : err == MICO_ERR_CORRUPT ? MICO_EXIT_ALTERED : MICO_EXIT_FAILED;
}
