/* SPDX-License-Identifier: Apache-2.0 */
/* A small model of the chip: a few objects with a type, usages, rights and a value; eight registers; a stage of life. It says random
 * commands and knows what the chip has to answer. One model in a program. */
#ifndef MSCP_CHIP_TEST_MODEL_H
#define MSCP_CHIP_TEST_MODEL_H

#include <stdbool.h>
#include <stdint.h>

void model_seed(uint64_t seed);
uint32_t model_draw(uint32_t below); /* the same numbers for the same seed */

/* What happens to the chip beside commands. */
void model_new(void); /* another chip, in the factory, without an object */
void model_operational(void);
void model_power_cut(void);
void model_minute(void);

bool model_holds(uint32_t id); /* of MSCP_ID_GENERAL and the ids behind it */

/* Put a command's TLVs into said (test_say.h); the status that the chip must give, which has happened to the model then. */
int model_say(uint8_t *command);

/* The command last said was MSCP_OK: said.answer is what the model expects, or the test fails. */
void model_check(uint8_t command);

#endif
