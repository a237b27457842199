/* SPDX-License-Identifier: Apache-2.0 */
/* SoftHSM2's tokens in a station's directory.
 *
 * SoftHSM2 2.6 writes token.object anew, in place, at every login: a process killed in that moment leaves it empty, and
 * the maker's keys are gone. So dir/tokens is written by init only; work goes on in a copy, made anew each time. */
#ifndef IDENTITY_FACTORY_SOFTHSM_H
#define IDENTITY_FACTORY_SOFTHSM_H

#include <stdbool.h>

#include "base/err.h"

/** Point SoftHSM2 at dir/tokens itself (to make tokens), or at a fresh copy of it, dir/tokens.work (to use them).
 * Before the module is loaded; the station's lock is held. Errors are said. */
MICO_MUST_USE mico_err station_softhsm_use(const char *dir, bool copy);

#endif
