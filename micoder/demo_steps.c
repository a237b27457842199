/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a device's life: factory, firmware, boot, cloud, pairing, use. */
#include "micoder/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#define USER "alice"

/* ARGS(a, "x", "y") adds several plain arguments. */
static void add_all(struct mico_args *args, const char *const list[])
{
    for (size_t i = 0; list[i] != NULL; i++) {
        mico_args_add(args, "%s", list[i]);
    }
}
#define ARGS(args, ...) add_all((args), (const char *const[]){__VA_ARGS__, NULL})

static const char *at(const struct mico_world *world, const char *name)
{
    return mico_world_path(world, name);
}

/* Copy a string field of a JSON object; false when it is absent or too long. */
static bool field(const char *json, const char *name, char *out, size_t cap)
{
    cJSON *object = cJSON_Parse(json);
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    bool good = cJSON_IsString(item) && strlen(item->valuestring) < cap;
    if (good) {
        snprintf(out, cap, "%s", item->valuestring);
    }
    cJSON_Delete(object);
    return good;
}

/* Keep the device's certificate as a file: it is public, and an attacker has it too. */
static bool save_chain(struct mico_world *world, const struct mico_demo_device *device, const char *answer)
{
    char pem[4096], name[32];
    snprintf(name, sizeof name, "device-%c.pem", device->letter);
    FILE *f = fopen(at(world, name), "w");
    FILE *issuing = fopen(at(world, "factory/issuing.pem"), "r");
    bool good = f != NULL && issuing != NULL && field(answer, "certificate", pem, sizeof pem) && fputs(pem, f) >= 0;
    while (good && fgets(pem, sizeof pem, issuing) != NULL) {
        good = fputs(pem, f) >= 0;
    }
    if (issuing != NULL) {
        fclose(issuing);
    }
    if (f == NULL || fclose(f) != 0 || !good) {
        return mico_world_fail(world, NULL, "cannot write %s", at(world, name));
    }
    return true;
}

/* The station makes one device at its chip: keys, certificate, binding, setup code, lock. */
static bool make_device(struct mico_world *world, struct mico_demo_device *device)
{
    static char out[16384];
    char name[32];
    snprintf(name, sizeof name, "station-make-%c", device->letter);
    struct mico_args args = {.count = 0};
    ARGS(&args, mico_world_program(world, "identity/factory/mico-station"), "make", "--json", "--dir",
         at(world, "factory"), "--link", device->chip_link, "--flash", device->flash, "--cloud-root",
         at(world, "cloud-ca/root.pem"), "--cloud");
    mico_args_add(&args, "%s:%u:broker.mico.test", world->posix ? "127.0.0.1" : "10.0.2.2", world->broker_port);
    if (!mico_world_run(world, name, &args, out, sizeof out)) {
        return false;
    }
    if (!field(out, "device_id", device->id, sizeof device->id) ||
        !field(out, "setup_code", device->code, sizeof device->code) ||
        !field(out, "firmware_key", device->firmware_key, sizeof device->firmware_key)) {
        return mico_world_fail(world, at(world, "station-make-a.log"), "the station's answer lacks a field");
    }
    return save_chain(world, device, out);
}

bool mico_step_factory(struct mico_world *world, char proof[MICO_PROOF])
{
    struct mico_args init = {.count = 0}, cloud = {.count = 0}, manifest = {.count = 0};
    const char *station = mico_world_program(world, "identity/factory/mico-station");
    ARGS(&init, station, "init", "--dir", at(world, "factory"));
    ARGS(&cloud, station, "cloud-ca", "--out", at(world, "cloud-ca"), "--name", "broker.mico.test", "--ip", "127.0.0.1",
         "--ip", "10.0.2.2");
    ARGS(&manifest, station, "manifest", "--dir", at(world, "factory"), "-o", at(world, "manifest.json"));
    if (!mico_world_run(world, "station-init", &init, NULL, 0) ||
        !mico_world_run(world, "station-cloud-ca", &cloud, NULL, 0) || !mico_world_start_chip(world, &world->a) ||
        !mico_world_start_chip(world, &world->b) || !make_device(world, &world->a) || !make_device(world, &world->b) ||
        !mico_world_run(world, "station-manifest", &manifest, NULL, 0)) {
        return false;
    }
    snprintf(proof, MICO_PROOF,
             "two devices, keys born in their chips, certified by an HSM's key: %s and %s; chips locked", world->a.id,
             world->b.id);
    return true;
}

