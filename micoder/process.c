/* SPDX-License-Identifier: Apache-2.0 */
/* The programs that a demo runs; see process.h. */
#include "micoder/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void mico_args_add(struct mico_args *args, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    size_t room = sizeof args->text - args->used;
    int len = vsnprintf(args->text + args->used, room, format, list);
    va_end(list);
    if (len < 0 || (size_t)len >= room || args->count >= MICO_ARGS_MAX) {
        abort();
    }
    args->argv[args->count++] = args->text + args->used;
    args->argv[args->count] = NULL;
    args->used += (size_t)len + 1;
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

static void nap(int ms)
{
    poll(NULL, 0, ms);
}

/* When a process started, in clock ticks since boot (proc(5), field 22): with the pid it names one process for ever. */
static unsigned long long start_time(pid_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        return 0;
    }
    size_t len = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[len] = '\0';
    char *at = strrchr(text, ')'); /* the name before it may hold anything */
    unsigned long long ticks = 0;
    for (int field = 2; at != NULL && field < 22; field++) {
        at = strchr(at + 1, ' ');
    }
    return at != NULL && sscanf(at, " %llu", &ticks) == 1 ? ticks : 0;
}

static void write_pids(const struct mico_processes *all)
{
    FILE *f = fopen(all->pid_file, "w");
    if (f == NULL) {
        return;
    }
    for (size_t i = 0; i < MICO_PROCESS_MAX; i++) {
        if (all->list[i].pid != 0) {
            fprintf(f, "%d %llu %s\n", (int)all->list[i].pid, start_time(all->list[i].pid), all->list[i].name);
        }
    }
    fclose(f);
}

void mico_processes_open(struct mico_processes *all, const char *pid_file)
{
    memset(all, 0, sizeof *all);
    snprintf(all->pid_file, sizeof all->pid_file, "%s", pid_file);
    FILE *f = fopen(pid_file, "r");
    if (f == NULL) {
        return;
    }
    int pid;
    unsigned long long started;
    struct stat st;
    bool ours = fstat(fileno(f), &st) == 0 && st.st_uid == geteuid(); /* else it could name any process of ours */
    while (ours && fscanf(f, "%d %llu%*[^\n]", &pid, &started) == 2) {
        if (pid > 1 && started != 0 && start_time((pid_t)pid) == started) {
            kill((pid_t)pid, SIGKILL);
        }
    }
    fclose(f);
    unlink(pid_file);
}

/* In the child: own group, dies with the tool, output to the log (and to out_fd, when not negative). */
static void become(struct mico_args *args, int log_fd, int out_fd, pid_t parent)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(127); /* the tool died before the line above */
    }
    signal(SIGPIPE, SIG_DFL);
    int null_fd = open("/dev/null", O_RDONLY);
    dup2(null_fd, STDIN_FILENO);
    dup2(out_fd >= 0 ? out_fd : log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    execvp(args->argv[0], args->argv);
    dprintf(STDERR_FILENO, "cannot start %s: %s\n", args->argv[0], strerror(errno));
    _exit(127);
}

static int open_log(const char *log, struct mico_args *args)
{
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) {
        dprintf(fd, "$");
        for (int i = 0; i < args->count; i++) {
            dprintf(fd, " %s", args->argv[i]);
        }
        dprintf(fd, "\n");
    }
    return fd;
}

struct mico_process *mico_process_start(struct mico_processes *all, const char *name, const char *log,
                                        struct mico_args *args)
{
    struct mico_process *process = all->list;
    while (process < all->list + MICO_PROCESS_MAX && process->name[0] != '\0') {
        process++;
    }
    if (process == all->list + MICO_PROCESS_MAX) {
        return NULL;
    }
    memset(process, 0, sizeof *process);
    snprintf(process->name, sizeof process->name, "%s", name);
    snprintf(process->log, sizeof process->log, "%s", log);
    int fd = open_log(log, args);
    if (fd < 0) {
        return NULL;
    }
    process->seen = lseek(fd, 0, SEEK_END);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        become(args, fd, -1, parent);
    }
    close(fd);
    if (pid < 0) {
        return NULL;
    }
    process->pid = pid;
    write_pids(all);
    return process;
}

/* True while the program runs; notes its end. */
static bool alive(struct mico_process *process)
{
    if (process->pid == 0) {
        return false;
    }
    if (waitpid(process->pid, &process->status, WNOHANG) == process->pid) {
        process->pid = 0;
        return false;
    }
    return true;
}

