/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the log line, and checks that jump to a label. */
#ifndef OS_SDK_DEBUG_H
#define OS_SDK_DEBUG_H

#include "base/log.h"

#ifdef DEBUG
#define custom_log(tag, ...) MICO_LOG((tag), __VA_ARGS__)
#else
#define custom_log(tag, ...) ((void)sizeof(tag))
#endif
#define custom_log_trace(tag) custom_log((tag), "%s", __func__)

#define require(condition, label) \
    do {                          \
        if (!(condition)) {       \
            goto label;           \
        }                         \
    } while (0)
#define require_quiet(condition, label) require(condition, label)
#define require_string(condition, label, text) \
    do {                                       \
        if (!(condition)) {                    \
            custom_log("debug", "%s", (text)); \
            goto label;                        \
        }                                      \
    } while (0)
#define require_action(condition, label, action) \
    do {                                         \
        if (!(condition)) {                      \
            {                                    \
                action;                          \
            }                                    \
            goto label;                          \
        }                                        \
    } while (0)
#define require_action_quiet(condition, label, action) require_action(condition, label, action)
#define require_action_string(condition, label, action, text) \
    do {                                                      \
        if (!(condition)) {                                   \
            custom_log("debug", "%s", (text));                \
            {                                                 \
                action;                                       \
            }                                                 \
            goto label;                                       \
        }                                                     \
    } while (0)
#define require_noerr(error, label) require((error) == 0, label)
#define require_noerr_quiet(error, label) require((error) == 0, label)
#define require_noerr_action(error, label, action) require_action((error) == 0, label, action)
#define require_noerr_action_quiet(error, label, action) require_action((error) == 0, label, action)
#define require_noerr_string(error, label, text) require_string((error) == 0, label, text)

#define check(condition)                                  \
    do {                                                  \
        if (!(condition)) {                               \
            custom_log("debug", "check: %s", #condition); \
        }                                                 \
    } while (0)
#define check_string(condition, text)          \
    do {                                       \
        if (!(condition)) {                    \
            custom_log("debug", "%s", (text)); \
        }                                      \
    } while (0)

#endif
