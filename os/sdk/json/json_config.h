/* SPDX-License-Identifier: Apache-2.0 */
/* What json-c's public headers ask. */
#ifndef OS_SDK_JSON_JSON_CONFIG_H
#define OS_SDK_JSON_JSON_CONFIG_H

#define JSON_C_HAVE_INTTYPES_H 1

#endif
