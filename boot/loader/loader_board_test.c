/* SPDX-License-Identifier: Apache-2.0 */
/* The loader's firmware in the emulator. The chip's core runs in this program, at the other end of the emulated link. */
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
#include "crypto/primitives/primitives.h"
#include "identity/provision.h"
#include "mscp/chip/test_rig.h"

#define FLASH_SIZE (16u << 20)
#define BOOT_MS 60000

static struct rig rig;
static struct test_flash flash;
static uint8_t *flash_memory;
static struct mscp_binding binding;
static const uint8_t maker_seed[32] = {0x4D};
static uint8_t maker_public[32], device_key[32];
static struct mico_image_key content_key;
static struct mico_image_recipe recipe;
static uint8_t program[1 << 20];
static char digest_hex[65];

static char dir[64];
static int listener = -1, link_fd = -1, console = -1;
static pid_t qemu;
static char text[16384];
static size_t text_len;

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

static const char *built(const char *name)
{
    static char path[512];
    const char *build = getenv("MICO_BOARD_BUILD");
    snprintf(path, sizeof path, "%s/boot/loader/%s", build != NULL ? build : MICO_SOURCE_DIR "/build/mps2-an386", name);
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
    mico_hex(digest, 32, digest_hex);
    mico_ed25519_sign(maker_seed, maker_public, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

static void make_image(void)
{
    static uint8_t image[2 << 20];
    struct mico_reason reason = {""};
    size_t len;
    if (mico_image_make(&recipe, image, sizeof image, &len, &reason) != MICO_OK) {
        fail_msg("%s", reason.text);
    }
    memset(flash_memory, 0xFF, MICO_FLASH_SLOT_SIZE);
    memcpy(flash_memory, image, len);
}

static void provision(void)
{
    struct mico_store store;
    uint8_t record[MSCP_BINDING_SIZE];
    rig_start(&rig);
    rig_provision(&rig, &binding, true);
    assert_int_equal(mscp_host_counter_raise(&rig.host, MSCP_ID_ROLLBACK, 3), MICO_OK);
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_FIRMWARE, device_key), MICO_OK);
    test_flash_init(&flash, flash_memory, FLASH_SIZE, 4096, 1);
    mscp_binding_encode(&binding, record);
    assert_int_equal(mico_store_open(&store, &flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE), MICO_OK);
    assert_int_equal(mico_store_put(&store, MSCP_BINDING_RECORD, record, sizeof record), MICO_OK);
}

static void write_key_page(void)
{
    uint8_t page[40] = "MOTP\1";
    mico_image_key_hash(maker_public, page + 8);
    write_file(in_dir("otp.bin"), page, sizeof page);
}

static int good_device(void **state)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(dir, sizeof dir, "/tmp/mico-loader-XXXXXX");
    assert_non_null(mkdtemp(dir));
    flash_memory = malloc(FLASH_SIZE);
    assert_non_null(flash_memory);
    provision();
    mico_ed25519_public(maker_seed, maker_public);
    write_key_page();
    FILE *file = fopen(built("loader_probe.bin"), "rb");
    assert_non_null(file);
    size_t len = fread(program, 1, sizeof program, file);
    fclose(file);
    assert_int_equal(mico_image_make_key(&content_key, 16), MICO_OK);
    recipe = (struct mico_image_recipe){
        .payload = {program, len}, .version = {1, 2, 3, 4}, .security_counter = 5, .load_addr = 0x40000, .ram_load = true,
        .header_size = 0x400, .carry_public_key = true, .sign = sign, .content_key = &content_key, .device_key = device_key,
    };
    memcpy(recipe.public_key, maker_public, 32);
    make_image();
    assert_int_equal(symlink("/dev/urandom", in_dir("rng.in")), 0);
    assert_int_equal(symlink("/dev/null", in_dir("rng.out")), 0);
    snprintf(at.sun_path, sizeof at.sun_path, "%s", in_dir("link"));
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 1), 0);
    return 0;
}

static int end(void **state)
{
    static const char *const files[] = {"otp.bin", "flash.bin", "link", "rng.in", "rng.out"};
    if (qemu > 0) {
        kill(qemu, SIGKILL);
        waitpid(qemu, NULL, 0);
        close(console);
        close(link_fd);
        qemu = 0;
    }
    close(listener);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        unlink(in_dir(files[i]));
    }
    rmdir(dir);
    free(flash_memory);
    rig_end(&rig);
    return 0;
}

