/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the module: it is loaded as a client loads it, over a real mscpd in a folder of its own. */
#ifndef MSCP_PKCS11_PKCS11_RIG_H
#define MSCP_PKCS11_PKCS11_RIG_H

#include <sys/types.h>

#include "mscp/pkcs11/p11.h"

extern char folder[];
extern pid_t chip;
extern CK_FUNCTION_LIST *p11;
extern CK_SESSION_HANDLE session; /* of start */
extern CK_OBJECT_HANDLE public_key, private_key;

extern CK_BBOOL yes, no;
extern CK_OBJECT_CLASS private_class, data_class, cert_class, secret_class;
extern char edwards[], montgomery[], p256[]; /* CKA_EC_PARAMS */
extern CK_MECHANISM eddsa, generate_edwards, generate_montgomery, sha256;

void start_chip(void);
void stop_chip(void);

/** A key pair on the token, labelled "key". */
CK_RV generate(CK_MECHANISM *mechanism, char *params, CK_OBJECT_HANDLE *public_out, CK_OBJECT_HANDLE *private_out);

/** A data object "hello". */
CK_OBJECT_HANDLE create_data(CK_BBOOL *on_token, const char *label);
/** How many objects the session finds. */
size_t found(CK_ATTRIBUTE *template, CK_ULONG count);

/* Fixtures: the module and its chip; then for each case a fresh token without PINs and one Ed25519 key. */
int group_start(void **state);
int group_end(void **state);
int start(void **state);
int end(void **state);

#endif
