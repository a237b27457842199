/* SPDX-License-Identifier: Apache-2.0 */
/* The application that loader_board_test.c has started: says what it was handed. */
#include <stdio.h>

#include "base/bytes.h"
#include "boot/handoff.h"

int application_start(void);

extern const struct mico_handoff mico_handoff_area; /* the board's linker script */

int application_start(void)
{
    const struct mico_handoff *given = &mico_handoff_area;
    char digest[65];
    mico_hex(given->digest, sizeof given->digest, digest);
    printf("probe: magic %s, %u.%u.%u+%u, counter %u\n", given->magic == MICO_HANDOFF_MAGIC ? "right" : "wrong",
           (unsigned)given->version.major, (unsigned)given->version.minor, (unsigned)given->version.revision,
           (unsigned)given->version.build, (unsigned)given->security_counter);
    printf("probe: digest %s\n", digest);
    fflush(stdout);
    return 0;
}
