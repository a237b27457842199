/* SPDX-License-Identifier: Apache-2.0 */
/* pair, list and unpair; see commands.h. */
#include "pairing/controller/commands.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "pairing/controller/trust.h"

#define CODE_MAX 16

static bool code_is_well_formed(const char *code)
{
    for (int i = 0; i < 10; i++) {
        bool dash = i == 3 || i == 6;
        if (dash ? code[i] != '-' : (code[i] < '0' || code[i] > '9')) {
            return false;
        }
    }
    return code[10] == '\0';
}

/* The code of --code, which other users of this computer can see while the program runs, or of --code-file. */
static bool read_code(const struct options *options, char code[CODE_MAX])
{
    bool have = options->code_file != NULL ? read_first_line(options->code_file, code, CODE_MAX)
                                           : snprintf(code, CODE_MAX, "%s", options->code) < CODE_MAX;
    return have && code_is_well_formed(code);
}

/* Pair and verify on one connection; keep the pairing only when both went well. */
static int pair_on(struct mico_client *client, const struct options *options, struct mico_state *state,
                   const char *code, const struct mico_client_trust *trust)
{
    struct mico_client_peer peer;
    if (mico_client_pair(client, &state->self, code, trust, &peer) != MICO_OK) {
        return say_trouble(client, true);
    }
    mico_state_put(state, &peer, options->address);
    if (mico_state_save(state) != MICO_OK) { /* before the device counts as paired */
        return say_error(EXIT_FAILED, "the state file cannot be written", state->path,
                         "make its folder writable, pair again");
    }
    if (mico_client_verify(client, &state->self, &peer) != MICO_OK) {
        return say_trouble(client, false);
    }
    char text[128];
    cJSON *object = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(object, "paired", peer.id);
    (void)cJSON_AddBoolToObject(object, "certified", peer.certified);
    (void)snprintf(text, sizeof text, "paired with %s (%s)", peer.id,
                   peer.certified ? "device certificate checked" : "no device certificate");
    return say_result(options->json, object, text);
}

/* What the options of pair lack or have too much, or NULL. Two ways of trust at once would leave the weaker one. */
static const char *misuse(const struct options *options)
{
    if (options->address == NULL || (options->code == NULL) == (options->code_file == NULL)) {
        return "pair needs --address, and one of --code and --code-file";
    }
    if ((options->maker_root == NULL) != options->allow_uncertified) {
        return "pair needs one of --maker-root and --allow-uncertified";
    }
    return options->relay != NULL ? "pair goes to the device itself: leave --relay out" : NULL;
}

int command_pair(const struct options *options, struct mico_state *state)
{
    struct mico_trust *roots = NULL;
    struct way way;
    char code[CODE_MAX];
    const char *wrong = misuse(options);
    if (wrong != NULL) {
        return say_error(EXIT_USAGE, wrong, NULL, "see --help");
    }
    if (!read_code(options, code)) {
        return say_error(EXIT_USAGE, "the setup code is not of the form XXX-XX-XXX, or its file cannot be read",
                         options->code_file, "such as 031-45-154");
    }
    if (!options->allow_uncertified && mico_trust_load(options->maker_root, &roots) != MICO_OK) {
        return say_error(EXIT_USAGE, "the maker's root cannot be read", options->maker_root, "give a PEM file");
    }
    int status = way_open(&way, options, NULL, options->address);
    if (status == EXIT_DONE) {
        struct mico_client_trust trust = {roots, mico_trust_check, options->allow_uncertified};
        status = pair_on(&way.client, options, state, code, &trust);
    }
    way_close(&way);
    mico_wipe(code, sizeof code);
    mico_trust_free(roots);
    return status;
}

int command_list(const struct options *options, struct mico_state *state)
{
    cJSON *array = cJSON_CreateArray();
    for (int i = 0; i < mico_state_count(state); i++) {
        struct mico_client_peer peer;
        const char *address;
        if (mico_state_get(state, i, &peer, &address) != MICO_OK) {
            continue; /* the commands that use it say so */
        }
        cJSON *entry = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(entry, "id", peer.id);
        (void)cJSON_AddStringToObject(entry, "address", address);
        (void)cJSON_AddBoolToObject(entry, "certified", peer.certified);
        (void)cJSON_AddItemToArray(array, entry);
        if (!options->json) {
            (void)printf("%s  %s  %s\n", peer.id, peer.certified ? "certified" : "uncertified", address);
        }
    }
    if (!options->json) {
        cJSON_Delete(array);
        return EXIT_DONE;
    }
    return say_result(options->json, array, "");
}

static int unpair_in_session(struct mico_client *client, const struct options *options, struct mico_state *state,
                             int index)
{
    uint8_t tlv[64];
    struct mico_tlv8 answer;
    struct mico_writer w = mico_writer_of(tlv, sizeof tlv);
    mico_tlv8_put_byte(&w, MICO_TLV8_STATE, 1);
    mico_tlv8_put_byte(&w, MICO_TLV8_METHOD, MICO_METHOD_REMOVE_PAIRING);
    mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, state->self.id, strlen(state->self.id));
    if (mico_client_exchange(client, "/pairings", (struct mico_span){tlv, w.len}, 2, &answer) != MICO_OK) {
        return say_trouble(client, false);
    }
    mico_state_remove(state, index);
    if (mico_state_save(state) != MICO_OK) {
        return say_error(EXIT_FAILED, "the state file cannot be written", state->path, "make its folder writable");
    }
    cJSON *object = cJSON_CreateObject();
    (void)cJSON_AddTrueToObject(object, "unpaired");
    return say_result(options->json, object, "unpaired");
}

int command_unpair(const struct options *options, struct mico_state *state)
{
    struct way way;
    int index;
    int status = way_enter(&way, options, state, &index);
    if (status == EXIT_DONE) {
        status = unpair_in_session(&way.client, options, state, index);
    }
    way_close(&way);
    return status;
}
