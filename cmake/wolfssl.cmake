# SPDX-License-Identifier: Apache-2.0
# wolfSSL from its fetched source package, as the static library `wolfssl`, by crypto/user_settings.h. Only crypto/ links it.
file(GLOB WOLFSSL_DIR LIST_DIRECTORIES true ${MICO_DEPS}/src/wolfssl-5*)
list(LENGTH WOLFSSL_DIR found)
if(NOT found EQUAL 1)
  message(FATAL_ERROR "wolfSSL's source is not in ${MICO_DEPS}/src (found ${found} directories wolfssl-5*).\n"
                      "  try: ./mico setup, or set MICO_DEPS to the directory that it filled")
endif()

set(WOLFCRYPT aes asn chacha chacha20_poly1305 coding curve25519 ecc ed25519 error fe_operations ge_operations hash
    hmac kdf memory misc poly1305 random rsa sha256 sha512 sp_int wc_encrypt wc_port wolfmath)
set(WOLFTLS crl dtls dtls13 keys ssl wolfio)
set(sources "")
foreach(name IN LISTS WOLFCRYPT)
  list(APPEND sources ${WOLFSSL_DIR}/wolfcrypt/src/${name}.c)
endforeach()
foreach(name IN LISTS WOLFTLS)
  list(APPEND sources ${WOLFSSL_DIR}/src/${name}.c)
endforeach()

# wolfSSL's exponentiations begin at the exponent's first bit that is set, which tells how many are not. The copies that we build
# begin at the first of its words, of which there are as many as its bytes ask for (crypto/primitives/number.h); one of a single word
# is RSA's public one. out_text: what NAME.c is then. crypto/tests/trace_test and constant_time see the difference.
function(wolfssl_whole_exponents name places out_text)
  set(counted "int expBits = mp_count_bits\\(exp\\)")
  file(READ ${WOLFSSL_DIR}/wolfcrypt/src/${name}.c text)
  string(REGEX MATCHALL "${counted}" found "${text}")
  list(LENGTH found count)
  if(NOT count EQUAL places)
    message(FATAL_ERROR "wolfSSL's exponentiation in ${name}.c is not what it was (${count} places, not ${places})")
  endif()
  string(REGEX REPLACE "${counted}" "int expBits = exp->used > 1 ? (int)exp->used * SP_WORD_SIZE : mp_count_bits(exp)" text "${text}")
  set(${out_text} "${text}" PARENT_SCOPE)
endfunction()

# wolfSSL's 64-bit code recodes the secret scalar of a curve into signed windows of w = 6 or 7 bits by look-ups in tables of
# two or three cache lines. The copy of NAME.c that we build computes the same: neg = 1 from 2^(w-1) to 2^w - 1, i = y or
# 2^w - y. crypto/tests/constant_time sees the difference.
function(wolfssl_even_recoding name lookups exponents)
  set(lookup "v\\[i\\]\\.(i|neg) = recode_(index|neg)_[0-9]+_([67])\\[y\\];")
  wolfssl_whole_exponents(${name} ${exponents} text)
  string(REGEX MATCHALL "recode_index_[0-9]+_[67]\\[y\\]" found "${text}")
  list(LENGTH found count)
  string(REGEX REPLACE "${lookup}[ \n]*${lookup}"
                       "v[i].neg = (uint8_t)((y >> (\\3 - 1)) & ~(y >> \\3) & 1);
        v[i].i = (uint8_t)(((y ^ (0U - v[i].neg)) + v[i].neg) & ((1U << \\3) - 1));" text "${text}")
  if(NOT count EQUAL lookups OR text MATCHES "recode_[a-z]+_[0-9]+_[67]\\[y\\]")
    message(FATAL_ERROR "wolfSSL's recoding of scalars in ${name}.c is not what it was (${count} places, not ${lookups})")
  endif()
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/wolfssl/${name}.c CONTENT "${text}")
endfunction()

