/* SPDX-License-Identifier: Apache-2.0 */
/* A way to an accessory for the commands of mico-controller: direct or through the relay, as the options say. */
#ifndef PAIRING_CONTROLLER_WAY_H
#define PAIRING_CONTROLLER_WAY_H

#include "pairing/controller/options.h"
#include "pairing/controller/say.h"
#include "pairing/controller/state.h"
#include "pairing/controller/wires.h"

struct way {
    struct mico_wire wire;
    bool relay;
    bool open;
    struct mico_client client;
};

/* Each gives an exit status, and has said the error when it is not EXIT_DONE. way_close comes in any case. */

/** Open a way; device names the relay's channel, address is where to connect without a relay. */
int way_open(struct way *way, const struct options *options, const char *device, const char *address);

/** Open a session with the accessory that the options name; *index is its place in the state. */
int way_enter(struct way *way, const struct options *options, const struct mico_state *state, int *index);

void way_close(struct way *way);

#endif
