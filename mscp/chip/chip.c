/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's start, its input, and the table of its commands; see chip.h and docs/MSCP.md. */
#include "mscp/chip/chip.h"

#include <string.h>

#include "base/log.h"
#include "mscp/chip/chip_internal.h"

/* Stages of life as bits, for the table. */
#define CREATED 0x01
#define FACTORY 0x02
#define OPERATIONAL 0x04
#define ENDED 0x08
#define RETURNED 0x10
#define ALIVE (FACTORY | OPERATIONAL)
#define ANY (CREATED | ALIVE | ENDED | RETURNED)

/* Where a command is taken. */
#define IN_CLEAR 1
#define IN_SESSION 2

#define TAG(name) MSCP_TAG_BIT(MSCP_TAG_##name)
#define STREAM (TAG(TOTAL) | TAG(OFFSET) | TAG(BYTES))

static const struct row {
    uint8_t command;
    uint8_t where;
    uint8_t stages;
    mscp_handler run;
    uint64_t required; /* tags */
    uint64_t optional;
} table[] = {
    {MSCP_GET_INFO, IN_CLEAR | IN_SESSION, ANY, mscp_chip_get_info, 0, TAG(ECHO)},
    {MSCP_SELF_TEST, IN_SESSION, ANY, mscp_chip_self_test, 0, 0},
    {MSCP_GET_RANDOM, IN_SESSION, ALIVE, mscp_chip_get_random, TAG(COUNT), 0},
    {MSCP_PAIR, IN_CLEAR, CREATED | ALIVE, mscp_chip_pair, TAG(STEP) | TAG(HANDSHAKE), 0},
    {MSCP_OPEN_SESSION, IN_CLEAR, ANY, mscp_chip_open_session, TAG(HANDSHAKE), 0},
    {MSCP_CLOSE_SESSION, IN_SESSION, ANY, mscp_chip_close_session, 0, 0},
    {MSCP_REPAIR, IN_SESSION, ALIVE, mscp_chip_repair, TAG(STEP), 0},
    {MSCP_RESUME_SESSION, IN_CLEAR, ANY, mscp_chip_resume, TAG(NONCE) | TAG(BOOT), 0},
    {MSCP_AUTHENTICATE, IN_SESSION, ALIVE, mscp_chip_authenticate, TAG(ID), TAG(CREDENTIAL)},
    {MSCP_SET_LIFECYCLE, IN_SESSION, ANY, mscp_chip_set_lifecycle, TAG(LIFECYCLE), TAG(DRY_RUN)},
    {MSCP_UPDATE_FIRMWARE, IN_SESSION, ALIVE, mscp_chip_update_firmware, TAG(STEP), TAG(VALUE) | TAG(BYTES)},
    {MSCP_GENERATE_KEY_PAIR, IN_SESSION, ALIVE, mscp_chip_generate, TAG(ID) | TAG(ATTRIBUTES), 0},
    {MSCP_IMPORT_KEY, IN_SESSION, ALIVE, mscp_chip_import, TAG(ID) | TAG(ATTRIBUTES) | TAG(KEY), TAG(WRAPPER)},
    {MSCP_CREATE_OBJECT, IN_SESSION, FACTORY, mscp_chip_create, TAG(ID) | TAG(ATTRIBUTES) | STREAM, 0},
    {MSCP_DELETE_OBJECT, IN_SESSION, ALIVE, mscp_chip_delete, TAG(ID), 0},
    {MSCP_GET_ATTRIBUTES, IN_SESSION, ANY, mscp_chip_get_attributes, TAG(ID), 0},
    {MSCP_GET_PUBLIC_KEY, IN_SESSION, ALIVE, mscp_chip_public_key, TAG(ID), 0},
    {MSCP_LIST_OBJECTS, IN_SESSION, ANY, mscp_chip_list, 0, 0},
    {MSCP_READ_DATA, IN_CLEAR | IN_SESSION, ALIVE | RETURNED, mscp_chip_read, TAG(ID), TAG(OFFSET)},
    {MSCP_WRITE_DATA, IN_SESSION, ALIVE, mscp_chip_write, TAG(ID) | STREAM, 0},
    {MSCP_SEAL_DATA, IN_SESSION, ALIVE, mscp_chip_seal, TAG(BYTES), TAG(LIFECYCLE)},
    {MSCP_UNSEAL_DATA, IN_SESSION, ALIVE, mscp_chip_unseal, TAG(BYTES), 0},
    {MSCP_INCREMENT_COUNTER, IN_SESSION, ALIVE, mscp_chip_increment, TAG(ID), TAG(VALUE)},
    {MSCP_SIGN, IN_SESSION, ALIVE, mscp_chip_sign, TAG(ID) | STREAM, TAG(ALGORITHM)},
    {MSCP_VERIFY, IN_SESSION, ALIVE, mscp_chip_verify, TAG(SIGNATURE) | STREAM, TAG(ID) | TAG(PUBLIC_KEY)},
    {MSCP_KEY_AGREEMENT, IN_SESSION, ALIVE, mscp_chip_agree, TAG(ID) | TAG(PUBLIC_KEY), TAG(TARGET) | TAG(ATTRIBUTES)},
    {MSCP_DERIVE_KEY, IN_SESSION, ALIVE, mscp_chip_derive_key, TAG(ID) | TAG(ALGORITHM) | TAG(COUNT),
     TAG(SALT) | TAG(INFO) | TAG(TARGET) | TAG(ATTRIBUTES)},
    {MSCP_COMPUTE_MAC, IN_SESSION, ALIVE, mscp_chip_compute_mac, TAG(ID) | STREAM, 0},
    {MSCP_VERIFY_MAC, IN_SESSION, ALIVE, mscp_chip_verify_mac, TAG(ID) | TAG(MAC) | STREAM, 0},
    {MSCP_ENCRYPT, IN_SESSION, ALIVE, mscp_chip_encrypt, TAG(ID) | TAG(BYTES), TAG(IV) | TAG(AAD)},
    {MSCP_DECRYPT, IN_SESSION, ALIVE, mscp_chip_decrypt, TAG(ID) | TAG(IV) | TAG(BYTES), TAG(AAD)},
    {MSCP_HASH, IN_SESSION, ALIVE, mscp_chip_hash, TAG(ALGORITHM) | STREAM, 0},
    {MSCP_ATTEST_KEY, IN_SESSION, ALIVE, mscp_chip_attest, TAG(ID) | TAG(NONCE), 0},
    {MSCP_GET_EVIDENCE, IN_SESSION, ALIVE, mscp_chip_get_evidence, TAG(NONCE), 0},
    {MSCP_EXTEND_MEASUREMENT, IN_SESSION, ALIVE, mscp_chip_extend, TAG(INDEX), TAG(DIGEST)},
    {MSCP_VERIFY_BOOT, IN_SESSION, ALIVE, mscp_chip_verify_boot, TAG(DIGEST) | TAG(VALUE) | TAG(SIGNATURE), 0},
    {MSCP_MAKE_RECEIPT, IN_SESSION, ALIVE, mscp_chip_make_receipt, 0, 0},
    {MSCP_CHECK_RECEIPT, IN_SESSION, ALIVE, mscp_chip_check_receipt, TAG(DIGEST) | TAG(VALUE) | TAG(PROOF), 0},
    {MSCP_GET_AUDIT_LOG, IN_SESSION, ANY, mscp_chip_get_audit_log, 0, TAG(VALUE)},
    {MSCP_LOGIN_PROOF, IN_SESSION, ALIVE, mscp_chip_login_proof, TAG(NONCE), 0},
    {MSCP_LOGIN_ACCEPT, IN_SESSION, ALIVE, mscp_chip_login_accept, TAG(VALUE) | TAG(SECRET), 0},
};

