/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is typed: a line never outgrows its bound, what it echoes puts the terminal's cursor where the line ends, and its
 * words are strings inside of it. */
#include <assert.h>
#include <string.h>

#include "os/sdk/console/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_words(struct sdk_line *line)
{
    char *words[SDK_WORDS_MAX + 1];
    size_t len = strlen(line->text);
    assert(len == line->len && len <= SDK_LINE_MAX);
    int count = sdk_line_split(line->text, words);
    assert(count >= -1 && count <= (int)SDK_WORDS_MAX);
    for (int i = 0; i < count; i++) {
        assert(words[i] >= line->text && words[i] + strlen(words[i]) <= line->text + len);
    }
    assert(count < 0 || words[count] == NULL);
}

/* Characters that stand on the terminal's line. */
static size_t draw(size_t column, const char *echo, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (echo[i] == '\b') {
            assert(column > 0);
            column--;
        } else if (echo[i] == '\r') {
            column = 0;
        } else if (echo[i] >= ' ') {
            column++;
        }
    }
    return column;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct sdk_line line;
    char echo[SDK_ECHO_MAX];
    size_t echo_len, column = 0;
    memset(&line, 0, sizeof line);
    for (size_t i = 0; i < len; i++) {
        bool complete = sdk_line_key(&line, data[i], echo, &echo_len);
        assert(echo_len <= sizeof echo);
        column = draw(column, echo, echo_len);
        if (complete) {
            check_words(&line);
            sdk_line_clear(&line);
        }
        assert(column == line.len);
    }
    return 0;
}
