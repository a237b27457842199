# SPDX-License-Identifier: Apache-2.0
# Of BearSSL, from its fetched source package, its bit-sliced AES and its GHASH by multiplications: wolfSSL has neither for
# Cortex-M without look-ups (docs/CRYPTO.md). Only crypto/primitives/aes_even.c includes it.
file(GLOB BEARSSL_DIR LIST_DIRECTORIES true ${MICO_DEPS}/src/bearssl-0*)
list(LENGTH BEARSSL_DIR found)
if(NOT found EQUAL 1)
  message(FATAL_ERROR "BearSSL's source is not in ${MICO_DEPS}/src (found ${found} directories bearssl-0*).\n"
                      "  try: ./mico setup, or set MICO_DEPS to the directory that it filled")
endif()
set(sources symcipher/aes_ct symcipher/aes_ct_enc symcipher/aes_ct_dec hash/ghash_ctmul)
list(TRANSFORM sources REPLACE "(.+)" "${BEARSSL_DIR}/src/\\1.c")
add_library(bearssl STATIC ${sources})
target_include_directories(bearssl SYSTEM PUBLIC ${BEARSSL_DIR}/inc ${BEARSSL_DIR}/src)
target_compile_definitions(bearssl PUBLIC BR_LE_UNALIGNED=0 BR_BE_UNALIGNED=0) # no word of memory is read where none may begin
target_compile_options(bearssl PRIVATE -w -O2 -ffunction-sections -fdata-sections)
