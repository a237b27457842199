/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed records, and the state that all of them make together. docs/MSCP.md, "Storage".
 *
 *   record = u64 number | nonce (12) | u32 version | ChaCha20-Poly1305(state (16) | value) | tag
 *
 * Each record written has the next number. Its state is the sum (by XOR) of a keyed mark of every record that counts from then
 * on, itself included. So the record of the highest number says which others there are, and one old record in the place of a
 * newer one, one too many or one too few gives another sum; nobody without the key can find records whose marks make up for it
 * (Clarke and others, "Incremental Multiset Hash Functions", ASIACRYPT 2003). Highest number and anchor together tell a state put back as a whole.
 *
 * A record goes in two steps: "root" is written with the name that goes and the state without it, then the name goes. The
 * next start after a cut between finishes that. */
#include <string.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

#define ROOT "root"
#define NUMBER 8
#define NONCE 12
#define HEAD (NUMBER + NONCE + 4)
#define MARK MSCP_CHIP_MARK
#define TAG_SIZE 16
#define OVERHEAD MSCP_CHIP_SEAL

_Static_assert(HEAD + MARK + TAG_SIZE == OVERHEAD, "what chip.h makes room for");

/* HMAC-SHA-256(state key, name padded with zeros | number | nonce), the first half, added to sum. Added twice it is gone. */
static void add_mark(const struct mscp_chip *chip, const char *name, const uint8_t head[HEAD], uint8_t sum[MARK])
{
    uint8_t what[MICO_STORE_NAME_MAX + NUMBER + NONCE] = {0}, mac[32];
    memcpy(what, name, strlen(name));
    memcpy(what + MICO_STORE_NAME_MAX, head, NUMBER + NONCE);
    mico_hmac_sha256(MICO_SPAN(chip->state_key), MICO_SPAN(what), mac);
    for (unsigned i = 0; i < MARK; i++) {
        sum[i] ^= mac[i];
    }
}

/* Take the record that stands under name out of the sum; *there false when there is none. */
static mico_err take_out(struct mscp_chip *chip, const char *name, uint8_t sum[MARK], bool *there)
{
    uint8_t head[HEAD];
    size_t len = 0;
    mico_err err = mico_store_peek(&chip->store, name, head, sizeof head, &len, there);
    if (err == MICO_OK && *there) {
        add_mark(chip, name, head, sum);
    }
    return err == MICO_OK && *there && len < OVERHEAD ? MICO_ERR_CORRUPT : err;
}

/* Associated data: name, padded with zeros | number | version. */
struct place {
    uint8_t bytes[MICO_STORE_NAME_MAX + NUMBER + 4];
};

static struct place place_of(const char *name, const uint8_t head[HEAD])
{
    struct place place = {{0}};
    memcpy(place.bytes, name, strlen(name));
    memcpy(place.bytes + MICO_STORE_NAME_MAX, head, NUMBER);
    memcpy(place.bytes + MICO_STORE_NAME_MAX + NUMBER, head + NUMBER + NONCE, 4);
    return place;
}

/* ---- writing ---- */

/* After a write that failed nobody knows whether it lies in flash: neither state nor anchor may go on from there. */
static mico_err sure(struct mscp_chip *chip, mico_err err)
{
    chip->storage_broken = chip->storage_broken || (err != MICO_OK && err != MICO_ERR_FULL);
    return err;
}

/* Write one record; sum is the state without what stood under its name. The record first, then the anchor: a cut between leaves
 * the anchor behind, which the next start makes good. */
static mico_err write(struct mscp_chip *chip, const char *name, uint32_t version, struct mico_span value,
                      uint8_t sum[MARK])
{
    uint8_t *head = chip->record, *text = chip->record + HEAD;
    mico_store_le64(head, chip->writes + 1);
    mico_err err = mico_random(head + NUMBER, NONCE);
    if (err != MICO_OK) {
        return err;
    }
    mico_store_le32(head + NUMBER + NONCE, version);
    add_mark(chip, name, head, sum);
    memcpy(text, sum, MARK);
    memcpy(text + MARK, value.data, value.len);
    struct place place = place_of(name, head);
    mico_chachapoly_seal(chip->store_key, head + NUMBER, MICO_SPAN(place.bytes),
                         (struct mico_span){text, MARK + value.len}, text);
    err = sure(chip, mico_store_put(&chip->store, name, chip->record, OVERHEAD + value.len));
    if (err == MICO_OK) {
        chip->writes++;
        memcpy(chip->state, sum, MARK);
        err = sure(chip, mscp_anchor_raise(chip, chip->writes) == MICO_OK ? MICO_OK : MICO_ERR_IO);
    }
    return err;
}

mico_err mscp_chip_put(struct mscp_chip *chip, const char *name, uint32_t version, const void *value, size_t len)
{
    uint8_t sum[MARK];
    bool there;
    if (len > MSCP_CHIP_PART) {
        return MICO_ERR_SIZE;
    }
    if (chip->storage_broken) {
        return MICO_ERR_IO;
    }
    memcpy(sum, chip->state, MARK);
    mico_err err = take_out(chip, name, sum, &there);
    return err == MICO_OK ? write(chip, name, version, (struct mico_span){value, len}, sum) : sure(chip, err);
}

/* "root" says what goes; with no name it only stands there, so that what goes never needs more room than there is. */
static mico_err write_root(struct mscp_chip *chip, const char *goes, uint8_t sum[MARK])
{
    uint8_t name[MICO_STORE_NAME_MAX] = {0};
    bool there;
    memcpy(name, goes, strlen(goes));
    mico_err err = take_out(chip, ROOT, sum, &there);
    return err == MICO_OK ? write(chip, ROOT, 0, MICO_SPAN(name), sum) : sure(chip, err);
}

