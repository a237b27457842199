/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of mico-controller. Each gives an exit status and has said its result or its error. */
#ifndef PAIRING_CONTROLLER_COMMANDS_H
#define PAIRING_CONTROLLER_COMMANDS_H

#include "pairing/controller/way.h"

int command_pair(const struct options *options, struct mico_state *state);
int command_list(const struct options *options, struct mico_state *state);
int command_unpair(const struct options *options, struct mico_state *state);
int command_values(const struct options *options, struct mico_state *state); /* get and set */

#endif
