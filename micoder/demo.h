/* SPDX-License-Identifier: Apache-2.0 */
/* A device's life in steps, and the attacks on it. */
#ifndef MICODER_DEMO_H
#define MICODER_DEMO_H

#include "micoder/world.h"

#define MICO_PROOF 320

/* One act of the demo, in the order of the device's life. A step does something and says in one line what shows that it
 * held. An attack is carried out for real: `run` is true when it was refused, `proof` then says by what. False comes
 * with world->failure. */
struct mico_demo_act {
    bool attack;
    bool emulated; /* takes the loader, so not on the posix board */
    const char *name;
    bool (*run)(struct mico_world *world, char proof[MICO_PROOF]);
};

bool mico_step_factory(struct mico_world *world, char proof[MICO_PROOF]);
bool mico_step_firmware(struct mico_world *world, char proof[MICO_PROOF]);
bool mico_step_boot(struct mico_world *world, char proof[MICO_PROOF]);
bool mico_step_cloud(struct mico_world *world, char proof[MICO_PROOF]);
bool mico_step_pairing(struct mico_world *world, char proof[MICO_PROOF]);
bool mico_step_direct(struct mico_world *world, char proof[MICO_PROOF]);
bool mico_step_relay(struct mico_world *world, char proof[MICO_PROOF]);

bool mico_attack_setup_code(struct mico_world *world, char why[MICO_PROOF]);
bool mico_attack_replay(struct mico_world *world, char why[MICO_PROOF]);
bool mico_attack_broker(struct mico_world *world, char why[MICO_PROOF]);
bool mico_attack_copied_flash(struct mico_world *world, char why[MICO_PROOF]);
bool mico_attack_altered(struct mico_world *world, char why[MICO_PROOF]);
bool mico_attack_older(struct mico_world *world, char why[MICO_PROOF]);

/** Write an image file at the start of slot A of a flash file. */
bool mico_flash_image(const char *image, const char *flash);

/** Run the controller program with the demo's state file; its JSON answer goes to out. Returns its exit status. */
int mico_demo_controller(struct mico_world *world, char *out, size_t cap, const char *const extra[]);

/** Start device A on its own flash and chip, with network and capture, and wait until it serves. */
bool mico_demo_start_device(struct mico_world *world);

#endif
