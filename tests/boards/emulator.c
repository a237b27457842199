/* SPDX-License-Identifier: Apache-2.0 */
/* A board in QEMU; see emulator.h. */
#include "tests/boards/emulator.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_S \
    90 /* the emulated network sends a frame that the chip's FIFO had no room for again after 6, 12, 24, 48 s */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void set_patience(int fd)
{
    struct timeval limit = {PATIENCE_S, 0};
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int emulator_host_listener(uint16_t *port)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof any;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &len), 0);
    set_patience(fd);
    *port = ntohs(any.sin_port);
    return fd;
}

const char *emulator_board(void)
{
    const char *board = getenv("MICO_TEST_BOARD");
    return board != NULL ? board : "mps2-an386";
}

void emulator_firmware(char path[512], const char *name)
{
    const char *build = getenv("MICO_BOARD_BUILD");
    if (build != NULL) {
        snprintf(path, 512, "%s/%s", build, name);
    } else {
        snprintf(path, 512, "%s/build/%s/%s", MICO_SOURCE_DIR, emulator_board(), name);
    }
    if (access(path, R_OK) != 0) {
        fail_msg("the board's firmware %s is missing\n  try: ./mico build %s", path, emulator_board());
    }
}

static void find_firmware(char path[512], const char *name, const char *ending)
{
    char file[256];
    snprintf(file, sizeof file, "tests/boards/%s.%s", name, ending);
    emulator_firmware(path, file);
}

static void make_dir(struct emulator *e, const char *entropy)
{
    char path[128];
    snprintf(e->dir, sizeof e->dir, "/tmp/mico-board-XXXXXX");
    assert_non_null(mkdtemp(e->dir));
    snprintf(path, sizeof path, "%s/flash.bin", e->dir);
    int flash = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(flash >= 0);
    assert_int_equal(ftruncate(flash, 16 << 20), 0);
    close(flash);
    if (entropy != NULL) {
        snprintf(path, sizeof path, "%s/rng.in", e->dir);
        assert_int_equal(symlink(entropy, path), 0);
        snprintf(path, sizeof path, "%s/rng.out", e->dir);
        assert_int_equal(symlink("/dev/null", path), 0);
    }
}

/* How the firmware starts. Where there is a Secure world it is from reset, and the firmware carries that along; elsewhere the
 * generic loader starts applications too, which do not begin at address 0. */
static int add_firmware(const char **args, int n, const struct emulator *e)
{
    static char load[600], second[600];
    if (strcmp(emulator_board(), "mps2-an505") == 0) {
        args[n++] = "-kernel";
        args[n++] = e->firmware;
    } else {
        snprintf(load, sizeof load, "loader,file=%s,cpu-num=0", e->firmware);
        args[n++] = "-device";
        args[n++] = load;
    }
    if (e->second[0] != '\0') {
        snprintf(second, sizeof second, "loader,file=%s,addr=%u", e->second, EMULATOR_APPLICATION);
        args[n++] = "-device";
        args[n++] = second;
    }
    return n;
}

/* A hub: the emulated network with its DHCP, the wire, the board. */
static int add_wire(const char **args, int n)
{
    static const char *const wire[] = {
        "-netdev", "dgram,id=wire,local.type=unix,local.path=board.sock,remote.type=unix,remote.path=wire.sock",
        "-netdev", "hubport,id=hub0,hubid=0,netdev=net",
        "-netdev", "hubport,id=hub1,hubid=0,netdev=wire",
        "-netdev", "hubport,id=hub2,hubid=0",
        "-net",    "nic,model=lan9118,netdev=hub2",
    };
    for (size_t i = 0; i < sizeof wire / sizeof wire[0]; i++) {
        args[n++] = wire[i];
    }
    return n;
}

