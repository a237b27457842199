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

#define MILLISECONDS 1
#define SECONDS 1000
#define MINUTES (60 * SECONDS)
#define HOURS (60 * MINUTES)
#define DAYS (24 * HOURS)

#define kNoErr 0
#define kGeneralErr -1
#define kInProgressErr 1
#define kUnknownErr -6700
#define kOptionErr -6701
#define kParamErr -6705
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
#define kDeletedErr -6726
#define kNotFoundErr -6727
#define kNoMemoryErr -6728
#define kNoResourcesErr -6729
#define kIntegrityErr -6733
#define kUnsupportedErr -6735
#define kUnexpectedErr -6736
#define kValueErr -6737
#define kMalformedErr -6742
#define kSizeErr -6743
#define kNotPreparedErr -6745
#define kReadErr -6746
#define kWriteErr -6747
#define kMismatchErr -6748
#define kConnectionErr -6753
#define kAuthenticationErr -6754
#define kOpenErr -6755
#define kNoSpaceErr -6763
#define kWouldBlockErr -6766

#ifndef Min
#define Min(a, b) ((a) < (b) ? (a) : (b))
#endif
#ifndef Max
#define Max(a, b) ((a) > (b) ? (a) : (b))
#endif

#define UNUSED_PARAMETER(x) ((void)(x))

#endif
