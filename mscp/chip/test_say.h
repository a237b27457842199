/* SPDX-License-Identifier: Apache-2.0 */
/* A command's TLVs, put together by a test byte by byte and sent past the driver. */
#ifndef MSCP_CHIP_TEST_SAY_H
#define MSCP_CHIP_TEST_SAY_H

#include "mscp/chip/test_rig.h"

/* The request that is being put together, and the answer to the last one. */
struct said {
    uint8_t bytes[MSCP_BODY_MAX];
    struct mico_writer body;
    struct mscp_response answer;
};
extern struct said said;

void say_begin(void);
void say_begin_id(uint32_t id);
void say_attributes(const struct mscp_attributes *a);
void say_piece(uint16_t total, uint16_t offset, const void *bytes, size_t len);
struct mico_span said_span(void);
/* Send it as a record: the sealed status, or the status in the clear. */
int say_to(struct rig *rig, uint8_t command);

#endif
