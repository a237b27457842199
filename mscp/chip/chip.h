/* SPDX-License-Identifier: Apache-2.0 */
/* The security coprocessor: one core, no heap, no kernel, the same in a chip's firmware and in a Linux process.
 * docs/MSCP.md is what it does. Not thread-safe: one owner. */
#ifndef MSCP_CHIP_CHIP_H
#define MSCP_CHIP_CHIP_H

#include "mscp/chip/firmware.h"
#include "mscp/protocol/audit.h"
#include "mscp/protocol/frame.h"
#include "mscp/protocol/noise.h"
#include "mscp/protocol/record.h"
#include "mscp/protocol/tlv.h"
#include "os/port/flash.h"
#include "os/store/store.h"

#define MSCP_CHIP_VERSION 0x00010000u /* major << 24 | minor << 16 | revision */
#define MSCP_CHIP_SECURITY 1u         /* security version: an update may not go below it */
#define MSCP_CHIP_OBJECTS MSCP_OBJECTS_MAX

/* Its flash: the root secret in the first sector, two sectors that count what was written, then a store of sealed records. */
#define MSCP_CHIP_ROOT_ADDRESS 0x00000u
#define MSCP_CHIP_ANCHOR_ADDRESS 0x08000u
#define MSCP_CHIP_STORE_ADDRESS 0x10000u
#define MSCP_CHIP_STORE_SIZE 0x100000u

#define MSCP_CHIP_PART 2048 /* bytes of a DATA or CERT object that one record holds */
#define MSCP_CHIP_MARK 16   /* of the state that all records make */
#define MSCP_CHIP_SEAL 56   /* what sealing adds to a record: its head, the state, the tag */

/* What the core stands on; entropy comes through mico_random. */
struct mscp_chip_platform {
    const struct mico_flash *flash;
    uint64_t (*now_ms)(void *ctx);                              /* monotonic */
    void (*reply)(void *ctx, const uint8_t *bytes, size_t len); /* send on the link, whole */
    void *ctx;
    uint8_t slot; /* 1 or 2: this code runs in that slot of the flash; 0: elsewhere, no updates */
    /* A number outside the flash that only rises, as a fuse or another memory has it; NULL both: two sectors of the flash count,
     * and a flash that was put back with them is not noticed. */
    mico_err (*anchor_read)(void *ctx, uint64_t *value);
    mico_err (*anchor_raise)(void *ctx, uint64_t to);
    /* Room for the store's index, in names; 0: none, and each record is looked for in the whole log. */
    struct mico_store_entry *index;
    uint16_t index_len;
    void (*restart)(void *ctx); /* start again from reset, after an update; NULL: whoever started the chip does */
};

/* The one host that it serves. Secret. */
struct mscp_chip_pairing {
    uint8_t host_public[32];
    uint8_t key[32];
};

enum mscp_by { MSCP_BY_PAIRED = 0, MSCP_BY_PROVEN, MSCP_BY_STAGED };

/* A message or value that arrives in pieces. */
struct mscp_chip_transfer {
    uint8_t command; /* 0: none */
    uint32_t id;
    uint8_t attributes[MSCP_ATTRIBUTES_MAX];
    uint16_t total;
    uint16_t len;
};

/* The count in the flash: how far it has come, and where it goes on. */
struct mscp_chip_anchor {
    uint64_t value;
    uint32_t end;   /* bytes of the sector that are used */
    uint8_t sector; /* which of the two counts; 2: none yet */
};

/* What the host started since the chip's start. */
struct mscp_chip_boot {
    uint8_t registers[MSCP_REGISTERS][32];
    bool verified; /* digest and security are what VerifyBoot or CheckReceipt last took */
    uint8_t digest[32];
    uint64_t security;
};

/* What the next login proves. Secret. */
struct mscp_chip_login {
    uint64_t counter;
    uint8_t head[32]; /* the link proven last */
    uint8_t r[32];    /* what the cloud gave for it */
};

/* The audit log's newest page, and what may still be written. */
struct mscp_chip_audit {
    struct mscp_chain now;
    uint8_t page_head[32];
    uint8_t entries[MSCP_AUDIT_PAGE * MSCP_AUDIT_ENTRY];
    uint32_t lost;
    uint8_t writes_left;
    uint64_t regained_ms;
};

