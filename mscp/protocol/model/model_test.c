/* SPDX-License-Identifier: Apache-2.0 */
/* Runs Spin on the model beside this file: every state, and models with one mistake each, which it must find, or what it says of
 * the good one would be worth nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#define MISTAKES 8

static char verdict[16384];

/* A mistake is found after few states, so its search need not be fast, only soon compiled. */
static void search(unsigned mutant)
{
    char command[2048];
    snprintf(command, sizeof command,
             "mkdir -p model.%u && cd model.%u && rm -f pan* *.trail && "
             "spin -DMUTANT=%u -a '%s/mscp/protocol/model/link.pml' 2>&1 && "
             "gcc -w -O%u -DSAFETY -o pan pan.c 2>&1 && ./pan -n -m1000000 2>&1",
             mutant, mutant, mutant, MICO_SOURCE_DIR, mutant == 0 ? 2 : 0);
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

static void no_state_lets_the_attacker_in_replays_a_command_or_strands_the_pair(void **state)
{
    search(0);
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
    assert_true(atoi(states) > 500000); /* it has looked at something */
}

static void every_mistake_that_is_built_into_the_model_is_found(void **state)
{
    for (unsigned mutant = 1; mutant <= MISTAKES; mutant++) {
        search(mutant);
        if (strstr(verdict, "assertion violated") == NULL || strstr(verdict, "errors: 1") == NULL) {
            fail_msg("mistake %u was not found:\n%s", mutant, verdict);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_state_lets_the_attacker_in_replays_a_command_or_strands_the_pair),
        cmocka_unit_test(every_mistake_that_is_built_into_the_model_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
