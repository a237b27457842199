/* SPDX-License-Identifier: Apache-2.0 */
/* The command console on the posix board: the test types on standard input and reads standard output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/sdk/console/line.h"

#undef read
#undef write
#undef close

static int keyboard, screen;
static char shown[8192];

/* Type, let the console work, and give what it has shown. */
static const char *type(const char *text)
{
    size_t len = 0;
    assert_int_equal(write(keyboard, text, strlen(text)), strlen(text));
    for (int i = 0; i < 20; i++) {
        mico_rtos_thread_msleep(5);
        ssize_t got = read(screen, shown + len, sizeof shown - 1 - len);
        len += got > 0 ? (size_t)got : 0;
    }
    shown[len] = '\0';
    return shown;
}

static void assert_shows(const char *text, const char *wanted)
{
    type(text);
    if (strstr(shown, wanted) == NULL) {
        fail_msg("typed %s, wanted %s, got %s", text, wanted, shown);
    }
}

static const char *keys(struct sdk_line *line, const char *text)
{
    static char echoed[1024];
    char echo[SDK_ECHO_MAX];
    size_t len, at = 0;
    for (; *text != '\0'; text++) {
        (void)sdk_line_key(line, (uint8_t)*text, echo, &len);
        memcpy(echoed + at, echo, len);
        at += len;
    }
    echoed[at] = '\0';
    return echoed;
}

static void a_line_is_edited_with_backspace_and_cleared_with_ctrl_u(void **state)
{
    struct sdk_line line = {0};
    assert_string_equal(keys(&line, "hex\blp\r"), "hex\b \blp\r\n");
    assert_string_equal(line.text, "help");
    assert_string_equal(keys(&line, "\n"), ""); /* of the same Enter */
    sdk_line_clear(&line);
    assert_string_equal(keys(&line, "ab\x15"
                                    "c\x7f\x7f\n"),
                        "ab\b \b\b \bc\b \b\r\n");
    assert_string_equal(line.text, "");
    assert_string_equal(keys(&line, "\x1b[A\x1b[1;5C\x1bOP\x1bxy\t"), "y");
}

static void a_line_has_an_end(void **state)
{
    struct sdk_line line = {0};
    for (unsigned i = 0; i < SDK_LINE_MAX; i++) {
        assert_string_equal(keys(&line, "x"), "x");
    }
    assert_string_equal(keys(&line, "y"), "\a");
    assert_string_equal(keys(&line, "\r"), "\r\n");
    assert_int_equal(strlen(line.text), SDK_LINE_MAX);
}

static void words_are_split_at_blanks_outside_of_quotes(void **state)
{
    char *words[SDK_WORDS_MAX + 1];
    char text[] = "  set \"a b\"  c\"d e\"f \"\"", open[] = "a \"b", many[] = "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7";
    assert_int_equal(sdk_line_split(text, words), 4);
    assert_string_equal(words[1], "a b");
    assert_string_equal(words[2], "cd ef");
    assert_string_equal(words[3], "");
    assert_null(words[4]);
    assert_int_equal(sdk_line_split(open, words), -1);
    assert_int_equal(sdk_line_split(many, words), -1);
    assert_int_equal(sdk_line_split(words[0] = (char[]){""}, words), 0);
}

static void its_own_commands_tell_of_the_system(void **state)
{
    assert_int_equal(cli_init(), 0);
    assert_int_equal(cli_init(), -1);
    assert_shows("version\r", "version\r\nMiCO 3.6.0 on posix\r\n# ");
    assert_shows("echo one \"two  three\"\r", "\r\none two  three\r\n# ");
    assert_shows("memory\r", "free ");
    assert_shows("tasks\r", "\ncli                     5  running    4096 ");
    assert_shows("tasks\r", "\nidle                   10  ready ");
    assert_shows("tasks\r", "\nmain                    7  waiting ");
    assert_shows("ifconfig\r", "station  up");
    assert_shows("time\r", "2000-01-01T00:00:0");
    assert_shows("nothing\r", "no command nothing; try: help\r\n# ");
    assert_shows("echo \"open\r", "a quote that does not end\r\n# ");
    assert_shows("\r", "\r\n# ");
    assert_shows("help\r", "\nreboot       start the board again\r\n");
}

static void sockets_are_listed_while_they_are_open(void **state)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_shows("sockets\r", " 3  tcp, unconnected port 0\r\n");
    SocketClose(&fd);
    assert_null(strstr(type("sockets\r"), "tcp"));
}

static void greet(CLI_ARGS)
{
    cmd_printf("hello %s", argc > 1 ? argv[1] : "nobody");
    cmd_printf(", %d words\r\n", argc);
}

static void shadow(CLI_ARGS)
{
    cmd_printf("mine\r\n");
}

