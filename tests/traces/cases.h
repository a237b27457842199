/* SPDX-License-Identifier: Apache-2.0 */
/* What the rooms above crypto/ do with secrets, for trace_test.py: crypto/tests/constant_time.h has secret() and the rest. */
#ifndef TESTS_TRACES_CASES_H
#define TESTS_TRACES_CASES_H

#include "crypto/tests/constant_time.h"
#include "mscp/host/mscp_host_state.h"
#include "os/store/test_flash.h"

/* A tag or proof that is right but for one bit, at another place in each run: what stops at the first difference shows. */
void spoil(uint8_t *bytes, size_t len);

/* ---- line.c: a chip and a driver in one program, with a line between them ---- */
extern struct mscp_host line_host;
extern struct mscp_binding line_binding;
void line_reset(void);   /* an erased flash; before each run */
void line_start(void);   /* a new chip that is paired, in stage FACTORY */
void line_restart(void); /* the chip loses power; the driver begins again with line_binding */
void line_new_driver(const struct mscp_binding *binding);
uint64_t line_now_ms(void); /* a clock that goes on by itself */

/* ---- chip.c ---- */
void chip_keys(void);
void chip_secrets(void);
void chip_owner(void);
void chip_statements(void);
void chip_sessions(void);

/* ---- psa_chip.c ---- */
void psa_chip_reset(void);
void psa_chip(void);

/* ---- boot.c ---- */
void boot_reset(void);
void boot_image(void);
void boot_loader(void);

/* ---- store.c ---- */
void store_reset(void);
void store_sealed(void);

/* ---- pairing.c ---- */
void pairing_reset(void);
void pairing_setup(void);
void pairing_verify(void);

/* ---- sdk.c ---- */
void sdk_security(void);
void sdk_pem(void);
void sdk_write_digits(const uint8_t *bytes, char *out); /* trace.allow */

#endif