/* Look at the whole lines of the log after `seen`; true when one has a text. */
static bool find_line(struct mico_process *process, const char *const texts[2], char *line, size_t cap, int *which)
{
    FILE *f = fopen(process->log, "r");
    if (f == NULL) {
        return false;
    }
    char buffer[2048];
    bool found = false;
    fseek(f, process->seen, SEEK_SET);
    while (!found && fgets(buffer, sizeof buffer, f) != NULL) {
        size_t len = strlen(buffer);
        if (len == 0 || (buffer[len - 1] != '\n' && len < sizeof buffer - 1)) {
            break; /* not whole yet */
        }
        process->seen = ftell(f);
        buffer[strcspn(buffer, "\r\n")] = '\0';
        for (int i = 0; i < 2 && !found; i++) {
            if (texts[i] != NULL && strstr(buffer, texts[i]) != NULL) {
                found = true;
                snprintf(line, cap, "%s", buffer);
                if (which != NULL) {
                    *which = i;
                }
            }
        }
    }
    fclose(f);
    return found;
}

bool mico_process_expect(struct mico_processes *all, struct mico_process *process, const char *text,
                         const char *or_text, int timeout_ms, char *line, size_t cap, int *which)
{
    const char *const texts[2] = {text, or_text};
    for (long end = now_ms() + timeout_ms; now_ms() < end; nap(10)) {
        bool running = alive(process); /* before looking: the last words of a dead program count */
        if (find_line(process, texts, line, cap, which)) {
            return true;
        }
        if (!running) {
            return false;
        }
    }
    return false;
}

void mico_process_skip(struct mico_process *process)
{
    FILE *f = fopen(process->log, "r");
    if (f != NULL) {
        fseek(f, 0, SEEK_END);
        process->seen = ftell(f);
        fclose(f);
    }
}

void mico_process_stop(struct mico_processes *all, struct mico_process *process)
{
    if (process == NULL) {
        return;
    }
    if (alive(process)) {
        kill(-process->pid, SIGTERM);
        kill(process->pid, SIGCONT);
    }
    for (long end = now_ms() + 3000; alive(process) && now_ms() < end;) {
        nap(5);
    }
    if (process->pid != 0) {
        kill(-process->pid, SIGKILL);
        waitpid(process->pid, &process->status, 0);
        process->pid = 0;
    }
    process->name[0] = '\0'; /* free for another */
    write_pids(all);
}

void mico_processes_stop_all(struct mico_processes *all)
{
    for (size_t i = MICO_PROCESS_MAX; i-- > 0;) {
        mico_process_stop(all, &all->list[i]);
    }
    unlink(all->pid_file);
}

struct mico_process *mico_processes_dead(struct mico_processes *all)
{
    for (size_t i = 0; i < MICO_PROCESS_MAX; i++) {
        struct mico_process *process = &all->list[i];
        if (process->name[0] != '\0' && !alive(process)) {
            return process;
        }
    }
    return NULL;
}

/* Read a run's output until it ends; false when the time is over. */
static bool collect(int fd, int log_fd, long end, char *out, size_t cap)
{
    size_t used = 0;
    char chunk[4096];
    for (;;) {
        long left = end - now_ms();
        struct pollfd p = {fd, POLLIN, 0};
        if (left <= 0 || poll(&p, 1, (int)left) <= 0) {
            return false;
        }
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n <= 0) {
            return n == 0;
        }
        if (write(log_fd, chunk, (size_t)n) != n) {
            return false;
        }
        size_t keep = (size_t)n < cap - 1 - used ? (size_t)n : cap - 1 - used;
        memcpy(out + used, chunk, keep);
        used += keep;
        out[used] = '\0';
    }
}

int mico_run(struct mico_args *args, const char *log, int timeout_ms, char *out, size_t cap)
{
    char none[1];
    if (out == NULL) {
        out = none;
        cap = sizeof none;
    }
    out[0] = '\0';
    int pipe_fds[2];
    int log_fd = open_log(log, args);
    if (log_fd < 0 || pipe2(pipe_fds, O_CLOEXEC) != 0) {
        if (log_fd >= 0) {
            close(log_fd);
        }
        return -1;
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        become(args, log_fd, pipe_fds[1], parent);
    }
    close(pipe_fds[1]);
    bool ended = pid > 0 && collect(pipe_fds[0], log_fd, now_ms() + timeout_ms, out, cap);
    close(pipe_fds[0]);
    close(log_fd);
    int status = 0;
    if (pid < 0) {
        return -1;
    }
    if (!ended) {
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL);
    }
    waitpid(pid, &status, 0);
    if (!ended) {
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void mico_file_tail(const char *path, char *out, size_t cap)
{
    out[0] = '\0';
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        return;
    }
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    long start = size > (long)cap - 1 ? size - ((long)cap - 1) : 0;
    fseek(f, start, SEEK_SET);
    size_t len = fread(out, 1, cap - 1, f);
    out[len] = '\0';
    fclose(f);
    char *line = start > 0 ? strchr(out, '\n') : NULL; /* begin with a whole line */
    if (line != NULL) {
        memmove(out, line + 1, strlen(line + 1) + 1);
    }
}
