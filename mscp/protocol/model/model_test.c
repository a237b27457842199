/* SPDX-License-Identifier: Apache-2.0 */
/* Runs Spin on the models beside this file: every state, and models with one mistake each, which it must find, or what it says of
 * the good ones would be worth nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

/* A model: its file, how many mistakes it has, and how many states there are at least to look at. */
struct model {
    const char *name;
    unsigned mistakes;
    int states;
};

static const struct model link_model = {"link", 8, 500000}, resume_model = {"resume", 10, 200000};

static char verdict[16384];

/* A mistake is found after few states, so its search need not be fast, only soon compiled. */
static void search(const struct model *model, unsigned mutant)
{
    char command[2048];
    snprintf(command, sizeof command,
             "mkdir -p %s.%u && cd %s.%u && rm -f pan* *.trail && "
             "spin -DMUTANT=%u -a '%s/mscp/protocol/model/%s.pml' 2>&1 && "
             "gcc -w -O%u -DSAFETY -o pan pan.c 2>&1 && ./pan -n -m1000000 2>&1",
             model->name, mutant, model->name, mutant, mutant, MICO_SOURCE_DIR, model->name, mutant == 0 ? 2 : 0);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    size_t len = fread(verdict, 1, sizeof verdict - 1, out);
    verdict[len] = '\0';
    while (fgetc(out) != EOF) {
    }
    if (pclose(out) != 0) {
        fail_msg("the search failed; it needs spin and gcc\n  try: apt-get install spin\n%s", verdict);
    }
}

static void expect_no_bad_state(const struct model *model)
{
    search(model, 0);
    if (strstr(verdict, "errors: 0") == NULL || strstr(verdict, "too small") != NULL ||
        strstr(verdict, "not completed") != NULL) {
        fail_msg("the search did not end, or found a state that breaks a promise:\n%s", verdict);
    }
    const char *states = strstr(verdict, " states, stored");
    assert_non_null(states);
    while (states > verdict && states[-1] != '\n') {
        states--;
    }
    print_message("%d states\n", atoi(states));
    assert_true(atoi(states) > model->states); /* it has looked at something */
}

static void expect_every_mistake_found(const struct model *model)
{
    for (unsigned mutant = 1; mutant <= model->mistakes; mutant++) {
        search(model, mutant);
        if (strstr(verdict, "assertion violated") == NULL || strstr(verdict, "errors: 1") == NULL) {
            fail_msg("mistake %u of %s was not found:\n%s", mutant, model->name, verdict);
        }
    }
}

static void no_state_lets_the_attacker_in_replays_a_command_or_strands_the_pair(void **state)
{
    expect_no_bad_state(&link_model);
}

static void every_mistake_that_is_built_into_that_model_is_found(void **state)
{
    expect_every_mistake_found(&link_model);
}

static void no_state_of_resumption_replays_reflects_or_reuses_a_key(void **state)
{
    expect_no_bad_state(&resume_model);
}

static void every_mistake_that_is_built_into_resumption_is_found(void **state)
{
    expect_every_mistake_found(&resume_model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_state_lets_the_attacker_in_replays_a_command_or_strands_the_pair),
        cmocka_unit_test(every_mistake_that_is_built_into_that_model_is_found),
        cmocka_unit_test(no_state_of_resumption_replays_reflects_or_reuses_a_key),
        cmocka_unit_test(every_mistake_that_is_built_into_resumption_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
