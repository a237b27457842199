/* SPDX-License-Identifier: Apache-2.0 */
/* The log: hash(n) = SHA-256(hash(n-1) | n | time | actor | action | subject | detail), numbers little-endian in 8
 * bytes, each text behind its length in 4; hash(0) is zeros. Who alters, removes, adds or swaps a row would have to
 * rewrite every later hash and the head; a head that was noted elsewhere (`mico-cloud audit` prints it) shows even
 * that. */
#include "cloud/registry/internal.h"

#include <inttypes.h>
#include <string.h>

#include <gnutls/gnutls.h>
#include <gnutls/crypto.h>

static void hash_number(gnutls_hash_hd_t hash, uint64_t number)
{
    uint8_t bytes[8];
    mico_store_le64(bytes, number);
    gnutls_hash(hash, bytes, sizeof bytes);
}

static void hash_text(gnutls_hash_hd_t hash, const char *text)
{
    uint8_t bytes[4];
    mico_store_le32(bytes, (uint32_t)strlen(text));
    gnutls_hash(hash, bytes, sizeof bytes);
    gnutls_hash(hash, text, strlen(text));
}

static mico_err chain_hash(const uint8_t before[32], const struct mico_audit_entry *entry, uint8_t out[32])
{
    gnutls_hash_hd_t hash;
    if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) < 0) {
        return MICO_ERR_CRYPTO;
    }
    gnutls_hash(hash, before, 32);
    hash_number(hash, (uint64_t)entry->seq);
    hash_number(hash, (uint64_t)entry->at_ms);
    hash_text(hash, entry->actor);
    hash_text(hash, entry->action);
    hash_text(hash, entry->subject);
    hash_text(hash, entry->detail);
    gnutls_hash_deinit(hash, out);
    return MICO_OK;
}

static mico_err read_head(struct mico_registry *registry, int64_t *seq, uint8_t hash[32])
{
    bool row;
    sqlite3_stmt *s = registry_sql(registry, "SELECT seq, hash FROM audit_head", "");
    mico_err err = registry_step(registry, s, &row);
    if (!err && !row) {
        err = MICO_ERR_CORRUPT;
    }
    if (!err) {
        *seq = sqlite3_column_int64(s, 0);
        err = registry_blob(s, 1, hash, 32);
    }
    registry_done(s);
    return err;
}

mico_err mico_registry_audit_last(struct mico_registry *registry, int64_t *seq)
{
    uint8_t hash[32];
    return read_head(registry, seq, hash);
}

mico_err registry_audit_append(struct mico_registry *registry, const char *actor, const char *action,
                               const char *subject, const char *detail)
{
    uint8_t before[32];
    struct mico_audit_entry entry = {.actor = actor, .action = action, .subject = subject, .detail = detail};
    mico_err err = read_head(registry, &entry.seq, before);
    if (err) {
        return err;
    }
    entry.seq++;
    entry.at_ms = registry_now_ms();
    err = chain_hash(before, &entry, entry.hash);
    if (!err) {
        err = registry_run(registry,
                           registry_sql(registry, "INSERT INTO audit VALUES(?,?,?,?,?,?,?)", "iittttb", entry.seq,
                                        entry.at_ms, actor, action, subject, detail, entry.hash, sizeof entry.hash));
    }
    if (!err) {
        err = registry_run(registry, registry_sql(registry, "UPDATE audit_head SET seq=?, hash=?", "ib", entry.seq,
                                                  entry.hash, sizeof entry.hash));
    }
    return err;
}

mico_err mico_registry_audit(struct mico_registry *registry, const char *actor, const char *action, const char *subject,
                             const char *detail)
{
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return err;
    }
    return mico_registry_end(registry, registry_audit_append(registry, actor, action, subject, detail));
}