/* Sign and encrypt the light application for one device. */
static bool make_image(struct mico_world *world, const char *version, const char *counter, const char *name)
{
    struct mico_args args = {.count = 0};
    ARGS(&args, mico_world_program(world, "micoder/micoder"), "image", "sign", "--key", at(world, "firmware-key.pem"),
         "--version", version, "--security-counter", counter, "--encrypt-for", world->a.firmware_key,
         mico_world_board_file(world, "apps/light/light.bin"), at(world, name));
    return mico_world_run(world, "image-sign", &args, NULL, 0);
}

bool mico_flash_image(const char *image, const char *flash)
{
    FILE *in = fopen(image, "rb");
    FILE *out = fopen(flash, "r+b");
    static uint8_t slot[2 << 20];
    memset(slot, 0xFF, sizeof slot);
    bool good = in != NULL && out != NULL && fread(slot, 1, sizeof slot, in) > 0 && feof(in) != 0 &&
                fwrite(slot, sizeof slot, 1, out) == 1;
    if (in != NULL) {
        fclose(in);
    }
    return (out == NULL || fclose(out) == 0) && good;
}

bool mico_step_firmware(struct mico_world *world, char proof[MICO_PROOF])
{
    struct mico_args key = {.count = 0}, otp = {.count = 0};
    const char *tool = mico_world_program(world, "micoder/micoder");
    ARGS(&key, tool, "image", "keygen", at(world, "firmware-key.pem"));
    ARGS(&otp, tool, "image", "otp", "--key", at(world, "firmware-key.pem"), "-o", at(world, "otp.bin"));
    if (!mico_world_run(world, "image-keygen", &key, NULL, 0) || !mico_world_run(world, "image-otp", &otp, NULL, 0) ||
        !make_image(world, "1.0.0", "1", "light-1.0.0.img") || !make_image(world, "1.1.0", "2", "light-1.1.0.img")) {
        return false;
    }
    if (!mico_flash_image(at(world, "light-1.1.0.img"), world->a.flash)) {
        return mico_world_fail(world, NULL, "cannot write the image into %s", world->a.flash);
    }
    struct stat st;
    stat(at(world, "light-1.1.0.img"), &st);
    snprintf(proof, MICO_PROOF,
             "light 1.1.0, %lld bytes, Ed25519-signed, encrypted, its key wrapped for the chip of %s",
             (long long)st.st_size, world->a.id);
    return true;
}

/* The tap stands on the link between device A and its chip, and only listens until it is told to attack. */
static bool start_tap(struct mico_world *world)
{
    char line[256];
    struct mico_args args = {.count = 0};
    ARGS(&args, mico_world_program(world, "mscp/tap/mico-tap"), "--listen", world->a.link, "--connect",
         world->a.chip_link, "--record", at(world, "link-a.trace"), "--control");
    mico_args_add(&args, "%s/tap-control", world->sockets);
    world->tap = mico_process_start(&world->processes, "tap", at(world, "tap.log"), &args);
    if (world->tap == NULL) {
        return mico_world_fail(world, at(world, "tap.log"), "cannot start the tap");
    }
    return mico_world_expect(world, world->tap, "tap: ready", 5000, line, sizeof line);
}

#define LOADER_STARTS "loader: starting"

/* Switch device A on and wait for the line that says its start was allowed, which goes to `line`. */
static bool power_on(struct mico_world *world, char *line, size_t cap)
{
    char capture[600];
    snprintf(capture, sizeof capture, "%s/device-a.pcap", world->dir);
    struct mico_boot boot = {"device-a", world->a.flash, world->a.link, world->device_port, capture, NULL};
    world->device = mico_world_boot(world, &boot);
    return world->device != NULL &&
           mico_world_expect(world, world->device, world->posix ? "session open" : LOADER_STARTS, 30000, line, cap);
}

bool mico_demo_start_device(struct mico_world *world)
{
    char line[256];
    return start_tap(world) && power_on(world, line, sizeof line) &&
           mico_world_expect(world, world->device, "cloud connected", 40000, line, sizeof line);
}

