/* SPDX-License-Identifier: Apache-2.0 */
/* Every operation on a rig's flash, kept in order, so that a test can have the flash of any moment between two of them. */
#ifndef MSCP_CHIP_TEST_JOURNAL_H
#define MSCP_CHIP_TEST_JOURNAL_H

#include "mscp/chip/test_rig.h"

/* From now on, until journal_stop; the rig's flash works as before. */
void journal_start(struct rig *rig);
void journal_stop(struct rig *rig);
unsigned journal_count(void);
/* One past the last operation whose address lies in [start, start + size). */
unsigned journal_last_in(uint32_t start, uint32_t size);
/* Do operation i, from 0, to a flash of RIG_FLASH_SIZE bytes. */
void journal_apply(unsigned i, uint8_t *flash);

#endif
