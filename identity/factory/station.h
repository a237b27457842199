/* SPDX-License-Identifier: Apache-2.0 */
/* A station's directory: the maker's name and certificates, tokens, log, and what is under way.
 *
 *   station.json             maker, PKCS#11 module; written last by init
 *   root.pem issuing.pem     the maker's CAs
 *   tokens/ tokens.work/     SoftHSM2's, and the copy that is worked with; unless another module was given
 *   root.pin issuing.pin     PINs (0600): what a real station asks its operator for; root.pin is not needed after init
 *   log.jsonl log.head       made devices, see log.h
 *   pending/SERIAL.json      a device being made: its label (0600), until the label has been given out
 *   lock                     held while a command works here */
#ifndef IDENTITY_FACTORY_STATION_H
#define IDENTITY_FACTORY_STATION_H

#include <gnutls/x509.h>

#include "base/err.h"
#include "identity/factory/files.h"

#define STATION_MAKER_MAX 64 /* characters: X.520's bound for a name */

struct station {
    char dir[STATION_PATH_MAX];
    char maker[STATION_MAKER_MAX + 1];
    char module[STATION_PATH_MAX]; /* "": SoftHSM2 */
    gnutls_x509_crt_t root, issuing;
    int lock;
};

/** Make dir, its tokens, the maker's root CA and issuing CA. Refuses a directory that is a station already. */
MICO_MUST_USE mico_err station_init(const char *dir, const char *maker, const char *module);

/** Open a station for work: waits for its lock. With hsm the PKCS#11 module is loaded too. */
MICO_MUST_USE mico_err station_open(struct station *station, const char *dir, bool hsm);
void station_close(struct station *station);

#endif