/* In the child: become the emulator, in its folder. */
static _Noreturn void become_qemu(const struct emulator *e, int in, int out)
{
    char machine[64], nic[120];
    int n = 0;
    const char *args[64];
    snprintf(machine, sizeof machine, "%s,memory-backend=fl", emulator_board());
    snprintf(nic, sizeof nic, "user,%s,hostfwd=tcp:127.0.0.1:%u-:80,hostfwd=udp:127.0.0.1:%u-:80",
             e->wired ? "id=net" : "model=lan9118", e->port, e->port);
    bool entropy = access("rng.in", F_OK) == 0; /* for UART 2, and for UART 3, which a Secure world keeps */
    dup2(in, 0);
    dup2(out, 1);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char *const always[] = {
        "qemu-system-arm",
        "-M",
        machine,
        "-object",
        "memory-backend-file,id=fl,mem-path=flash.bin,size=16M,share=on",
        "-display",
        "none",
        "-monitor",
        "unix:monitor.sock,server=on,wait=off",
        "-serial",
        "stdio",
        "-serial",
        "unix:link.sock,server=on,wait=off",
        "-chardev",
        entropy ? "pipe,id=rng,path=rng" : "null,id=rng",
        "-serial",
        "chardev:rng",
        "-chardev",
        entropy ? "pipe,id=secure-rng,path=rng" : "null,id=secure-rng",
        "-serial",
        "chardev:secure-rng",
        e->wired ? "-netdev" : "-nic",
        nic,
    };
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        args[n++] = always[i];
    }
    n = add_firmware(args, e->wired ? add_wire(args, n) : n, e);
    args[n] = NULL;
    execvp(args[0], (char *const *)args);
    perror("error: qemu-system-arm does not start; try: apt-get install qemu-system-arm");
    _exit(127);
}

static void launch(struct emulator *e)
{
    int in[2], out[2];
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    close(emulator_host_listener(&e->port));
    e->pid = fork();
    assert_true(e->pid >= 0);
    if (e->pid == 0) {
        if (chdir(e->dir) != 0) {
            _exit(126);
        }
        become_qemu(e, in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    e->type_fd = in[1];
    e->read_fd = out[0];
    e->len = e->seen = 0;
    e->text[0] = '\0';
}

void emulator_start(struct emulator *e, const char *name, const char *entropy)
{
    emulator_start_two(e, name, NULL, entropy);
}

/* Its own end of the wire, in the emulator's folder. */
static int open_wire(const struct emulator *e)
{
    struct sockaddr_un own = {.sun_family = AF_UNIX}, board = {.sun_family = AF_UNIX};
    snprintf(own.sun_path, sizeof own.sun_path, "%s/wire.sock", e->dir);
    snprintf(board.sun_path, sizeof board.sun_path, "%s/board.sock", e->dir);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    for (int tries = 0; connect(fd, (struct sockaddr *)&board, sizeof board) != 0; tries++) {
        assert_true(tries < 500); /* the emulator makes its end when it starts */
        usleep(20000);
    }
    return fd;
}

void emulator_start_wired(struct emulator *e, const char *name, const char *entropy, int *wire)
{
    find_firmware(e->firmware, name, "elf");
    e->second[0] = '\0';
    make_dir(e, entropy);
    e->wired = true;
    launch(e);
    e->wired = false;
    *wire = open_wire(e);
}

void emulator_start_two(struct emulator *e, const char *name, const char *second, const char *entropy)
{
    find_firmware(e->firmware, name, "elf");
    e->second[0] = '\0';
    if (second != NULL) {
        find_firmware(e->second, second, "bin");
    }
    make_dir(e, entropy);
    launch(e);
}

void emulator_start_file(struct emulator *e, const char *path, const char *entropy)
{
    snprintf(e->firmware, sizeof e->firmware, "%s", path);
    e->second[0] = '\0';
    make_dir(e, entropy);
    launch(e);
}

static void kill_it(struct emulator *e)
{
    if (e->pid > 0) {
        kill(e->pid, SIGKILL);
        waitpid(e->pid, NULL, 0);
        close(e->type_fd);
        close(e->read_fd);
        e->pid = 0;
    }
}

void emulator_restart(struct emulator *e)
{
    kill_it(e);
    launch(e);
}

void emulator_stop(struct emulator *e)
{
    static const char *const files[] = {"flash.bin",    "link.sock",  "wire.sock", "board.sock",
                                        "monitor.sock", "memory.bin", "rng.in",    "rng.out"};
    kill_it(e);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", e->dir, files[i]);
        unlink(path);
    }
    if (e->dir[0] != '\0') {
        assert_int_equal(rmdir(e->dir), 0); /* nothing of ours is left in /tmp */
    }
    e->dir[0] = '\0';
}

void emulator_type(struct emulator *e, const char *line)
{
    assert_int_equal(write(e->type_fd, line, strlen(line)), (ssize_t)strlen(line));
    assert_int_equal(write(e->type_fd, "\n", 1), 1);
}

/* More of the console into text. False when nothing came until then. */
static bool read_more(struct emulator *e, int64_t until)
{
    int64_t left = until - now_ms();
    struct pollfd ready = {e->read_fd, POLLIN, 0};
    if (left <= 0 || e->len == EMULATOR_TEXT_MAX || poll(&ready, 1, (int)left) <= 0) {
        return false;
    }
    ssize_t got = read(e->read_fd, e->text + e->len, EMULATOR_TEXT_MAX - e->len);
    e->len += got > 0 ? (size_t)got : 0;
    e->text[e->len] = '\0';
    return got > 0;
}

/* The text's place, and what is matched ends with its line; NULL: it has not been said yet. The whole line is there when it counts, so
 * that what follows text can be read. */
static const char *match(struct emulator *e, const char *text)
{
    char *found = strstr(e->text + e->seen, text);
    char *end = found != NULL ? strchr(found + strlen(text), '\n') : NULL;
    if (end == NULL) {
        return NULL;
    }
    e->seen = (size_t)(end - e->text);
    return found;
}

int emulator_hear(struct emulator *e, const char *const texts[], size_t count, int timeout_ms)
{
    int64_t until = now_ms() + timeout_ms;
    do {
        for (size_t i = 0; i < count; i++) {
            if (match(e, texts[i]) != NULL) {
                return (int)i;
            }
        }
    } while (read_more(e, until));
    return -1;
}

const char *emulator_expect(struct emulator *e, const char *text, int timeout_ms)
{
    int64_t until = now_ms() + timeout_ms;
    for (;;) {
        const char *found = match(e, text);
        if (found != NULL) {
            return found + strlen(text);
        }
        if (!read_more(e, until)) {
            fail_msg("the console did not say \"%s\" within %d ms; it said:\n%s", text, timeout_ms, e->text);
        }
    }
}

int emulator_link(const struct emulator *e)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s/link.sock", e->dir);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    set_patience(fd);
    return fd;
}