static _Noreturn void become_qemu(const char *loader, int out)
{
    static const char *const args[] = {
        "qemu-system-arm", "-M", "mps2-an386,memory-backend=fl",
        "-object", "memory-backend-file,id=fl,mem-path=flash.bin,size=16M,share=on",
        "-display", "none", "-monitor", "none", "-serial", "stdio",
        "-chardev", "socket,id=link,path=link", "-serial", "chardev:link",
        "-chardev", "pipe,id=rng,path=rng", "-serial", "chardev:rng", "-nic", "none",
        "-device", "loader,file=otp.bin,addr=0x3F000,force-raw=on", "-kernel",
    };
    const char *argv[40];
    size_t n = sizeof args / sizeof args[0];
    memcpy(argv, args, sizeof args);
    argv[n++] = loader;
    argv[n] = NULL;
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(in, 0);
    dup2(out, 1);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(argv[0], (char *const *)argv);
    perror("error: qemu-system-arm does not start; try: apt-get install qemu-system-arm");
    _exit(127);
}

static void power_on(void)
{
    int out[2];
    const char *loader = built("loader.elf");
    write_file(in_dir("flash.bin"), flash_memory, FLASH_SIZE);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    text_len = 0;
    qemu = fork();
    assert_true(qemu >= 0);
    if (qemu == 0) {
        if (chdir(dir) != 0) {
            _exit(126);
        }
        become_qemu(loader, out[1]);
    }
    close(out[1]);
    console = out[0];
    link_fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(link_fd >= 0);
}

/* Bytes from the board into the chip's core, its answer back on the line. */
static void serve_link(void)
{
    uint8_t bytes[1024];
    ssize_t len = read(link_fd, bytes, sizeof bytes);
    if (len <= 0) {
        return;
    }
    rig.now_ms = 1000000 + (uint64_t)now_ms();
    mscp_chip_input(&rig.chip, bytes, (size_t)len);
    size_t there = rig.inbox_len - rig.inbox_at;
    assert_int_equal(write(link_fd, rig.inbox + rig.inbox_at, there), (ssize_t)there);
    rig.inbox_at = rig.inbox_len = 0;
}

static void serve_console(void)
{
    ssize_t len = read(console, text + text_len, sizeof text - 1 - text_len);
    text_len += len > 0 ? (size_t)len : 0;
    text[text_len] = '\0';
}

/* Serve until the console has said a whole line with `words`. */
static void expect(const char *words)
{
    int64_t until = now_ms() + BOOT_MS;
    for (;;) {
        char *found = strstr(text, words);
        if (found != NULL && strchr(found, '\n') != NULL) {
            return;
        }
        struct pollfd ready[2] = {{link_fd, POLLIN, 0}, {console, POLLIN, 0}};
        if (now_ms() > until || poll(ready, 2, 1000) < 0 || text_len == sizeof text - 1) {
            fail_msg("the console did not say \"%s\"; it said:\n%s", words, text);
        }
        if (ready[0].revents & POLLIN) {
            serve_link();
        }
        if (ready[1].revents & (POLLIN | POLLHUP)) {
            serve_console();
        }
    }
}

static void genuine_firmware_starts_and_knows_what_it_is(void **state)
{
    char line[100];
    power_on();
    expect("session open");
    expect("loader: starting 1.2.3+4 (security counter 5), verified and decrypted in ");
    expect("probe: magic right, 1.2.3+4, counter 5");
    snprintf(line, sizeof line, "probe: digest %s", digest_hex);
    expect(line);
    printf("%s", text);
}

static void altered_firmware_does_not_start(void **state)
{
    flash_memory[0x2000] ^= 0x10;
    power_on();
    expect("loader: refused: image: the SHA-256 digest is not that of header, payload and counter");
    assert_null(strstr(text, "probe:"));
}

static void older_firmware_does_not_start(void **state)
{
    recipe.security_counter = 2;
    make_image();
    power_on();
    expect("loader: refused: image: security counter 2 is older than the chip allows (3)");
    assert_null(strstr(text, "probe:"));
}

static void copied_flash_does_not_start_with_another_chip(void **state)
{
    static struct mscp_binding other;
    rig_start(&rig);
    rig_provision(&rig, &other, true);
    power_on();
    expect("loader: refused: chip: is not the one that this device is bound to");
    assert_null(strstr(text, "probe:"));
}

static void empty_key_page_trusts_nobody(void **state)
{
    write_file(in_dir("otp.bin"), "\xFF\xFF\xFF\xFF", 4);
    power_on();
    expect("loader: refused: key page: no trusted firmware keys there");
}

int main(void)
{
#define ON_BOARD(test) cmocka_unit_test_setup_teardown(test, good_device, end)
    const struct CMUnitTest tests[] = {
        ON_BOARD(genuine_firmware_starts_and_knows_what_it_is),
        ON_BOARD(altered_firmware_does_not_start),
        ON_BOARD(older_firmware_does_not_start),
        ON_BOARD(copied_flash_does_not_start_with_another_chip),
        ON_BOARD(empty_key_page_trusts_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
