/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's end of the link: pairing, sessions, records, and what failures cost. docs/MSCP.md, "Pairing", "Sessions",
 * "Records", "Rate budget".
 *
 *            XX message 1, 3          KKpsk0 message 1        first record
 * unpaired ------------------> staged ----------------> candidate ----------> paired, session open
 *    ^______ power lost, or another XX _____|                |__ commit in flash before the answer
 *
 * A staged pairing lives in RAM only: the flash knows unpaired or paired, nothing between. A paired chip may be paired
 * again as long as it holds no object, so that a host which lost power before it kept its half is not locked out. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

#define FAILURES_FREE 8       /* failures that cost nothing */
#define FAILURES_MAX 20       /* more are not remembered */
#define FAILURE_DECAY_MS 1000 /* one is forgotten each second */
#define WAIT_FIRST_MS 10
#define WAIT_MAX_MS 1000 /* an attacker on the link cannot hold the rightful host for longer */

#define INNER_HEADER 4

void mscp_chip_reply(struct mscp_chip *chip, mscp_status_t status, uint16_t detail, size_t body_len)
{
    mscp_response_header(chip->frame, body_len, status, detail);
    size_t len = mscp_wire_encode((struct mico_span){chip->frame, MSCP_RESPONSE_HEADER + body_len}, chip->wire);
    chip->platform.reply(chip->platform.ctx, chip->wire, len);
}

/* ---- rate budget ---- */

uint32_t mscp_chip_failures(struct mscp_chip *chip)
{
    uint64_t now = chip->platform.now_ms(chip->platform.ctx);
    uint64_t forgotten = (now - chip->failures_at_ms) / FAILURE_DECAY_MS;
    if (forgotten >= chip->failures) {
        chip->failures = 0;
        chip->failures_at_ms = now;
    } else {
        chip->failures -= (uint32_t)forgotten;
        chip->failures_at_ms += forgotten * FAILURE_DECAY_MS;
    }
    return chip->failures;
}

static void count_failure(struct mscp_chip *chip)
{
    uint32_t failures = mscp_chip_failures(chip) + 1;
    chip->failures = failures > FAILURES_MAX ? FAILURES_MAX : failures;
    if (chip->failures > FAILURES_FREE) {
        uint32_t wait = WAIT_FIRST_MS << (chip->failures - FAILURES_FREE - 1);
        chip->wait_until_ms = chip->platform.now_ms(chip->platform.ctx) + (wait > WAIT_MAX_MS ? WAIT_MAX_MS : wait);
    }
}

static void charge_failure(struct mscp_chip *chip, uint8_t command, mscp_status_t status)
{
    mscp_audit_log(chip, MSCP_AUDIT_LINK, command, status, 0);
    count_failure(chip);
}

/* Statuses that say no to what the host may not do, rather than to how it asked. */
static bool is_refusal(mscp_status_t status)
{
    static const int8_t refusals[] = {MSCP_POLICY_DENIED, MSCP_AUTH_REQUIRED, MSCP_AUTH_FAILED,   MSCP_WRONG_LIFECYCLE,
                                      MSCP_USE_LIMIT,     MSCP_ROLLBACK,      MSCP_VERIFY_FAILED, MSCP_TAMPER,
                                      MSCP_SELFTEST,      MSCP_TERMINATED};
    return memchr(refusals, status & 0xFF, sizeof refusals) != NULL;
}

static bool is_malformed(mscp_status_t status)
{
    return status == MSCP_UNKNOWN_COMMAND || status == MSCP_BAD_LENGTH || status == MSCP_BAD_PARAM ||
           status == MSCP_NOT_SUPPORTED || status == MSCP_SESSION_REQUIRED;
}

void mscp_chip_charge(struct mscp_chip *chip, mscp_status_t status)
{
    if (is_refusal(status) || is_malformed(status)) {
        count_failure(chip);
    }
}

/* Handshakes are what guessing needs; records of a live session are never held up. */
static bool must_wait(struct mscp_chip *chip)
{
    uint64_t now = chip->platform.now_ms(chip->platform.ctx);
    if (now >= chip->wait_until_ms) {
        return false;
    }
    chip->detail = (uint16_t)(chip->wait_until_ms - now);
    return true;
}

/* ---- pairing ---- */

static void forget_session(struct mscp_chip *chip, struct mscp_session *session)
{
    mico_wipe(session, sizeof *session);
    *(session == &chip->session ? &chip->session_by : &chip->candidate_by) = MSCP_BY_PAIRED;
    if (session == &chip->session) {
        mico_wipe(&chip->volatiles, sizeof chip->volatiles);
        mico_wipe(&chip->transfer, sizeof chip->transfer);
        mico_wipe(chip->message, sizeof chip->message);
    }
}

