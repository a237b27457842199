# SPDX-License-Identifier: Apache-2.0
# wolfSSL's assembly for the field of 2^255 - 19, corrected on the way to the assembler.
#
# Products may be up to 2^256 and stand so in the next step. a - b is then r - 2^256 borrow, and with r's bit 255 k times 2^255 and the
# bits below it, k = -2 ... 1: 19 k must be added, with its sign, and 38 be taken off once more where that goes below 0. wolfSSL has
# k = -1 and 0 right; for the others x86-64 loses a carry beyond 64 bits and Thumb-2 takes the sign for the whole of it. It
# hardly happens at random, but to an X25519 whose peer chose u well: with u = 2 on x86-64 and 4 on Thumb-2 the secret was wrong
# for the keys whose bit 253 is 0, and not for the others, which told the peer that bit. Further, a result from p to p + 18 was
# not reduced. (Upstream has mended the last: wolfSSL's pull requests 10536, 10727.)
#
# crypto/tests has such numbers: peer_test, refused_points_test, and transcript.c for the boards.

function(wolfssl_field_x86_64)
  file(READ ${WOLFSSL_DIR}/wolfcrypt/src/fe_x25519_asm.S text)
  set(reg "(%r[a-z0-9]+)")
  set(borrow " +sbbq\t\\$0x00, ")
  string(CONCAT less
    "( +imulq\t\\$-19, ${reg}\n +andq\t${reg}, ${reg}\n)[^\n]*\n"
    " +subq\t%r[a-z0-9]+, ${reg}\n${borrow}${reg}\n${borrow}${reg}\n${borrow}%r[a-z0-9]+\n")
  string(REGEX MATCHALL "${less}" subtractions "${text}")
  string(CONCAT right # 2: -19 k, 3: its sign, 5 6 7 4: the number
    "\\1\tmovq\t\\2, \\3\n\tsarq\t$63, \\3\n"
    "\tsubq\t\\2, \\5\n\tsbbq\t\\3, \\6\n\tsbbq\t\\3, \\7\n\tsbbq\t\\3, \\4\n"
    "\tmovq\t$0, \\2\n\tsbbq\t\\3, \\2\n\tandq\t$38, \\2\n\tsubq\t\\2, \\5\n")
  string(REGEX REPLACE "${less}" "${right}" text "${text}")
  set(carry " +adcq\t\\$0x00, %r[a-z0-9]+\n")
  string(CONCAT last
    "( +adcq\t\\$0x00, %rdx\n +sarq\t\\$63, %rdx\n +andq\t\\$19, %rdx\n +andq\t${reg}, ${reg}\n"
    " +addq\t%rdx, %r[a-z0-9]+\n${carry}${carry}${carry})( +# Store)")
  string(REGEX MATCHALL "${last}" ends "${text}")
  string(REGEX REPLACE "${last}" "\\1\tandq\t\\2, \\3\n\\4" text "${text}")
  list(LENGTH subtractions subtractions)
  list(LENGTH ends ends)
  if(NOT subtractions EQUAL 39 OR NOT ends EQUAL 2)
    message(FATAL_ERROR "wolfSSL's fe_x25519_asm.S is not what it was (${subtractions} subtractions and ${ends} ends, not 39 and 2)")
  endif()
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/wolfssl/fe_x25519_asm.S CONTENT "${text}")
endfunction()