static void fill(CLI_ARGS)
{
    for (int i = 0; i < 2 * CLI_OUTPUT_MAX; i++) {
        cmd_printf("x");
    }
}

static void ask(CLI_ARGS)
{
    char key = '?';
    cli_putstr("sure? ");
    int got = mico_cli_getchar(&key);
    cmd_printf("%d %c\r\n", got, key);
}

static const struct cli_command own[] = {
    {"greet", "says hello", greet}, {"version", NULL, shadow}, {"fill", NULL, fill}, {"ask", NULL, ask}};

static void an_application_adds_its_commands(void **state)
{
    assert_int_equal(cli_register_commands(own, 4), 0);
    assert_int_equal(cli_register_command(&own[0]), 0); /* no second time */
    assert_shows("greet you\r", "hello you, 2 words\r\n");
    assert_shows("version\r", "mine\r\n");
    assert_shows("help\r", "greet        says hello\r\n");
    assert_int_equal(strspn(strstr(type("fill\r"), "\r\n") + 2, "x"), CLI_OUTPUT_MAX - 1);
    assert_shows("ask\rj", "sure? 1 j\r\n");
    assert_int_equal(cli_unregister_command(&own[1]), 0);
    assert_int_equal(cli_unregister_command(&own[1]), 1);
    assert_shows("version\r", "MiCO 3.6.0");
    assert_int_equal(cli_unregister_commands(own, 4), 1);
    assert_shows("greet\r", "no command greet");
}

static void what_cannot_be_registered_changes_nothing(void **state)
{
    static struct cli_command many[CLI_COMMANDS_MAX + 1];
    static const struct cli_command bad[] = {{"good", NULL, greet}, {NULL, NULL, greet}, {"no function", NULL, NULL}};
    for (int i = 0; i <= CLI_COMMANDS_MAX; i++) {
        many[i] = (struct cli_command){"many", NULL, greet};
    }
    assert_int_equal(cli_register_commands(bad, 2), 1);
    assert_int_equal(cli_register_command(&bad[2]), 1);
    assert_int_equal(cli_register_commands(NULL, 1), 1);
    assert_int_equal(cli_register_commands(own, -1), 1);
    assert_int_equal(cli_register_commands(many, CLI_COMMANDS_MAX + 1), 1);
    assert_shows("many\r", "no command many");
    assert_int_equal(cli_register_commands(many, CLI_COMMANDS_MAX), 0);
    assert_int_equal(cli_register_command(&own[0]), 1);
    assert_int_equal(cli_unregister_commands(many, CLI_COMMANDS_MAX), 0);
    assert_int_equal(cli_unregister_command(NULL), 1);
}

static void the_line_is_the_consoles_until_it_ends(void **state)
{
    const mico_uart_config_t config = {115200, DATA_WIDTH_8BIT, NO_PARITY, STOP_BITS_1, FLOW_CONTROL_DISABLED, 0};
    char key;
    assert_int_equal(MicoUartInitialize(STDIO_UART, &config, NULL), kAlreadyInUseErr);
    assert_int_equal(cli_stop(), 0);
    mico_rtos_thread_msleep(1);
    assert_int_equal(cli_stop(), -1);
    assert_int_equal(mico_cli_getchar(&key), 0);
    assert_int_equal(mico_cli_getchar(NULL), 0);
    assert_int_equal(MicoUartInitialize(STDIO_UART, &config, NULL), kNoErr);
    assert_int_equal(cli_init(), -1);
    assert_int_equal(MicoUartFinalize(STDIO_UART), kNoErr);
    assert_int_equal(cli_init(), 0);
    assert_shows("echo again\r", "again\r\n# ");
    assert_int_equal(cli_stop(), 0);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_edited_with_backspace_and_cleared_with_ctrl_u),
        cmocka_unit_test(a_line_has_an_end),
        cmocka_unit_test(words_are_split_at_blanks_outside_of_quotes),
        cmocka_unit_test(its_own_commands_tell_of_the_system),
        cmocka_unit_test(sockets_are_listed_while_they_are_open),
        cmocka_unit_test(an_application_adds_its_commands),
        cmocka_unit_test(what_cannot_be_registered_changes_nothing),
        cmocka_unit_test(the_line_is_the_consoles_until_it_ends),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

/* Standard input and output become the board's; the test reports to what standard output was. */
int main(void)
{
    static uint64_t stack[8192];
    int in[2], out[2];
    stdout = fdopen(dup(STDOUT_FILENO), "w");
    if (stdout == NULL || pipe(in) != 0 || pipe2(out, O_NONBLOCK) != 0 || dup2(in[0], STDIN_FILENO) < 0 ||
        dup2(out[1], STDOUT_FILENO) < 0) {
        return 1;
    }
    keyboard = in[1];
    screen = out[0];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
