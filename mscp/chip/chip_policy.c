/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what with an object, and what it costs. docs/MSCP.md, "Objects and policy" and "Policies".
 *
 * The attributes' rights and stages come first, then the branches of the policy in their order: the first whose clauses
 * all hold is the one that is charged. What is counted lies in flash before the work begins, so that cutting the power
 * buys no use. The same use or write once more, with no other between, is not charged again, since it can only give or do
 * what it did already: a driver may repeat it when an answer got lost. */
#include <stdio.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

#define LEDGER_SIZE (4 + 2 + 4 + 8 + 1 + 16)

/* ---- the ledger ---- */

struct name {
    char text[MICO_STORE_NAME_MAX + 1];
};

static struct name ledger_name(uint32_t id)
{
    struct name name;
    snprintf(name.text, sizeof name.text, "u/%08lx", (unsigned long)id);
    return name;
}

mscp_status_t mscp_ledger_load(struct mscp_chip *chip, uint32_t id, struct mscp_ledger *ledger)
{
    struct mico_span value;
    bool found;
    memset(ledger, 0, sizeof *ledger);
    mico_err err = mscp_chip_get(chip, ledger_name(id).text, 0, &value, &found);
    if (err != MICO_OK || !found) {
        return err == MICO_OK ? MSCP_OK : err == MICO_ERR_CORRUPT ? MSCP_CORRUPT : MSCP_STORAGE;
    }
    struct mico_reader r = mico_reader_of(value.data, value.len);
    ledger->uses = mico_read_le32(&r);
    ledger->spent = mico_read_le16(&r);
    ledger->boot = mico_read_le32(&r);
    ledger->at_ms = mico_read_le64(&r);
    ledger->failures = mico_read_u8(&r);
    struct mico_span last = mico_read_bytes(&r, sizeof ledger->last);
    if (!mico_reader_done(&r)) {
        return MSCP_CORRUPT;
    }
    memcpy(ledger->last, last.data, sizeof ledger->last);
    return MSCP_OK;
}

mscp_status_t mscp_ledger_save(struct mscp_chip *chip, uint32_t id, const struct mscp_ledger *ledger)
{
    uint8_t value[LEDGER_SIZE];
    struct mico_writer w = mico_writer_of(value, sizeof value);
    mico_write_le32(&w, ledger->uses);
    mico_write_le16(&w, ledger->spent);
    mico_write_le32(&w, ledger->boot);
    mico_write_le64(&w, ledger->at_ms);
    mico_write_u8(&w, ledger->failures);
    mico_write_bytes(&w, ledger->last, sizeof ledger->last);
    return mscp_chip_status_of(chip, mscp_chip_put(chip, ledger_name(id).text, 0, value, sizeof value));
}

mico_err mscp_ledger_drop(struct mscp_chip *chip, uint32_t id)
{
    return mscp_chip_remove(chip, ledger_name(id).text);
}

/* The request that is running, its message included: what a repetition must have in common with it. */
static void request_hash(const struct mscp_chip *chip, uint8_t doing, uint8_t out[16])
{
    struct mico_sha256 hash;
    uint8_t digest[32];
    mico_sha256_start(&hash);
    mico_sha256_add(&hash, &doing, 1);
    mico_sha256_add(&hash, chip->request.data, chip->request.len);
    mico_sha256_add(&hash, chip->message, chip->message_len);
    mico_sha256_finish(&hash, digest);
    memcpy(out, digest, 16);
}

/* ---- one look at the clauses ---- */

struct look {
    struct mscp_chip *chip;
    const struct mscp_object *object;
    uint8_t doing;
    bool anew;     /* a repetition counts too */
    bool counts;   /* the branch has clauses that count */
    bool repeated; /* the request is the one that was charged last */
    bool known;    /* ledger is loaded */
    struct mscp_ledger ledger;
    uint32_t wait_ms; /* until the rate bucket has a use again */
    mscp_status_t status;
};

