/* SPDX-License-Identifier: Apache-2.0 */
/* The demo as a test: a whole life on emulated boards, and runs that go wrong. MICO_TOOL is the tool that ./mico runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[512], output[600], errors[600], pids[600];

/* Start the demo with its outputs in files; path replaces PATH when not NULL. */
static pid_t start_demo(const char *path)
{
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
        dup2(open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
        if (path != NULL) {
            setenv("PATH", path, 1);
        }
        execl(MICO_TOOL, MICO_TOOL, "demo", "--json", "--board", MICO_DEMO_BOARD, "--dir", dir, (char *)NULL);
        _exit(127);
    }
    assert_true(pid > 0);
    return pid;
}

static int finish(pid_t pid)
{
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char *read_all(const char *path)
{
    static char text[262144];
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t len = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[len] = '\0';
    return text;
}

/* How many of the programs in the demo's list of processes still run. */
static int running(void)
{
    FILE *f = fopen(pids, "r");
    int pid, count = 0;
    while (f != NULL && fscanf(f, "%d%*[^\n]", &pid) == 1) {
        char state[64], path[64];
        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        FILE *stat = fopen(path, "r");
        if (stat != NULL) {
            bool zombie = fscanf(stat, "%*d (%*[^)]) %63s", state) == 1 && state[0] == 'Z';
            count += !zombie;
            fclose(stat);
        }
    }
    if (f != NULL) {
        fclose(f);
    }
    return count;
}

static void demo_without_a_program_names_what_is_missing(void **state)
{
    bool posix = strcmp(MICO_DEMO_BOARD, "posix") == 0;
    assert_int_equal(finish(start_demo("/nonexistent")), 1);
    assert_non_null(strstr(read_all(errors), posix ? "mosquitto" : "qemu-system-arm"));
    assert_int_equal(running(), 0);
}

static void demo_killed_at_any_time_leaves_nothing_running(void **state)
{
    static const int moments_ms[] = {5, 15, 30, 60, 100, 150, 200, 300, 400};
    for (size_t i = 0; i < sizeof moments_ms / sizeof moments_ms[0]; i++) {
        pid_t pid = start_demo(NULL);
        poll(NULL, 0, moments_ms[i]);
        kill(pid, SIGKILL);
        assert_int_equal(finish(pid), 128 + SIGKILL); /* it was at work: the run before has left nothing in its way */
        for (int wait = 0; wait < 100 && running() > 0; wait++) {
            poll(NULL, 0, 20);
        }
        assert_int_equal(running(), 0);
    }
}

/* The pid of a running program of the demo, waited for at most 20 s. */
static pid_t pid_of(const char *name)
{
    for (int wait = 0; wait < 2000; wait++) {
        FILE *f = fopen(pids, "r");
        char its_name[64];
        int pid;
        while (f != NULL && fscanf(f, "%d %*u %63[^\n]", &pid, its_name) == 2) {
            if (strcmp(name, its_name) == 0) {
                fclose(f);
                return (pid_t)pid;
            }
        }
        if (f != NULL) {
            fclose(f);
        }
        poll(NULL, 0, 10);
    }
    fail_msg("%s was never started", name);
    return -1;
}

/* Each of these dies under the demo's hands: the demo names it, shows its log, and leaves nothing running. */
static void demo_whose_program_dies_names_it(void **state)
{
    static const char *const victims[] = {"chip-a", "device-a", "broker", "identity service"};
    for (size_t i = 0; i < sizeof victims / sizeof victims[0]; i++) {
        unlink(pids); /* a killed run before us may have left one */
        pid_t pid = start_demo(NULL);
        kill(pid_of(victims[i]), SIGKILL);
        assert_int_equal(finish(pid), 1);
        const char *said = read_all(errors);
        if (strstr(said, victims[i]) == NULL || strstr(said, "the end of ") == NULL) {
            fail_msg("%s was killed, and the demo said: %s", victims[i], said);
        }
        assert_int_equal(running(), 0);
    }
}

static void demo_refuses_a_folder_that_is_not_its_own(void **state)
{
    char kept[600];
    strcpy(kept, dir);
    snprintf(dir, sizeof dir, "%.400s/..", kept);
    assert_int_equal(finish(start_demo(NULL)), 2);
    strcpy(dir, kept);
    assert_non_null(strstr(read_all(errors), "no demo's folder"));
    assert_int_equal(access("demo_test", F_OK), 0); /* where this very test lies */
}

/* The claim beside the demo's folder names the sockets of the run before. Whoever could write it would have the next run
 * remove any folder, and end any process of the user's. */
static void demo_removes_no_folder_that_is_not_its_own(void **state)
{
    char claim[600], victim[] = "/tmp/mico-victim-XXXXXX";
    assert_non_null(mkdtemp(victim));
    snprintf(claim, sizeof claim, "%s.mico-demo", dir);
    FILE *f = fopen(claim, "w");
    assert_non_null(f);
    fputs(victim, f);
    fclose(f);
    assert_int_equal(finish(start_demo("/nonexistent")), 1);
    assert_int_equal(access(victim, F_OK), 0);
    assert_int_equal(rmdir(victim), 0);
}

static void demo_interrupted_ends_its_programs_and_says_so(void **state)
{
    pid_t pid = start_demo(NULL);
    poll(NULL, 0, 700);
    kill(pid, SIGTERM);
    assert_int_equal(finish(pid), 1);
    assert_int_equal(running(), 0);
    assert_non_null(strstr(read_all(errors), "interrupted"));
}

/* One entry of the demo's answer: present, with its words, and its flag true. */
static void check_entry(const cJSON *object, const char *list, const char *name, const char *flag, const char *words)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, list))
    {
        const cJSON *its_name = cJSON_GetObjectItemCaseSensitive(item, "name");
        const cJSON *text = cJSON_GetObjectItemCaseSensitive(item, words);
        if (cJSON_IsString(its_name) && strcmp(its_name->valuestring, name) == 0) {
            assert_true(cJSON_IsString(text) && text->valuestring[0] != '\0');
            if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, flag))) {
                fail_msg("%s: %s", name, text->valuestring);
            }
            return;
        }
    }
    fail_msg("the demo's answer has no %s", name);
}

