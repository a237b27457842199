/* SPDX-License-Identifier: Apache-2.0 */
/* The storage of a driver. Include it where a struct mscp_host is declared; its fields are the driver's own. */
#ifndef MSCP_HOST_MSCP_HOST_STATE_H
#define MSCP_HOST_MSCP_HOST_STATE_H

#include "mscp/host/mscp_host.h"
#include "mscp/protocol/frame.h"
#include "mscp/protocol/noise.h"
#include "mscp/protocol/record.h"
#include "mscp/protocol/resume.h"
#include "mscp/protocol/tlv.h"

#define MSCP_HOST_TIMEOUT_MS 5000 /* how long a command may take; mscp_host_start sets it, callers may change it */

/* One command there and its answer back, in pieces and over sessions. Its spans are the caller's. */
struct mscp_call {
    uint8_t command;
    bool repeatable;       /* carried out twice it does no more than once: may be sent again when its answer is lost */
    bool streamed;         /* stream goes in pieces, with TOTAL, OFFSET and BYTES behind the head */
    struct mico_span head; /* TLVs; of a streamed call at most MSCP_HEAD_MAX bytes */
    struct mico_span stream; /* at most MSCP_MESSAGE_MAX bytes */
    uint64_t answer;         /* MSCP_TAG_BITs that a good answer must have */
};

#define MSCP_HEAD_MAX 352

enum mscp_engine_state {
    MSCP_ENGINE_IDLE,
    MSCP_ENGINE_PAIRING,
    MSCP_ENGINE_OPENING,
    MSCP_ENGINE_PAUSED,
    MSCP_ENGINE_CALLING
};

struct mscp_host;

/* A pairing that is under way; host_pair.c. Its functions stand here so that a driver which never pairs does not have them. */
struct mscp_engine_pairing {
    void (*answered)(struct mscp_host *host, const struct mscp_response *response);
    mico_err (*ended)(struct mscp_host *host, mico_err err); /* what the caller hears */
    struct mscp_binding *made;                               /* the caller's */
    bool stages;  /* another pairing beside the one that stands, which the owner has to allow */
    uint8_t step; /* of the message that was sent last */
    uint8_t serial[MSCP_SERIAL_SIZE];
};

/* The call that is under way; host_engine.c. */
struct mscp_engine {
    enum mscp_engine_state state;
    struct mscp_call call;
    unsigned attempt;
    unsigned open_tries;
    size_t offset;     /* of the next piece */
    size_t bytes_left; /* that may still come for the answer awaited */
    uint32_t wait_ms;  /* how long the state may last without a byte */
    uint64_t since_ms; /* of a caller who polls: when it began, or a byte came */
    bool timed;        /* since_ms is set */
    struct mscp_noise handshake;
    struct mscp_engine_pairing pairing;
    mico_err result;
    void (*done)(struct mscp_host *host, void *ctx, mico_err err);
    void *ctx;
};

struct mscp_host {
    struct mscp_transport transport;
    uint32_t timeout_ms;
    bool bound;
    struct mscp_binding binding;
    struct mscp_session session;
    enum mscp_status last_status;
    uint16_t last_detail;
    struct mscp_engine engine;
    bool resumes;          /* sessions are opened by resumption when boot_counter is known */
    bool resuming;         /* the one that is being opened, or was opened last */
    uint32_t boot_counter; /* of the chip's start, 0 unknown */
    struct mscp_resumption resumption;
    bool refused_on_link; /* the chip said, in the clear, that it did not take the command */
    uint32_t sessions;    /* opened since the start */
    uint32_t round_trips; /* commands sent since the start, and the bytes of both directions on the line */
    uint32_t bytes_sent;
    uint32_t bytes_received;
    uint8_t frame[MSCP_FRAME_MAX];
    uint8_t wire[MSCP_WIRE_MAX];
    struct mscp_deframer deframer;
    uint8_t input[256]; /* read from the transport, not yet deframed */
    uint16_t input_at;
    uint16_t input_len;
    uint8_t reply_body[MSCP_BODY_MAX];
    struct mscp_tlvs reply; /* views of reply_body */
};

#endif