mico_err mscp_chip_remove(struct mscp_chip *chip, const char *name)
{
    uint8_t sum[MARK];
    bool there;
    if (chip->storage_broken) {
        return MICO_ERR_IO;
    }
    memcpy(sum, chip->state, MARK);
    mico_err err = sure(chip, take_out(chip, name, sum, &there));
    if (err != MICO_OK || !there) {
        return err;
    }
    err = write_root(chip, name, sum);
    return err == MICO_OK ? sure(chip, mico_store_delete(&chip->store, name)) : err;
}

/* ---- reading ---- */

/* The text of a record, opened in chip->record; *version is what its head says. */
static mico_err open_record(struct mscp_chip *chip, const char *name, uint32_t *version, struct mico_span *text,
                            bool *found)
{
    uint8_t *head = chip->record, *sealed = chip->record + HEAD;
    size_t len = 0;
    mico_err err = mico_store_get(&chip->store, name, chip->record, sizeof chip->record, &len, found);
    if (err != MICO_OK || !*found) {
        return err == MICO_ERR_SIZE ? MICO_ERR_CORRUPT : err;
    }
    if (len < OVERHEAD) {
        return MICO_ERR_CORRUPT;
    }
    struct place place = place_of(name, head);
    *version = mico_load_le32(head + NUMBER + NONCE);
    *text = (struct mico_span){sealed, len - HEAD - TAG_SIZE};
    err = mico_chachapoly_open(chip->store_key, head + NUMBER, MICO_SPAN(place.bytes),
                               (struct mico_span){sealed, len - HEAD}, sealed);
    if (err != MICO_OK) {
        MICO_LOG("MSCP", "chip: record %s was altered in flash", name);
        return MICO_ERR_CORRUPT;
    }
    return MICO_OK;
}

mico_err mscp_chip_get(struct mscp_chip *chip, const char *name, uint32_t version, struct mico_span *value, bool *found)
{
    uint32_t written;
    struct mico_span text;
    *value = (struct mico_span){chip->record, 0};
    mico_err err = open_record(chip, name, &written, &text, found);
    if (err != MICO_OK || !*found) {
        return err;
    }
    if (written != version) {
        return MICO_ERR_CORRUPT;
    }
    *value = (struct mico_span){text.data + MARK, text.len - MARK};
    return MICO_OK;
}

/* ---- the start ---- */

/* All records as they lie there. */
struct sight {
    struct mscp_chip *chip;
    uint64_t highest;
    char newest[MICO_STORE_NAME_MAX + 1];
    uint8_t sum[MARK];
    mico_err err;
};

static bool see(void *ctx, const char *name, size_t len)
{
    struct sight *sight = ctx;
    uint8_t head[HEAD];
    bool found = false;
    sight->err =
        len < OVERHEAD ? MICO_ERR_CORRUPT : mico_store_peek(&sight->chip->store, name, head, sizeof head, &len, &found);
    if (sight->err != MICO_OK) {
        return false;
    }
    add_mark(sight->chip, name, head, sight->sum);
    if (mico_load_le64(head) > sight->highest) {
        sight->highest = mico_load_le64(head);
        strcpy(sight->newest, name);
    }
    return true;
}

/* What was to go, when the newest record says so and it still stands there: then it goes now. */
static mico_err finish_removal(struct mscp_chip *chip, struct sight *sight, const uint8_t *goes, const uint8_t *state)
{
    char name[MICO_STORE_NAME_MAX + 1] = {0};
    bool there = false;
    memcpy(name, goes, MICO_STORE_NAME_MAX);
    mico_err err = name[0] != '\0' ? take_out(chip, name, sight->sum, &there) : MICO_OK;
    if (err != MICO_OK) {
        return err;
    }
    return there && mico_ct_equal(sight->sum, state, MARK) ? mico_store_delete(&chip->store, name) : MICO_ERR_CORRUPT;
}

/* The newest record says which state the records have to make. */
static mico_err compare(struct mscp_chip *chip, struct sight *sight)
{
    uint32_t version;
    uint8_t state[MARK];
    struct mico_span text;
    bool found;
    mico_err err = open_record(chip, sight->newest, &version, &text, &found);
    if (err != MICO_OK) {
        return err;
    }
    memcpy(state, text.data, MARK);
    if (!mico_ct_equal(sight->sum, state, MARK)) {
        bool root = strncmp(sight->newest, ROOT, sizeof sight->newest) == 0 && text.len == MARK + MICO_STORE_NAME_MAX;
        err = root ? finish_removal(chip, sight, text.data + MARK, state) : MICO_ERR_CORRUPT;
    }
    memcpy(chip->state, state, MARK);
    chip->writes = sight->highest;
    mico_wipe(chip->record, sizeof chip->record);
    return err;
}

mico_err mscp_records_load(struct mscp_chip *chip, uint64_t least)
{
    struct sight sight = {.chip = chip};
    mico_err err = mico_store_each(&chip->store, see, &sight);
    err = err == MICO_OK ? sight.err : err;
    if (err == MICO_OK && sight.highest < least) {
        return MICO_ERR_ROLLBACK; /* before anything is finished: an earlier state is left as it is */
    }
    return err == MICO_OK && sight.highest != 0 ? compare(chip, &sight) : err;
}

mico_err mscp_records_begin(struct mscp_chip *chip)
{
    uint8_t sum[MARK] = {0};
    return write_root(chip, "", sum);
}
