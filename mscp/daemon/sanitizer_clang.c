/* SPDX-License-Identifier: Apache-2.0 */
/* What clang's runtime does while it runs. At the end it would look for leaks by tracing this process, which forbids that. */
#include "mscp/daemon/sanitizer.h"

#include <seccomp.h>

int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}

const int mscpd_sanitizer_calls[] = {
    SCMP_SYS(mmap),   SCMP_SYS(mprotect), SCMP_SYS(madvise),     SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction),
    SCMP_SYS(open),   SCMP_SYS(openat),   SCMP_SYS(read),        SCMP_SYS(readlink),    SCMP_SYS(getpid),
    SCMP_SYS(gettid), SCMP_SYS(tgkill),   SCMP_SYS(sched_yield), SCMP_SYS(prlimit64),   SCMP_SYS(stat),
};
const size_t mscpd_sanitizer_call_count = sizeof mscpd_sanitizer_calls / sizeof mscpd_sanitizer_calls[0];
