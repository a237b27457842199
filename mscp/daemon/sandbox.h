/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon takes from itself before it serves anyone. Each step that cannot be had ends the start: a daemon that
 * is less safe than it says is worse than none. */
#ifndef MSCP_DAEMON_SANDBOX_H
#define MSCP_DAEMON_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

/* The user that a daemon started by root becomes. */
struct mscpd_user {
    bool drop; /* false: not started by root, nothing to drop */
    uid_t uid;
    gid_t gid;
};

/** Choose the user: name (--user); else "mscpd" where that exists; else a number of nobody's, 61184 and up (the range
 * that Debian leaves to such users). Only a daemon started by root may name another. False, with a message on stderr. */
bool mscpd_choose_user(const char *name, struct mscpd_user *user);

/** No core dumps, no debugger, memory never on a swap device; then the user and no way back (no new privileges). fd is
 * the flash file, which becomes that user's, mode 0600. False, with a message on stderr. */
bool mscpd_confine(const struct mscpd_user *user, int fd);

/** From here on only the system calls that serving takes; any other kills the process. False, with a message. */
bool mscpd_restrict_calls(void);

#endif
