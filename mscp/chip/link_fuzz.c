/* SPDX-License-Identifier: Apache-2.0 */
/* The link of a chip to a genuine host, with whatever may happen on the line: handshakes (XX, KKpsk0, resumption) and records
 * that are lost, doubled, forged with a right CRC or said again, records that are sealed and make no sense, frames in the
 * clear, bytes. Whatever comes, the pairing holds: the host that has its binding is served again.
 *
 * input: 1 for a chip that is not paired yet (1); then steps of four bytes, of which the first says what, and the bytes that some
 * steps take. */
#include <stdlib.h>
#include <string.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_rig.h"

#define STEPS 12 /* of one input */
#define DAY_MS 86400000u

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Chip, host and flash as they were, to begin each input from. */
struct beginning {
    struct rig rig;
    uint8_t flash[RIG_FLASH_SIZE];
};

static struct rig rig;
static struct mscp_binding binding;
static struct beginning fresh, paired;

static void keep(struct beginning *at)
{
    at->rig = rig;
    memcpy(at->flash, rig.flash.bytes, sizeof at->flash);
}

static void go_back(const struct beginning *to)
{
    rig = to->rig;
    memcpy(rig.flash.bytes, to->flash, sizeof to->flash);
    rig.frame_count = 0; /* the trace holds other inputs' frames by now */
    rig.trace_len = 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    rig_start(&rig);
    keep(&fresh);
    rig_provision(&rig, &binding, false);
    keep(&paired);
    return 0;
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

/* Past the driver, and past the fault that waits for one of its frames. */
static void past_the_driver(uint8_t what, const uint8_t *a, struct mico_reader *input)
{
    const struct mscp_session *session = &rig.host.session;
    rig_fault_at(&rig, 0, RIG_NONE, 0);
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

static void step(uint8_t what, const uint8_t *a, struct mico_reader *input)
{
    struct mscp_binding other;
    switch (what % 10) {
    case 0:
        rig_new_host(&rig, &binding);
        (void)!mscp_host_resume_sessions(&rig.host, a[0] & 1);
        break;
    case 1:
        rig_fault_at(&rig, 1u + a[0] % 8, (enum rig_fault)(a[1] % RIG_FAULTS), a[2] * 3u);
        break;
    case 2:
        (void)!any_command();
        break;
    case 3:
        rig_restart_chip(&rig);
        break;
    case 4:
        rig_new_host(&rig, NULL);
        (void)!mscp_host_pair(&rig.host, &other);
        break;
    case 5:
        rig_pass(&rig, a[0] * 1000u);
        break;
    default:
        past_the_driver(what % 10 - 6, a, input);
    }
}

/* The chip stands, and serves whom it is paired with. */
static void check(bool is_paired)
{
    rig_fault_at(&rig, 0, RIG_NONE, 0);
    if (rig.chip.storage_broken || rig.flash.misused) {
        abort();
    }
    rig_pass(&rig, DAY_MS);
    rig_new_host(&rig, &binding);
    bool ended = mscp_chip_stage(&rig.chip) > MSCP_OPERATIONAL;
    if (is_paired && !ended && any_command() != MICO_OK) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_reader input = mico_reader_of(data, size);
    bool is_paired = (mico_read_u8(&input) & 1) == 0;
    go_back(is_paired ? &paired : &fresh);
    for (int i = 0; i < STEPS && input.left >= 4; i++) {
        uint8_t what = mico_read_u8(&input);
        step(what, mico_read_bytes(&input, 3).data, &input);
    }
    check(is_paired);
    return 0;
}
