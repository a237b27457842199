/* SPDX-License-Identifier: Apache-2.0 */
/* The user, the memory and the system calls of the daemon; see sandbox.h. */
#include "mscp/daemon/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <seccomp.h>

#include "mscp/daemon/sanitizer.h"

#define OWN_USER "mscpd"
#define FIRST_FREE_UID 61184u
#define LAST_FREE_UID 65519u
#define STACK_BYTES (256 * 1024) /* more than the core uses: it has no heap and bounded stacks */

static bool failed(const char *what)
{
    fprintf(stderr, "error: cannot %s: %s\n", what, strerror(errno));
    return false;
}

bool mscpd_choose_user(const char *name, struct mscpd_user *user)
{
    *user = (struct mscpd_user){.drop = geteuid() == 0};
    if (!user->drop && name != NULL) {
        fprintf(stderr, "error: --user: only root can become another user\n  try: start it as that user\n");
        return false;
    }
    const struct passwd *entry = getpwnam(name != NULL ? name : OWN_USER);
    if (entry != NULL) {
        user->uid = entry->pw_uid;
        user->gid = entry->pw_gid;
    } else if (name != NULL) {
        fprintf(stderr, "error: --user: there is no user '%s'\n", name);
        return false;
    } else {
        uid_t uid = FIRST_FREE_UID;
        while (uid < LAST_FREE_UID && (getpwuid(uid) != NULL || getgrgid(uid) != NULL)) {
            uid++;
        }
        user->uid = uid;
        user->gid = uid;
    }
    return true;
}

/* Pages stay locked when this has returned: they are those on which the core then computes. */
static bool lock_stack(void)
{
    volatile char stack[STACK_BYTES];
    for (size_t i = 0; i < sizeof stack; i += 4096) {
        stack[i] = 0;
    }
    return mlock((const void *)stack, sizeof stack) == 0;
}

/* All of it where there is no limit (root); else the data, where keys lie, and the stack. */
static bool lock_memory(void)
{
    extern char __data_start[], end[];
    const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_MEMLOCK, &none) == 0 && mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) {
        return true;
    }
    return mlock(__data_start, (size_t)(end - __data_start)) == 0 && lock_stack();
}

/* The kernel forgets with the old user that whoever started the daemon wanted it to end with him (PR_SET_PDEATHSIG). */
static bool become(const struct mscpd_user *user, int fd)
{
    int death_signal = 0;
    pid_t starter = getppid();
    return prctl(PR_GET_PDEATHSIG, &death_signal) == 0 && fchown(fd, user->uid, user->gid) == 0 &&
           setgroups(0, NULL) == 0 && setresgid(user->gid, user->gid, user->gid) == 0 &&
           setresuid(user->uid, user->uid, user->uid) == 0 && prctl(PR_SET_PDEATHSIG, death_signal) == 0 &&
           (death_signal == 0 || getppid() == starter);
}

bool mscpd_confine(const struct mscpd_user *user, int fd)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) {
        return failed("forbid core dumps");
    }
    if (!lock_memory()) {
        return failed("lock memory (ulimit -l must allow 1 MiB)");
    }
    if (fchmod(fd, 0600) != 0 || (user->drop && !become(user, fd))) {
        return failed("become the daemon's own user");
    }
    if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return failed("give up privileges");
    }
    return true;
}

/* Serving: the socket, the flash (mapped; msync), random numbers, time, the log, the end. */
static const int calls[] = {
    SCMP_SYS(poll),           SCMP_SYS(ppoll),         SCMP_SYS(accept4),      SCMP_SYS(getsockopt),
    SCMP_SYS(recvfrom),       SCMP_SYS(sendto),        SCMP_SYS(close),        SCMP_SYS(msync),
    SCMP_SYS(getrandom),      SCMP_SYS(clock_gettime), SCMP_SYS(write),        SCMP_SYS(writev),
    SCMP_SYS(unlink),         SCMP_SYS(geteuid),       SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(exit_group),    SCMP_SYS(futex),        SCMP_SYS(munmap),
    SCMP_SYS(fstat),          SCMP_SYS(newfstatat),    SCMP_SYS(lseek),        SCMP_SYS(brk),
};

static bool allow(scmp_filter_ctx filter, const int *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, list[i], 0) != 0) {
            return false;
        }
    }
    return true;
}

bool mscpd_restrict_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool good = filter != NULL && allow(filter, calls, sizeof calls / sizeof calls[0]) &&
                allow(filter, mscpd_sanitizer_calls, mscpd_sanitizer_call_count) && seccomp_load(filter) == 0;
    if (filter != NULL) {
        seccomp_release(filter);
    }
    return good || failed("restrict its system calls (the kernel needs seccomp filters)");
}