bool mico_step_boot(struct mico_world *world, char proof[MICO_PROOF])
{
    char line[256];
    if (!start_tap(world) || !power_on(world, line, sizeof line)) {
        return false;
    }
    const char *text = strstr(line, world->posix ? "chip " : LOADER_STARTS);
    snprintf(proof, MICO_PROOF, "%s", text != NULL ? text : line);
    return mico_world_expect(world, world->device, "serving on", 30000, line, sizeof line);
}

static bool write_secret(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (f == NULL) {
        return false;
    }
    chmod(path, 0600);
    fputs(text, f);
    return fclose(f) == 0;
}

/* Registry, user, broker configuration: what the cloud needs before it serves. */
static bool prepare_cloud(struct mico_world *world)
{
    const char *cloud = mico_world_program(world, "cloud/mico-cloud");
    struct mico_args init = {.count = 0}, import = {.count = 0}, user = {.count = 0}, config = {.count = 0};
    if (!write_secret(at(world, "alice.password"), "correct horse battery staple\n")) {
        return mico_world_fail(world, NULL, "cannot write %s", at(world, "alice.password"));
    }
    ARGS(&init, cloud, "init", "--db", at(world, "registry.db"));
    ARGS(&import, cloud, "import", "--db", at(world, "registry.db"), "--manifest", at(world, "manifest.json"),
         "--maker-root", at(world, "factory/root.pem"));
    ARGS(&user, cloud, "user", "add", "--db", at(world, "registry.db"), USER, "--password-file",
         at(world, "alice.password"), "--device", world->a.id);
    ARGS(&config, cloud, "broker-config", "--address", "127.0.0.1", "--db", at(world, "registry.db"), "--dir",
         at(world, "broker"), "--server-cert", at(world, "cloud-ca/server.pem"), "--server-key");
    ARGS(&config, at(world, "cloud-ca/server.key"), "--device-ca", at(world, "factory/root.pem"), "--cloud-root",
         at(world, "cloud-ca/root.pem"), "--plugin", mico_world_plugin(world), "--port");
    mico_args_add(&config, "%u", world->broker_port);
    mico_args_add(&config, "--user-port");
    mico_args_add(&config, "%u", world->user_port);
    return mico_world_run(world, "cloud-init", &init, NULL, 0) &&
           mico_world_run(world, "cloud-import", &import, NULL, 0) &&
           mico_world_run(world, "cloud-user", &user, NULL, 0) &&
           mico_world_run(world, "cloud-broker-config", &config, NULL, 0);
}

static bool start_cloud(struct mico_world *world)
{
    struct mico_args broker = {.count = 0}, cloud = {.count = 0};
    ARGS(&broker, "mosquitto", "-c", at(world, "broker/mosquitto.conf"));
    world->broker = mico_process_start(&world->processes, "broker", at(world, "broker.log"), &broker);
    if (world->broker == NULL) {
        return mico_world_fail(world, NULL, "cannot start mosquitto");
    }
    if (!mico_world_wait_port(world, world->broker, world->broker_port, 10000)) {
        return false;
    }
    ARGS(&cloud, mico_world_program(world, "cloud/mico-cloud"), "serve", "--address", "127.0.0.1", "--db",
         at(world, "registry.db"), "--cert", at(world, "cloud-ca/server.pem"), "--key",
         at(world, "cloud-ca/server.key"), "--client-ca", at(world, "cloud-ca/root.pem"), "--broker-cafile");
    ARGS(&cloud, at(world, "cloud-ca/root.pem"), "--broker-cert", at(world, "cloud-ca/service.pem"), "--broker-key",
         at(world, "cloud-ca/service.key"), "--broker");
    mico_args_add(&cloud, "127.0.0.1:%u", world->broker_port);
    mico_args_add(&cloud, "--port");
    mico_args_add(&cloud, "%u", world->cloud_port);
    world->cloud = mico_process_start(&world->processes, "identity service", at(world, "cloud.log"), &cloud);
    return world->cloud != NULL && mico_world_wait_port(world, world->cloud, world->cloud_port, 10000);
}

/* Ask the identity service for device A, as its operator would; "online" must be true. */
static bool online(struct mico_world *world, char *out, size_t cap)
{
    struct mico_args args = {.count = 0};
    ARGS(&args, "curl", "-sS", "--cacert", at(world, "cloud-ca/root.pem"), "--cert", at(world, "cloud-ca/operator.pem"),
         "--key", at(world, "cloud-ca/operator.key"));
    mico_args_add(&args, "https://127.0.0.1:%u/api/v1/devices/%s", world->cloud_port, world->a.id);
    if (!mico_world_run(world, "curl", &args, out, cap)) {
        return false;
    }
    cJSON *object = cJSON_Parse(out);
    bool yes = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "online"));
    cJSON_Delete(object);
    return yes || mico_world_fail(world, at(world, "device-a.log"), "the identity service does not show %s online",
                                  world->a.id);
}