/* A SECRET that lives with its session. Secret. */
struct mscp_chip_volatile {
    uint32_t id; /* 0: none */
    uint16_t usage;
    uint8_t origin;
    uint8_t life;
    uint8_t len;
    uint8_t bytes[MSCP_SECRET_MAX];
};

#define MSCP_CHIP_AUTHENTICATED 4

/* What ends with the session: against whom the host has authenticated, the challenge it has to answer, and SECRETs. */
struct mscp_chip_volatiles {
    uint32_t authenticated[MSCP_CHIP_AUTHENTICATED]; /* ids of AUTH objects, 0 none */
    uint32_t challenged;                             /* the AUTH object for which nonce was drawn, 0 none */
    uint8_t nonce[32];
    struct mscp_chip_volatile secrets[MSCP_VOLATILE_MAX];
};

/* An update on its way into a slot. */
struct mscp_chip_update {
    bool begun;
    uint8_t slot;
    uint32_t size;
    uint32_t done; /* bytes that lie in the slot */
};

/* The caller's storage, about 11 KiB; its fields are the chip's own. Secret. */
struct mscp_chip {
    struct mscp_chip_platform platform;
    struct mico_store store;
    uint8_t serial[MSCP_SERIAL_SIZE];
    uint8_t store_key[32];
    uint8_t state_key[32];
    uint8_t state[MSCP_CHIP_MARK]; /* that the records make together */
    uint64_t writes;               /* records ever written: the number of the newest */
    struct mscp_chip_anchor anchor;
    uint8_t link_private[32];
    uint32_t boot_counter;
    uint8_t life;        /* stored lifecycle bits above FACTORY */
    bool storage_broken; /* a write failed: nothing is certain until the next start */
    uint16_t objects;
    bool paired;
    bool staged; /* a pairing that its host has not yet proved to know */
    struct mscp_chip_pairing pairing;
    struct mscp_chip_pairing staged_pairing;
    bool proven; /* a pairing that the owner allowed and that waits for its commit */
    struct mscp_chip_pairing proven_pairing;
    bool pair_begun;
    struct mscp_noise pair_handshake;
    struct mscp_session session;
    struct mscp_session candidate; /* opened, but its host has not yet sent a record: it replaces nothing */
    uint8_t session_by;            /* enum mscp_by: which pairing they came by */
    uint8_t candidate_by;
    uint32_t failures;
    uint64_t failures_at_ms;
    uint64_t wait_until_ms;
    uint16_t detail;  /* of the answer being made */
    uint32_t subject; /* the object that the command names */
    bool close_session;
    bool sealed;              /* the command that runs came as a record */
    struct mico_span request; /* its TLVs */
    uint16_t message_len;     /* of the message that came with it and before it, 0 until it is whole */
    uint64_t started_ms;
    struct mscp_chip_volatiles volatiles;
    struct mscp_chip_boot boot;
    struct mscp_firmware firmware; /* that runs */
    int16_t untrusted; /* MSCP_ROLLBACK, MSCP_CORRUPT: what its flash says is not what it wrote last; else 0 */
    bool set_back;     /* it is older than one that ran before */
    bool restart;      /* after the answer */
    struct mscp_chip_update update;
    struct mscp_chip_login login;
    struct mscp_chip_audit audit;
    struct mscp_chip_transfer transfer;
    uint8_t message[MSCP_MESSAGE_MAX];
    uint8_t record[MSCP_CHIP_PART + MSCP_CHIP_SEAL];
    struct mscp_deframer deframer;
    uint8_t frame[MSCP_FRAME_MAX];
    uint8_t wire[MSCP_WIRE_MAX];
};

/** Start the chip; on an erased flash it makes its root secret and serial. Logs its serial, lifecycle and boot counter.
 * Returns MICO_OK, MICO_ERR_IO, MICO_ERR_ENTROPY, or MICO_ERR_CORRUPT when the root secret is damaged but records
 * exist. */
MICO_MUST_USE mico_err mscp_chip_start(struct mscp_chip *chip, const struct mscp_chip_platform *platform);

/** Take bytes from the link, in pieces of any length; answers go out through platform.reply before it returns. */
void mscp_chip_input(struct mscp_chip *chip, const uint8_t *bytes, size_t len);

/** Wipe everything in RAM. */
void mscp_chip_stop(struct mscp_chip *chip);

#endif
