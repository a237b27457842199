/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the tool's commands: run one as a user types it, and have what it prints. */
#ifndef MICODER_LINE_RIG_H
#define MICODER_LINE_RIG_H

#define LINE_TEXT_MAX 16384

/* What the last command printed on stdout and on stderr. */
extern char line_said[LINE_TEXT_MAX], line_complained[LINE_TEXT_MAX];

/** Run command with the words of line, its name the first; its exit status. Leaves files "said" and "complained" here. */
int line_run(int (*command)(int argc, char **argv), const char *line);

/** A file's text, cut at cap. */
void line_slurp(const char *path, char *out, unsigned long cap);

#endif
