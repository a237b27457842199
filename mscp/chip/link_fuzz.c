/* SPDX-License-Identifier: Apache-2.0 */
/* The link of a chip to a genuine host, with whatever may happen on the line: handshakes (XX, KKpsk0, resumption) and records
 * that are lost, doubled, forged with a right CRC or said again, records that are sealed and make no sense, frames in the
 * clear, bytes. Whatever comes, the pairing holds: the host that has its binding is served again.
 *
 * The same for a chip in the field that has an owner and can be updated, with the steps of re-pairing by two hosts whose sessions go
 * side by side, and new firmware, whole or with a byte changed: then the pairing is one that the owner allowed, and what starts is one
 * of the maker's two.
 *
 * input: 0 for a paired chip, 1 for one that is not paired yet, 2 for the one with an owner (1); then steps of four bytes, of which the
 * first says what, and the bytes that some steps take. */
#include <stdlib.h>
#include <string.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_firmware.h"
#include "mscp/chip/test_rig.h"

#define STEPS 12 /* of one input */
#define DAY_MS 86400000u
#define MADE 4 /* pairings of one input, beside the first */

enum { PAIRED, FRESH, OWNED, BEGINNINGS };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Chip, host and flash as they were, to begin each input from. */
struct beginning {
    struct rig rig;
    struct mscp_binding binding;
    uint8_t flash[RIG_FLASH_SIZE];
};

static struct rig rig;
static struct mscp_binding binding;
static struct beginning beginnings[BEGINNINGS];

static const uint8_t owner[34] = {MSCP_AUTH_HMAC, 255, 0x0E}; /* kind, tries, secret */
static struct mscp_binding made[MADE];
static bool allowed[MADE]; /* the owner's secret went out under it */
static unsigned made_count;
static struct mscp_host other_host;
static bool updated; /* new firmware was tried */
static uint8_t image[TEST_FIRMWARE_MAX];
static size_t image_len;

static void keep(unsigned which)
{
    struct beginning *at = &beginnings[which];
    at->rig = rig;
    at->binding = binding;
    memcpy(at->flash, rig.flash.bytes, sizeof at->flash);
}

static void go_back(unsigned which)
{
    const struct beginning *to = &beginnings[which];
    rig = to->rig;
    binding = to->binding;
    other_host = rig.host;
    made_count = 0;
    updated = false;
    memset(allowed, 0, sizeof allowed);
    memcpy(rig.flash.bytes, to->flash, sizeof to->flash);
    rig.frame_count = 0; /* the trace holds other inputs' frames by now */
    rig.trace_len = 0;
}

/* In the field, with an owner, its firmware in the first slot, and a newer one for the second. */
static void start_owned(void)
{
    static const uint8_t code[64] = {1};
    static const struct mscp_attributes attributes = {.type = MSCP_AUTH, .write = MSCP_NEVER};
    const struct test_firmware old_one = {{code, sizeof code}, 0, 0, 1, 0, 1, false};
    const struct test_firmware new_one = {{code, sizeof code}, 1, 0, 2, 0, 1, false};
    rig_start(&rig);
    test_firmware_keys(rig.flash.bytes);
    test_firmware_install(&old_one, rig.flash.bytes);
    image_len = test_firmware_image(&new_one, image);
    rig.slot = 1;
    rig_restart_chip(&rig);
    rig_provision(&rig, &binding, false);
    if (mscp_host_create(&rig.host, MSCP_ID_OWNER, &attributes, MICO_SPAN(owner)) != MICO_OK ||
        mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL) != MICO_OK) {
        abort();
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    rig_start(&rig);
    keep(FRESH);
    rig_provision(&rig, &binding, false);
    keep(PAIRED);
    start_owned();
    keep(OWNED);
    return 0;
}

/* As the boot stage does, where there is one. */
static void restart(void)
{
    struct mscp_firmware firmware;
    if (rig.slot != 0) {
        unsigned slot = mscp_firmware_newest(&rig.flash.flash, &firmware);
        if (slot == MSCP_FIRMWARE_SLOT_COUNT) {
            abort();
        }
        rig.slot = (uint8_t)(slot + 1);
    }
    rig_restart_chip(&rig);
}

static mico_err any_command(void)
{
    uint8_t bytes[8];
    return mscp_host_random(&rig.host, bytes, sizeof bytes);
}

/* A frame that passed is said to the chip again, one byte of it changed (or none, by 0) and the CRC made right. */
static void say_again(uint8_t which, uint8_t at, uint8_t change)
{
    static struct mscp_deframer line;
    struct mico_span frame = {NULL, 0};
    uint8_t changed[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX];
    bool whole = false;
    if (rig.frame_count == 0) {
        return;
    }
    const struct rig_frame *passed = &rig.frames[which % rig.frame_count];
    for (size_t i = 0; i < passed->len; i++) {
        whole = mscp_deframe(&line, rig.trace[passed->at + i], &frame) || whole;
    }
    if (whole) {
        memcpy(changed, frame.data, frame.len);
        changed[at % frame.len] ^= change;
        rig_inject(&rig, wire, mscp_wire_encode((struct mico_span){changed, frame.len}, wire), NULL);
    }
}

static struct mico_span take(struct mico_reader *input, uint8_t len)
{
    return mico_read_bytes(input, len < input->left ? len : input->left);
}

static void no_fault(void)
{
    rig_drop_from(&rig, 0);
}

