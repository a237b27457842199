/* SPDX-License-Identifier: Apache-2.0 */
/* Typing on a terminal; see line.h. */
#include "os/sdk/console/line.h"

#include <assert.h>
#include <string.h>

#define BACKSPACE 0x08u
#define CTRL_C 0x03u
#define CTRL_U 0x15u
#define ESC 0x1Bu
#define DEL 0x7Fu

enum { NO_ESCAPE, AFTER_ESC, IN_SEQUENCE };

static void say(char echo[SDK_ECHO_MAX], size_t *len, const char *text)
{
    size_t more = strlen(text);
    assert(*len + more <= SDK_ECHO_MAX);
    memcpy(echo + *len, text, more);
    *len += more;
}

/* ECMA-48: ESC, or ESC [ and parameters up to a letter. True when key belongs to one. */
static bool skip_escape(struct sdk_line *line, uint8_t key)
{
    switch (line->escape) {
    case AFTER_ESC:
        line->escape = key == '[' || key == 'O' ? IN_SEQUENCE : NO_ESCAPE;
        return true;
    case IN_SEQUENCE:
        line->escape = key >= 0x40 && key <= 0x7E ? NO_ESCAPE : IN_SEQUENCE;
        return true;
    default:
        line->escape = key == ESC ? AFTER_ESC : NO_ESCAPE;
        return key == ESC;
    }
}

static void take_back(struct sdk_line *line, size_t count, char echo[SDK_ECHO_MAX], size_t *echo_len)
{
    for (size_t i = 0; i < count && line->len > 0; i++) {
        line->len--;
        say(echo, echo_len, "\b \b");
    }
}

bool sdk_line_key(struct sdk_line *line, uint8_t key, char echo[SDK_ECHO_MAX], size_t *echo_len)
{
    bool ends_crlf = line->after_cr && key == '\n';
    *echo_len = 0;
    line->after_cr = key == '\r';
    if (ends_crlf || skip_escape(line, key)) {
        return false;
    }
    if (key == '\r' || key == '\n') {
        line->text[line->len] = '\0';
        say(echo, echo_len, "\r\n");
        return true;
    }
    if (key == BACKSPACE || key == DEL) {
        take_back(line, 1, echo, echo_len);
    } else if (key == CTRL_U || key == CTRL_C) {
        take_back(line, line->len, echo, echo_len);
    } else if (key >= ' ' && key < DEL && line->len < SDK_LINE_MAX) {
        line->text[line->len++] = (char)key;
        say(echo, echo_len, (char[]){(char)key, '\0'});
    } else if (key >= ' ' && key < DEL) {
        say(echo, echo_len, "\a");
    }
    return false;
}

void sdk_line_clear(struct sdk_line *line)
{
    line->len = 0;
    line->text[0] = '\0';
}

/* The word at *at, without its quotes, moved together where they stood; *at is behind it. False: a quote does not end. */
static bool take_word(char **at)
{
    bool quoted = false;
    char *from = *at, *to = *at;
    while (*from != '\0' && (quoted || *from != ' ')) {
        if (*from == '"') {
            quoted = !quoted;
        } else {
            *to++ = *from;
        }
        from++;
    }
    *at = *from != '\0' ? from + 1 : from;
    *to = '\0';
    return !quoted;
}

int sdk_line_split(char *text, char *words[SDK_WORDS_MAX + 1])
{
    size_t count = 0;
    for (char *at = text;;) {
        while (*at == ' ') {
            at++;
        }
        if (*at == '\0') {
            break;
        }
        if (count == SDK_WORDS_MAX) {
            return -1;
        }
        words[count++] = at;
        if (!take_word(&at)) {
            return -1;
        }
    }
    words[count] = NULL;
    return (int)count;
}