uint8_t mscp_chip_lifecycle(const struct mscp_chip *chip)
{
    return (uint8_t)(MSCP_CREATED | (chip->paired ? MSCP_FACTORY : 0) | chip->life);
}

uint8_t mscp_chip_stage(const struct mscp_chip *chip)
{
    uint8_t bits = mscp_chip_lifecycle(chip);
    uint8_t stage = RETURNED;
    while ((bits & stage) == 0) {
        stage >>= 1;
    }
    return stage;
}

mscp_status_t mscp_chip_status_of(struct mscp_chip *chip, mico_err err)
{
    switch (err) {
    case MICO_OK:
        return MSCP_OK;
    case MICO_ERR_FULL:
        return MSCP_NO_SPACE;
    case MICO_ERR_ENTROPY:
        return MSCP_ENTROPY;
    case MICO_ERR_AUTH:
    case MICO_ERR_CORRUPT:
        return MSCP_CORRUPT;
    default:
        /* A write that failed may or may not lie in flash. RAM is no longer sure: refuse all until restart.
         */
        chip->storage_broken = true;
        return MSCP_STORAGE;
    }
}

static const struct row *row_of(uint8_t command)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].command == command) {
            return &table[i];
        }
    }
    return NULL;
}

/* Of firmware older than what ran before nothing is expected but to take a newer one. */
static bool taken_when_set_back(uint8_t command)
{
    return command == MSCP_GET_INFO || command == MSCP_OPEN_SESSION || command == MSCP_RESUME_SESSION ||
           command == MSCP_CLOSE_SESSION || command == MSCP_UPDATE_FIRMWARE || command == MSCP_GET_AUDIT_LOG;
}

