/* SPDX-License-Identifier: Apache-2.0 */
/* See test_board.h. */
#include "boot/loader/test_board.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
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

#include "boot/image/image_make.h"
#include "boot/update/update.h"
#include "crypto/primitives/primitives.h"
#include "identity/provision.h"
#include "mscp/chip/test_rig.h"

#define FLASH_SIZE (16u << 20)
#define BOOT_MS 60000

struct rig board_rig;
static struct test_flash flash;
uint8_t *board_flash;
static struct mscp_binding binding;
static const uint8_t maker_seed[32] = {0x4D};
static uint8_t maker_public[32], device_key[32];
static struct mico_image_key content_key;
struct mico_image_recipe board_recipe;
static uint8_t program[1 << 20];
char board_digest[65];

static char dir[64];
static int listener = -1, link_fd = -1, console = -1;
static pid_t qemu;
char board_said[16384];
static size_t said_len;

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const char *in_dir(const char *name)
{
    static char paths[4][160];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", dir, name);
    return path;
}

const char *board_built(const char *name)
{
    static char path[512];
    const char *build = getenv("MICO_BOARD_BUILD");
    snprintf(path, sizeof path, "%s/%s", build != NULL ? build : MICO_SOURCE_DIR "/build/mps2-an386", name);
    if (access(path, R_OK) != 0) {
        fail_msg("the board's firmware %s is missing\n  try: cmake --preset mps2-an386 && cmake --build --preset mps2-an386",
                 path);
    }
    return path;
}

static void write_file(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static mico_err sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    mico_hex(digest, 32, board_digest);
    mico_ed25519_sign(maker_seed, maker_public, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

static void make_image_in(uint32_t slot)
{
    static uint8_t image[2 << 20];
    struct mico_reason reason = {""};
    size_t len;
    if (mico_image_make(&board_recipe, image, sizeof image, &len, &reason) != MICO_OK) {
        fail_msg("%s", reason.text);
    }
    memset(board_flash + slot, 0xFF, MICO_FLASH_SLOT_SIZE);
    memcpy(board_flash + slot, image, len);
}

void board_make_image(void)
{
    make_image_in(MICO_FLASH_SLOT_A);
}

void board_ask_for_update(void)
{
    make_image_in(MICO_FLASH_SLOT_B);
    assert_int_equal(mico_update_request(&flash.flash), MICO_OK);
}

static void provision(void)
{
    struct mico_store store;
    uint8_t record[MSCP_BINDING_SIZE];
    rig_start(&board_rig);
    rig_provision(&board_rig, &binding, true);
    assert_int_equal(mscp_host_counter_raise(&board_rig.host, MSCP_ID_ROLLBACK, 3), MICO_OK);
    assert_int_equal(mscp_host_public_key(&board_rig.host, MSCP_ID_FIRMWARE, device_key), MICO_OK);
    test_flash_init(&flash, board_flash, FLASH_SIZE, 4096, 1);
    mscp_binding_encode(&binding, record);
    assert_int_equal(mico_store_open(&store, &flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE), MICO_OK);
    assert_int_equal(mico_store_put(&store, MSCP_BINDING_RECORD, record, sizeof record), MICO_OK);
}

void board_write_key_page(const void *page, size_t len)
{
    write_file(in_dir("otp.bin"), page, len);
}

static size_t read_built(const char *name, uint8_t *out, size_t cap)
{
    FILE *file = fopen(board_built(name), "rb");
    assert_non_null(file);
    size_t len = fread(out, 1, cap, file);
    fclose(file);
    return len;
}

int board_set_up(void **state)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(dir, sizeof dir, "/tmp/mico-loader-XXXXXX");
    assert_non_null(mkdtemp(dir));
    board_flash = malloc(FLASH_SIZE);
    assert_non_null(board_flash);
    provision();
    mico_ed25519_public(maker_seed, maker_public);
    uint8_t page[40] = "MOTP\1";
    mico_image_key_hash(maker_public, page + 8);
    board_write_key_page(page, sizeof page);
    size_t len = read_built("boot/loader/loader_probe.bin", program, sizeof program);
    assert_int_equal(mico_image_make_key(&content_key, 16), MICO_OK);
    board_recipe = (struct mico_image_recipe){
        .payload = {program, len}, .version = {1, 2, 3, 4}, .security_counter = 5, .load_addr = 0x40000, .ram_load = true,
        .header_size = 0x400, .carry_public_key = true, .sign = sign, .content_key = &content_key, .device_key = device_key,
    };
    memcpy(board_recipe.public_key, maker_public, 32);
    board_make_image();
    assert_int_equal(symlink("/dev/urandom", in_dir("rng.in")), 0);
    assert_int_equal(symlink("/dev/null", in_dir("rng.out")), 0);
    snprintf(at.sun_path, sizeof at.sun_path, "%s", in_dir("link"));
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 1), 0);
    return 0;
}