mico_err mico_registry_audit_each(struct mico_registry *registry, int64_t after,
                                  bool (*each)(void *ctx, const struct mico_audit_entry *entry), void *ctx)
{
    bool row, more = true;
    sqlite3_stmt *s = registry_sql(registry,
                                   "SELECT seq, at_ms, actor, action, subject, detail, hash FROM audit "
                                   "WHERE seq > ? ORDER BY seq",
                                   "i", after);
    mico_err err = registry_step(registry, s, &row);
    while (!err && row && more) {
        struct mico_audit_entry entry = {sqlite3_column_int64(s, 0),
                                         sqlite3_column_int64(s, 1),
                                         registry_text(s, 2),
                                         registry_text(s, 3),
                                         registry_text(s, 4),
                                         registry_text(s, 5),
                                         {0}};
        err = registry_blob(s, 6, entry.hash, sizeof entry.hash);
        more = each(ctx, &entry);
        if (!err && more) {
            err = registry_step(registry, s, &row);
        }
    }
    registry_done(s);
    return err;
}

struct check {
    struct mico_audit_entry *head;
    struct mico_complaint *complaint;
    int64_t *bad;
    mico_err err;
};

static bool check_entry(void *ctx, const struct mico_audit_entry *entry)
{
    struct check *check = ctx;
    uint8_t expected[32];
    if (entry->seq != check->head->seq + 1) {
        *check->bad = check->head->seq + 1;
        check->err = mico_complain(check->complaint, MICO_ERR_CORRUPT, "restore the log from a copy taken before",
                                   "audit row %" PRId64 " was removed: row %" PRId64 " follows row %" PRId64,
                                   *check->bad, entry->seq, check->head->seq);
        return false;
    }
    check->err = chain_hash(check->head->hash, entry, expected);
    if (!check->err && !mico_ct_equal(expected, entry->hash, sizeof expected)) {
        *check->bad = entry->seq;
        check->err =
            mico_complain(check->complaint, MICO_ERR_CORRUPT, "compare it with a copy taken before",
                          "audit row %" PRId64 " (%s %s by %s) was altered: its hash does not follow from row %" PRId64,
                          entry->seq, entry->action, entry->subject, entry->actor, check->head->seq);
    }
    if (check->err) {
        return false;
    }
    check->head->seq = entry->seq;
    check->head->at_ms = entry->at_ms;
    memcpy(check->head->hash, entry->hash, sizeof entry->hash);
    return true;
}

mico_err mico_registry_audit_verify(struct mico_registry *registry, struct mico_audit_entry *head, int64_t *bad,
                                    struct mico_complaint *complaint)
{
    int64_t seq = 0;
    uint8_t hash[32];
    struct check check = {head, complaint, bad, MICO_OK};
    *head = (struct mico_audit_entry){.actor = "", .action = "", .subject = "", .detail = ""};
    *bad = 0;
    mico_err err = registry_begin_read(registry); /* rows and head of one moment */
    if (err) {
        return err;
    }
    err = read_head(registry, &seq, hash);
    if (!err) {
        err = mico_registry_audit_each(registry, 0, check_entry, &check);
    }
    if (!err) {
        err = check.err;
    }
    if (!err && seq != head->seq) {
        *bad = (seq < head->seq ? seq : head->seq) + 1;
        err = mico_complain(complaint, MICO_ERR_CORRUPT, "restore the log from a copy taken before",
                            "audit row %" PRId64 " was %s: the log's head is row %" PRId64 ", its last row %" PRId64,
                            *bad, seq < head->seq ? "added" : "removed", seq, head->seq);
    } else if (!err && !mico_ct_equal(hash, head->hash, sizeof hash)) {
        *bad = seq;
        err = mico_complain(complaint, MICO_ERR_CORRUPT, "compare it with a copy taken before",
                            "audit row %" PRId64 " was altered: it does not match the log's head", seq);
    } else if (err == MICO_ERR_CORRUPT && *bad == 0) {
        *bad = head->seq + 1;
        mico_complain(complaint, err, "compare it with a copy taken before",
                      "audit row %" PRId64 " was altered: its hash is not 32 bytes", *bad);
    }
    return mico_registry_end(registry, err);
}