# wolfSSL's long numbers on Cortex-M: an exponentiation looks the next power up by bits of the secret exponent, and a square by
# Karatsuba subtracts from one of two places by the sign of a difference. The copy that we build reads all powers, the one wanted
# into the second half of t[1]'s room, which is free once the table is made, and changes a sign by arithmetic
# (crypto/primitives/sp_even.h). crypto/tests/trace_test sees the difference.
function(wolfssl_even_numbers)
  set(all "t, sizeof t / sizeof *t, y")
  set(p1 "p1 = \\(sp_digit\\*\\)\\(\\(\\(sp_digit\\)zero &   mask \\) \\| \\(\\(sp_digit\\)a1 & \\(~mask\\)\\)\\)")
  set(p2 "p2 = \\(sp_digit\\*\\)\\(\\(\\(sp_digit\\)zero & \\(~mask\\)\\) \\| \\(\\(sp_digit\\)a1 &   mask \\)\\);")
  wolfssl_whole_exponents(sp_cortexm 5 text)
  string(REGEX MATCHALL "(XMEMCPY\\(r|mont_mul_[0-9]+\\(r, r), t\\[y\\]" powers "${text}")
  string(REGEX MATCHALL "${p1}" signs "${text}")
  list(LENGTH powers powers)
  list(LENGTH signs signs)
  string(REGEX REPLACE "XMEMCPY\\(r, t\\[y\\], sizeof\\(sp_digit\\) \\* ([0-9]+)\\);" "mico_sp_power(r, ${all}, \\1);" text "${text}")
  string(REGEX REPLACE "(sp_[0-9]+_mont_mul_)([0-9]+)\\(r, r, t\\[y\\], m, mp\\);"
                       "mico_sp_power(t[1] + \\2, ${all}, \\2);\n            \\1\\2(r, r, t[1] + \\2, m, mp);" text "${text}")
  string(REGEX REPLACE "${p1};[ \n]*${p2}[ \n]*\\(void\\)sp_[0-9]+_sub_([0-9]+)\\(a1, p1, p2\\);" "mico_sp_negate(a1, mask, \\1);"
                       text "${text}")
  string(REPLACE "#include <wolfssl/wolfcrypt/sp.h>" "#include <wolfssl/wolfcrypt/sp.h>\n#include \"primitives/sp_even.h\"" changed "${text}")
  if(NOT powers EQUAL 20 OR NOT signs EQUAL 8 OR changed STREQUAL text OR changed MATCHES "[(, ]t\\[y\\]|zero &   mask")
    message(FATAL_ERROR "wolfSSL's numbers on Cortex-M are not what they were (${powers} and ${signs} places, not 20 and 8)")
  endif()
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/wolfssl/sp_cortexm.c CONTENT "${changed}")
endfunction()

