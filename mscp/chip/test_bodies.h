/* SPDX-License-Identifier: Apache-2.0 */
/* A whole, well-formed request of every command, for tests that send it in every stage or spoil it. */
#ifndef MSCP_CHIP_TEST_BODIES_H
#define MSCP_CHIP_TEST_BODIES_H

#include "mscp/chip/test_say.h"

/* Objects that they name beside rig_provision's. */
#define THE_AUTH 0x4Fu
#define THE_SECRET 0x73u
#define THE_DATA 0x72u /* the test makes it */

void make_secrets(struct rig *rig); /* THE_AUTH and THE_SECRET */
/* Into said; nothing where the command has no TLVs. */
void body_of(struct rig *rig, uint8_t command);
/* Of the driver, whatever the stage. */
void open_session(struct rig *rig);

/* ---- chip_statuses.c: a test of chip_commands_test.c ---- */
void every_status_that_a_host_can_cause(struct rig *rig, struct mscp_binding *binding);

#endif
