/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the parts of a URL (RFC 3986), as places in the text that was given. */
#ifndef OS_SDK_UTILITIES_URLUTILS_H
#define OS_SDK_UTILITIES_URLUTILS_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A part that is absent is NULL, with length 0; a path is always there, and may be empty. */
typedef struct {
    const char *schemePtr;
    size_t schemeLen;
    const char *userPtr;
    size_t userLen;
    const char *passwordPtr;
    size_t passwordLen;
    const char *hostPtr; /* with ":port" when there is one */
    size_t hostLen;
    const char *pathPtr;
    size_t pathLen;
    const char *queryPtr;
    size_t queryLen;
    const char *fragmentPtr;
    size_t fragmentLen;
    const char *segmentPtr; /* the path without the '/' at its start */
    const char *segmentEnd; /* and without the one at its end */
} URLComponents;

/** Split the absolute or relative URL from src to end (NULL: src is a string). *out_src, which may be NULL, becomes where
 * it ended. kParamErr. */
OSStatus URLParseComponents(const char *src, const char *end, URLComponents *out, const char **out_src);

/** Log the parts (DEBUG); a password as its length alone. */
void PrintURL(URLComponents *url);

#ifdef __cplusplus
}
#endif

#endif
