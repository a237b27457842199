/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's link: a Unix stream socket, one client at a time, each known by the kernel's word for who it is. */
#ifndef MSCP_DAEMON_SERVE_H
#define MSCP_DAEMON_SERVE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "mscp/chip/chip.h"

#define MSCPD_PEERS 16

/* Who may connect, beside root and the user that runs the daemon. */
struct mscpd_peers {
    uid_t uid[MSCPD_PEERS];
    gid_t gid[MSCPD_PEERS];
    size_t uids, gids;
};

/** Add a user ("name" or "1000") or a group ("@name" or "@1000"). False, with a message on stderr, when there is no such
 * one or the list is full. */
bool mscpd_peers_add(struct mscpd_peers *peers, const char *who);

/** Listen at path; the name appears when it listens, not before, so whoever sees the socket can connect. Anyone may
 * connect: who is not among the peers is let go unheard. -1, with a message on stderr. */
int mscpd_listen(const char *path);

/** Serve clients in turns until *stopping, which signals set that the caller has blocked: they come in while this waits. While another waits, a client that has asked nothing for 20 ms is let go; its
 * driver comes back with its next command. */
void mscpd_serve(struct mscp_chip *chip, int listener, const struct mscpd_peers *peers,
                 const volatile sig_atomic_t *stopping);

/** The chip's way to answer: to the client of the moment. */
void mscpd_reply(void *ctx, const uint8_t *bytes, size_t len);

#endif