int board_tear_down(void **state)
{
    static const char *const files[] = {"otp.bin", "flash.bin", "loader.bin", "link", "rng.in", "rng.out"};
    board_power_off();
    close(listener);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        unlink(in_dir(files[i]));
    }
    rmdir(dir);
    free(board_flash);
    rig_end(&board_rig);
    return 0;
}

static _Noreturn void become_qemu(int out)
{
    static const char *const argv[] = {
        "qemu-system-arm", "-M", "mps2-an386,memory-backend=fl",
        "-object", "memory-backend-file,id=fl,mem-path=flash.bin,size=16M,share=on",
        "-display", "none", "-monitor", "none", "-serial", "stdio",
        "-chardev", "socket,id=link,path=link", "-serial", "chardev:link",
        "-chardev", "pipe,id=rng,path=rng", "-serial", "chardev:rng", "-nic", "user,model=lan9118,restrict=on",
        "-device", "loader,file=otp.bin,addr=0x3F000,force-raw=on",
        "-device", "loader,file=loader.bin,addr=0,force-raw=on", NULL,
    };
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2); /* where the emulator tells of a processor that has locked up */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(argv[0], (char *const *)argv);
    perror("error: qemu-system-arm does not start; try: apt-get install qemu-system-arm");
    _exit(127);
}

/* The chip gets its power with the board, ten minutes later: whatever its budget of failed tries was, it is full again. */
void board_power_on(const uint8_t *loader, size_t len)
{
    static uint8_t built[1 << 18];
    int out[2];
    if (loader == NULL) {
        len = read_built("boot/loader/loader.bin", built, sizeof built);
        loader = built;
    }
    write_file(in_dir("loader.bin"), loader, len);
    write_file(in_dir("flash.bin"), board_flash, FLASH_SIZE);
    board_rig.now_ms += 600000;
    rig_restart_chip(&board_rig);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    said_len = 0;
    board_said[0] = '\0';
    qemu = fork();
    assert_true(qemu >= 0);
    if (qemu == 0) {
        if (chdir(dir) != 0) {
            _exit(126);
        }
        become_qemu(out[1]);
    }
    close(out[1]);
    console = out[0];
    link_fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(link_fd >= 0);
}

void board_power_off(void)
{
    if (qemu > 0) {
        kill(qemu, SIGKILL);
        waitpid(qemu, NULL, 0);
        close(console);
        close(link_fd);
        qemu = 0;
    }
}

/* Bytes from the board into the chip's core, its answer back on the line. */
static void serve_link(void)
{
    uint8_t bytes[1024];
    ssize_t len = read(link_fd, bytes, sizeof bytes);
    if (len <= 0) {
        return;
    }
    mscp_chip_input(&board_rig.chip, bytes, (size_t)len);
    size_t there = board_rig.inbox_len - board_rig.inbox_at;
    ssize_t sent = send(link_fd, board_rig.inbox + board_rig.inbox_at, there, MSG_NOSIGNAL);
    assert_true(sent == (ssize_t)there || sent < 0);
    board_rig.inbox_at = board_rig.inbox_len = 0;
}

static void serve_console(void)
{
    ssize_t len = read(console, board_said + said_len, sizeof board_said - 1 - said_len);
    said_len += len > 0 ? (size_t)len : 0;
    board_said[said_len] = '\0';
}

static int said_which(const char *const words[])
{
    for (int i = 0; words[i] != NULL; i++) {
        char *found = strstr(board_said, words[i]);
        if (found != NULL && strchr(found, '\n') != NULL) {
            return i;
        }
    }
    return -1;
}

int board_wait(const char *const words[], int timeout_ms)
{
    int64_t began = now_ms(), last = began;
    for (;;) {
        int which = said_which(words);
        struct pollfd ready[2] = {{link_fd, POLLIN, 0}, {console, POLLIN, 0}};
        if (which >= 0 || last > began + timeout_ms || said_len == sizeof board_said - 1 || poll(ready, 2, 20) < 0) {
            return which;
        }
        board_rig.now_ms += (uint64_t)(now_ms() - last);
        last = now_ms();
        if (ready[0].revents & POLLIN) {
            serve_link();
        }
        if (ready[1].revents & (POLLIN | POLLHUP)) {
            serve_console();
        }
    }
}

void board_expect(const char *words)
{
    const char *const list[] = {words, NULL};
    if (board_wait(list, BOOT_MS) != 0) {
        fail_msg("the console did not say \"%s\"; it said:\n%s", words, board_said);
    }
}
