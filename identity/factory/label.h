/* SPDX-License-Identifier: Apache-2.0 */
/* What is printed on a device: its setup code and setup id, as HAP has them. docs/PAIRING.md, "Setup code". */
#ifndef IDENTITY_FACTORY_LABEL_H
#define IDENTITY_FACTORY_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "identity/provision.h"

#define STATION_CODE_SIZE 10    /* "XXX-XX-XXX" */
#define STATION_PAYLOAD_SIZE 20 /* "X-HM://", 9 digits of base 36, setup id */

/* Secret: whoever knows the code may pair. */
struct station_label {
    char code[STATION_CODE_SIZE + 1];
    char id[MICO_SETUP_ID_SIZE + 1]; /* of 0-9A-Z */
};

/** Draw a code and an id at random. */
MICO_MUST_USE mico_err station_label_draw(struct station_label *label);

/** True for XXX-XX-XXX that is not one of the codes that HAP forbids, and an id of its form. */
bool station_label_allowed(const struct station_label *label);

/** The payload of the QR code; category is HAP's (5 a bulb, 6 a lock; below 256). label must be allowed. */
void station_label_payload(const struct station_label *label, uint8_t category, char out[STATION_PAYLOAD_SIZE + 1]);

/** A fresh salt, and the SRP-6a verifier of the code: the record MICO_RECORD_SETUP. */
MICO_MUST_USE mico_err station_label_verifier(const struct station_label *label,
                                              uint8_t record[MICO_SETUP_SALT_SIZE + MICO_SETUP_VERIFIER_SIZE]);

#endif
