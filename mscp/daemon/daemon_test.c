/* SPDX-License-Identifier: Apache-2.0 */
/* mscpd as a process: who may connect, what it has taken from itself, and what it does to one who breaks the rules. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "mscp/daemon/durable.h"
#include "mscp/daemon/sandbox.h"
#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_socket.h"

#define STRANGER 65534 /* nobody */
#define WAIT_MS 20000

#ifdef MICO_SANITIZED
#define LOCKED_MIN 0 /* clang's address sanitizer makes mlock do nothing */
#else
#define LOCKED_MIN 1
#endif

static char folder[] = "/tmp/mscpd-XXXXXX";
static pid_t daemon_pid;

static pid_t spawn(const char *const *args)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execv(MSCPD, (char *const *)args);
        _exit(127);
    }
    return pid;
}

static void start(const char *option, const char *value)
{
    const char *const args[] = {"mscpd", "--flash", "chip.bin", "--listen", "chip.sock", option, value, NULL};
    daemon_pid = spawn(args);
}

static int stop(int number)
{
    int status;
    kill(daemon_pid, number);
    waitpid(daemon_pid, &status, 0);
    daemon_pid = 0;
    return status;
}

/* GetInfo in the clear: does the daemon hear this process out? */
static bool served(uint32_t wait_ms)
{
    struct mscp_socket socket;
    struct mscp_transport transport;
    struct mscp_host host;
    struct mscp_info info;
    if (mscp_socket_open(&socket, "chip.sock", wait_ms, &transport) != MICO_OK) {
        return false;
    }
    mscp_host_start(&host, &transport, NULL);
    mico_err err = mscp_host_info(&host, &info);
    mscp_host_stop(&host);
    mscp_socket_close(&socket);
    return err == MICO_OK;
}

static bool served_as(uid_t uid)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        _exit(setgid(uid) == 0 && setuid(uid) == 0 && served(0) ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A number from /proc/PID/status; base 10, the first on the line of that key. */
static long status_of(const char *key)
{
    char path[64], line[256];
    long value = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)daemon_pid);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0 && line[strlen(key)] == ':') {
            value = strtol(line + strlen(key) + 1, NULL, 10);
        }
    }
    fclose(f);
    return value;
}

static int setup(void **state)
{
    return mkdtemp(folder) != NULL && chmod(folder, 0755) == 0 && chdir(folder) == 0 ? 0 : -1;
}

static int after_each(void **state)
{
    if (daemon_pid > 0) {
        stop(SIGKILL);
    }
    unlink("chip.sock");
    unlink("chip.bin");
    unlink("chip.bin.anchor");
    return 0;
}

static int teardown(void **state)
{
    return rmdir(folder);
}