/* Past the driver, and past the fault that waits for one of its frames. */
static void past_the_driver(uint8_t what, const uint8_t *a, struct mico_reader *input)
{
    const struct mscp_session *session = &rig.host.session;
    no_fault();
    switch (what) {
    case 0:
        if (session->open) {
            uint64_t counter = session->next + (a[2] % 4 == 3 ? a[2] / 4 : 0u);
            rig_record(&rig, a[0], take(input, a[1]), counter, NULL);
        }
        break;
    case 1:
        rig_clear(&rig, a[0], take(input, a[1]), NULL);
        break;
    case 2: {
        struct mico_span bytes = take(input, a[1]);
        rig_inject(&rig, bytes.data, bytes.len, NULL);
        break;
    }
    default:
        say_again(a[0], a[1], a[2]);
    }
}

static void stage(void)
{
    if (made_count < MADE) {
        rig_new_host(&rig, NULL);
        mico_err err = mscp_host_repair_stage(&rig.host, &made[made_count]);
        made_count += err == MICO_OK;
    }
}

static void ask_owner(bool wrong)
{
    uint8_t secret[32];
    memcpy(secret, owner + 2, sizeof secret);
    secret[0] ^= wrong;
    for (unsigned i = 0; i < made_count; i++) {
        allowed[i] = allowed[i] || (!wrong && memcmp(&made[i], &rig.host.binding, sizeof made[i]) == 0);
    }
    (void)!mscp_host_auth_secret(&rig.host, MSCP_ID_OWNER, secret, NULL);
}

static void repair(const uint8_t *a)
{
    struct mscp_host host = rig.host;
    switch (a[0] % 7) {
    case 0:
        stage();
        break;
    case 1:
        ask_owner((a[1] & 1) != 0);
        break;
    case 2:
        (void)!mscp_host_repair_prove(&rig.host);
        break;
    case 3:
        (void)!mscp_host_repair_commit(&rig.host);
        break;
    case 4:
        (void)!mscp_host_repair_put_aside(&rig.host);
        break;
    case 5: /* the other's turn */
        rig.host = other_host;
        other_host = host;
        break;
    default:
        rig_new_host(&rig, a[1] % (MADE + 1) < made_count ? &made[a[1] % (MADE + 1)] : &binding);
    }
}

/* Whatever byte of it is another, the chip refuses it. */
static void new_firmware(const uint8_t *a)
{
    static uint8_t changed[TEST_FIRMWARE_MAX];
    uint32_t version;
    updated = true;
    memcpy(changed, image, image_len);
    changed[mico_load_le16(a) % image_len] ^= a[2];
    mico_err err = mscp_host_update(&rig.host, (struct mico_span){changed, image_len}, &version);
    if (err == MICO_OK && a[2] != 0) {
        abort();
    }
    if (rig.restarted) {
        restart();
    }
}

/* A fault of one frame, or all lost from one on, until the next step of this kind or past the driver. */
static void break_line(const uint8_t *a)
{
    unsigned fault = a[1] % (RIG_FAULTS + 1u);
    no_fault();
    if (fault == RIG_FAULTS) {
        rig_drop_from(&rig, 1u + a[0] % 8);
    } else {
        rig_fault_at(&rig, 1u + a[0] % 8, (enum rig_fault)fault, a[2] * 3u);
    }
}

static void step(uint8_t what, const uint8_t *a, struct mico_reader *input)
{
    struct mscp_binding other;
    switch (what % 12) {
    case 0:
        rig_new_host(&rig, &binding);
        (void)!mscp_host_resume_sessions(&rig.host, a[0] & 1);
        break;
    case 1:
        break_line(a);
        break;
    case 2:
        (void)!any_command();
        break;
    case 3:
        restart();
        break;
    case 4:
        rig_new_host(&rig, NULL);
        (void)!mscp_host_pair(&rig.host, &other);
        break;
    case 5:
        rig_pass(&rig, a[0] * 1000u);
        break;
    case 10:
        repair(a);
        break;
    case 11:
        new_firmware(a);
        break;
    default:
        past_the_driver(what % 12 - 6, a, input);
    }
}

/* What a chip with one of these pairings has made with the first, or with one that the owner allowed. */
static const struct mscp_binding *binding_of(const struct mscp_chip_pairing *pairing)
{
    for (unsigned i = 0; i < made_count; i++) {
        if (allowed[i] && memcmp(made[i].host_public, pairing->host_public, 32) == 0) {
            return &made[i];
        }
    }
    if (memcmp(binding.host_public, pairing->host_public, 32) != 0) {
        abort();
    }
    return &binding;
}

static void check_sessions(void)
{
    const struct mscp_chip *chip = &rig.chip;
    bool by_proven = (chip->session.open && chip->session_by == MSCP_BY_PROVEN) ||
                     (chip->candidate.open && chip->candidate_by == MSCP_BY_PROVEN);
    if (by_proven && !chip->proven) {
        abort();
    }
}

/* The chip stands, and serves whom it is paired with. */
static void check(bool is_paired)
{
    no_fault();
    if (rig.chip.storage_broken || rig.flash.misused) {
        abort();
    }
    if (updated) {
        restart();
    }
    rig_pass(&rig, DAY_MS);
    bool ended = mscp_chip_stage(&rig.chip) > MSCP_OPERATIONAL;
    if (!is_paired || ended) {
        return;
    }
    rig_new_host(&rig, binding_of(&rig.chip.pairing));
    if (any_command() != MICO_OK) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_reader input = mico_reader_of(data, size);
    unsigned which = mico_read_u8(&input) % BEGINNINGS;
    go_back(which);
    for (int i = 0; i < STEPS && input.left >= 4; i++) {
        uint8_t what = mico_read_u8(&input);
        step(what, mico_read_bytes(&input, 3).data, &input);
        check_sessions();
    }
    check(which != FRESH);
    return 0;
}
