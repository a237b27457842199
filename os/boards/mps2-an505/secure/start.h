/* SPDX-License-Identifier: Apache-2.0 */
/* The Secure world from reset on. */
#ifndef OS_BOARDS_MPS2_AN505_SECURE_START_H
#define OS_BOARDS_MPS2_AN505_SECURE_START_H

/** What runs in this world before Non-secure does, once the board is divided: keys, services. The one here does nothing; it
 * is weak, so that another takes its place by being linked. */
void secure_start(void);

/** Every exception of this world. */
void secure_fault(void);

/** Say why on the console and stop for good. */
_Noreturn void secure_halt(const char *why);

#endif