static void it_serves_the_user_who_started_it(void **state)
{
    start(NULL, NULL);
    assert_true(served(WAIT_MS));
    int status = stop(SIGTERM);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void it_refuses_another_user_unless_allowed(void **state)
{
    if (geteuid() != 0) {
        return; /* one who is not root has no other user to be */
    }
    start(NULL, NULL);
    assert_true(served(WAIT_MS));
    assert_false(served_as(STRANGER));
    assert_true(served(0)); /* and goes on serving */
    stop(SIGTERM);

    start("--allow", "65534");
    assert_true(served(WAIT_MS));
    assert_true(served_as(STRANGER));
    stop(SIGTERM);

    start("--allow", "@65534");
    assert_true(served(WAIT_MS));
    assert_true(served_as(STRANGER));
}

static void started_by_root_it_is_a_user_of_its_own(void **state)
{
    struct stat flash;
    start(NULL, NULL);
    assert_true(served(WAIT_MS));
    if (geteuid() == 0) {
        assert_int_not_equal(status_of("Uid"), 0);
        assert_int_not_equal(status_of("Gid"), 0);
    }
    assert_int_equal(stat("chip.bin", &flash), 0);
    assert_int_equal((long)flash.st_uid, status_of("Uid"));
    assert_int_equal(flash.st_mode & 0777, 0600);
}

static void its_memory_is_locked_and_its_calls_are_filtered(void **state)
{
    char path[64], limits[4096];
    start(NULL, NULL);
    assert_true(served(WAIT_MS));
    assert_int_equal(status_of("Seccomp"), 2); /* a filter */
    assert_int_equal(status_of("NoNewPrivs"), 1);
    assert_true(status_of("VmLck") >= LOCKED_MIN);
    snprintf(path, sizeof path, "/proc/%d/limits", (int)daemon_pid);
    int fd = open(path, O_RDONLY);
    ssize_t len = read(fd, limits, sizeof limits - 1);
    close(fd);
    assert_true(len > 0);
    limits[len] = '\0';
    const char *core = strstr(limits, "Max core file size");
    unsigned long soft = 1, hard = 1;
    assert_non_null(core);
    assert_int_equal(sscanf(core, "Max core file size %lu %lu", &soft, &hard), 2);
    assert_int_equal(soft + hard, 0);
}

/* The same user without root's privileges is who would try. */
static void its_own_user_cannot_debug_it(void **state)
{
    int status;
    start(NULL, NULL);
    assert_true(served(WAIT_MS));
    uid_t own = (uid_t)status_of("Uid");
    pid_t pid = fork();
    if (pid == 0) {
        bool same = geteuid() != 0 || (setgid(own) == 0 && setuid(own) == 0);
        _exit(same && ptrace(PTRACE_SEIZE, daemon_pid, NULL, NULL) != 0 && errno == EPERM ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* As the demo and the station start it: it must not outlive them, though it has become another user. */
static void it_ends_with_a_starter_who_asked_for_that(void **state)
{
    const char *const args[] = {"mscpd", "--flash", "chip.bin", "--listen", "chip.sock", NULL};
    int ends[2];
    pid_t child = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t starter = fork();
    if (starter == 0) {
        pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            execv(MSCPD, (char *const *)args);
            _exit(127);
        }
        (void)!write(ends[1], &pid, sizeof pid);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ends[0], &child, sizeof child), sizeof child);
    close(ends[0]);
    close(ends[1]);
    assert_true(served(WAIT_MS));
    kill(starter, SIGKILL);
    waitpid(starter, NULL, 0);
    for (int i = 0; i < 500 && served(0); i++) {
        usleep(10000);
    }
    assert_false(served(0));
    kill(child, SIGKILL); /* one that failed the test */
}

static void a_call_outside_the_list_kills(void **state)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        if (mscpd_restrict_calls()) {
            (void)socket(AF_INET, SOCK_STREAM, 0);
        }
        _exit(0);
    }
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void wrong_options_are_named(void **state)
{
    static const char *const wrong[][2] = {{"--allow", "no such user"}, {"--allow", "@no such group"},
                                           {"--user", "no such user"},  {"--survive", "fire"},
                                           {"--what", "ever"},          {"--listen", "no/such/folder/chip.sock"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int status;
        start(wrong[i][0], wrong[i][1]);
        waitpid(daemon_pid, &status, 0);
        daemon_pid = 0;
        assert_true(WIFEXITED(status));
        assert_in_range(WEXITSTATUS(status), 1, 2);
    }
}

static void a_second_daemon_on_the_same_flash_ends(void **state)
{
    const char *const second[] = {"mscpd", "--flash", "chip.bin", "--listen", "other.sock", NULL};
    int status;
    start(NULL, NULL);
    assert_true(served(WAIT_MS));
    waitpid(spawn(second), &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_true(served(0));
}

static void a_durable_flash_is_a_flash(void **state)
{
    static struct mico_posix_flash file;
    struct mscpd_durable durable;
    uint8_t bytes[5000], back[5000], on_disk[5000];
    memset(bytes, 0x5A, sizeof bytes);
    assert_int_equal(mico_posix_flash_open(&file, "chip.bin"), MICO_OK);
    mscpd_durable_open(&durable, &file);
    const struct mico_flash *flash = &durable.flash;
    assert_int_equal(flash->program(flash, 4095, bytes, sizeof bytes), MICO_OK); /* across pages */
    assert_int_equal(flash->read(flash, 4095, back, sizeof back), MICO_OK);
    assert_memory_equal(bytes, back, sizeof bytes);
    int fd = open("chip.bin", O_RDONLY);
    assert_int_equal(pread(fd, on_disk, sizeof on_disk, 4095), sizeof on_disk);
    close(fd);
    assert_memory_equal(bytes, on_disk, sizeof bytes);
    assert_int_equal(flash->erase(flash, 4096, 4096), MICO_OK);
    assert_int_equal(flash->read(flash, 4096, back, 1), MICO_OK);
    assert_int_equal(back[0], 0xFF);
    assert_int_equal(flash->program(flash, flash->size, bytes, 1), MICO_ERR_PARAM);
    assert_int_equal(flash->erase(flash, 1, 4096), MICO_ERR_PARAM);
    mico_posix_flash_close(&file);
}

/* What the chip says to a pairing. */
static enum mscp_status pairing_status(void)
{
    struct mscp_socket socket;
    struct mscp_transport transport;
    struct mscp_host host;
    struct mscp_binding binding;
    assert_int_equal(mscp_socket_open(&socket, "chip.sock", WAIT_MS, &transport), MICO_OK);
    mscp_host_start(&host, &transport, NULL);
    mico_err ignored = mscp_host_pair(&host, &binding);
    (void)ignored;
    enum mscp_status status = mscp_host_last_status(&host);
    mscp_host_stop(&host);
    mscp_socket_close(&socket);
    return status;
}

static void put_back_and_forth(const char *option, const char *anchor)
{
    start(option, anchor);
    assert_int_equal(pairing_status(), MSCP_OK);
    stop(SIGTERM);
    assert_int_equal(system("cp chip.bin old.bin"), 0);
    start(option, anchor);
    assert_int_equal(pairing_status(), MSCP_OK); /* as long as it holds no object */
    stop(SIGTERM);
    assert_int_equal(system("mv chip.bin new.bin; mv old.bin chip.bin"), 0);
    start(option, anchor);
    assert_int_equal(pairing_status(), MSCP_ROLLBACK);
    stop(SIGTERM);
    assert_int_equal(system("mv new.bin chip.bin"), 0);
    start(option, anchor);
    assert_int_equal(pairing_status(), MSCP_OK);
    stop(SIGTERM);
}

static void a_flash_file_that_was_put_back_is_noticed_by_the_anchor(void **state)
{
    put_back_and_forth("--anchor", "anchor");
    assert_int_not_equal(access("chip.bin.anchor", F_OK), 0);
    unlink("anchor");
    unlink("chip.bin");
    put_back_and_forth(NULL, NULL); /* without the option it lies beside the flash */
    assert_int_equal(access("chip.bin.anchor", F_OK), 0);
    unlink("chip.bin.anchor");
    unlink("chip.bin");
    put_back_and_forth("--survive", "process");
}

static void a_new_flash_beside_an_old_count_is_refused_with_words(void **state)
{
    start(NULL, NULL);
    assert_true(served(WAIT_MS));
    stop(SIGTERM);
    unlink("chip.bin");
    assert_int_not_equal(system(MSCPD " --flash chip.bin --listen chip.sock 2> said"), 0);
    assert_int_equal(system("grep -q 'chip.bin does not exist, but chip.bin.anchor counts' said"), 0);
    unlink("said");
    assert_int_not_equal(access("chip.bin", F_OK), 0); /* nothing was made */
    unlink("chip.bin.anchor");
    start(NULL, NULL);
    assert_int_equal(pairing_status(), MSCP_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(it_serves_the_user_who_started_it, after_each),
        cmocka_unit_test_teardown(it_refuses_another_user_unless_allowed, after_each),
        cmocka_unit_test_teardown(started_by_root_it_is_a_user_of_its_own, after_each),
        cmocka_unit_test_teardown(its_memory_is_locked_and_its_calls_are_filtered, after_each),
        cmocka_unit_test_teardown(its_own_user_cannot_debug_it, after_each),
        cmocka_unit_test_teardown(it_ends_with_a_starter_who_asked_for_that, after_each),
        cmocka_unit_test_teardown(a_call_outside_the_list_kills, after_each),
        cmocka_unit_test_teardown(wrong_options_are_named, after_each),
        cmocka_unit_test_teardown(a_second_daemon_on_the_same_flash_ends, after_each),
        cmocka_unit_test_teardown(a_durable_flash_is_a_flash, after_each),
        cmocka_unit_test_teardown(a_flash_file_that_was_put_back_is_noticed_by_the_anchor, after_each),
        cmocka_unit_test_teardown(a_new_flash_beside_an_old_count_is_refused_with_words, after_each),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
