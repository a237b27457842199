/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's own debugger on an emulated board (-gdb unix:PATH,server=on,wait=off): a look into its memory, and a hand there, by
 * GDB's remote serial protocol. For what a board has and the emulator has not, such as somebody who presses a button.
 *
 * Every call that goes wrong fails the running cmocka test with a sentence. */
#ifndef TESTS_BOARDS_DEBUGGER_H
#define TESTS_BOARDS_DEBUGGER_H

#include <stddef.h>
#include <stdint.h>

/** Take hold of the board at path, which stands still from then on. */
int debugger_open(const char *path);

/** Let go of it, so that it goes on. */
void debugger_close(int fd);

/** len bytes from address on, as the processor sees them; at most 1024 a call. */
void debugger_read(int fd, uint32_t address, uint8_t *out, size_t len);
void debugger_write(int fd, uint32_t address, const uint8_t *in, size_t len);

/** Where the variable or function called name is in the ELF file elf, and its size in bytes. A static one of a function has
 * its number too: "name.0". */
uint32_t debugger_symbol(const char *elf, const char *name, uint32_t *size);

#endif