/* After the runs above that were cut off, in the same folder: the next run starts clean. */
static void demo_lives_a_whole_life_and_refuses_every_attack(void **state)
{
    int status = finish(start_demo(NULL));
    cJSON *object = cJSON_Parse(read_all(output));
    assert_non_null(object);
    static const char *const steps[] = {"factory", "boot", "cloud", "pairing", "use, direct", "use, relay", "firmware"};
    static const char *const attacks[] = {"a wrong setup code",
                                          "a frame replayed on the chip's link",
                                          "right name, wrong key at the broker",
                                          "flash copied to a board with another chip",
                                          "one bit of the firmware altered",
                                          "an older, genuinely signed firmware"};
    bool posix = strcmp(MICO_DEMO_BOARD, "posix") == 0; /* no loader there: the entries at the end are missing */
    for (size_t i = 0; i < (posix ? 6 : 7); i++) {
        check_entry(object, "steps", steps[i], "ok", "proof");
    }
    for (size_t i = 0; i < (posix ? 4 : 6); i++) {
        check_entry(object, "attacks", attacks[i], "refused", "why");
    }
    cJSON_Delete(object);
    assert_int_equal(status, 0);
    assert_int_equal(running(), 0);
}

/* Nothing that must stay secret may lie readable in what the demo shows around: logs, link recording, packet capture.
 */
static void demo_shows_no_secret_in_its_logs(void **state)
{
    char command[2048];
    snprintf(command, sizeof command,
             "cd '%s' && ls device-a.log link-a.trace >/dev/null && "
             "! grep -laE 'PRIVATE KEY|correct horse' *.log *.trace",
             dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    snprintf(dir, sizeof dir, "%s/demo-test", getcwd(output, sizeof output));
    snprintf(pids, sizeof pids, "%s.pids", dir);
    snprintf(errors, sizeof errors, "%s.err", dir);
    snprintf(output, sizeof output, "%s.out", dir);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demo_without_a_program_names_what_is_missing),
        cmocka_unit_test(demo_killed_at_any_time_leaves_nothing_running),
        cmocka_unit_test(demo_whose_program_dies_names_it),
        cmocka_unit_test(demo_refuses_a_folder_that_is_not_its_own),
        cmocka_unit_test(demo_removes_no_folder_that_is_not_its_own),
        cmocka_unit_test(demo_interrupted_ends_its_programs_and_says_so),
        cmocka_unit_test(demo_lives_a_whole_life_and_refuses_every_attack),
        cmocka_unit_test(demo_shows_no_secret_in_its_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
