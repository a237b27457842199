# SPDX-License-Identifier: Apache-2.0
# How the house is built: components with a layer, programs on top, tests beside.

set(MICO_LAYER_NAMES "base" "os/port" "os/kernel, os/store, crypto/primitives, mscp/protocol"
    "crypto, mscp/host, boot/image" "os/net, identity, boot/update" "pairing" "os/sdk, apps")

# mico_component(NAME LAYER n SOURCES ... | HEADERS [DEPENDS component ...] [LIBRARIES external ...])
#
# A static library called NAME, or with HEADERS one of headers alone. Each name in DEPENDS must be a component that is defined already (so no cycle can be
# written) and whose layer is not above LAYER; otherwise configuring stops and says why. LIBRARIES are not ours.
function(mico_component name)
  cmake_parse_arguments(C "HEADERS" "LAYER" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  if(NOT DEFINED C_LAYER)
    message(FATAL_ERROR "mico_component(${name}): LAYER is missing")
  endif()
  foreach(dep IN LISTS C_DEPENDS)
    get_property(layer GLOBAL PROPERTY MICO_LAYER_${dep})
    if("${layer}" STREQUAL "")
      message(FATAL_ERROR "mico_component(${name}): '${dep}' is no component defined before it. Components are added "
                          "from the lowest layer up; a lower one cannot use a higher one.")
    endif()
    if(layer GREATER C_LAYER)
      list(GET MICO_LAYER_NAMES ${C_LAYER} mine)
      list(GET MICO_LAYER_NAMES ${layer} theirs)
      message(FATAL_ERROR "mico_component(${name}): layer ${C_LAYER} (${mine}) may not use '${dep}' of layer ${layer} "
                          "(${theirs}). Dependencies go down only: see docs/ARCHITECTURE.md.")
    endif()
  endforeach()
  set_property(GLOBAL PROPERTY MICO_LAYER_${name} ${C_LAYER})
  if(C_HEADERS)
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${C_DEPENDS})
    return()
  endif()
  add_library(${name} STATIC ${C_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${C_DEPENDS} PRIVATE mico_warnings ${C_LIBRARIES})
endfunction()

# mico_program(NAME SOURCES ... [DEPENDS component ...] [LIBRARIES external ...]): a Linux program of the project.
function(mico_program name)
  cmake_parse_arguments(P "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${name} ${P_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE mico_warnings ${P_DEPENDS} ${P_LIBRARIES})
endfunction()

# mico_test(NAME SOURCES ... [DEPENDS component ...] [LIBRARIES external ...] [TIMEOUT s] [ALONE]): a cmocka program,
# run by ctest; ALONE: with no other test beside it.
function(mico_test name)
  cmake_parse_arguments(T "ALONE" "TIMEOUT" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  if(NOT MICO_BOARD STREQUAL "posix")
    return()
  endif()
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  mico_program(${name} SOURCES ${T_SOURCES} DEPENDS ${T_DEPENDS} LIBRARIES cmocka ${T_LIBRARIES})
  target_compile_definitions(${name} PRIVATE MICO_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${T_TIMEOUT})
  if(T_ALONE)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()

# mico_board_test(NAME as mico_test [BOARDS board ...]): a test that runs firmware in the emulator through
# tests/boards/emulator.h, registered once for each board (all of them): NAME for mps2-an386, NAME_an505 for mps2-an505.
set(MICO_TEST_BOARDS mps2-an386 mps2-an505)
function(mico_board_test name)
  cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;DEPENDS;LIBRARIES;BOARDS" ${ARGN})
  if(NOT MICO_BOARD STREQUAL "posix")
    return()
  endif()
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  if(NOT T_BOARDS)
    set(T_BOARDS ${MICO_TEST_BOARDS})
  endif()
  if(MICO_SANITIZE)
    list(GET T_BOARDS 0 T_BOARDS) # the firmware is the same as the host's; one run shows that the test itself is clean
  endif()
  mico_program(${name} SOURCES ${T_SOURCES} ${PROJECT_SOURCE_DIR}/tests/boards/emulator.c DEPENDS ${T_DEPENDS}
               LIBRARIES cmocka ${T_LIBRARIES})
  target_compile_definitions(${name} PRIVATE MICO_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  foreach(board IN LISTS T_BOARDS)
    string(REPLACE "mps2-" "_" suffix ${board})
    string(REPLACE "_an386" "" suffix ${suffix})
    add_test(NAME ${name}${suffix} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    set_tests_properties(${name}${suffix} PROPERTIES TIMEOUT ${T_TIMEOUT} ENVIRONMENT MICO_TEST_BOARD=${board})
  endforeach()
endfunction()

# mico_fuzz(NAME SOURCES ... DEPENDS ... [RUNS n] [CORPUS dir]): a libFuzzer target (LLVMFuzzerTestOneInput); only under
# the asan preset, where ctest runs it RUNS times from the corpus in the source tree.
function(mico_fuzz name)
  cmake_parse_arguments(F "" "RUNS;CORPUS" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  if(NOT MICO_SANITIZE)
    return()
  endif()
  if(NOT F_RUNS)
    set(F_RUNS 50000)
  endif()
  mico_program(${name} SOURCES ${F_SOURCES} DEPENDS ${F_DEPENDS} LIBRARIES ${F_LIBRARIES})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set(found ${CMAKE_CURRENT_BINARY_DIR}/${name}.corpus)
  file(MAKE_DIRECTORY ${found})
  add_test(NAME ${name} COMMAND ${name} -runs=${F_RUNS} -seed=1 -max_total_time=60 -timeout=10 -print_final_stats=0
                                -verbosity=0 ${found} ${F_CORPUS})
  set_tests_properties(${name} PROPERTIES TIMEOUT 180)
endfunction()
