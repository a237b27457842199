/* SPDX-License-Identifier: Apache-2.0 */
/* What the tool tells people and programs; see report.h. */
#include "micoder/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

/* Colour beside the word, never instead of it. */
static const char *tint(bool good)
{
    static int colour = -1;
    if (colour < 0) {
        colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    }
    return colour == 0 ? "" : good ? "\033[32m" : "\033[31m";
}

static const char *untint(void)
{
    return tint(true)[0] == '\0' ? "" : "\033[0m";
}

void mico_report_step(struct mico_report *report, const char *name, bool ok, double seconds, const char *proof)
{
    if (report->step_count == MICO_REPORT_MAX) {
        abort();
    }
    struct mico_step *step = &report->steps[report->step_count++];
    snprintf(step->name, sizeof step->name, "%s", name);
    snprintf(step->proof, sizeof step->proof, "%s", proof);
    step->ok = ok;
    step->seconds = seconds;
    if (!report->quiet) {
        printf("%s%-6s%s  %-18s %5.1f s  %s\n", tint(ok), ok ? "ok" : "FAILED", untint(), name, seconds, proof);
        fflush(stdout);
    }
}

void mico_report_attack(struct mico_report *report, const char *name, bool refused, const char *why)
{
    if (report->attack_count == MICO_REPORT_MAX) {
        abort();
    }
    struct mico_attack *attack = &report->attacks[report->attack_count++];
    snprintf(attack->name, sizeof attack->name, "%s", name);
    snprintf(attack->why, sizeof attack->why, "%s", why);
    attack->refused = refused;
    if (!report->quiet) {
        printf("%s%s%s  attack: %s: %s\n", tint(refused), refused ? "refused" : "NOT REFUSED", untint(), name, why);
        fflush(stdout);
    }
}

bool mico_report_held(const struct mico_report *report)
{
    bool held = report->step_count > 0 && report->attack_count > 0;
    for (size_t i = 0; i < report->step_count; i++) {
        held = held && report->steps[i].ok;
    }
    for (size_t i = 0; i < report->attack_count; i++) {
        held = held && report->attacks[i].refused;
    }
    return held;
}

void mico_report_table(const struct mico_report *report)
{
    printf("\n%-42s %-12s %s\n", "step", "result", "time");
    for (size_t i = 0; i < report->step_count; i++) {
        const struct mico_step *step = &report->steps[i];
        printf("%-42s %s%-12s%s %5.1f s\n", step->name, tint(step->ok), step->ok ? "ok" : "FAILED", untint(),
               step->seconds);
    }
    printf("\n%-42s %s\n", "attack", "result");
    for (size_t i = 0; i < report->attack_count; i++) {
        const struct mico_attack *attack = &report->attacks[i];
        printf("%-42s %s%s%s\n", attack->name, tint(attack->refused), attack->refused ? "refused" : "NOT REFUSED",
               untint());
    }
}

static void print_json(cJSON *object)
{
    char *text = cJSON_PrintUnformatted(object);
    printf("%s\n", text);
    free(text);
    cJSON_Delete(object);
}

void mico_report_json(const struct mico_report *report)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *steps = cJSON_AddArrayToObject(object, "steps");
    for (size_t i = 0; i < report->step_count; i++) {
        cJSON *step = cJSON_CreateObject();
        cJSON_AddStringToObject(step, "name", report->steps[i].name);
        cJSON_AddBoolToObject(step, "ok", report->steps[i].ok);
        cJSON_AddNumberToObject(step, "seconds", report->steps[i].seconds);
        cJSON_AddStringToObject(step, "proof", report->steps[i].proof);
        cJSON_AddItemToArray(steps, step);
    }
    cJSON *attacks = cJSON_AddArrayToObject(object, "attacks");
    for (size_t i = 0; i < report->attack_count; i++) {
        cJSON *attack = cJSON_CreateObject();
        cJSON_AddStringToObject(attack, "name", report->attacks[i].name);
        cJSON_AddBoolToObject(attack, "refused", report->attacks[i].refused);
        cJSON_AddStringToObject(attack, "why", report->attacks[i].why);
        cJSON_AddItemToArray(attacks, attack);
    }
    print_json(object);
}

bool mico_bench_ok(const struct mico_bench_row *row)
{
    return row->bound < 0 || row->value <= row->bound;
}

static void bench_json(const char *bench, const struct mico_bench_row *rows, size_t count)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "bench", bench);
    cJSON *list = cJSON_AddArrayToObject(object, "rows");
    for (size_t i = 0; i < count; i++) {
        const struct mico_bench_row *row = &rows[i];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", row->name);
        cJSON_AddNumberToObject(item, "value", row->value);
        cJSON_AddStringToObject(item, "unit", row->unit);
        if (row->peer != NULL) {
            cJSON_AddStringToObject(item, "peer", row->peer);
            cJSON_AddNumberToObject(item, "peer_value", row->peer_value);
            cJSON_AddNumberToObject(item, "ratio", row->value / row->peer_value);
        } else {
            cJSON_AddNullToObject(item, "peer");
            cJSON_AddNullToObject(item, "peer_value");
            cJSON_AddNullToObject(item, "ratio");
        }
        if (row->bound >= 0) {
            cJSON_AddNumberToObject(item, "bound", row->bound);
            cJSON_AddBoolToObject(item, "ok", mico_bench_ok(row));
        } else {
            cJSON_AddNullToObject(item, "bound");
            cJSON_AddNullToObject(item, "ok");
        }
        cJSON_AddItemToArray(list, item);
    }
    print_json(object);
}

/* Digits behind the point: two for what is no whole number, so that a bound of 0.35 us is not told as 0. */
static int digits(double value)
{
    return value == (double)(long)value || value >= 1000 ? 0 : 2;
}

void mico_bench_print(const char *bench, const struct mico_bench_row *rows, size_t count, bool json)
{
    if (json) {
        bench_json(bench, rows, count);
        return;
    }
    printf("\nbench %s\n%-36s %12s %-6s  %s\n", bench, "figure", "value", "unit", "peer");
    for (size_t i = 0; i < count; i++) {
        const struct mico_bench_row *row = &rows[i];
        printf("%-36s %12.*f %-6s", row->name, digits(row->value), row->value, row->unit);
        if (row->peer != NULL) {
            printf("  %s: %.*f (ratio %.2f)", row->peer, digits(row->peer_value), row->peer_value,
                   row->value / row->peer_value);
        }
        if (row->bound >= 0) {
            printf("  bound %.*f: %s", digits(row->bound), row->bound, mico_bench_ok(row) ? "kept" : "BROKEN");
        }
        printf("\n");
    }
}
