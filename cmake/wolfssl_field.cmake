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
  set(less "( +imulq\t\\$-19, ${reg}\n +andq\t${reg}, ${reg}\n)[^\n]*\n +subq\t%r[a-z0-9]+, ${reg}\n${borrow}${reg}\n${borrow}${reg}\n${borrow}%r[a-z0-9]+\n")
  string(REGEX MATCHALL "${less}" subtractions "${text}")
  string(REGEX REPLACE "${less}" "\\1\tmovq\t\\2, \\3\n\tsarq\t$63, \\3\n\tsubq\t\\2, \\5\n\tsbbq\t\\3, \\6\n\tsbbq\t\\3, \\7\n\tsbbq\t\\3, \\4\n\tmovq\t$0, \\2\n\tsbbq\t\\3, \\2\n\tandq\t$38, \\2\n\tsubq\t\\2, \\5\n"
         text "${text}")
  set(carry " +adcq\t\\$0x00, %r[a-z0-9]+\n")
  set(last "( +adcq\t\\$0x00, %rdx\n +sarq\t\\$63, %rdx\n +andq\t\\$19, %rdx\n +andq\t${reg}, ${reg}\n +addq\t%rdx, %r[a-z0-9]+\n${carry}${carry}${carry})( +# Store)")
  string(REGEX MATCHALL "${last}" ends "${text}")
  string(REGEX REPLACE "${last}" "\\1\tandq\t\\2, \\3\n\\4" text "${text}")
  list(LENGTH subtractions subtractions)
  list(LENGTH ends ends)
  if(NOT subtractions EQUAL 39 OR NOT ends EQUAL 2)
    message(FATAL_ERROR "wolfSSL's fe_x25519_asm.S is not what it was (${subtractions} subtractions and ${ends} ends, not 39 and 2)")
  endif()
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/wolfssl/fe_x25519_asm.S CONTENT "${text}")
endfunction()

