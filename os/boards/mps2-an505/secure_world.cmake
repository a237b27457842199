# SPDX-License-Identifier: Apache-2.0
# mico_secure_world(NAME [SOURCES ...] [DEPENDS component ...] [GATE source ...])
#
# A Secure world for this board: the start, the partition and the faults of secure/ and os/port for it (clock, flash, entropy),
# with SOURCES beside them; GATE are the sources with cmse_nonsecure_entry functions. Makes NAME.elf; NAME_image, which a Non-secure program carries along when
# mico_firmware says SECURE NAME (without it: `secure`, which serves nothing); and NAME_gate, the addresses of the entry
# functions, for Non-secure components that call them.
function(mico_secure_world name)
  cmake_parse_arguments(W "" "" "SOURCES;DEPENDS;GATE" ${ARGN})
  set(board ${PROJECT_SOURCE_DIR}/os/boards/mps2-an505)
  list(TRANSFORM W_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(TRANSFORM W_GATE PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set(entered ${board}/secure/start.c ${board}/secure/partition.c ${board}/secure/fault.c ${board}/secure/gate.c ${W_GATE})
  set_source_files_properties(${entered} PROPERTIES COMPILE_OPTIONS -mcmse)
  # As objects and not as a library, so that no driver of the Non-secure side takes the place of one of these.
  set(port ${board}/secure/clock.c ${board}/secure/newlib.c ${board}/../mps2/flash.c ${board}/../mps2/rng.c)
  mico_program(${name} SOURCES ${entered} ${port} ${W_SOURCES} DEPENDS base ${W_DEPENDS} LIBRARIES -mcmse)
  target_include_directories(${name} BEFORE PRIVATE ${board}/secure) # mps2_map.h
  set_target_properties(${name} PROPERTIES SUFFIX .elf LINK_DEPENDS ${board}/secure/secure.ld)
  target_link_options(${name} PRIVATE -T ${board}/secure/secure.ld --specs=nano.specs
                      -Wl,-Map=${CMAKE_CURRENT_BINARY_DIR}/${name}.map -Wl,--cmse-implib
                      -Wl,--out-implib=${CMAKE_CURRENT_BINARY_DIR}/${name}_gate.o)
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} -O binary ${name}.elf ${name}.bin
    COMMAND ${CMAKE_SIZE} ${name}.elf
    BYPRODUCTS ${name}.bin ${name}_gate.o ${name}.map VERBATIM)

  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}_image.S CONTENT "    .section .secure, \"a\"\n    .incbin \"${name}.bin\"\n")
  add_library(${name}_image OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}_image.S)
  add_dependencies(${name}_image ${name})
  set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${name}_image.S PROPERTIES
                              OBJECT_DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/${name}.bin)
  target_include_directories(${name}_image PRIVATE ${CMAKE_CURRENT_BINARY_DIR})

  add_library(${name}_gate INTERFACE)
  target_link_libraries(${name}_gate INTERFACE ${CMAKE_CURRENT_BINARY_DIR}/${name}_gate.o)
  add_dependencies(${name}_gate ${name})
endfunction()
