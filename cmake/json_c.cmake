# SPDX-License-Identifier: Apache-2.0
# json-c from its fetched source package, as the static library `json_c`: applications of MiCO SDK v3 use it by its own names,
# as "json_c/json.h". Nothing of MiCO's own does. os/sdk/json has its configuration and its random seed.
file(GLOB JSON_C_DIR LIST_DIRECTORIES true ${MICO_DEPS}/src/json-c-0.*)
list(LENGTH JSON_C_DIR found)
if(NOT found EQUAL 1)
  message(FATAL_ERROR "json-c's source is not in ${MICO_DEPS}/src (found ${found} directories json-c-0.*).\n"
                      "  try: ./mico setup, or set MICO_DEPS to the directory that it filled")
endif()

set(JSON_C_SOURCES arraylist debug json_c_version json_object json_object_iterator json_pointer json_tokener json_util json_visit
                   linkhash printbuf strerror_override)
list(TRANSFORM JSON_C_SOURCES REPLACE "(.+)" "${JSON_C_DIR}/\\1.c")
set(JSON_C_SETTINGS ${PROJECT_SOURCE_DIR}/os/sdk/json)

# The headers under the name that applications include them by.
set(JSON_C_INCLUDE ${PROJECT_BINARY_DIR}/json_c_include)
file(GLOB headers ${JSON_C_DIR}/*.h)
file(COPY ${headers} ${JSON_C_SETTINGS}/json_config.h DESTINATION ${JSON_C_INCLUDE}/json_c)
set(JSON_H_JSON_POINTER "#include \"json_pointer.h\"")
configure_file(${JSON_C_DIR}/json.h.cmakein ${JSON_C_INCLUDE}/json_c/json.h @ONLY)

add_library(json_c STATIC EXCLUDE_FROM_ALL ${JSON_C_SOURCES} ${JSON_C_SETTINGS}/seed.c)
target_include_directories(json_c SYSTEM PUBLIC ${JSON_C_INCLUDE})
target_include_directories(json_c PRIVATE ${JSON_C_SETTINGS} ${JSON_C_INCLUDE}/json_c ${JSON_C_DIR} ${PROJECT_SOURCE_DIR})
target_compile_options(json_c PRIVATE -w -ffunction-sections -fdata-sections)
target_link_libraries(json_c PUBLIC crypto_primitives)