/* The monitor's prompt. */
static void wait_for_prompt(int fd)
{
    char last[8] = "";
    while (memcmp(last, "(qemu) ", 7) != 0) {
        memmove(last, last + 1, 6);
        assert_int_equal(read(fd, last + 6, 1), 1);
    }
}

void emulator_memory(const struct emulator *e, uint32_t address, uint8_t *out, size_t len)
{
    char path[96], command[96];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s/monitor.sock", e->dir);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    set_patience(fd);
    wait_for_prompt(fd);
    int n = snprintf(command, sizeof command, "memsave 0x%x %zu memory.bin\n", (unsigned)address, len);
    assert_int_equal(write(fd, command, (size_t)n), n);
    wait_for_prompt(fd);
    close(fd);
    snprintf(path, sizeof path, "%s/memory.bin", e->dir);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(out, 1, len, file), len);
    fclose(file);
    unlink(path);
}

static int connect_by(const struct emulator *e, int type)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(e->port)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    set_patience(fd);
    return fd;
}

int emulator_connect(const struct emulator *e)
{
    return connect_by(e, SOCK_STREAM);
}

int emulator_connect_udp(const struct emulator *e)
{
    return connect_by(e, SOCK_DGRAM);
}

long emulator_cpu_ms(const struct emulator *e)
{
    char path[64], line[1024];
    unsigned long user, system;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)e->pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    const char *after_name = strrchr(line, ')');
    assert_non_null(after_name);
    assert_int_equal(sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system), 2);
    return (long)((user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
}
