# SPDX-License-Identifier: Apache-2.0
# mico_sealed(NAME): after the link, put HMAC-SHA-256 of the program into it, where crypto/selftest/integrity.c reads it. On Linux
# mico_seal (crypto/selftest/seal.c) says of what; on a board it is all of the image, with zeros in the value's place.
set(MICO_INTEGRITY_KEY 4d69434f3a207468652070726f6772616d277320696e746567726974792c2031) # of crypto/selftest/integrity_key.c
function(mico_sealed name)
  if(MICO_BOARD STREQUAL "posix")
    add_dependencies(${name} mico_seal)
    add_custom_command(TARGET ${name} POST_BUILD COMMAND mico_seal $<TARGET_FILE:${name}> VERBATIM)
    return()
  endif()
  find_program(MICO_OPENSSL openssl REQUIRED)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf)
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} -O binary -R .secure -R .secure_start ${file} ${name}.code
    COMMAND ${MICO_OPENSSL} dgst -sha256 -mac HMAC -macopt hexkey:${MICO_INTEGRITY_KEY} -binary -out ${name}.mac ${name}.code
    COMMAND ${CMAKE_OBJCOPY} --update-section .mico_integrity=${name}.mac ${file}
    COMMAND ${CMAKE_OBJCOPY} -O binary -R .secure -R .secure_start ${file} ${CMAKE_CURRENT_BINARY_DIR}/${name}.bin
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} VERBATIM)
endfunction()

# mico_self_tested(NAME): the one word by which a program has power-on tests. It is sealed, and its first psa_crypto_init runs all
# self-tests before anything is let out: crypto/selftest/at_init.c.
function(mico_self_tested name)
  target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/crypto/selftest/at_init.c)
  target_link_libraries(${name} PRIVATE crypto_selftest)
  mico_sealed(${name})
endfunction()
