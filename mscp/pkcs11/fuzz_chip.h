/* SPDX-License-Identifier: Apache-2.0 */
/* For the module's fuzzer: a chip in this process, at the other end of what the module takes for a socket. It is put back to what it
 * was before each input. */
#ifndef MSCP_PKCS11_FUZZ_CHIP_H
#define MSCP_PKCS11_FUZZ_CHIP_H

#include <stdbool.h>

/** End the program, saying what, when it is not good. */
void must(bool good, const char *what);

/** An erased chip, and MICO_TOKEN at a new folder with a socket's name in it; both go with the process. */
void fuzz_chip_start(void);
/** Remember the chip as it is; put back what was remembered. The module must not be speaking to it. */
void fuzz_chip_keep(void);
void fuzz_chip_restore(void);

#endif
