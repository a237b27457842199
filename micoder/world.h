/* SPDX-License-Identifier: Apache-2.0 */
/* The small world in which a demo happens: its folder, its ports, its programs, and the emulated boards. */
#ifndef MICODER_WORLD_H
#define MICODER_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "micoder/process.h"

#define MICO_WORLD_NAME 64 /* "127.0.0.1:65535" and the like */

/* One device of the demo with the chip that the factory gave it. */
struct mico_demo_device {
    char letter;           /* 'a', 'b' */
    char id[32];           /* "A1:B2:…" */
    char code[16];         /* setup code, as on the label */
    char firmware_key[65]; /* X25519, hexadecimal */
    char flash[512];       /* files */
    char chip_flash[512];
    char chip_link[108]; /* Unix sockets */
    char link[108];      /* what the device connects to: the tap before the chip, or the chip itself */
    struct mico_process *chip;
};

struct mico_world {
    char top[512];    /* the project */
    bool posix;       /* the boards are Linux processes, for quick work: no loader, no emulator */
    char dir[512];    /* logs, flash files, keys, captures */
    int claim;        /* the open file that claims the folder */
    char sockets[64]; /* a short folder for Unix sockets, removed at the end */
    struct mico_processes processes;
    struct mico_demo_device a, b;
    uint16_t broker_port, user_port, cloud_port, device_port;
    struct mico_process *broker, *cloud, *tap, *device, *eavesdropper;
    char failure[320];    /* why a step failed, in one line */
    char failed_log[512]; /* the log that tells more; "" when none */
};

/** Make the folder anew and find free ports. False with world->failure set. */
bool mico_world_open(struct mico_world *world, const char *dir, bool posix);
/** Stop every program, remove the sockets; files stay. */
void mico_world_close(struct mico_world *world);

/** Note why a step failed; returns false. log may be NULL. */
bool mico_world_fail(struct mico_world *world, const char *log, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Path of a file in the world's folder; valid until 64 more calls. */
const char *mico_world_path(const struct mico_world *world, const char *name);
/** Path of a program of the build that the tool itself is of, or of a file of the board's. */
const char *mico_world_program(const struct mico_world *world, const char *path);
const char *mico_world_board_file(const struct mico_world *world, const char *path);

/** Path of the broker's plug-in: always the host build's, for Mosquitto loads none with sanitizers. */
const char *mico_world_plugin(const struct mico_world *world);

/** Run a program of the host build or the system to its end; false (with failure) when its status is not 0. out may be
 * NULL. The log is DIR/NAME.log. */
bool mico_world_run(struct mico_world *world, const char *name, struct mico_args *args, char *out, size_t cap);

/** Start the chip of a device and wait until it says it is up. */
bool mico_world_start_chip(struct mico_world *world, struct mico_demo_device *device);

/* How to start a device. */
struct mico_boot {
    const char *name;     /* process name and log: DIR/NAME.log */
    const char *flash;    /* its flash file */
    const char *link;     /* the chip's socket */
    uint16_t port;        /* host port for the device's port 80; 0: no network */
    const char *capture;  /* packet capture file, or NULL */
    const char *debugger; /* socket of the emulator's debugger, or NULL */
};
/** Start the device: the emulated board with our loader, or the application as a process; NULL with failure. */
struct mico_process *mico_world_boot(struct mico_world *world, const struct mico_boot *boot);

/** Wait for text in a program's log; false with a failure that says what did not come. */
bool mico_world_expect(struct mico_world *world, struct mico_process *process, const char *text, int timeout_ms,
                       char *line, size_t cap);

/** Wait until something accepts TCP connections on the port (or the program has died). */
bool mico_world_wait_port(struct mico_world *world, struct mico_process *process, uint16_t port, int timeout_ms);

/** Copy a file whole. */
bool mico_copy_file(const char *from, const char *to);

#endif
