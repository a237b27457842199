/* SPDX-License-Identifier: Apache-2.0 */
/* In place of tls_resume.c where a program leaves it out: every handshake is a whole one. */
#include "crypto/tls/internal.h"

mico_err mico_tls_save_session(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len)
{
    *len = 0;
    return MICO_OK;
}
