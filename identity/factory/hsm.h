/* SPDX-License-Identifier: Apache-2.0 */
/* The maker's keys, in a hardware security module reached by PKCS#11 (OASIS PKCS#11 v3.0; SoftHSM2 unless told
 * otherwise). The station never sees a private key: it has handles that sign. */
#ifndef IDENTITY_FACTORY_HSM_H
#define IDENTITY_FACTORY_HSM_H

#include <gnutls/abstract.h>

#include "base/err.h"

/** Choose the module (a path; NULL is SoftHSM2 as found at build time, its tokens in dir: see softhsm.h) and load it
 * into GnuTLS. Once in a process. Errors are said. */
MICO_MUST_USE mico_err station_hsm_open(const char *dir, const char *module);
void station_hsm_close(void);

/** Initialise a free slot as token "mico-NAME" with a random PIN, kept in dir/NAME.pin (mode 0600), and generate the
 * Ed25519 key pair NAME in it, sensitive and not extractable. Before station_hsm_open, in the same process or not. */
MICO_MUST_USE mico_err station_hsm_generate(const char *dir, const char *module, const char *name);

/** A handle that signs with key NAME. The caller's, by gnutls_privkey_deinit. */
MICO_MUST_USE mico_err station_hsm_key(const char *dir, const char *name, gnutls_privkey_t *out);

#endif
