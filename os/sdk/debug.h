/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the log line, and checks that jump to a label. */
#ifndef OS_SDK_DEBUG_H
#define OS_SDK_DEBUG_H

#include "base/log.h"
#include "os/sdk/common.h"

/* 0: an application wants no lines of its own now. */
extern int mico_debug_enabled;

/* A line goes to the console as a whole, so those of several threads do not mix. */
#ifdef DEBUG
#define custom_log(tag, ...)              \
    do {                                  \
        if (mico_debug_enabled != 0) {    \
            MICO_LOG((tag), __VA_ARGS__); \
        }                                 \
    } while (0)
#define custom_print(...)              \
    do {                               \
        if (mico_debug_enabled != 0) { \
            printf(__VA_ARGS__);       \
        }                              \
    } while (0)
#else
#define custom_log(tag, ...) ((void)sizeof(tag))
#define custom_print(...) ((void)0)
#endif
#ifdef TRACE
#define custom_log_trace(tag) custom_log((tag), "[TRACE] %s()", __func__)
#else
#define custom_log_trace(tag) ((void)sizeof(tag))
#endif
#define debug_print_assert(text) custom_log("MICO", "**ASSERT** %s", (text))

#define YesOrNo(x) ((x) ? "YES" : "NO")

#define require_quiet(condition, label) \
    do {                                \
        if (!(condition)) {             \
            goto label;                 \
        }                               \
    } while (0)
#define require(condition, label) require_string(condition, label, #condition)
#define require_string(condition, label, text) \
    do {                                       \
        if (!(condition)) {                    \
            debug_print_assert(text);          \
            goto label;                        \
        }                                      \
    } while (0)
#define require_action_quiet(condition, label, action) \
    do {                                               \
        if (!(condition)) {                            \
            {                                          \
                action;                                \
            }                                          \
            goto label;                                \
        }                                              \
    } while (0)
#define require_action(condition, label, action) require_action_string(condition, label, action, #condition)
#define require_action_string(condition, label, action, text) \
    do {                                                      \
        if (!(condition)) {                                   \
            debug_print_assert(text);                         \
            {                                                 \
                action;                                       \
            }                                                 \
            goto label;                                       \
        }                                                     \
    } while (0)
#define require_noerr(error, label) require((error) == 0, label)
#define require_noerr_quiet(error, label) require_quiet((error) == 0, label)
#define require_noerr_action(error, label, action) require_action((error) == 0, label, action)
#define require_noerr_action_quiet(error, label, action) require_action_quiet((error) == 0, label, action)
#define require_noerr_string(error, label, text) require_string((error) == 0, label, text)
#define require_noerr_action_string(error, label, action, text) require_action_string((error) == 0, label, action, text)

#define check_string(condition, text) \
    do {                              \
        if (!(condition)) {           \
            debug_print_assert(text); \
        }                             \
    } while (0)
#define check(condition) check_string(condition, #condition)
#define check_noerr(error) check_string((error) == 0, #error)

#ifndef unlikely
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif

#endif
