/* SPDX-License-Identifier: Apache-2.0 */
/* The attacks of the demo. Each is carried out for real and must be refused by the part that stands against it; where
 * it could pass for another reason (a dead broker, say), the same thing done honestly must succeed in the same breath. */
#include "micoder/demo.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char *at(const struct mico_world *world, const char *name)
{
    return mico_world_path(world, name);
}

/* Setup code: guessed wrong, before the device's owner pairs. */
bool mico_attack_setup_code(struct mico_world *world, char why[MICO_PROOF])
{
    char address[64], out[4096], code[16];
    snprintf(address, sizeof address, "127.0.0.1:%u", world->device_port);
    snprintf(code, sizeof code, "%s", world->a.code);
    code[9] = code[9] == '7' ? '3' : '7'; /* one digit off */
    int status = mico_demo_controller(world, out, sizeof out,
                                      (const char *const[]){"pair", "--address", address, "--code", code, "--maker-root",
                                                            at(world, "factory/root.pem"), NULL});
    if (status == 0) {
        return mico_world_fail(world, at(world, "controller.log"), "the device paired with a wrong setup code");
    }
    char tail[2048];
    mico_file_tail(at(world, "controller.log"), tail, sizeof tail);
    if (strstr(tail, "setup code refused") == NULL) {
        return mico_world_fail(world, at(world, "controller.log"), "pairing failed, but not because of the setup code");
    }
    snprintf(why, MICO_PROOF, "the device's proof check failed and its failure count rose (HAP error 2, Authentication)");
    return true;
}

/* A frame recorded on the link between device and chip, sent to the chip again. */
bool mico_attack_replay(struct mico_world *world, char why[MICO_PROOF])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/tap-control", world->sockets);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char line[256] = "";
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 && write(fd, "replay\n", 7) == 7) {
        struct pollfd p = {fd, POLLIN, 0};
        size_t used = 0;
        while (used < sizeof line - 1 && strchr(line, '\n') == NULL && poll(&p, 1, 15000) > 0) {
            ssize_t n = read(fd, line + used, sizeof line - 1 - used);
            if (n <= 0) {
                break;
            }
            used += (size_t)n;
            line[used] = '\0';
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "replayed ", 9) != 0) {
        return mico_world_fail(world, world->tap->log, "the tap did not replay: '%s'", line);
    }
    if (strstr(line, "REPLAY") == NULL && strstr(line, "SESSION_INVALID") == NULL && strstr(line, "LINK_MAC") == NULL) {
        return mico_world_fail(world, world->tap->log, "the chip did not refuse: %s", line);
    }
    /* The rightful device must recover by itself: a new session with it takes a signature by its chip. */
    char endpoint[64], out[4096];
    snprintf(endpoint, sizeof endpoint, "127.0.0.1:%u", world->device_port);
    if (mico_demo_controller(world, out, sizeof out,
                             (const char *const[]){"get", "--address", endpoint, "--device", world->a.id, "on", NULL}) != 0) {
        return mico_world_fail(world, at(world, "controller.log"), "refused, but the device did not recover its link");
    }
    snprintf(why, MICO_PROOF, "%s; the device opened a new session by itself", line);
    return true;
}

/* Publish as device A with the given certificate and key; the exit status of mosquitto_pub, its words in `said`. */
static int publish_as(struct mico_world *world, const char *certificate, const char *key, char *said, size_t cap)
{
    struct mico_args args = {.count = 0};
    const char *const words[] = {"sh", "-c", "exec mosquitto_pub \"$@\" 2>&1", "sh", "-h", "127.0.0.1", "--cafile",
                                 at(world, "cloud-ca/root.pem"), "--cert", certificate, "--key", key, "-q", "1", "-m", "x",
                                 "-t"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        mico_args_add(&args, "%s", words[i]);
    }
    mico_args_add(&args, "mico/%s/status", world->a.id);
    mico_args_add(&args, "-p");
    mico_args_add(&args, "%u", world->broker_port);
    return mico_run(&args, at(world, "attack-broker.log"), 20000, said, cap);
}

/* A device certificate of the right name and the wrong key: the maker's genuine certificate with a key of the
 * attacker's, and a look-alike that the attacker's own CA issued. */
