# SPDX-License-Identifier: Apache-2.0
# Programs that run on a board.

# mico_firmware(NAME KIND loader|application|chip|chip_a|chip_b SOURCES ... [DEPENDS component ...] [LIBRARIES external ...]
#               [SECURE world])
#
# On a board: NAME.elf, NAME.bin and NAME.map, laid out by the board's KIND.ld; the size is printed. Where the board has a
# Secure world (mps2-an505) NAME.elf carries one along, SECURE or the one that serves nothing; NAME.bin does not, and there are no loaders. A loader or chip has
# `int main(void)`, called after mico_board_init, and no kernel. An application has `int application_start(void)`, called in
# the kernel's first thread with the log going to the console.
#
# On posix an application becomes the executable NAME, with the posix board's main around the same sources; loader and
# chip firmware do not exist there and the call does nothing.
function(mico_firmware name)
  cmake_parse_arguments(F "" "KIND;SECURE" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  if(NOT F_KIND MATCHES "^(loader|application|chip|chip_a|chip_b)$")
    message(FATAL_ERROR "mico_firmware(${name}): KIND is '${F_KIND}'; it must be loader, application, chip, chip_a or chip_b")
  endif()
  if(F_KIND STREQUAL "application")
    list(PREPEND F_SOURCES ${PROJECT_SOURCE_DIR}/os/boards/${MICO_BOARD_FAMILY}/application.c)
    list(APPEND F_DEPENDS os_kernel)
  elseif(MICO_BOARD STREQUAL "posix")
    return()
  endif()
  if(MICO_BOARD STREQUAL "posix")
    mico_program(${name} SOURCES ${F_SOURCES} DEPENDS ${F_DEPENDS} os_board LIBRARIES ${F_LIBRARIES})
    return()
  endif()

  if(NOT EXISTS ${MICO_BOARD_DIR}/${F_KIND}.ld)
    return() # a board that has no such kind
  endif()
  if(NOT F_SECURE)
    set(F_SECURE secure)
  endif()
  set(family ${PROJECT_SOURCE_DIR}/os/boards/${MICO_BOARD_FAMILY})
  mico_program(${name} SOURCES ${F_SOURCES} DEPENDS ${F_DEPENDS} os_board $<TARGET_NAME_IF_EXISTS:${F_SECURE}_image>
               LIBRARIES ${F_LIBRARIES})
  set_target_properties(${name} PROPERTIES SUFFIX .elf LINK_DEPENDS "${MICO_BOARD_DIR}/${F_KIND}.ld;${family}/sections.ld")
  target_link_options(${name} PRIVATE -L${MICO_BOARD_DIR} -L${family} -T ${F_KIND}.ld -Wl,-Map=${CMAKE_CURRENT_BINARY_DIR}/${name}.map)
  if(NOT F_KIND STREQUAL "application")
    target_link_options(${name} PRIVATE --specs=nano.specs) # 18 KiB less; its printf knows no 64-bit numbers and no floats
  endif()
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} -O binary -R .secure -R .secure_start ${name}.elf ${name}.bin
    COMMAND ${CMAKE_SIZE} ${name}.elf
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} BYPRODUCTS ${name}.bin ${name}.map VERBATIM)
endfunction()
