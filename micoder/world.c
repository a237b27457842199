/* SPDX-License-Identifier: Apache-2.0 */
/* The small world in which a demo happens; see world.h. */
#include "micoder/world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "micoder/commands.h"

#define SOCKETS_FORM "/tmp/mico-XXXXXX"

bool mico_world_fail(struct mico_world *world, const char *log, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(world->failure, sizeof world->failure, format, list);
    va_end(list);
    snprintf(world->failed_log, sizeof world->failed_log, "%s", log != NULL ? log : "");
    return false;
}

/* folder/under/name, under may be empty. */
static const char *path_in(const char *folder, const char *under, const char *name)
{
    static char paths[64][1024];
    static unsigned next;
    char *path = paths[next++ % 64];
    snprintf(path, sizeof paths[0], "%s/%s%s%s", folder, under, under[0] != '\0' ? "/" : "", name);
    return path;
}

static const char *path_of(const char *folder, const char *name)
{
    return path_in(folder, "", name);
}

const char *mico_world_path(const struct mico_world *world, const char *name)
{
    return path_of(world->dir, name);
}

const char *mico_world_program(const struct mico_world *world, const char *path)
{
    return path_in(mico_build(), "", path);
}

const char *mico_world_plugin(const struct mico_world *world)
{
    return path_of(world->top, "build/host/cloud/broker/mico_broker.so");
}

const char *mico_world_board_file(const struct mico_world *world, const char *path)
{
    return path_in(world->top, "build/mps2-an386", path);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

/* A port that is free now, on loopback. */
static uint16_t free_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    uint16_t port = 0;
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &len) == 0) {
        port = ntohs(address.sin_port);
    }
    if (fd >= 0) {
        close(fd);
    }
    return port;
}

static void name_device(struct mico_world *world, struct mico_demo_device *device, char letter)
{
    char name[32];
    device->letter = letter;
    snprintf(name, sizeof name, "device-%c.flash", letter);
    snprintf(device->flash, sizeof device->flash, "%.400s/%s", world->dir, name);
    snprintf(name, sizeof name, "chip-%c.flash", letter);
    snprintf(device->chip_flash, sizeof device->chip_flash, "%.400s/%s", world->dir, name);
    snprintf(device->chip_link, sizeof device->chip_link, "%s/chip-%c", world->sockets, letter);
    snprintf(device->link, sizeof device->link, "%s/link-%c", world->sockets, letter);
}

