# SPDX-License-Identifier: Apache-2.0
# Compiler and linker flags that everything on an MPS2 board shares, fetched libraries included. The board has set
# MICO_BOARD_DIR and MICO_CPU_FLAGS.
set(MICO_BOARD_FAMILY mps2)
add_compile_options(${MICO_CPU_FLAGS} -ffunction-sections -fdata-sections -fno-common -g)
# Debian's gcc brings its own <stdint.h>, and newlib's <inttypes.h> then misses that there are 64-bit types.
add_compile_definitions(__int64_t_defined=1)
# A caller's misuse asserts in a product too.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_MINSIZEREL "${CMAKE_C_FLAGS_MINSIZEREL}")
add_link_options(${MICO_CPU_FLAGS} -nostartfiles -Wl,--gc-sections -Wl,--fatal-warnings)

option(MICO_SEMIHOSTING "mico_board_halt ends the emulation; never in production: the emulator must open the host to it" OFF)
