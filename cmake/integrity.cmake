# SPDX-License-Identifier: Apache-2.0
# mico_sealed(NAME): after the link, put HMAC-SHA-256 of the program's code into it, where crypto/selftest/integrity.c reads
# it. On Linux the code is the sections from .init to .fini; on a board .text, which holds the constants too.
set(MICO_INTEGRITY_KEY 4d69434f3a207468652070726f6772616d277320696e746567726974792c2031) # of crypto/selftest/integrity.c
function(mico_sealed name)
  find_program(MICO_OPENSSL openssl REQUIRED)
  if(MICO_BOARD STREQUAL "posix")
    set(file ${CMAKE_CURRENT_BINARY_DIR}/${name})
    set(sections .init .plt .plt.got .plt.sec .text .fini)
    set(symbols -Wl,--defsym=mico_text_start=_init -Wl,--defsym=mico_text_end=etext)
  else()
    set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf)
    set(sections .text)
    set(again COMMAND ${CMAKE_OBJCOPY} -O binary -R .secure -R .secure_start ${file} ${CMAKE_CURRENT_BINARY_DIR}/${name}.bin)
  endif()
  list(TRANSFORM sections PREPEND "--only-section=")
  target_link_options(${name} PRIVATE ${symbols})
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} -O binary ${sections} ${file} ${name}.code
    COMMAND ${MICO_OPENSSL} dgst -sha256 -mac HMAC -macopt hexkey:${MICO_INTEGRITY_KEY} -binary -out ${name}.mac ${name}.code
    COMMAND ${CMAKE_OBJCOPY} --update-section .mico_integrity=${name}.mac ${file}
    ${again}
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} VERBATIM)
endfunction()
