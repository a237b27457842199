/* SPDX-License-Identifier: Apache-2.0 */
/* mico-controller as a user runs it, against a lamp in another process: on TCP, and through a real broker. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pairing/controller/test_lamp.h"

#define ID "A1:B2:C3:D4:E5:F6"

static char folder[] = "program_test.XXXXXX";
static struct test_maker maker, other;
static pid_t lamp;
static uint16_t port;
static char said[4096];

/* Run mico-controller with these arguments; its exit status. `said` gets both of its streams. */
__attribute__((format(printf, 1, 2))) static int run(const char *format, ...)
{
    char arguments[512], line[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(arguments, sizeof arguments, format, args);
    va_end(args);
    (void)snprintf(line, sizeof line, "%s --state %s/state.json %s 2>&1", MICO_CONTROLLER, folder, arguments);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    size_t len = fread(said, 1, sizeof said - 1, pipe);
    said[len] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

static void assert_said(const char *words)
{
    if (strstr(said, words) == NULL) {
        fail_msg("said \"%s\", not \"%s\"", said, words);
    }
}

static int start_lamp(const struct test_maker *by, const char *certified_as)
{
    struct test_lamp_options options = {.maker = by, .certified_as = certified_as};
    lamp = test_lamp_start(&options, &port);
    return lamp > 0 ? 0 : -1;
}

static int honest(void **state)
{
    return start_lamp(&maker, NULL);
}

static int of_another_maker(void **state)
{
    return start_lamp(&other, NULL);
}

static int certified_as_another(void **state)
{
    return start_lamp(&maker, "00:00:00:00:00:00");
}

static void end_process(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

static int stop_lamp(void **state)
{
    char path[128];
    end_process(lamp);
    (void)snprintf(path, sizeof path, "%s/state.json", folder);
    (void)unlink(path);
    return 0;
}

static int pair(const char *code, const char *more)
{
    return run("pair --address 127.0.0.1:%u --code %s --maker-root %s/root.pem %s", port, code, folder, more);
}

static int pair_uncertified(const char *more)
{
    return run("pair --address 127.0.0.1:%u --code 031-45-154 --allow-uncertified %s", port, more);
}

static void lamp_is_paired_listed_switched_read_and_unpaired(void **state)
{
    struct stat status;
    char path[128];
    assert_int_equal(pair("031-45-154", ""), 0);
    assert_string_equal(said, "paired with " ID " (device certificate checked)\n");
    (void)snprintf(path, sizeof path, "%s/state.json", folder);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(run("list"), 0);
    assert_said(ID "  certified  127.0.0.1:");
    assert_int_equal(run("get on"), 0);
    assert_string_equal(said, "on false\n");
    assert_int_equal(run("set on true"), 0);
    assert_string_equal(said, "on true\n");
    assert_int_equal(run("--json get --device " ID " --address 127.0.0.1:%u on", port), 0);
    assert_string_equal(said, "{\"device\":\"" ID "\",\"on\":true}\n");
    assert_int_equal(run("get target"), 1);
    assert_said("no such value");
    assert_int_equal(pair("031-45-154", ""), 4);
    assert_said("paired already (HAP error 6 Unavailable)");
    assert_int_equal(run("--json unpair"), 0);
    assert_string_equal(said, "{\"unpaired\":true}\n");
    assert_int_equal(run("--json list"), 0);
    assert_string_equal(said, "[]\n");
    assert_int_equal(pair_uncertified("--json"), 0);
    assert_string_equal(said, "{\"paired\":\"" ID "\",\"certified\":false}\n");
}

static void wrong_code_is_refused_in_words(void **state)
{
    assert_int_equal(pair("031-45-155", ""), 4);
    assert_said("error: setup code refused (HAP error 2 Authentication); ");
    assert_int_equal(pair("031-45-155", "--json"), 4);
    assert_said("{\"error\":\"setup code refused (HAP error 2 Authentication)\",\"try\":\"");
    assert_int_equal(pair("03145155", ""), 2);
    assert_said("not of the form XXX-XX-XXX");
}

static void device_of_another_maker_is_refused_unless_told_otherwise(void **state)
{
    assert_int_equal(pair("031-45-154", ""), 5);
    assert_said("its certificate was not issued by this maker");
    assert_int_equal(run("--json list"), 0);
    assert_string_equal(said, "[]\n");
    assert_int_equal(pair("031-45-154", "--allow-uncertified"), 2); /* not the weaker of the two, silently */
    assert_said("one of --maker-root and --allow-uncertified");
    assert_int_equal(pair_uncertified(""), 0);
}

static void device_with_the_certificate_of_another_is_refused(void **state)
{
    assert_int_equal(pair("031-45-154", ""), 5);
    assert_said("its certificate names another device");
}

static void device_that_took_the_address_is_refused(void **state)
{
    assert_int_equal(pair("031-45-154", ""), 0);
    end_process(lamp);
    assert_int_equal(start_lamp(&maker, NULL), 0); /* the same id, other keys: a copy of the flash on another board */
    assert_int_equal(run("get --address 127.0.0.1:%u on", port), 6);
    assert_said("this is not the paired device");
}

static void unreachable_device_and_wrong_words_are_told(void **state)
{
    assert_int_equal(pair("031-45-154", ""), 0);
    assert_int_equal(run("get on --address 127.0.0.1:%u", test_free_port()), 3);
    assert_said("cannot be reached");
    assert_int_equal(run("get on --address 127.0.0.1"), 2);
    assert_int_equal(run("get brightness"), 2);
    assert_int_equal(run("set on"), 2);
    assert_int_equal(run("set on maybe"), 2);
    assert_int_equal(run("get on --device 00:00:00:00:00:00"), 2);
    assert_int_equal(run("dance"), 2);
    assert_int_equal(run("get on --relay 127.0.0.1:1"), 2);
    assert_int_equal(pair("031-45-154", "--relay 127.0.0.1:1 --cafile x --user alice --password-file x"), 2);
    assert_said("leave --relay out");
    assert_int_equal(run("list on"), 2);
    assert_said("one word too many: on");
    assert_int_equal(run("get on true"), 2);
    assert_said("one word too many: true");
    assert_int_equal(run("list >/dev/full"), 1);
    assert_int_equal(run("--help"), 0);
    assert_said("Exit status");
}

static void write_file(const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void setup_code_comes_from_a_file_that_others_cannot_see(void **state)
{
    write_file("code", "031-45-154\n");
    assert_int_equal(run("pair --address 127.0.0.1:%u --code-file %s/code --maker-root %s/root.pem", port, folder, folder),
                     0);
    write_file("code", "031-45-154 and something behind it that is too long\n");
    assert_int_equal(run("pair --address 127.0.0.1:%u --code-file %s/code --maker-root %s/root.pem", port, folder, folder),
                     2);
    assert_int_equal(run("pair --address 127.0.0.1:%u --code-file %s/none --maker-root %s/root.pem", port, folder, folder),
                     2);
    assert_said("/none");
}

/* Else each would write back the state it read, without what the other has paired. */
static void two_that_change_the_state_wait_for_each_other(void **state)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/state.json.lock", folder);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    pid_t waits = fork();
    if (waits == 0) {
        (void)close(lock); /* it is the parent's to let go */
        _exit(pair("031-45-154", ""));
    }
    (void)usleep(1500000);
    assert_int_equal(waitpid(waits, NULL, WNOHANG), 0);
    assert_int_equal(run("list"), 0); /* reading waits for nobody */
    assert_string_equal(said, "");
    (void)close(lock);
    int status = -1;
    assert_int_equal(waitpid(waits, &status, 0), waits);
    assert_int_equal(status, 0);
    assert_int_equal(run("list"), 0);
    assert_said(ID);
}

/* Said before the device counts as paired. */
static void folder_that_cannot_be_written_is_told_before_pairing(void **state)
{
    assert_int_equal(run("--state %s/none/state.json pair --address 127.0.0.1:%u --code 031-45-154 --maker-root %s/root.pem",
                         folder, port, folder),
                     1);
    assert_said(".lock cannot be made");
    assert_int_equal(pair("031-45-154", ""), 0);
}

/* The broker's certificate for 127.0.0.1 and its root, and who may log in. */
static void write_broker_files(uint16_t broker_port)
{
    char line[512];
    (void)snprintf(line, sizeof line,
                   "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=broker "
                   "-addext subjectAltName=IP:127.0.0.1 -keyout broker.key -out broker.pem 2>/dev/null && "
                   "touch passwords && mosquitto_passwd -b passwords alice secret && mosquitto_passwd -b passwords lamp light",
                   folder);
    assert_int_equal(system(line), 0);
    (void)snprintf(line, sizeof line,
                   "listener %u 127.0.0.1\ncertfile %s/broker.pem\nkeyfile %s/broker.key\nallow_anonymous false\n"
                   "password_file %s/passwords\nuser root\nset_tcp_nodelay true\n",
                   broker_port, folder, folder, folder);
    write_file("broker.conf", line);
    write_file("alice.password", "secret\n");
    write_file("wrong.password", "guess\n");
}

static pid_t start_broker(void)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/broker.conf", folder);
    pid_t pid = fork();
    if (pid == 0) {
        (void)freopen("/dev/null", "w", stderr);
        (void)execlp("mosquitto", "mosquitto", "-c", path, (char *)NULL);
        (void)execl("/usr/sbin/mosquitto", "mosquitto", "-c", path, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void lamp_is_switched_through_a_relay_that_reads_nothing(void **state)
{
    char cafile[128];
    uint16_t broker_port = test_free_port();
    write_broker_files(broker_port);
    pid_t broker = start_broker();
    (void)snprintf(cafile, sizeof cafile, "%s/broker.pem", folder);
    struct test_lamp_options options = {.maker = &maker, .relay_port = broker_port, .relay_cafile = cafile,
                                        .relay_user = "lamp", .relay_password = "light"};
    lamp = test_lamp_start(&options, &port);
    const char *relay = "--relay 127.0.0.1:%u --cafile %s/broker.pem --user alice --password-file %s/%s.password";
    char way[400];
    (void)snprintf(way, sizeof way, relay, broker_port, folder, folder, "alice");
    assert_int_equal(pair("031-45-154", ""), 0);
    assert_int_equal(run("set on true %s --device " ID, way), 0);
    assert_string_equal(said, "on true\n");
    assert_int_equal(run("get on %s", way), 0);
    assert_string_equal(said, "on true\n");
    assert_int_equal(run("get on"), 0); /* and directly */
    assert_string_equal(said, "on true\n");
    (void)snprintf(way, sizeof way, relay, broker_port, folder, folder, "wrong");
    assert_int_equal(run("get on %s", way), 4);
    assert_said("it refuses this user or password");
    end_process(broker);
    assert_int_equal(run("get on %s", way), 3);
}

static int make(void **state)
{
    char path[128];
    test_maker_make(&maker);
    test_maker_make(&other);
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/root.pem", folder);
    test_maker_write_root(&maker, path);
    return 0;
}

static int unmake(void **state)
{
    char line[128];
    test_maker_free(&maker);
    test_maker_free(&other);
    (void)snprintf(line, sizeof line, "rm -r %s", folder);
    return system(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lamp_is_paired_listed_switched_read_and_unpaired, honest, stop_lamp),
        cmocka_unit_test_setup_teardown(wrong_code_is_refused_in_words, honest, stop_lamp),
        cmocka_unit_test_setup_teardown(device_of_another_maker_is_refused_unless_told_otherwise, of_another_maker, stop_lamp),
        cmocka_unit_test_setup_teardown(device_with_the_certificate_of_another_is_refused, certified_as_another, stop_lamp),
        cmocka_unit_test_setup_teardown(device_that_took_the_address_is_refused, honest, stop_lamp),
        cmocka_unit_test_setup_teardown(unreachable_device_and_wrong_words_are_told, honest, stop_lamp),
        cmocka_unit_test_setup_teardown(setup_code_comes_from_a_file_that_others_cannot_see, honest, stop_lamp),
        cmocka_unit_test_setup_teardown(two_that_change_the_state_wait_for_each_other, honest, stop_lamp),
        cmocka_unit_test_setup_teardown(folder_that_cannot_be_written_is_told_before_pairing, honest, stop_lamp),
        cmocka_unit_test_teardown(lamp_is_switched_through_a_relay_that_reads_nothing, stop_lamp),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
