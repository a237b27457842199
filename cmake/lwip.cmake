# SPDX-License-Identifier: Apache-2.0
# lwIP from its fetched source package, with our options, for boards.
file(GLOB found ${MICO_DEPS}/src/lwip-2.*)
list(LENGTH found count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "lwIP's sources are not in ${MICO_DEPS}/src. Run: ./mico setup")
endif()
set(LWIP_DIR ${found})
include(${LWIP_DIR}/src/Filelists.cmake)

add_library(lwip STATIC EXCLUDE_FROM_ALL ${lwipcore_SRCS} ${lwipcore4_SRCS} ${lwipapi_SRCS} ${LWIP_DIR}/src/netif/ethernet.c)
target_include_directories(lwip SYSTEM PUBLIC ${LWIP_DIR}/src/include ${PROJECT_SOURCE_DIR}/os/net/lwip)
target_include_directories(lwip PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_options(lwip PRIVATE -w)
target_link_libraries(lwip INTERFACE os_net) # the port: the two need each other
