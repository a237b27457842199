/* SPDX-License-Identifier: Apache-2.0 */
/* The programs that a demo runs: each with its log, watched, and gone when the tool is gone. */
#ifndef MICODER_PROCESS_H
#define MICODER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define MICO_PROCESS_MAX 24
#define MICO_ARGS_MAX 64

/* A command line being put together; text lives in the struct. */
struct mico_args {
    char *argv[MICO_ARGS_MAX + 1];
    int count;
    char text[8192];
    size_t used;
};

/** Add one argument, as printf makes it. Too many or too long ones abort: they are the tool's own. */
void mico_args_add(struct mico_args *args, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One running program. */
struct mico_process {
    char name[32]; /* as people call it: "broker", "device-a"; "" when the place is free */
    char log[512]; /* its standard output and error */
    pid_t pid;     /* 0 when it does not run */
    int status;    /* as waitpid gave it, once it has ended */
    long seen;     /* bytes of the log that mico_process_expect has passed */
};

/* All running programs of one demo; pids are also in a file, so that the next run can clear up after a killed one. */
struct mico_processes {
    struct mico_process list[MICO_PROCESS_MAX];
    char pid_file[512];
};

/** Start the list; kills what a run that was cut off has left (named in pid_file with its start time). */
void mico_processes_open(struct mico_processes *all, const char *pid_file);

/** Start argv in the background, output appended to log. The child dies with the tool. NULL when it cannot start. */
struct mico_process *mico_process_start(struct mico_processes *all, const char *name, const char *log,
                                        struct mico_args *args);

/** Wait until the log, past what was seen, has a line with text (or with or_text, when not NULL); that line goes to
 * line. False when the program ended or timeout_ms passed. With text found, *which is 0 or 1. */
bool mico_process_expect(struct mico_processes *all, struct mico_process *process, const char *text,
                         const char *or_text, int timeout_ms, char *line, size_t cap, int *which);

/** Skip what the log has now: the next expect looks only at what comes after. */
void mico_process_skip(struct mico_process *process);

/** Stop a program (TERM, and KILL after 3 s) and free its place. */
void mico_process_stop(struct mico_processes *all, struct mico_process *process);
void mico_processes_stop_all(struct mico_processes *all);

/** The first of them that has ended without being stopped; NULL when all live. */
struct mico_process *mico_processes_dead(struct mico_processes *all);

/** Run argv to its end with its standard output in out (cut at cap, NUL-terminated) and both outputs appended to log.
 * Returns its exit status, 128 + signal, or -1 (not started, or killed after timeout_ms). */
int mico_run(struct mico_args *args, const char *log, int timeout_ms, char *out, size_t cap);

/** The last lines of a file, at most cap - 1 bytes. */
void mico_file_tail(const char *path, char *out, size_t cap);

#endif