static mscp_status_t pair_first(struct mscp_chip *chip, struct mico_span message, struct mico_writer *out)
{
    uint8_t ephemeral[32];
    uint8_t none[1];
    uint8_t reply[128];
    mscp_noise_wipe(&chip->pair_handshake);
    chip->pair_begun = false;
    if (mico_random(ephemeral, sizeof ephemeral) != MICO_OK) {
        return MSCP_ENTROPY;
    }
    const struct mscp_noise_keys keys = {chip->link_private,
                                         ephemeral,
                                         NULL,
                                         NULL,
                                         {(const uint8_t *)MSCP_PROLOGUE_PAIR, sizeof MSCP_PROLOGUE_PAIR - 1}};
    mscp_noise_start(&chip->pair_handshake, MSCP_NOISE_XX, false, &keys);
    mico_wipe(ephemeral, sizeof ephemeral);
    struct mico_writer w = mico_writer_of(reply, sizeof reply);
    if (mscp_noise_read(&chip->pair_handshake, message, none, 0) != MICO_OK ||
        mscp_noise_write(&chip->pair_handshake, MICO_SPAN(chip->serial), &w) != MICO_OK) {
        return MSCP_BAD_PARAM;
    }
    chip->pair_begun = true;
    mscp_put_u8(out, MSCP_TAG_STEP, 2);
    mscp_put_bytes(out, MSCP_TAG_HANDSHAKE, reply, w.len);
    return MSCP_OK;
}

static void drop_staged(struct mscp_chip *chip)
{
    chip->staged = false;
    mico_wipe(&chip->staged_pairing, sizeof chip->staged_pairing);
    if (chip->candidate_by == MSCP_BY_STAGED) {
        forget_session(chip, &chip->candidate);
    }
    if (chip->session_by == MSCP_BY_STAGED) { /* on trial: what the owner allowed it is not the next one's */
        forget_session(chip, &chip->session);
    }
}

/* Until the first object is made, another pairing may take the place of this one by itself; then only by chip_repair.c. */
static bool pairing_is_final(const struct mscp_chip *chip)
{
    return chip->paired && chip->objects > 0;
}

static mscp_status_t pair_last(struct mscp_chip *chip, struct mico_span message, struct mico_writer *out)
{
    uint8_t none[1];
    if (!chip->pair_begun) {
        return MSCP_BAD_PARAM;
    }
    bool good = mscp_noise_read(&chip->pair_handshake, message, none, 0) == MICO_OK;
    if (good) {
        drop_staged(
            chip); /* with the candidate that came by it: a record commits the pairing of its own session only */
        memcpy(chip->staged_pairing.host_public, chip->pair_handshake.rs, 32);
        mscp_noise_export(&chip->pair_handshake, MSCP_LABEL_BINDING, chip->staged_pairing.key);
        chip->staged = true;
        if (pairing_is_final(chip)) {
            count_failure(chip); /* anyone can come as far as here */
        }
        mscp_put_u8(out, MSCP_TAG_STEP, 4);
    } else {
        charge_failure(chip, MSCP_PAIR, MSCP_AUTH_FAILED);
    }
    mscp_noise_wipe(&chip->pair_handshake);
    chip->pair_begun = false;
    return good ? MSCP_OK : MSCP_AUTH_FAILED;
}

mscp_status_t mscp_chip_pair(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    if (pairing_is_final(chip) && !mscp_repair_possible(chip)) {
        mscp_audit_log(chip, MSCP_AUDIT_LINK, MSCP_PAIR, MSCP_ALREADY_PAIRED, 0);
        return MSCP_ALREADY_PAIRED;
    }
    if (must_wait(chip)) {
        return MSCP_RATE_LIMITED;
    }
    switch (mscp_tlv_u8(in, MSCP_TAG_STEP)) {
    case 1:
        return pair_first(chip, in->value[MSCP_TAG_HANDSHAKE], out);
    case 3:
        return pair_last(chip, in->value[MSCP_TAG_HANDSHAKE], out);
    default:
        return MSCP_BAD_PARAM;
    }
}

