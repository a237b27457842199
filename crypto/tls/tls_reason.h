/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/tls: wolfSSL's errors as MiCO's, with words. Each writes tls->reason and returns the error. */
#ifndef CRYPTO_TLS_TLS_REASON_H
#define CRYPTO_TLS_TLS_REASON_H

#include "crypto/tls/tls.h"

#define MICO_TLS_SIGN_REFUSED (-1999) /* what the signing callback gives wolfSSL; none of its own numbers */

mico_err mico_tls_say(struct mico_tls *tls, const char *words, mico_err err);
/* `what` failed with wolfSSL's number, or with `otherwise` when the number says nothing special. */
mico_err mico_tls_explain(struct mico_tls *tls, const char *what, int number, mico_err otherwise);
/* The last operation of the session returned result. */
mico_err mico_tls_explain_session(struct mico_tls *tls, int result);

#endif
