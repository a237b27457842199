/* SPDX-License-Identifier: Apache-2.0 */
/* A chip and a driver in one process: the line between them drops, doubles, flips and holds frames as a test says, and
 * keeps all that passed. Its flash loses power as os/store/test_flash.h says; its clock moves only when someone waits.
 */
#ifndef MSCP_CHIP_TEST_RIG_H
#define MSCP_CHIP_TEST_RIG_H

#include "mscp/chip/chip.h"
#include "mscp/host/mscp_host_state.h"
#include "os/store/test_flash.h"

#define RIG_FLASH_SIZE MSCP_FIRMWARE_FLASH_SIZE
#define RIG_TRACE_SIZE (512 * 1024)
#define RIG_FRAMES 1024
#define RIG_NAMES 400

enum rig_fault {
    RIG_NONE,
    RIG_DROP,        /* the frame never arrives */
    RIG_DOUBLE,      /* it arrives twice */
    RIG_FLIP_LINE,   /* one bit is flipped on the line: the CRC finds it */
    RIG_FLIP_FRAME,  /* one bit is flipped and the CRC made right again */
    RIG_CUT,         /* the second half is lost */
    RIG_DOUBLE_BYTE, /* one byte in the middle is doubled */
    RIG_GARBAGE,     /* noise stands before it */
    RIG_HOLD,        /* it arrives behind the next frame of its direction */
    RIG_FAULTS,
};

/* A frame that passed, as it stood on the line. */
struct rig_frame {
    bool to_chip;
    uint32_t at; /* in the trace */
    uint32_t len;
};

/* A chip elsewhere, in the place of the one in this process: rig_start, rig_restart_chip, rig_inject and the driver then speak to
 * it; faults, trace, flash and clock are not its own. */
struct rig_place {
    void (*start)(void); /* a new chip: erased flash */
    void (*restart)(void);
    void (*stop)(void);
    struct mscp_transport transport;
    /* A firmware 0.minor.0 that it takes, linked for that address, into out (MSCP_FIRMWARE_SLOT_SIZE bytes); its length. NULL: it
     * cannot be updated. */
    size_t (*firmware)(uint32_t address, uint8_t minor, uint8_t *out);
    /* What its flash holds but its anchor, kept by number (0 or 1), and put back; it counts from the next restart. */
    void (*keep_flash)(unsigned number);
    void (*put_back)(unsigned number);
};

struct rig {
    const struct rig_place *place; /* NULL: in this process; kept over rig_start */
    struct mscp_chip chip;
    struct mico_store_entry index[RIG_NAMES];
    unsigned starts; /* of the chip: by turns with an index for all names, with one that is soon full, with none */
    struct mscp_host host;
    struct mscp_transport transport;
    struct test_flash flash;
    uint64_t now_ms;
    bool off;      /* the chip has no power */
    uint8_t slot;  /* of the chip's flash that its firmware runs in, from 1; 0: elsewhere */
    bool anchored; /* the chip has an anchor that is not in its flash */
    uint64_t anchor;
    bool anchor_broken;
    bool restarted; /* the chip asked for a restart, and waits for rig_restart_chip */

    uint8_t inbox[64 * 1024]; /* on the way to the driver */
    size_t inbox_at, inbox_len;

    unsigned frames_seen; /* of both directions since the last rig_fault_at */
    unsigned fault_frame; /* which of them gets the fault, from 1; 0 none */
    enum rig_fault fault;
    unsigned fault_bit;
    uint32_t swap_from, swap_len; /* RIG_DROP puts this part of the trace in the frame's place */
    unsigned drop_from;           /* this frame and all behind it are lost; 0 none */
    uint8_t held[MSCP_WIRE_MAX];
    size_t held_len;
    bool held_to_chip;

    uint8_t *trace;
    size_t trace_len;
    struct rig_frame frames[RIG_FRAMES];
    unsigned frame_count;
};

/* The place that this program's tests run against: place_here.c, or place.c for chips elsewhere. */
const struct rig_place *rig_place(void);
/* Let time pass, where the clock is the rig's own. */
void rig_pass(struct rig *rig, uint64_t ms);

/* All rigs are static: they are large. */
void rig_start(struct rig *rig);           /* erased flash, chip started, driver without a binding */
void rig_restart_chip(struct rig *rig);    /* power off and on; asserts that it starts */
mico_err rig_power_cycle(struct rig *rig); /* the same where it may not: what mscp_chip_start says */
/* The newest record of name as it lies in the flash, head and all; asserts that there is one. */
struct mico_span rig_stored(struct rig *rig, const char *name);
void rig_new_host(struct rig *rig, const struct mscp_binding *binding);
void rig_fault_at(struct rig *rig, unsigned frame, enum rig_fault fault, unsigned bit);
void rig_drop_from(struct rig *rig, unsigned frame); /* counted as in rig_fault_at */
void rig_end(struct rig *rig);

/* Bytes straight into the chip, past driver and faults; its answer's header status, and the whole answer if wanted.
 * Gives 1 when the chip does not answer. */
int rig_inject(struct rig *rig, const uint8_t *wire, size_t len, struct mscp_response *answer);
/* A frame in the clear. */
int rig_clear(struct rig *rig, uint8_t command, struct mico_span body, struct mscp_response *answer);
/* A record of the driver's session with the counter given; returns the sealed status when the chip answers with a
 * record (answer->body views its TLVs), else the status in the clear. The driver's own counter moves on only by a good
 * one. */
int rig_record(struct rig *rig, uint8_t command, struct mico_span tlvs, uint64_t counter, struct mscp_response *answer);

/* The profile of a device: identity, pairing, firmware keys, rollback counter, chain with the identity's key inside. */
extern const struct mscp_attributes rig_identity, rig_pairing, rig_firmware, rig_counter, rig_data, rig_cert;
size_t rig_certificate(const uint8_t key[32], uint8_t *out, size_t cap);
/* A TLS 1.2 transcript of about len bytes (at least 400). */
size_t rig_transcript(uint8_t *out, size_t len);
/* A pairing message: 32 | device id | 32. */
#define RIG_PAIRING_MESSAGE 81
void rig_pairing_message(uint8_t out[RIG_PAIRING_MESSAGE]);
/* Pair and make the profile; asserts. With operational the lifecycle is closed too. */
void rig_provision(struct rig *rig, struct mscp_binding *binding, bool operational);

/* Poll what the driver does without waiting to its end, the clock moving at most 50 ms between; how often it took. Never for ever. */
unsigned rig_poll_to_end(struct rig *rig);

#endif