static mico_err commit_pairing(struct mscp_chip *chip)
{
    mscp_audit_log(chip, MSCP_AUDIT_PAIRED, MSCP_PAIR, MSCP_OK, 0);
    mico_err err = mscp_chip_put(chip, "pair", 0, &chip->staged_pairing, sizeof chip->staged_pairing);
    if (err == MICO_OK) {
        chip->pairing = chip->staged_pairing;
        chip->paired = true;
        chip->staged = false;
        mico_wipe(&chip->staged_pairing, sizeof chip->staged_pairing);
    }
    return err;
}

/* ---- sessions ---- */

mico_err mscp_link_draw_id(struct mscp_chip *chip, uint8_t id[4])
{
    mico_err err;
    do { /* two values of 2^32 are taken: it ends at once */
        err = mico_random(id, 4);
    } while (err == MICO_OK && (mico_load_le32(id) == 0 || mico_load_le32(id) == chip->session.id));
    return err;
}

void mscp_link_offer(struct mscp_chip *chip, const struct mscp_session *session, enum mscp_by by)
{
    forget_session(chip, &chip->candidate);
    chip->candidate = *session;
    chip->candidate_by = (uint8_t)by;
}

void mscp_link_drop_candidate(struct mscp_chip *chip)
{
    forget_session(chip, &chip->candidate);
}

/* The pairing as far as there is one. */
static const struct mscp_chip_pairing *pairing_of(const struct mscp_chip *chip, enum mscp_by by)
{
    switch (by) {
    case MSCP_BY_PAIRED:
        return chip->paired ? &chip->pairing : NULL;
    case MSCP_BY_PROVEN:
        return chip->proven ? &chip->proven_pairing : NULL;
    default:
        return chip->staged ? &chip->staged_pairing : NULL;
    }
}

/* Answer message 1 under one pairing; the candidate is set when it proves to be its host's. */
static mscp_status_t try_pairing(struct mscp_chip *chip, enum mscp_by by, struct mico_span message,
                                 struct mico_writer *out)
{
    const struct mscp_chip_pairing *pairing = pairing_of(chip, by);
    if (pairing == NULL) {
        return MSCP_AUTH_FAILED;
    }
    uint8_t fresh[32], id[4], none[1];
    if (mico_random(fresh, sizeof fresh) != MICO_OK || mscp_link_draw_id(chip, id) != MICO_OK) {
        return MSCP_ENTROPY;
    }
    struct mscp_noise noise;
    const struct mscp_noise_keys keys = {chip->link_private,
                                         fresh,
                                         pairing->host_public,
                                         pairing->key,
                                         {(const uint8_t *)MSCP_PROLOGUE_SESSION, sizeof MSCP_PROLOGUE_SESSION - 1}};
    uint8_t reply[128];
    struct mico_writer w = mico_writer_of(reply, sizeof reply);
    mscp_noise_start(&noise, MSCP_NOISE_KKPSK0, false, &keys);
    bool good =
        mscp_noise_read(&noise, message, none, 0) == MICO_OK && mscp_noise_write(&noise, MICO_SPAN(id), &w) == MICO_OK;
    if (good) {
        struct mscp_session session = {.id = mico_load_le32(id), .open = true};
        mscp_noise_split(&noise, session.to_chip, session.to_host);
        mscp_link_offer(chip, &session, by);
        mico_wipe(&session, sizeof session);
        mscp_put_bytes(out, MSCP_TAG_HANDSHAKE, reply, w.len);
    }
    mscp_noise_wipe(&noise);
    mico_wipe(fresh, sizeof fresh);
    return good ? MSCP_OK : MSCP_AUTH_FAILED;
}

mscp_status_t mscp_chip_open_session(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    if (!chip->paired && !chip->staged) {
        return MSCP_NOT_PAIRED;
    }
    if (pairing_is_final(chip) && chip->staged && !mscp_repair_possible(chip)) {
        drop_staged(chip);
    }
    if (must_wait(chip)) {
        return MSCP_RATE_LIMITED;
    }
    struct mico_span message = in->value[MSCP_TAG_HANDSHAKE];
    mscp_status_t status = MSCP_AUTH_FAILED;
    for (unsigned by = MSCP_BY_PAIRED; by <= MSCP_BY_STAGED && status == MSCP_AUTH_FAILED; by++) {
        status = try_pairing(chip, (enum mscp_by)by, message, out);
    }
    if (status == MSCP_AUTH_FAILED) {
        charge_failure(chip, MSCP_OPEN_SESSION, status);
    }
    return status;
}

mscp_status_t mscp_chip_close_session(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    chip->close_session = true; /* after the answer */
    return MSCP_OK;
}

/* ---- records ---- */

