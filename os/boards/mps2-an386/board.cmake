# SPDX-License-Identifier: Apache-2.0
set(MICO_BOARD_DIR ${CMAKE_CURRENT_LIST_DIR})
set(MICO_CPU_FLAGS -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(MICO_CORE armv7-m) # a folder of os/boards/cortex-m
include(${CMAKE_CURRENT_LIST_DIR}/../mps2/board.cmake)