# correct_once(WRONG RIGHT): in the caller's `text`, one place. Instructions stand in a row with | between them.
function(correct_once wrong right)
  foreach(side wrong right)
    string(REGEX REPLACE "([A-Z]+) ([^|]+)\\|?" "\t\\1\t\\2\n" ${side}_lines "${${side}}")
  endforeach()
  string(FIND "${text}" "${wrong_lines}" first)
  string(FIND "${text}" "${wrong_lines}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "wolfSSL's thumb2-curve25519.S is not the one that ${CMAKE_CURRENT_FUNCTION_LIST_FILE} corrects:\n${wrong_lines}")
  endif()
  string(REPLACE "${wrong_lines}" "${right_lines}" text "${text}")
  set(text "${text}" PARENT_SCOPE)
endfunction()

function(wolfssl_field_thumb2)
  file(READ ${WOLFSSL_DIR}/wolfcrypt/src/port/arm/thumb2-curve25519.S text)
  # Each function in a section of its own, so that a program which only verifies leaves out what signs.
  string(REGEX REPLACE "\t\\.text\n(\t\\.align\t4\n\t\\.globl\t)([a-z0-9_]+)" "\t.section\t.text.\\2,\"ax\",%progbits\n\\1\\2" text "${text}")
  # fe_add_sub_op: lr = -borrow, later k and 19 k; r12 its sign
  correct_once("SBCS r10, r4, r6|SBC r11, r5, r7" "SBCS r10, r4, r6|SBCS r11, r5, r7|SBC lr, lr, lr")
  string(CONCAT wrong
    "MOV lr, #0x13|AND lr, lr, r11, ASR #31|LDM r1, {r4, r5, r6, r7, r8, r9}|"
    "SUBS r4, r4, lr|SBCS r5, r5, #0x0|SBCS r6, r6, #0x0|SBCS r7, r7, #0x0|SBCS r8, r8, #0x0|SBCS r9, r9, #0x0|"
    "BFC r11, #31, #1|SBCS r10, r10, #0x0|SBC r11, r11, #0x0")
  string(CONCAT right
    "LSL lr, lr, #1|ORR lr, lr, r11, LSR #31|MOV r12, #0x13|MUL lr, lr, r12|ASR r12, lr, #31|"
    "LDM r1, {r4, r5, r6, r7, r8, r9}|"
    "ADDS r4, r4, lr|ADCS r5, r5, r12|ADCS r6, r6, r12|ADCS r7, r7, r12|ADCS r8, r8, r12|ADCS r9, r9, r12|"
    "BFC r11, #31, #1|ADCS r10, r10, r12|ADCS r11, r11, r12|ADC r12, r12, #0x0|AND r12, r12, #0x26|SUB r4, r4, r12")
  correct_once("${wrong}" "${right}")
  # fe_sub_op: r2 = -borrow, then k and 19 k; r3 its sign
  string(CONCAT wrong
    "SBC lr, r5, lr|MOV r2, #0x13|AND r2, r2, lr, ASR #31|"
    "SUBS r6, r6, r2|SBCS r7, r7, #0x0|SBCS r8, r8, #0x0|SBCS r9, r9, #0x0|SBCS r10, r10, #0x0|SBCS r11, r11, #0x0|"
    "BFC lr, #31, #1|SBCS r12, r12, #0x0|SBC lr, lr, #0x0")
  string(CONCAT right
    "SBCS lr, r5, lr|SBC r2, r2, r2|LSL r2, r2, #1|ORR r2, r2, lr, LSR #31|MOV r3, #0x13|MUL r2, r2, r3|ASR r3, r2, #31|"
    "ADDS r6, r6, r2|ADCS r7, r7, r3|ADCS r8, r8, r3|ADCS r9, r9, r3|ADCS r10, r10, r3|ADCS r11, r11, r3|"
    "BFC lr, #31, #1|ADCS r12, r12, r3|ADCS lr, lr, r3|ADC r3, r3, #0x0|AND r3, r3, #0x26|SUB r6, r6, r3")
  correct_once("${wrong}" "${right}")
  # fe_add_op: the carry too
  correct_once("ADC lr, r5, lr|MOV r2, #0x13|AND r2, r2, lr, ASR #31"
               "ADCS lr, r5, lr|MOV r2, #0x0|ADC r2, r2, #0x0|LSL r2, r2, #1|ORR r2, r2, lr, LSR #31|MOV r3, #0x13|MUL r2, r2, r3")
  # curve25519: bit 255 out, then p if the result is not below it
  string(CONCAT more
    "ADDS r4, r4, r2|ADCS r5, r5, #0x0|ADCS r6, r6, #0x0|ADCS r7, r7, #0x0|ADCS r8, r8, #0x0|ADCS r9, r9, #0x0|"
    "ADCS r10, r10, #0x0|ADC r11, r11, #0x0|")
  string(CONCAT right
    "BL fe_mul_op|LDR r0, [sp, #160]|LDM r0, {r4, r5, r6, r7, r8, r9, r10, r11}|MOV r3, #0x13|"
    "LSR r2, r11, #31|MUL r2, r2, r3|BFC r11, #31, #1|${more}"
    "ADDS r2, r4, #0x13|ADCS r2, r5, #0x0|ADCS r2, r6, #0x0|ADCS r2, r7, #0x0|ADCS r2, r8, #0x0|ADCS r2, r9, #0x0|"
    "ADCS r2, r10, #0x0|ADC r2, r11, #0x0|LSR r2, r2, #31|MUL r2, r2, r3|${more}"
    "BFC r11, #31, #1|STM r0, {r4, r5, r6, r7, r8, r9, r10, r11}|MOV r0, #0x0|ADD sp, sp, #0xbc")
  correct_once("BL fe_mul_op|MOV r0, #0x0|ADD sp, sp, #0xbc" "${right}")
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/wolfssl/thumb2-curve25519.S CONTENT "${text}")
endfunction()