# wolfssl_correct(NAME.c WRONG RIGHT): one place of the fetched source is corrected on the way to the compiler; elsewhere, or
# twice, it is not the source that was looked at. A file may be corrected in several places.
function(wolfssl_correct name wrong right)
  get_property(text GLOBAL PROPERTY WOLFSSL_CORRECTED_${name})
  if("${text}" STREQUAL "")
    set(file ${WOLFSSL_DIR}/src/${name})
    if(NOT EXISTS ${file})
      set(file ${WOLFSSL_DIR}/wolfcrypt/src/${name})
    endif()
    file(READ ${file} text)
  endif()
  string(FIND "${text}" "${wrong}" first)
  string(FIND "${text}" "${wrong}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "wolfSSL's ${name} is not the one that ${CMAKE_CURRENT_FUNCTION_LIST_FILE} corrects:\n${wrong}")
  endif()
  string(REPLACE "${wrong}" "${right}" text "${text}")
  set_property(GLOBAL PROPERTY WOLFSSL_CORRECTED_${name} "${text}")
endfunction()

# The size of a signature that a callback will make goes into the wrong variable in TLS 1.3, which ends as NO_PRIVATE_KEY (-317).
wolfssl_correct(tls13.c "args->length = (word16)GetPrivateKeySigSize(ssl)" "args->sigLen = (word32)GetPrivateKeySigSize(ssl)")
# Of two fragments of DTLS that overlap, the second one's beginning is taken for its end: a peer that sends a lost flight again in
# other fragments is refused.
wolfssl_correct(internal.c "XMEMMOVE(newBucket->buf + dataSz, cur->buf," "XMEMMOVE(newBucket->buf + dataSz, cur->buf + (offsetEnd - cur->m.m.offset),")
# A certificate's key usage is looked at for the kinds of signature that the suites of TLS 1.2 name, so never in TLS 1.3 (RFC 8446, 4.4.2.2).
wolfssl_correct(internal.c "(ssl->specs.sig_algo == rsa_sa_algo ||\n                            (ssl->specs.sig_algo == ecc_dsa_sa_algo &&"
                           "(IsAtLeastTLSv1_3(ssl->version) || ssl->specs.sig_algo == rsa_sa_algo ||\n                            (ssl->specs.sig_algo == ecc_dsa_sa_algo &&")
# What a client of TLS 1.2 signs by goes by its own key, not by the suite, which names the server's (RFC 5246, 7.4.8).
wolfssl_correct(internal.c "ssl->options.sigAlgo = ssl->specs.sig_algo;"
                           "ssl->options.sigAlgo = ssl->options.side == WOLFSSL_CLIENT_END ? ssl->buffers.keyType : ssl->specs.sig_algo;")
# A server takes of the client's groups the first that the build has, whatever the server's own list (ctx->extensions) says. Here those
# that are not in it are passed over. When none is left the list is there, and empty: without a list any group may be taken (RFC 8422, 4).
wolfssl_correct(tls.c
"        ret = TLSX_UseSupportedCurve(extensions, name, ssl->heap);
        /* If it is BAD_FUNC_ARG then it is a group we do not support, but"
"        if (isRequest) {
            const TLSX* own = TLSX_Find(ssl->ctx->extensions, TLSX_SUPPORTED_GROUPS);
            const SupportedCurve* group = own == NULL ? NULL : (const SupportedCurve*)own->data;
            while (group != NULL && group->name != name)
                group = group->next;
            if (own != NULL && group == NULL)
                continue;
        }
        ret = TLSX_UseSupportedCurve(extensions, name, ssl->heap);
        /* If it is BAD_FUNC_ARG then it is a group we do not support, but")
wolfssl_correct(tls.c
"            return ret;
        }
    }

    return 0;
}

#endif

#if !defined(NO_WOLFSSL_SERVER)

#if defined(WOLFSSL_TLS13) && !defined(WOLFSSL_NO_SERVER_GROUPS_EXT)
"
"            return ret;
        }
    }
    if (isRequest && TLSX_Find(*extensions, TLSX_SUPPORTED_GROUPS) == NULL)
        return TLSX_Push(extensions, TLSX_SUPPORTED_GROUPS, NULL, ssl->heap);

    return 0;
}

#endif

#if !defined(NO_WOLFSSL_SERVER)

#if defined(WOLFSSL_TLS13) && !defined(WOLFSSL_NO_SERVER_GROUPS_EXT)
")
# The generator adds 1 to its secret state byte by byte until nothing is carried: here to the end.
wolfssl_correct(random.c
"    int i;
    for (i = (int)dataSz - 1; i >= 0; i--) {
        data[i]++;
        if (data[i] != 0) break;
    }"
"    word32 sum = 256;
    for (int i = (int)dataSz - 1; i >= 0; i--) {
        sum = data[i] + (sum >> 8);
        data[i] = (byte)sum;
    }")
# So does AES-GCM and CCM of TLS with the nonce of its last record, which begins as a part of the connection's keys.
wolfssl_correct(aes.c
"static WC_INLINE void IncCtr(byte* ctr, word32 ctrSz)
{
    int i;
    for (i = (int)ctrSz - 1; i >= 0; i--) {
        if (++ctr[i])
            break;
    }
}"
"static WC_INLINE void IncCtr(byte* ctr, word32 ctrSz)
{
    word32 sum = 256;
    for (int i = (int)ctrSz - 1; i >= 0; i--) {
        sum = ctr[i] + (sum >> 8);
        ctr[i] = (byte)sum;
    }
}")
# Montgomery's reduction that shall take the same time for all numbers does not by moduli of so many words, such as DSA's q.
foreach(used 5 7 "m->used + 1")
  set(last "        a->used = ${used};\n\n        /* Remove leading zeros. */\n")
  wolfssl_correct(sp_int.c "${last}        sp_clamp(a);\n\n        /* a = a mod m */"
"        a->used = ${used};
        if (ct) {
            sp_clamp_ct(a);
            _sp_submod_ct(a, m, m, m->used + 1, a);
            return MP_OKAY;
        }
        sp_clamp(a);
")
endforeach()
# wolfssl_corrected(NAME.c): the file with all its corrections, in the build's wolfssl/.
function(wolfssl_corrected name)
  get_property(text GLOBAL PROPERTY WOLFSSL_CORRECTED_${name})
  get_filename_component(file ${name} NAME)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/wolfssl/${file} CONTENT "${text}" @ONLY)
endfunction()
foreach(name tls13.c internal.c tls.c aes.c random.c sp_int.c)
  wolfssl_corrected(${name})
endforeach()
list(REMOVE_ITEM sources ${WOLFSSL_DIR}/wolfcrypt/src/aes.c ${WOLFSSL_DIR}/wolfcrypt/src/random.c ${WOLFSSL_DIR}/wolfcrypt/src/sp_int.c)
list(APPEND sources ${CMAKE_BINARY_DIR}/wolfssl/tls13.c ${CMAKE_BINARY_DIR}/wolfssl/internal.c ${CMAKE_BINARY_DIR}/wolfssl/tls.c
     ${CMAKE_BINARY_DIR}/wolfssl/aes.c ${CMAKE_BINARY_DIR}/wolfssl/random.c ${CMAKE_BINARY_DIR}/wolfssl/sp_int.c)

include(${CMAKE_CURRENT_LIST_DIR}/wolfssl_field.cmake)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  set(asm aes_asm aes_gcm_asm chacha_asm sha256_asm sha512_asm sp_x86_64_asm)
  list(TRANSFORM asm REPLACE "(.+)" "${WOLFSSL_DIR}/wolfcrypt/src/\\1.S")
  wolfssl_field_x86_64()
  list(APPEND asm ${CMAKE_BINARY_DIR}/wolfssl/fe_x25519_asm.S)
  wolfssl_even_recoding(sp_x86_64 7 5)
  list(APPEND sources ${asm} ${WOLFSSL_DIR}/wolfcrypt/src/cpuid.c ${CMAKE_BINARY_DIR}/wolfssl/sp_x86_64.c)
  # These two read no settings; the C file beside them uses the same instructions.
  set_source_files_properties(${WOLFSSL_DIR}/wolfcrypt/src/aes_asm.S ${WOLFSSL_DIR}/wolfcrypt/src/aes_gcm_asm.S
                              PROPERTIES COMPILE_DEFINITIONS "WOLFSSL_X86_64_BUILD;HAVE_INTEL_AVX1;HAVE_INTEL_AVX2")
  set_source_files_properties(${CMAKE_BINARY_DIR}/wolfssl/aes.c PROPERTIES COMPILE_OPTIONS "-maes;-msse4.1;-mpclmul")
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "arm")
  # Without thumb2-aes-asm.S, whose tables are looked up by key and text, and the GHASH beside it that branches by the key's bits:
  # their functions are those of crypto/primitives/aes_even.c.
  wolfssl_correct(port/arm/armv8-aes.c
"    static void GCM_gmult_len(byte* x, const byte* h,
        const unsigned char* a, unsigned long len)
    {"
"    extern void GCM_gmult_len(byte* x, const byte* h, const unsigned char* a, unsigned long len);
    static inline void wolfssl_gmult_len(byte* x, const byte* h,
        const unsigned char* a, unsigned long len)
    {")
  wolfssl_corrected(port/arm/armv8-aes.c)
  set_source_files_properties(${CMAKE_BINARY_DIR}/wolfssl/armv8-aes.c PROPERTIES COMPILE_OPTIONS -Os) # little of the time is its
  set(asm armv8-sha256.c armv8-sha512.c thumb2-sha256-asm.S thumb2-sha512-asm.S)
  list(TRANSFORM asm PREPEND "${WOLFSSL_DIR}/wolfcrypt/src/port/arm/")
  wolfssl_field_thumb2()
  list(APPEND asm ${CMAKE_BINARY_DIR}/wolfssl/thumb2-curve25519.S)
  wolfssl_even_numbers()
  list(APPEND sources ${asm} ${CMAKE_BINARY_DIR}/wolfssl/armv8-aes.c ${CMAKE_BINARY_DIR}/wolfssl/sp_cortexm.c)
else()
  wolfssl_even_recoding(sp_c64 1 20)
  list(APPEND sources ${CMAKE_BINARY_DIR}/wolfssl/sp_c64.c)
endif()

set(WOLFSSL_SOURCES ${sources})
set(sizes ${sources})
list(FILTER sizes INCLUDE REGEX "/sp_(x86_64|x86_64_asm|cortexm|c64)\\.[cS]$")
set_source_files_properties(${sizes} PROPERTIES COMPILE_DEFINITIONS MICO_WOLF_ALL_SIZES) # see user_settings.h

add_library(wolfssl STATIC ${sources})
target_include_directories(wolfssl SYSTEM PUBLIC ${WOLFSSL_DIR})
target_include_directories(wolfssl PUBLIC ${PROJECT_SOURCE_DIR}/crypto)
target_compile_definitions(wolfssl PUBLIC WOLFSSL_USER_SETTINGS)
target_compile_options(wolfssl PRIVATE -w -O2 -ffunction-sections -fdata-sections)
if(MICO_SANITIZE)
  # Address sanitizer stays; the library's own arithmetic trips the undefined-behaviour one, and fuzzers look at our code.
  target_compile_options(wolfssl PRIVATE $<$<COMPILE_LANGUAGE:C>:-fno-sanitize=undefined,fuzzer-no-link>)
endif()
# The loader and the coprocessor's firmware keep only what they call.
target_link_options(wolfssl INTERFACE -Wl,--gc-sections)

# What old formats take, apart: TLS and certificates know none of it.
set(legacy des3 md5 sha)
list(TRANSFORM legacy REPLACE "(.+)" "${WOLFSSL_DIR}/wolfcrypt/src/\\1.c")
add_library(wolfssl_legacy STATIC ${legacy})
target_include_directories(wolfssl_legacy SYSTEM PRIVATE ${WOLFSSL_DIR})
target_include_directories(wolfssl_legacy PRIVATE ${PROJECT_SOURCE_DIR}/crypto)
target_compile_definitions(wolfssl_legacy PRIVATE WOLFSSL_USER_SETTINGS MICO_WOLF_LEGACY)
target_compile_options(wolfssl_legacy PRIVATE -w -O2 -ffunction-sections -fdata-sections)
if(MICO_SANITIZE)
  target_compile_options(wolfssl_legacy PRIVATE -fno-sanitize=undefined,fuzzer-no-link)
endif()
