# SPDX-License-Identifier: Apache-2.0
# The options of psa/crypto_config.h as CMake sees them. As a script it says whether MICO_PSA_WITHOUT names such:
# cmake "-DMICO_PSA_WITHOUT=ALG_MD5;KEY_TYPE_DES" -P options.cmake
set(PSA_DIR ${CMAKE_CURRENT_LIST_DIR})

# psa_options(OUT): their names, without PSA_WANT_.
function(psa_options out)
  file(STRINGS ${PSA_DIR}/include/psa/crypto_config.h options REGEX "^#define PSA_WANT_")
  list(TRANSFORM options REPLACE "^#define PSA_WANT_([A-Z0-9_]+).*$" "\\1")
  set(${out} ${options} PARENT_SCOPE)
endfunction()

# psa_families(OUT): the families of option_families.txt in their order, each one word: its options with commas between.
function(psa_families out)
  file(STRINGS ${PSA_DIR}/option_families.txt families)
  list(TRANSFORM families REPLACE "^[^:]*: " "")
  list(TRANSFORM families REPLACE " " ",")
  set(${out} ${families} PARENT_SCOPE)
endfunction()

# psa_asking(ASKING FIXED source ...): which sources ask for an option, and so are compiled anew for each choice; and the rest.
function(psa_asking asking fixed)
  set(asks "")
  set(rest "")
  foreach(source IN LISTS ARGN)
    file(STRINGS ${source} line REGEX "PSA_WANT_" LIMIT_COUNT 1)
    if(line)
      list(APPEND asks ${source})
    else()
      list(APPEND rest ${source})
    endif()
  endforeach()
  set(${asking} ${asks} PARENT_SCOPE)
  set(${fixed} ${rest} PARENT_SCOPE)
endfunction()

# psa_check_without(option ...): a name that is none stops, since it would leave nothing out.
function(psa_check_without)
  psa_options(options)
  foreach(name IN LISTS ARGN)
    list(FIND options ${name} at)
    if(at EQUAL -1)
      message(FATAL_ERROR "MICO_PSA_WITHOUT: '${name}' is no option of psa/crypto_config.h. They are named without "
                          "PSA_WANT_, as ALG_MD5: docs/CRYPTO.md has them all.")
    endif()
  endforeach()
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  psa_check_without(${MICO_PSA_WITHOUT})
endif()
