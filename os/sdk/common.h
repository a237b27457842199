/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: types and error codes that its applications use. */
#ifndef OS_SDK_COMMON_H
#define OS_SDK_COMMON_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int OSStatus;
typedef uint8_t Boolean;
typedef uint8_t mico_bool_t;
typedef uint32_t mico_time_t; /* milliseconds */
typedef uint32_t mico_utc_time_t;
typedef uint64_t mico_utc_time_ms_t;

#define MICO_FALSE 0
#define MICO_TRUE 1

#define NANOSECONDS 1000000UL /* in a millisecond, as is the next */
#define MICROSECONDS 1000
#define MILLISECONDS 1
#define SECONDS 1000
#define MINUTES (60 * SECONDS)
#define HOURS (60 * MINUTES)
#define DAYS (24 * HOURS)

#define kNoErr 0
#define MICO_SUCCESS 0
#define kGeneralErr -1
#define kInProgressErr 1
#define kGenericErrorBase -6700
#define kUnknownErr -6700
#define kOptionErr -6701
#define kSelectorErr -6702
#define kExecutionStateErr -6703
#define kPathErr -6704
#define kParamErr -6705
#define kUserRequiredErr -6706
#define kCommandErr -6707
#define kIDErr -6708
#define kStateErr -6709
#define kRangeErr -6710
#define kRequestErr -6711
#define kResponseErr -6712
#define kChecksumErr -6713
#define kNotHandledErr -6714
#define kVersionErr -6715
#define kSignatureErr -6716
#define kFormatErr -6717
#define kNotInitializedErr -6718
#define kAlreadyInitializedErr -6719
#define kNotInUseErr -6720
#define kAlreadyInUseErr -6721
#define kTimeoutErr -6722
#define kCanceledErr -6723
#define kAlreadyCanceledErr -6724
#define kCannotCancelErr -6725
#define kDeletedErr -6726
#define kNotFoundErr -6727
#define kNoMemoryErr -6728
#define kNoResourcesErr -6729
#define kDuplicateErr -6730
#define kImmutableErr -6731
#define kUnsupportedDataErr -6732
#define kIntegrityErr -6733
#define kIncompatibleErr -6734
#define kUnsupportedErr -6735
#define kUnexpectedErr -6736
#define kValueErr -6737
#define kNotReadableErr -6738
#define kNotWritableErr -6739
#define kBadReferenceErr -6740
#define kFlagErr -6741
#define kMalformedErr -6742
#define kSizeErr -6743
#define kNameErr -6744
#define kNotPreparedErr -6745
#define kReadErr -6746
#define kWriteErr -6747
#define kMismatchErr -6748
#define kDateErr -6749
#define kUnderrunErr -6750
#define kOverrunErr -6751
#define kEndingErr -6752
#define kConnectionErr -6753
#define kAuthenticationErr -6754
#define kOpenErr -6755
#define kTypeErr -6756
#define kSkipErr -6757
#define kNoAckErr -6758
#define kCollisionErr -6759
#define kBackoffErr -6760
#define kNoAddressAckErr -6761
#define kInternalErr -6762
#define kNoSpaceErr -6763
#define kCountErr -6764
#define kEndOfDataErr -6765
#define kWouldBlockErr -6766
#define kLookErr -6767
#define kSecurityRequiredErr -6768
#define kOrderErr -6769
#define kUpgradeErr -6770
#define kAsyncNoErr -6771
#define kDeprecatedErr -6772
#define kPermissionErr -6773
#define kGenericErrorEnd -6779

#ifndef Min
#define Min(a, b) ((a) < (b) ? (a) : (b))
#endif
#ifndef Max
#define Max(a, b) ((a) > (b) ? (a) : (b))
#endif

#define UNUSED_PARAMETER(x) ((void)(x))
#define UNUSED_VARIABLE(x) ((void)(x))
#define REFERENCE_DEBUG_ONLY_VARIABLE(x) ((void)(x))

#define IsValidSocket(x) ((x) >= 0)

/* <ctype.h> for characters that may be negative. */
#define isalnum_safe(c) isalnum((unsigned char)(c))
#define isalpha_safe(c) isalpha((unsigned char)(c))
#define iscntrl_safe(c) iscntrl((unsigned char)(c))
#define isdigit_safe(c) isdigit((unsigned char)(c))
#define isgraph_safe(c) isgraph((unsigned char)(c))
#define islower_safe(c) islower((unsigned char)(c))
#define isoctal_safe(c) ((c) >= '0' && (c) <= '7')
#define isprint_safe(c) isprint((unsigned char)(c))
#define ispunct_safe(c) ispunct((unsigned char)(c))
#define isspace_safe(c) isspace((unsigned char)(c))
#define isupper_safe(c) isupper((unsigned char)(c))
#define isxdigit_safe(c) isxdigit((unsigned char)(c))
#define tolower_safe(c) tolower((unsigned char)(c))
#define toupper_safe(c) toupper((unsigned char)(c))

/* Bit 0 is the highest one of byte 0. */
#define BitArray_MaxBytes(bits) (((bits) + 7) / 8)
#define BitArray_MaxBits(bytes) ((bytes)*8)
#define BitArray_Clear(array, bytes) memset((array), 0, (bytes))
#define BitArray_GetBit(array, bytes, bit) \
    ((bit) < BitArray_MaxBits(bytes) && ((array)[(bit) / 8] & (1 << (7 - ((bit)&7)))) != 0)
#define BitArray_SetBit(array, bit) ((array)[(bit) / 8] |= (1 << (7 - ((bit)&7))))
#define BitArray_ClearBit(array, bit) ((array)[(bit) / 8] &= ~(1 << (7 - ((bit)&7))))

#define malloc_named(name, size) malloc(size)
#define calloc_named(name, count, size) calloc(count, size)
#define realloc_named(name, memory, size) realloc(memory, size)

#include "os/sdk/common_bytes.h"

#endif
