/* SPDX-License-Identifier: Apache-2.0 */
/* Words for what objects may do; for chip_show.c and chip_cmd.c. */
#ifndef MICODER_CHIP_WORDS_H
#define MICODER_CHIP_WORDS_H

#include "micoder/chip_show.h"

const char *chip_origin_name(unsigned origin);
void chip_usage_words(uint16_t usage, char out[CHIP_WORDS]);
void chip_access_words(uint8_t access, char out[CHIP_WORDS]);

/** "" for none; "to use and after auth 0x50; or ..." */
void chip_policy_words(const struct mscp_attributes *attributes, char *out, size_t cap);

#endif