/* The host has shown that it has the candidate's keys: it becomes the session, and a staged pairing becomes the
 * pairing. */
static mscp_status_t promote(struct mscp_chip *chip)
{
    bool on_trial = pairing_is_final(chip);
    if (chip->candidate_by == MSCP_BY_STAGED && (!chip->staged || (on_trial && !mscp_repair_possible(chip)))) {
        drop_staged(chip);
        return MSCP_SESSION_INVALID;
    }
    if (chip->candidate_by == MSCP_BY_STAGED && !on_trial) {
        mico_err err = commit_pairing(chip);
        if (err != MICO_OK) {
            forget_session(chip, &chip->candidate);
            return mscp_chip_status_of(chip, err);
        }
        chip->candidate_by = MSCP_BY_PAIRED;
    }
    struct mscp_session session = chip->candidate;
    uint8_t by = chip->candidate_by;
    forget_session(chip, &chip->candidate);
    forget_session(chip, &chip->session);
    chip->session = session;
    chip->session_by = by;
    mico_wipe(&session, sizeof session);
    return MSCP_OK;
}

static struct mscp_session *session_of(struct mscp_chip *chip, uint32_t id)
{
    if (chip->session.open && chip->session.id == id) {
        return &chip->session;
    }
    return chip->candidate.open && chip->candidate.id == id ? &chip->candidate : NULL;
}

/* Check a record before anything in it counts: MSCP_OK, or why it is refused. */
static mscp_status_t check_record(struct mscp_chip *chip, const struct mscp_request *request, struct mico_span *text)
{
    struct mscp_session *session = session_of(chip, request->session);
    if (session == NULL) {
        return MSCP_SESSION_INVALID;
    }
    /* The frame stands in the deframer, which is ours to write. */
    uint8_t *frame = chip->deframer.bytes;
    uint64_t counter = 0;
    mico_err err = mscp_record_open(session->to_chip, (struct mico_span){frame, MSCP_REQUEST_HEADER},
                                    frame + MSCP_REQUEST_HEADER, request->body.len, &counter, text);
    if (err != MICO_OK || counter != session->next) {
        mscp_status_t status = err != MICO_OK ? MSCP_LINK_MAC : MSCP_REPLAY;
        charge_failure(chip, request->command, status);
        forget_session(chip, session);
        return status;
    }
    return session == &chip->candidate ? promote(chip) : MSCP_OK;
}

static void answer_record(struct mscp_chip *chip, const struct mscp_request *request, struct mico_span text)
{
    struct mscp_session *session = &chip->session;
    uint8_t *body = chip->frame + MSCP_RESPONSE_HEADER;
    uint8_t *inner = body + MSCP_RECORD_COUNTER;
    struct mico_writer out = mico_writer_of(inner + INNER_HEADER, MSCP_BODY_MAX - MSCP_RECORD_OVERHEAD - INNER_HEADER);
    chip->close_session = false;
    mscp_status_t status = mscp_chip_run(chip, request->command, true, text, &out);
    if (is_refusal(status)) {
        mscp_audit_log(chip, MSCP_AUDIT_REFUSED, request->command, status, chip->subject);
    }
    mscp_chip_charge(chip, status);
    size_t text_len = INNER_HEADER + (status == MSCP_OK ? out.len : 0);
    mico_store_le16(inner, (uint16_t)status);
    mico_store_le16(inner + 2, chip->detail);
    uint8_t associated[MSCP_RESPONSE_HEADER + MSCP_REQUEST_HEADER];
    mscp_response_header(associated, text_len + MSCP_RECORD_OVERHEAD, MSCP_OK, 0);
    memcpy(associated + MSCP_RESPONSE_HEADER, chip->deframer.bytes, MSCP_REQUEST_HEADER);
    mscp_record_seal(session->to_host, session->next, MICO_SPAN(associated), body, text_len);
    mscp_session_advance(session);
    if (chip->close_session || chip->storage_broken) {
        forget_session(chip, session);
    }
    mscp_chip_reply(chip, MSCP_OK, 0, text_len + MSCP_RECORD_OVERHEAD);
}

void mscp_chip_record(struct mscp_chip *chip, const struct mscp_request *request)
{
    struct mico_span text;
    mscp_status_t status = check_record(chip, request, &text);
    if (status != MSCP_OK) {
        mscp_chip_reply(chip, status, 0, 0);
        return;
    }
    answer_record(chip, request, text);
    mico_wipe(chip->deframer.bytes, sizeof chip->deframer.bytes); /* the opened text */
}
