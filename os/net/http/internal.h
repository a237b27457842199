/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of http share. */
#ifndef OS_NET_HTTP_INTERNAL_H
#define OS_NET_HTTP_INTERNAL_H

#include "os/net/http/http.h"

/** Text into a head. */
void http_put(struct mico_writer *w, const char *text);
void http_put_number(struct mico_writer *w, uint64_t number);

#endif
