/* SPDX-License-Identifier: Apache-2.0 */
/* For selftest_board: links what TLS would bring, so that its known answers are asked for too. A build that leaves options out must
 * not have it. */
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/kdf.h>

int (*const of_tls_12)(byte *, word32, const byte *, word32, const byte *, word32, const byte *, word32, int, int,
                       void *, int) = wc_PRF_TLS;