/* How many SIGN commands the tap has recorded on device A's link: a sealed record still shows which command it is. */
static long signatures_asked(const struct mico_world *world)
{
    char line[512];
    long count = 0;
    FILE *f = fopen(at(world, "link-a.trace"), "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        count += strstr(line, " SIGN session ") != NULL;
    }
    if (f != NULL) {
        fclose(f);
    }
    return count;
}

bool mico_step_cloud(struct mico_world *world, char proof[MICO_PROOF])
{
    char line[256], answer[4096];
    if (!prepare_cloud(world)) {
        return false;
    }
    if (signatures_asked(world) != 0) {
        return mico_world_fail(world, at(world, "link-a.trace"),
                               "the chip was asked to sign before there was a broker");
    }
    if (!start_cloud(world) || !mico_world_expect(world, world->device, "cloud connected", 40000, line, sizeof line)) {
        return false;
    }
    if (signatures_asked(world) == 0) {
        return mico_world_fail(world, at(world, "link-a.trace"), "the device logged in without its chip's signature");
    }
    for (int tries = 0; !online(world, answer, sizeof answer); tries++) {
        if (tries == 50) {
            return false;
        }
        usleep(100000);
    }
    const char *text = strstr(line, "cloud connected");
    snprintf(proof, MICO_PROOF, "%s; the identity service shows %s online", text, world->a.id);
    return true;
}

int mico_demo_controller(struct mico_world *world, char *out, size_t cap, const char *const extra[])
{
    struct mico_args args = {.count = 0};
    ARGS(&args, mico_world_program(world, "pairing/controller/mico-controller"), "--json", "--state",
         at(world, "controller.json"));
    add_all(&args, extra);
    return mico_run(&args, at(world, "controller.log"), 60000, out, cap);
}

bool mico_step_pairing(struct mico_world *world, char proof[MICO_PROOF])
{
    char address[64], out[4096];
    snprintf(address, sizeof address, "127.0.0.1:%u", world->device_port);
    int status = mico_demo_controller(world, out, sizeof out,
                                      (const char *const[]){"pair", "--address", address, "--code", world->a.code,
                                                            "--maker-root", at(world, "factory/root.pem"), NULL});
    if (status != 0) {
        return mico_world_fail(world, at(world, "controller.log"), "the controller could not pair (status %d)", status);
    }
    cJSON *answer = cJSON_Parse(out);
    bool certified = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "certified"));
    cJSON_Delete(answer);
    char id[32] = "";
    if (!certified) {
        return mico_world_fail(world, at(world, "controller.log"),
                               "the controller did not check the device certificate");
    }
    if (!field(out, "paired", id, sizeof id) || strcmp(id, world->a.id) != 0) {
        return mico_world_fail(world, at(world, "controller.log"), "the controller paired with '%s', not %s", id,
                               world->a.id);
    }
    snprintf(proof, MICO_PROOF, "SRP-6a by setup code %s; certificate of %s leads to the maker's root; keys exchanged",
             world->a.code, id);
    return true;
}

/* Switch the light and see the device say so. */
static bool switch_light(struct mico_world *world, const char *const where[], bool on)
{
    char out[4096], line[256];
    mico_process_skip(world->device);
    const char *extra[24] = {"set"};
    size_t n = 1;
    for (size_t i = 0; where[i] != NULL; i++) {
        extra[n++] = where[i];
    }
    extra[n++] = "--device";
    extra[n++] = world->a.id;
    extra[n++] = "on";
    extra[n++] = on ? "true" : "false";
    if (mico_demo_controller(world, out, sizeof out, extra) != 0) {
        return mico_world_fail(world, at(world, "controller.log"), "the controller could not switch the light");
    }
    return mico_world_expect(world, world->device, on ? "the light is on" : "the light is off", 5000, line,
                             sizeof line);
}