static void consult_ledger(struct look *look)
{
    look->counts = true;
    if (!look->known) {
        uint8_t now[16];
        look->known = true;
        look->status = mscp_ledger_load(look->chip, look->object->id, &look->ledger);
        request_hash(look->chip, look->doing, now);
        look->repeated = !look->anew && memcmp(now, look->ledger.last, sizeof now) == 0;
        memcpy(look->ledger.last, now, sizeof now);
    }
}

/* Time without power gives nothing back: a chip has no clock then. */
uint32_t mscp_ledger_refill(const struct mscp_chip *chip, struct mscp_ledger *l, uint32_t period_ms)
{
    uint64_t now = chip->platform.now_ms(chip->platform.ctx);
    uint64_t from = l->boot == chip->boot_counter ? l->at_ms : chip->started_ms;
    uint64_t back = now > from ? (now - from) / period_ms : 0;
    l->boot = chip->boot_counter;
    if (back >= l->spent) {
        l->spent = 0;
        l->at_ms = now;
        return 0;
    }
    l->spent = (uint16_t)(l->spent - back);
    l->at_ms = from + back * period_ms;
    return (uint32_t)(l->at_ms + period_ms - now);
}

static bool measured(const struct mscp_chip *chip, uint8_t mask, const uint8_t want[32])
{
    struct mico_sha256 hash;
    uint8_t digest[32];
    mico_sha256_start(&hash);
    for (unsigned i = 0; i < MSCP_REGISTERS; i++) {
        if ((mask >> i & 1) != 0) {
            mico_sha256_add(&hash, chip->boot.registers[i], 32);
        }
    }
    mico_sha256_finish(&hash, digest);
    return mico_ct_equal(digest, want, sizeof digest);
}

/* MSCP_ALLOWED, or the clause. */
static uint16_t clause_holds(struct look *look, const struct mscp_clause_view *clause)
{
    const uint8_t *o = clause->operand;
    bool holds = false;
    uint16_t name = MSCP_CLAUSE_ATTRIBUTES;
    switch (clause->kind) {
    case MSCP_IF_DOING:
        name = MSCP_CLAUSE_DO;
        holds = (o[0] & look->doing) != 0;
        break;
    case MSCP_IF_AUTHENTICATED:
        name = MSCP_CLAUSE_AUTH;
        holds = mscp_authenticated(look->chip, mico_load_le32(o));
        break;
    case MSCP_IF_STAGE:
        name = MSCP_CLAUSE_LIFE;
        holds = (o[0] & mscp_chip_stage(look->chip)) != 0;
        break;
    case MSCP_IF_LINK:
        name = MSCP_CLAUSE_LINK;
        holds = look->chip->sealed || o[0] == MSCP_LINK_PLAIN;
        break;
    case MSCP_IF_MEASURED:
        name = MSCP_CLAUSE_PCR;
        holds = measured(look->chip, o[0], o + 1);
        break;
    case MSCP_IF_USES_LEFT:
        name = MSCP_CLAUSE_USES;
        consult_ledger(look);
        holds = look->repeated || look->ledger.uses < mico_load_le32(o);
        break;
    case MSCP_IF_RATE:
        name = MSCP_CLAUSE_RATE;
        consult_ledger(look);
        look->wait_ms = mscp_ledger_refill(look->chip, &look->ledger, mico_load_le32(o + 2));
        holds = look->repeated || look->ledger.spent < mico_load_le16(o);
        break;
    default:
        break;
    }
    return holds ? MSCP_ALLOWED : name;
}

/* Reads its clauses to the end, so that the next branch follows. In the clear a branch must say that it may be so. */
static uint16_t branch_holds(struct look *look, struct mico_reader *policy, unsigned clauses)
{
    uint16_t verdict = MSCP_ALLOWED;
    bool link_named = false;
    look->counts = false;
    for (unsigned i = 0; i < clauses; i++) {
        struct mscp_clause_view clause = mscp_policy_clause(policy);
        uint16_t one = policy->failed ? MSCP_CLAUSE_ATTRIBUTES : clause_holds(look, &clause);
        link_named = link_named || clause.kind == MSCP_IF_LINK;
        verdict = verdict == MSCP_ALLOWED ? one : verdict;
    }
    return verdict == MSCP_ALLOWED && !link_named && !look->chip->sealed ? MSCP_CLAUSE_LINK : verdict;
}