bool mico_attack_broker(struct mico_world *world, char why[MICO_PROOF])
{
    char said[1024];
    struct mico_args forge = {.count = 0};
    mico_args_add(&forge, "%s", mico_world_program(world, "identity/factory/mico-forge"));
    const char *const words[] = {"--device-id", world->a.id, "--out", at(world, "forged")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        mico_args_add(&forge, "%s", words[i]);
    }
    if (!mico_world_run(world, "forge", &forge, NULL, 0)) {
        return false;
    }
    /* The same client with a certificate that the broker knows is let in: what is refused below is refused for its key. */
    struct mico_process *dead = mico_processes_dead(&world->processes);
    if (dead != NULL) {
        return mico_world_fail(world, dead->log, "%s ended", dead->name);
    }
    int honest = publish_as(world, at(world, "cloud-ca/operator.pem"), at(world, "cloud-ca/operator.key"), said, sizeof said);
    if (honest != 0) {
        return mico_world_fail(world, at(world, "attack-broker.log"), "the operator's own certificate was refused too");
    }
    mico_process_skip(world->broker);
    int status = publish_as(world, at(world, "forged/device.pem"), at(world, "forged/device.key"), said, sizeof said);
    if (status == 0) {
        return mico_world_fail(world, world->broker->log, "the broker let a forged certificate in");
    }
    char line[256];
    if (!mico_process_expect(&world->processes, world->broker, "certificate", "OpenSSL Error", 5000, line, sizeof line, NULL)) {
        return mico_world_fail(world, world->broker->log, "refused, but the broker's log does not say why");
    }
    said[strcspn(said, "\n")] = '\0';
    snprintf(why, MICO_PROOF, "the broker broke the TLS handshake off: %.200s", said);
    return true;
}

/* Boot a flash in an attack of its own and wait for the loader's refusal. */
static bool refused_boot(struct mico_world *world, const char *name, const char *flash, const char *link,
                         const char *reason, char why[MICO_PROOF])
{
    char line[256];
    int which = 0;
    struct mico_boot boot = {name, flash, link, 0, NULL};
    struct mico_process *board = mico_world_boot(world, &boot);
    if (board == NULL) {
        return false;
    }
    bool said = mico_process_expect(&world->processes, board, "loader: refused: ", "loader: starting", 60000, line,
                                    sizeof line, &which);
    char log[512];
    snprintf(log, sizeof log, "%s", board->log);
    mico_process_stop(&world->processes, board);
    if (!said) {
        return mico_world_fail(world, log, "the loader said nothing");
    }
    if (which == 1) {
        return mico_world_fail(world, log, "the loader started it");
    }
    if (strstr(line, reason) == NULL) {
        return mico_world_fail(world, log, "refused for another reason than '%s': %.200s", reason, line);
    }
    snprintf(why, MICO_PROOF, "%s", strstr(line, "refused: ") + strlen("refused: "));
    return true;
}

/* Device A is switched off; its flash lies on the attacker's bench. */
static bool take_flash(struct mico_world *world, const char *copy)
{
    mico_process_stop(&world->processes, world->device);
    mico_process_stop(&world->processes, world->tap);
    return mico_copy_file(world->a.flash, copy) || mico_world_fail(world, NULL, "cannot copy %s", world->a.flash);
}

/* All of the microcontroller's flash on a second board, which has another (genuine) chip. */
bool mico_attack_copied_flash(struct mico_world *world, char why[MICO_PROOF])
{
    const char *copy = at(world, "attack-copied.flash");
    return take_flash(world, copy) && refused_boot(world, "attack-copied", copy, world->b.chip_link, "chip", why);
}

/* One bit of the firmware altered, in the middle of the encrypted payload. */
bool mico_attack_altered(struct mico_world *world, char why[MICO_PROOF])
{
    const char *copy = at(world, "attack-altered.flash");
    if (!take_flash(world, copy)) {
        return false;
    }
    FILE *f = fopen(copy, "r+b");
    int byte = f != NULL && fseek(f, 0x8000, SEEK_SET) == 0 ? fgetc(f) : EOF;
    bool done = byte != EOF && fseek(f, 0x8000, SEEK_SET) == 0 && fputc(byte ^ 0x10, f) != EOF;
    if (f == NULL || fclose(f) != 0 || !done) {
        return mico_world_fail(world, NULL, "cannot alter %s", copy);
    }
    return refused_boot(world, "attack-altered", copy, world->a.chip_link, "digest", why);
}

/* An older image, genuinely signed and made for this very chip. */
bool mico_attack_older(struct mico_world *world, char why[MICO_PROOF])
{
    const char *copy = at(world, "attack-older.flash");
    if (!take_flash(world, copy)) {
        return false;
    }
    if (!mico_flash_image(at(world, "light-1.0.0.img"), copy)) {
        return mico_world_fail(world, NULL, "cannot write %s", copy);
    }
    return refused_boot(world, "attack-older", copy, world->a.chip_link, "counter", why);
}