/* NONCE is a challenge where evidence is asked for; to all else it is 32 bytes. */
static bool nonce_fits(uint8_t command, size_t len)
{
    return command == MSCP_ATTEST_KEY || command == MSCP_GET_EVIDENCE ? mscp_challenge_fits(len) : len == 32;
}

mscp_status_t mscp_chip_run(struct mscp_chip *chip, uint8_t command, bool sealed, struct mico_span body,
                            struct mico_writer *out)
{
    const struct row *row = row_of(command);
    if (row == NULL) {
        return MSCP_UNKNOWN_COMMAND;
    }
    if ((row->where & (sealed ? IN_SESSION : IN_CLEAR)) == 0) {
        return sealed ? MSCP_NOT_SUPPORTED : MSCP_SESSION_REQUIRED;
    }
    if (chip->storage_broken && command != MSCP_GET_INFO) {
        return MSCP_STORAGE;
    }
    if (chip->untrusted != MSCP_OK && command != MSCP_GET_INFO) {
        return chip->untrusted;
    }
    if (sealed && chip->session_by != MSCP_BY_PAIRED && !mscp_repair_takes(command)) {
        return MSCP_AUTH_REQUIRED;
    }
    if (chip->set_back && !taken_when_set_back(command)) {
        return MSCP_ROLLBACK;
    }
    if ((row->stages & mscp_chip_stage(chip)) == 0) {
        return mscp_chip_stage(chip) >= ENDED ? MSCP_TERMINATED
               : command == MSCP_PAIR         ? MSCP_ALREADY_PAIRED
                                              : MSCP_WRONG_LIFECYCLE;
    }
    struct mscp_tlvs in;
    mico_err err = mscp_tlvs_parse(body, &in);
    if (err != MICO_OK) {
        return err == MICO_ERR_SIZE ? MSCP_BAD_LENGTH : MSCP_BAD_PARAM;
    }
    if ((in.present & row->required) != row->required || (in.present & ~(row->required | row->optional)) != 0) {
        return MSCP_BAD_PARAM;
    }
    if ((in.present & TAG(NONCE)) != 0 && !nonce_fits(command, in.value[MSCP_TAG_NONCE].len)) {
        return MSCP_BAD_LENGTH;
    }
    chip->subject = mscp_tlv_u32(&in, MSCP_TAG_ID);
    chip->sealed = sealed;
    chip->request = body;
    chip->message_len = 0;
    return row->run(chip, &in, out);
}

static void run_in_clear(struct mscp_chip *chip, const struct mscp_request *request)
{
    struct mico_writer out =
        mico_writer_of(chip->frame + MSCP_RESPONSE_HEADER, sizeof chip->frame - MSCP_RESPONSE_HEADER);
    mscp_status_t status = mscp_chip_run(chip, request->command, false, request->body, &out);
    if (request->command == MSCP_READ_DATA && (status == MSCP_NO_SUCH_OBJECT || status == MSCP_AUTH_REQUIRED ||
                                               status == MSCP_USE_LIMIT || status == MSCP_RATE_LIMITED)) {
        status = MSCP_POLICY_DENIED; /* in the clear a denial does not say why */
    }
    if (status != MSCP_AUTH_FAILED) { /* a failed handshake has cost already */
        mscp_chip_charge(chip, status);
    }
    uint16_t detail = status == MSCP_RATE_LIMITED ? chip->detail : 0; /* others only inside a session */
    mscp_chip_reply(chip, status, detail, status == MSCP_OK ? out.len : 0);
}