# correct_once(WRONG RIGHT): in the caller's `text`, one place.
macro(correct_once wrong right)
  string(FIND "${text}" "${wrong}" first)
  string(FIND "${text}" "${wrong}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "wolfSSL's thumb2-curve25519.S is not the one that ${CMAKE_CURRENT_FUNCTION_LIST_FILE} corrects:\n${wrong}")
  endif()
  string(REPLACE "${wrong}" "${right}" text "${text}")
endmacro()

function(wolfssl_field_thumb2)
  file(READ ${WOLFSSL_DIR}/wolfcrypt/src/port/arm/thumb2-curve25519.S text)
  # fe_add_sub_op: lr = -borrow, later k and 19 k; r12 its sign
  correct_once("\tSBCS\tr10, r4, r6\n\tSBC\tr11, r5, r7\n"
               "\tSBCS\tr10, r4, r6\n\tSBCS\tr11, r5, r7\n\tSBC\tlr, lr, lr\n")
  correct_once(
    "\tMOV\tlr, #0x13\n\tAND\tlr, lr, r11, ASR #31\n\tLDM\tr1, {r4, r5, r6, r7, r8, r9}\n\tSUBS\tr4, r4, lr\n\tSBCS\tr5, r5, #0x0\n\tSBCS\tr6, r6, #0x0\n\tSBCS\tr7, r7, #0x0\n\tSBCS\tr8, r8, #0x0\n\tSBCS\tr9, r9, #0x0\n\tBFC\tr11, #31, #1\n\tSBCS\tr10, r10, #0x0\n\tSBC\tr11, r11, #0x0\n"
    "\tLSL\tlr, lr, #1\n\tORR\tlr, lr, r11, LSR #31\n\tMOV\tr12, #0x13\n\tMUL\tlr, lr, r12\n\tASR\tr12, lr, #31\n\tLDM\tr1, {r4, r5, r6, r7, r8, r9}\n\tADDS\tr4, r4, lr\n\tADCS\tr5, r5, r12\n\tADCS\tr6, r6, r12\n\tADCS\tr7, r7, r12\n\tADCS\tr8, r8, r12\n\tADCS\tr9, r9, r12\n\tBFC\tr11, #31, #1\n\tADCS\tr10, r10, r12\n\tADCS\tr11, r11, r12\n\tADC\tr12, r12, #0x0\n\tAND\tr12, r12, #0x26\n\tSUB\tr4, r4, r12\n")
  # fe_sub_op: r2 = -borrow, then k and 19 k; r3 its sign
  correct_once(
    "\tSBC\tlr, r5, lr\n\tMOV\tr2, #0x13\n\tAND\tr2, r2, lr, ASR #31\n\tSUBS\tr6, r6, r2\n\tSBCS\tr7, r7, #0x0\n\tSBCS\tr8, r8, #0x0\n\tSBCS\tr9, r9, #0x0\n\tSBCS\tr10, r10, #0x0\n\tSBCS\tr11, r11, #0x0\n\tBFC\tlr, #31, #1\n\tSBCS\tr12, r12, #0x0\n\tSBC\tlr, lr, #0x0\n"
    "\tSBCS\tlr, r5, lr\n\tSBC\tr2, r2, r2\n\tLSL\tr2, r2, #1\n\tORR\tr2, r2, lr, LSR #31\n\tMOV\tr3, #0x13\n\tMUL\tr2, r2, r3\n\tASR\tr3, r2, #31\n\tADDS\tr6, r6, r2\n\tADCS\tr7, r7, r3\n\tADCS\tr8, r8, r3\n\tADCS\tr9, r9, r3\n\tADCS\tr10, r10, r3\n\tADCS\tr11, r11, r3\n\tBFC\tlr, #31, #1\n\tADCS\tr12, r12, r3\n\tADCS\tlr, lr, r3\n\tADC\tr3, r3, #0x0\n\tAND\tr3, r3, #0x26\n\tSUB\tr6, r6, r3\n")
  # fe_add_op: the carry too
  correct_once("\tADC\tlr, r5, lr\n\tMOV\tr2, #0x13\n\tAND\tr2, r2, lr, ASR #31\n"
               "\tADCS\tlr, r5, lr\n\tMOV\tr2, #0x0\n\tADC\tr2, r2, #0x0\n\tLSL\tr2, r2, #1\n\tORR\tr2, r2, lr, LSR #31\n\tMOV\tr3, #0x13\n\tMUL\tr2, r2, r3\n")
  # curve25519: bit 255 out, then p if the result is not below it
  correct_once(
    "\tBL\tfe_mul_op\n\tMOV\tr0, #0x0\n\tADD\tsp, sp, #0xbc\n"
    "\tBL\tfe_mul_op\n\tLDR\tr0, [sp, #160]\n\tLDM\tr0, {r4, r5, r6, r7, r8, r9, r10, r11}\n\tMOV\tr3, #0x13\n\tLSR\tr2, r11, #31\n\tMUL\tr2, r2, r3\n\tBFC\tr11, #31, #1\n\tADDS\tr4, r4, r2\n\tADCS\tr5, r5, #0x0\n\tADCS\tr6, r6, #0x0\n\tADCS\tr7, r7, #0x0\n\tADCS\tr8, r8, #0x0\n\tADCS\tr9, r9, #0x0\n\tADCS\tr10, r10, #0x0\n\tADC\tr11, r11, #0x0\n\tADDS\tr2, r4, #0x13\n\tADCS\tr2, r5, #0x0\n\tADCS\tr2, r6, #0x0\n\tADCS\tr2, r7, #0x0\n\tADCS\tr2, r8, #0x0\n\tADCS\tr2, r9, #0x0\n\tADCS\tr2, r10, #0x0\n\tADC\tr2, r11, #0x0\n\tLSR\tr2, r2, #31\n\tMUL\tr2, r2, r3\n\tADDS\tr4, r4, r2\n\tADCS\tr5, r5, #0x0\n\tADCS\tr6, r6, #0x0\n\tADCS\tr7, r7, #0x0\n\tADCS\tr8, r8, #0x0\n\tADCS\tr9, r9, #0x0\n\tADCS\tr10, r10, #0x0\n\tADC\tr11, r11, #0x0\n\tBFC\tr11, #31, #1\n\tSTM\tr0, {r4, r5, r6, r7, r8, r9, r10, r11}\n\tMOV\tr0, #0x0\n\tADD\tsp, sp, #0xbc\n")
  # Each function in a section of its own, so that a program which only verifies leaves out what signs.
  string(REGEX REPLACE "\t\\.text\n(\t\\.align\t4\n\t\\.globl\t)([a-z0-9_]+)" "\t.section\t.text.\\2,\"ax\",%progbits\n\\1\\2" text "${text}")
  if(text MATCHES "\n\t\\.text\n")
    message(FATAL_ERROR "wolfSSL's thumb2-curve25519.S is not the one that ${CMAKE_CURRENT_FUNCTION_LIST_FILE} divides")
  endif()
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/wolfssl/thumb2-curve25519.S CONTENT "${text}")
endfunction()