/* The first branch that holds; else what the first branch lacked that is for this operation at all. */
static uint16_t policy_holds(struct look *look)
{
    const struct mscp_attributes *a = &look->object->attributes;
    struct mico_reader policy = mico_reader_of(a->policy, a->policy_len);
    uint16_t lacks = MSCP_CLAUSE_DO;
    unsigned clauses;
    if (a->policy_len == 0) {
        return look->chip->sealed ? MSCP_ALLOWED : MSCP_CLAUSE_LINK;
    }
    while ((clauses = mscp_policy_branch(&policy)) > 0) {
        uint16_t verdict = branch_holds(look, &policy, clauses);
        if (verdict == MSCP_ALLOWED) {
            return MSCP_ALLOWED;
        }
        lacks = lacks == MSCP_CLAUSE_DO ? verdict : lacks;
    }
    return lacks;
}

static uint16_t right_holds(const struct mscp_chip *chip, uint8_t right, uint16_t name)
{
    if (right >= MSCP_AUTH_FIRST && right <= MSCP_AUTH_LAST) {
        return mscp_authenticated(chip, right) ? MSCP_ALLOWED : MSCP_CLAUSE_AUTH;
    }
    return right == MSCP_ALWAYS || (right == MSCP_SESSION && chip->sealed) ? MSCP_ALLOWED : name;
}

static uint16_t look_at(struct look *look)
{
    const struct mscp_attributes *a = &look->object->attributes;
    uint16_t verdict = MSCP_ALLOWED;
    if (look->doing == MSCP_DOING_READ) {
        verdict = right_holds(look->chip, a->read, MSCP_CLAUSE_READ);
    } else if (look->doing == MSCP_DOING_WRITE) {
        verdict = right_holds(look->chip, a->write, MSCP_CLAUSE_WRITE);
    }
    if (verdict == MSCP_ALLOWED) {
        verdict = mscp_object_in_life(look->chip, look->object);
    }
    return verdict == MSCP_ALLOWED ? policy_holds(look) : verdict;
}

/* ---- what the others ask ---- */

static mscp_status_t refusal(struct mscp_chip *chip, uint16_t clause, uint32_t wait_ms)
{
    chip->detail = clause;
    switch (clause) {
    case MSCP_CLAUSE_AUTH:
        return MSCP_AUTH_REQUIRED;
    case MSCP_CLAUSE_USES:
        return MSCP_USE_LIMIT;
    case MSCP_CLAUSE_RATE:
        chip->detail = (uint16_t)(wait_ms > UINT16_MAX ? UINT16_MAX : wait_ms);
        return MSCP_RATE_LIMITED;
    default:
        return MSCP_POLICY_DENIED;
    }
}

mscp_status_t mscp_permit(struct mscp_chip *chip, const struct mscp_object *object, uint8_t doing)
{
    struct look look = {.chip = chip, .object = object, .doing = doing & (uint8_t)~MSCP_DOING_ANEW};
    look.anew = doing == MSCP_DOING_READ || (doing & MSCP_DOING_ANEW) != 0;
    uint16_t verdict = look_at(&look);
    if (look.status != MSCP_OK) {
        return look.status;
    }
    if (verdict != MSCP_ALLOWED) {
        return refusal(chip, verdict, look.wait_ms);
    }
    if (!look.counts || look.repeated) {
        return MSCP_OK;
    }
    look.ledger.uses += look.ledger.uses < UINT32_MAX;
    look.ledger.spent += look.ledger.spent < UINT16_MAX;
    return mscp_ledger_save(chip, object->id, &look.ledger);
}

bool mscp_permitted(struct mscp_chip *chip, const struct mscp_object *object, uint8_t doing)
{
    struct look look = {.chip = chip, .object = object, .doing = doing};
    return look_at(&look) == MSCP_ALLOWED && look.status == MSCP_OK && (!look.counts || look.repeated);
}