/* A folder that make_sockets made, and no other: who could write the claim would have it name anything. */
static bool is_our_socket_folder(const char *path)
{
    struct stat st;
    size_t form = strlen(SOCKETS_FORM), fixed = form - strlen("XXXXXX");
    return strlen(path) == form && strncmp(path, SOCKETS_FORM, fixed) == 0 && strchr(path + fixed, '/') == NULL &&
           lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

/* The folder's claim is a file beside it, DIR.mico-demo: only a folder that has one is ever emptied. Locked, it keeps a
 * second run out; inside stands the folder of sockets, for the next run to clear away if this one is killed. It is
 * never removed, so a kill at any moment leaves the folder claimed. */
static bool claim_folder(struct mico_world *world)
{
    char claim[600], old[64] = "";
    struct stat st;
    snprintf(claim, sizeof claim, "%s.mico-demo", world->dir);
    int fd = open(claim, O_RDWR | O_CLOEXEC);
    if (fd < 0 && stat(world->dir, &st) == 0) {
        return mico_world_fail(world, NULL, "%s exists and is no demo's folder; give --dir another one", world->dir);
    }
    if (fd < 0) {
        fd = open(claim, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    }
    if (fd < 0) {
        return mico_world_fail(world, NULL, "cannot write %s: %s", claim, strerror(errno));
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
        close(fd);
        return mico_world_fail(world, NULL, "%s is not a file of yours; give --dir another folder", claim);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return mico_world_fail(world, NULL, "another demo runs in %s; end it first, or give --dir another folder",
                               world->dir);
    }
    if (read(fd, old, sizeof old - 1) > 0 && is_our_socket_folder(old)) {
        nftw(old, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    world->claim = fd;
    return true;
}

/* Sockets and the entropy pipe (a pair of links that QEMU opens) lie in a short folder: Unix paths end at 107 bytes. */
static bool make_sockets(struct mico_world *world)
{
    snprintf(world->sockets, sizeof world->sockets, SOCKETS_FORM);
    if (mkdtemp(world->sockets) == NULL) {
        return mico_world_fail(world, NULL, "cannot make a folder in /tmp: %s", strerror(errno));
    }
    if (ftruncate(world->claim, 0) != 0 ||
        pwrite(world->claim, world->sockets, strlen(world->sockets), 0) != (ssize_t)strlen(world->sockets)) {
        return mico_world_fail(world, NULL, "cannot write %s.mico-demo: %s", world->dir, strerror(errno));
    }
    if (symlink("/dev/urandom", path_of(world->sockets, "rng.in")) != 0 ||
        symlink("/dev/null", path_of(world->sockets, "rng.out")) != 0) {
        return mico_world_fail(world, NULL, "cannot make links in %s: %s", world->sockets, strerror(errno));
    }
    return true;
}

bool mico_world_open(struct mico_world *world, const char *dir, bool posix)
{
    memset(world, 0, sizeof *world);
    snprintf(world->top, sizeof world->top, "%s", mico_top());
    world->posix = posix;
    snprintf(world->dir, sizeof world->dir, "%s", dir);
    if (!claim_folder(world)) {
        return false;
    }
    char pids[600];
    snprintf(pids, sizeof pids, "%s.pids", dir);
    mico_processes_open(&world->processes, pids);
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (mkdir(dir, 0700) != 0) {
        return mico_world_fail(world, NULL, "cannot make the folder %s: %s", dir, strerror(errno));
    }
    world->broker_port = free_port();
    world->user_port = free_port();
    world->cloud_port = free_port();
    world->device_port = free_port();
    if (world->device_port == 0) {
        return mico_world_fail(world, NULL, "no free TCP port on 127.0.0.1");
    }
    if (!make_sockets(world)) {
        return false;
    }
    name_device(world, &world->a, 'a');
    name_device(world, &world->b, 'b');
    return true;
}

void mico_world_close(struct mico_world *world)
{
    mico_processes_stop_all(&world->processes);
    if (world->sockets[0] != '\0') {
        nftw(world->sockets, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
}

bool mico_world_run(struct mico_world *world, const char *name, struct mico_args *args, char *out, size_t cap)
{
    char log[640];
    snprintf(log, sizeof log, "%s/%s.log", world->dir, name);
    int status = mico_run(args, log, 60000, out, cap);
    if (status == 127) {
        return mico_world_fail(world, log, "%s: cannot start %s; try ./mico doctor", name, args->argv[0]);
    }
    if (status != 0) {
        return mico_world_fail(world, log, "%s ended with status %d", name, status);
    }
    return true;
}

bool mico_world_expect(struct mico_world *world, struct mico_process *process, const char *text, int timeout_ms,
                       char *line, size_t cap)
{
    for (int waited = 0; waited < timeout_ms; waited += 200) {
        bool ran = process->pid != 0;
        if (mico_process_expect(&world->processes, process, text, NULL, 200, line, cap, NULL)) {
            return true;
        }
        if (ran && process->pid == 0) {
            return mico_world_fail(world, process->log, "%s ended before it said '%s'", process->name, text);
        }
        struct mico_process *dead = mico_processes_dead(&world->processes);
        if (dead != NULL) {
            return mico_world_fail(world, dead->log, "%s ended while %s was to say '%s'", dead->name, process->name,
                                   text);
        }
    }
    return mico_world_fail(world, process->log, "%s did not say '%s' in %d s", process->name, text, timeout_ms / 1000);
}

/* What every emulated board of ours has: a Cortex-M4 with a flash file, console, link, entropy. */
static void board_args(struct mico_args *args, const struct mico_world *world, const char *kernel, const char *flash,
                       const char *console)
{
    mico_args_add(args, "qemu-system-arm");
    mico_args_add(args, "-M");
    mico_args_add(args, "mps2-an386,memory-backend=fl");
    mico_args_add(args, "-object");
    mico_args_add(args, "memory-backend-file,id=fl,mem-path=%s,size=16M,share=on", flash);
    mico_args_add(args, "-kernel");
    mico_args_add(args, "%s", kernel);
    mico_args_add(args, "-display");
    mico_args_add(args, "none");
    mico_args_add(args, "-monitor");
    mico_args_add(args, "none");
    mico_args_add(args, "-chardev");
    mico_args_add(args, "file,id=console,path=%s,append=on", console);
    mico_args_add(args, "-serial");
    mico_args_add(args, "chardev:console");
}

static void board_serials(struct mico_args *args, const struct mico_world *world, const char *link)
{
    mico_args_add(args, "-chardev");
    mico_args_add(args, "%s", link);
    mico_args_add(args, "-serial");
    mico_args_add(args, "chardev:link");
    mico_args_add(args, "-chardev");
    mico_args_add(args, "pipe,id=rng,path=%s/rng", world->sockets);
    mico_args_add(args, "-serial");
    mico_args_add(args, "chardev:rng");
}

/* An erased 16 MiB flash, unless there is one. */
static bool make_flash(struct mico_world *world, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0) {
        return st.st_size == 16 << 20 ||
               mico_world_fail(world, NULL, "the flash file %s has %lld bytes, not 16 MiB; remove it", path,
                               (long long)st.st_size);
    }
    FILE *f = fopen(path, "wb");
    static uint8_t erased[65536];
    memset(erased, 0xFF, sizeof erased);
    for (int i = 0; f != NULL && i < 256; i++) {
        if (fwrite(erased, sizeof erased, 1, f) != 1) {
            fclose(f);
            f = NULL;
        }
    }
    if (f == NULL || fclose(f) != 0) {
        return mico_world_fail(world, NULL, "cannot write the flash file %s: %s", path, strerror(errno));
    }
    return true;
}

static void chip_args(struct mico_args *args, const struct mico_world *world, const struct mico_demo_device *device,
                      const char *log)
{
    if (world->posix) {
        mico_args_add(args, "%s", mico_world_program(world, "mscp/daemon/mscpd"));
        mico_args_add(args, "--flash");
        mico_args_add(args, "%s", device->chip_flash);
        mico_args_add(args, "--listen");
        mico_args_add(args, "%s", device->chip_link);
        return;
    }
    char link[200];
    snprintf(link, sizeof link, "socket,id=link,path=%s,server=on,wait=off", device->chip_link);
    board_args(args, world, mico_world_board_file(world, "mscp/chip/chip.elf"), device->chip_flash, log);
    board_serials(args, world, link);
    mico_args_add(args, "-net");
    mico_args_add(args, "none");
}

bool mico_world_start_chip(struct mico_world *world, struct mico_demo_device *device)
{
    char name[32], line[256], log[640];
    snprintf(name, sizeof name, "chip-%c", device->letter);
    snprintf(log, sizeof log, "%s/%s.log", world->dir, name);
    if (!make_flash(world, device->chip_flash)) {
        return false;
    }
    struct mico_args args = {.count = 0};
    chip_args(&args, world, device, log);
    device->chip = mico_process_start(&world->processes, name, log, &args);
    if (device->chip == NULL) {
        return mico_world_fail(world, log, "cannot start %s", name);
    }
    return mico_world_expect(world, device->chip, "chip: serial", 20000, line, sizeof line);
}

static void device_args(struct mico_args *args, const struct mico_world *world, const struct mico_boot *boot,
                        const char *log)
{
    char link[200];
    snprintf(link, sizeof link, "socket,id=link,path=%s", boot->link);
    board_args(args, world, mico_world_board_file(world, "boot/loader/loader.elf"), boot->flash, log);
    board_serials(args, world, link);
    mico_args_add(args, "-device");
    mico_args_add(args, "loader,file=%s,addr=0x3F000,force-raw=on", mico_world_path(world, "otp.bin"));
    mico_args_add(args, "-nic");
    if (boot->port == 0) {
        mico_args_add(args, "user,id=n0,restrict=on");
    } else {
        mico_args_add(args, "user,id=n0,hostfwd=tcp:127.0.0.1:%u-:80", boot->port);
    }
    if (boot->capture != NULL) {
        mico_args_add(args, "-object");
        mico_args_add(args, "filter-dump,id=d0,netdev=n0,file=%s", boot->capture);
    }
    if (boot->debugger != NULL) {
        mico_args_add(args, "-gdb");
        mico_args_add(args, "unix:%s,server=on,wait=off", boot->debugger);
    }
}

static void light_args(struct mico_args *args, const struct mico_world *world, const struct mico_boot *boot)
{
    mico_args_add(args, "%s", mico_world_program(world, "apps/light/light"));
    mico_args_add(args, "--flash");
    mico_args_add(args, "%s", boot->flash);
    mico_args_add(args, "--link");
    mico_args_add(args, "%s", boot->link);
    mico_args_add(args, "--port");
    mico_args_add(args, "%u", boot->port);
}

struct mico_process *mico_world_boot(struct mico_world *world, const struct mico_boot *boot)
{
    char log[640];
    snprintf(log, sizeof log, "%s/%s.log", world->dir, boot->name);
    struct mico_args args = {.count = 0};
    if (!make_flash(world, boot->flash)) {
        return NULL;
    }
    if (world->posix) {
        light_args(&args, world, boot);
    } else {
        device_args(&args, world, boot, log);
    }
    struct mico_process *process = mico_process_start(&world->processes, boot->name, log, &args);
    if (process == NULL) {
        mico_world_fail(world, log, "cannot start %s", boot->name);
    }
    return process;
}

static bool accepts(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    bool yes = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return yes;
}

bool mico_world_wait_port(struct mico_world *world, struct mico_process *process, uint16_t port, int timeout_ms)
{
    for (int waited = 0; waited < timeout_ms; waited += 20) {
        if (accepts(port)) {
            return true;
        }
        struct mico_process *dead = mico_processes_dead(&world->processes);
        if (dead != NULL) {
            return mico_world_fail(world, dead->log, "%s ended before port %u was open", dead->name, port);
        }
        poll(NULL, 0, 20);
    }
    return mico_world_fail(world, process->log, "%s does not open port %u", process->name, port);
}

bool mico_copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    static uint8_t block[65536];
    bool good = in != NULL && out != NULL;
    for (size_t n = 1; good && n > 0;) {
        n = fread(block, 1, sizeof block, in);
        good = ferror(in) == 0 && fwrite(block, 1, n, out) == n;
    }
    if (in != NULL) {
        fclose(in);
    }
    return (out == NULL || fclose(out) == 0) && good;
}
