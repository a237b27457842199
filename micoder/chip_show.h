/* SPDX-License-Identifier: Apache-2.0 */
/* What `mico chip` prints, in words or as JSON. */
#ifndef MICODER_CHIP_SHOW_H
#define MICODER_CHIP_SHOW_H

#include <cjson/cJSON.h>

#include "mscp/host/mscp_host.h"

#define CHIP_WORDS 400 /* room for a list of words */

/** "ed25519", "secret"; a type by its name, or 0. */
const char *chip_type_name(unsigned type);
uint8_t chip_type_of(const char *name);

/** A usage by its name ("sign-raw", "agree"), or 0. */
uint16_t chip_usage_of(const char *name);

/** "FACTORY" */
const char *chip_stage_name(unsigned lifecycle);

/** What a clause of SetLifecycle (one bit of `failing`) asks for, in words. */
const char *chip_lock_clause(uint32_t clause);

/** As JSON; mico_print_json frees it. */
cJSON *chip_info_json(const struct mscp_info *info);
cJSON *chip_object_json(uint32_t id, const struct mscp_attributes *attributes);
cJSON *chip_evidence_json(const struct mscp_evidence *evidence);
cJSON *chip_audit_json(const struct mscp_audit_entry *entry);

/** In words. */
void chip_print_info(const struct mscp_info *info);
void chip_print_object(uint32_t id, const struct mscp_attributes *attributes);
void chip_print_evidence(const struct mscp_evidence *evidence);
void chip_print_audit(const struct mscp_audit_entry *entry);

#endif
