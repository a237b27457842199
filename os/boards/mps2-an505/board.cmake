# SPDX-License-Identifier: Apache-2.0
set(MICO_BOARD_DIR ${CMAKE_CURRENT_LIST_DIR})
set(MICO_CPU_FLAGS -mcpu=cortex-m33 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16)
set(MICO_CORE armv8-m) # a folder of os/boards/cortex-m
include(${CMAKE_CURRENT_LIST_DIR}/../mps2/board.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/secure_world.cmake)
