/* SPDX-License-Identifier: Apache-2.0 */
/* The tool's way to a chip: its socket, and the file that binds this user to it. What fails says so on stderr. */
#ifndef MICODER_CHIP_TALK_H
#define MICODER_CHIP_TALK_H

#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_socket.h"

struct chip_talk {
    struct mscp_socket socket;
    struct mscp_transport transport;
    struct mscp_host host;
};

/** Connect to the chip at the socket link; binding is its file, or NULL for what the clear allows. chip_talk_end ends it, also
 * after false. */
bool chip_talk_begin(struct chip_talk *talk, const char *link, const char *binding);
void chip_talk_end(struct chip_talk *talk);

/** Bind this user to a new chip: its binding goes to a new file, mode 0600, before anything depends on it. */
bool chip_talk_pair(struct chip_talk *talk, const char *path);

/** Say why a call failed, with what the chip said. False. */
bool chip_talk_failed(const struct chip_talk *talk, mico_err err, const char *what);

#endif
