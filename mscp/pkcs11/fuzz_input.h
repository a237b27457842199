/* SPDX-License-Identifier: Apache-2.0 */
/* For the module's fuzzer: an input as a program, whose bytes say with what each call is made. Buffers are pieces of heap of
 * exactly the length that the call is told, so that the sanitizer sees a byte too many. */
#ifndef MSCP_PKCS11_FUZZ_INPUT_H
#define MSCP_PKCS11_FUZZ_INPUT_H

#include "mscp/pkcs11/p11.h"

void fuzz_program(const uint8_t *data, size_t len);
bool fuzz_over(void);
uint8_t next(void); /* byte; 0 when there is none left */

void *piece(size_t len); /* filled; freed by free_pieces, when the call is over */
void free_pieces(void);
size_t length(void);               /* one that matters to some call */
CK_BYTE *bytes(CK_ULONG *len);     /* a piece, or NULL with a length that no call may follow */
CK_ULONG *place_for(CK_ULONG len); /* where a call finds, and leaves, a length; or NULL */

/* Handles: mostly of what there is. */
extern CK_SESSION_HANDLE sessions[4];
CK_SESSION_HANDLE a_session(void);
CK_OBJECT_HANDLE an_object(void);
CK_OBJECT_HANDLE *keep(void); /* where a call leaves a new one; or NULL */
void learn(CK_OBJECT_HANDLE object);
void forget_objects(void);

/* What a template begins with, so that some are whole. */
enum begin { NOTHING, KEY, DATA_OBJECT, SECRET };
CK_ATTRIBUTE *a_template(CK_ULONG *count, enum begin begin);
CK_MECHANISM *a_mechanism(void);

extern CK_UTF8CHAR so_pin[9], user_pin[5];
CK_UTF8CHAR *a_pin(CK_ULONG *len);

#endif