static void handle_frame(struct mscp_chip *chip, struct mico_span frame)
{
    struct mscp_request request;
    chip->detail = 0;
    chip->subject = 0;
    if (mscp_request_parse(frame, &request) != MICO_OK) {
        mscp_chip_charge(chip, MSCP_BAD_LENGTH);
        mscp_chip_reply(chip, MSCP_BAD_LENGTH, 0, 0);
    } else if (request.flags == MSCP_FLAG_SEALED) {
        mscp_chip_record(chip, &request);
    } else if (request.flags == 0 && request.session == 0) {
        run_in_clear(chip, &request);
    } else {
        mscp_chip_charge(chip, MSCP_BAD_PARAM);
        mscp_chip_reply(chip, MSCP_BAD_PARAM, 0, 0);
    }
}

void mscp_chip_input(struct mscp_chip *chip, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct mico_span frame;
        if (mscp_deframe(&chip->deframer, bytes[i], &frame)) {
            handle_frame(chip, frame);
        }
        if (chip->restart) {
            chip->platform.restart(chip->platform.ctx);
            return;
        }
    }
}

static mico_err load_pairing(struct mscp_chip *chip)
{
    struct mico_span value;
    mico_err err = mscp_chip_get(chip, "pair", 0, &value, &chip->paired);
    if (err == MICO_OK && chip->paired && value.len != sizeof chip->pairing) {
        return MICO_ERR_CORRUPT;
    }
    if (err == MICO_OK && chip->paired) {
        memcpy(&chip->pairing, value.data, sizeof chip->pairing);
        mico_wipe(chip->record, sizeof chip->record);
    }
    return err;
}

static mico_err load_life(struct mscp_chip *chip)
{
    struct mico_span value;
    bool found;
    mico_err err = mscp_chip_get(chip, "life", 0, &value, &found);
    if (err == MICO_OK && found && value.len != 1) {
        return MICO_ERR_CORRUPT;
    }
    chip->life = err == MICO_OK && found ? value.data[0] : 0;
    return err;
}

static mico_err count_boot(struct mscp_chip *chip)
{
    struct mico_span value;
    bool found;
    uint8_t bytes[4];
    mico_err err = mscp_chip_get(chip, "boot", 0, &value, &found);
    if (err != MICO_OK) {
        return err;
    }
    chip->boot_counter = found && value.len == 4 ? mico_load_le32(value.data) + 1 : 1;
    mico_store_le32(bytes, chip->boot_counter);
    return mscp_chip_put(chip, "boot", 0, bytes, sizeof bytes);
}

/* An end of life that was cut off goes on. */
static mico_err finish_life(struct mscp_chip *chip)
{
    return mscp_chip_stage(chip) >= ENDED ? mscp_objects_erase_keys(chip) : MICO_OK;
}

/* What the last run left, in the order in which the one needs the other. */
static mico_err load_state(struct mscp_chip *chip)
{
    static mico_err (*const loads[])(struct mscp_chip *) = {load_pairing,       load_life,       count_boot,
                                                            mscp_objects_count, mscp_login_load, mscp_repair_load,
                                                            mscp_update_load,   mscp_audit_load, finish_life};
    mico_err err = MICO_OK;
    for (size_t i = 0; i < sizeof loads / sizeof loads[0] && err == MICO_OK; i++) {
        err = loads[i](chip);
    }
    return err;
}

mico_err mscp_chip_start(struct mscp_chip *chip, const struct mscp_chip_platform *platform)
{
    memset(chip, 0, sizeof *chip);
    chip->platform = *platform;
    chip->started_ms = platform->now_ms(platform->ctx);
    mico_err err = mscp_chip_birth(chip);
    if (err == MICO_OK && chip->untrusted == MSCP_OK) {
        err = load_state(chip);
    }
    if (err != MICO_OK) {
        MICO_LOG("MSCP", "chip: cannot start: %s; its flash is damaged or absent", mico_err_name(err));
        mscp_chip_stop(chip);
        return err;
    }
    char serial[2 * MSCP_SERIAL_SIZE + 1];
    mico_hex(chip->serial, MSCP_SERIAL_SIZE, serial);
    MICO_LOG("MSCP", "chip: serial %s lifecycle 0x%02x boot %lu", serial, mscp_chip_lifecycle(chip),
             (unsigned long)chip->boot_counter);
    return MICO_OK;
}

void mscp_chip_stop(struct mscp_chip *chip)
{
    mico_wipe(chip, sizeof *chip);
}