bool mico_step_direct(struct mico_world *world, char proof[MICO_PROOF])
{
    char address[64], out[4096];
    snprintf(address, sizeof address, "127.0.0.1:%u", world->device_port);
    if (!switch_light(world, (const char *const[]){"--address", address, NULL}, true)) {
        return false;
    }
    int status =
        mico_demo_controller(world, out, sizeof out,
                             (const char *const[]){"get", "--address", address, "--device", world->a.id, "on", NULL});
    cJSON *object = cJSON_Parse(out);
    bool lit = status == 0 && cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "on"));
    cJSON_Delete(object);
    if (!lit) {
        return mico_world_fail(world, at(world, "controller.log"), "the light does not read as on");
    }
    snprintf(proof, MICO_PROOF,
             "pair-verify, then PUT on=true in the session; the device's console says 'the light is on'");
    return true;
}

/* Count of what an eavesdropper recorded: messages, bytes, and whether any holds a word of the plaintext. */
struct heard {
    long messages;
    long bytes;
    char sample[33];
    bool readable;
};

/* Lines are "TOPIC HEX". */
static bool read_recording(const char *path, struct heard *heard)
{
    static const char *const words[] = {"characteristics", "HTTP/1.1", "\"value\"", "true", "false", "application/hap"};
    FILE *f = fopen(path, "r");
    static char line[65536];
    static char text[32768];
    memset(heard, 0, sizeof *heard);
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        char *hex = strchr(line, ' ');
        if (line[0] == '$' || hex == NULL || strstr(line, "/relay/") == NULL) {
            continue;
        }
        hex++;
        hex[strcspn(hex, "\n")] = '\0';
        size_t len = strlen(hex) / 2;
        for (size_t i = 0; i < len; i++) {
            unsigned byte = 0;
            sscanf(hex + 2 * i, "%2x", &byte);
            text[i] = byte != 0 ? (char)byte : '.'; /* so that strstr sees it all */
        }
        text[len] = '\0';
        /* pair-verify travels as plain HTTP (it is public by design); everything after it must be sealed */
        if (len == 0 || strstr(text, "/pair-verify") != NULL || strstr(text, "application/pairing+tlv8") != NULL) {
            continue;
        }
        heard->messages++;
        heard->bytes += (long)len;
        snprintf(heard->sample, sizeof heard->sample, "%.32s", hex);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            heard->readable = heard->readable || strstr(text, words[i]) != NULL;
        }
    }
    if (f != NULL) {
        fclose(f);
    }
    return heard->messages > 0;
}

/* A rogue operator at the broker who records everything. */
static bool start_eavesdropper(struct mico_world *world)
{
    struct mico_args args = {.count = 0};
    ARGS(&args, "mosquitto_sub", "-h", "127.0.0.1", "--cafile", at(world, "cloud-ca/root.pem"), "--cert",
         at(world, "cloud-ca/operator.pem"), "--key", at(world, "cloud-ca/operator.key"), "-i", "eavesdropper", "-t",
         "mico/#", "-F", "%t %x", "-p");
    mico_args_add(&args, "%u", world->broker_port);
    world->eavesdropper = mico_process_start(&world->processes, "eavesdropper", at(world, "eavesdropper.log"), &args);
    char line[256];
    return world->eavesdropper != NULL && /* the retained status shows that it listens */
           mico_world_expect(world, world->eavesdropper, "/status", 10000, line, sizeof line);
}

bool mico_step_relay(struct mico_world *world, char proof[MICO_PROOF])
{
    char relay[64];
    struct heard heard;
    snprintf(relay, sizeof relay, "127.0.0.1:%u", world->user_port);
    if (!start_eavesdropper(world) ||
        !switch_light(world,
                      (const char *const[]){"--relay", relay, "--cafile", at(world, "cloud-ca/root.pem"), "--user",
                                            USER, "--password-file", at(world, "alice.password"), NULL},
                      false)) {
        return false;
    }
    usleep(300000); /* the recorder writes after us */
    if (!read_recording(world->eavesdropper->log, &heard)) {
        return mico_world_fail(world, world->eavesdropper->log,
                               "the eavesdropper recorded nothing, so it proves nothing");
    }
    if (heard.readable) {
        return mico_world_fail(world, world->eavesdropper->log, "the eavesdropper can read what the relay carried");
    }
    snprintf(proof, MICO_PROOF,
             "switched off through the broker; an eavesdropper there got %ld sealed messages, %ld bytes, "
             "such as %s…, and no word of them",
             heard.messages, heard.bytes, heard.sample);
    return true;
}
