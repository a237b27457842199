/* SPDX-License-Identifier: Apache-2.0 */
/* Runs Spin on the model beside this file: every state of small scenarios, and models with one mistake each, which it
 * must find, or what it says of the good one would be worth nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#define MISTAKES 6

static char verdict[16384];

/* What command says on both outputs, cut at the end of verdict. */
static void run(const char *command)
{
    FILE *out = popen(command, "r");
    assert_non_null(out);
    size_t len = fread(verdict, 1, sizeof verdict - 1, out);
    verdict[len] = '\0';
    while (fgetc(out) != EOF) {
    }
    int status = pclose(out);
    if (status != 0) {
        fail_msg("%s\nended with status %d and said:\n%s", command, status, verdict);
    }
}

/* Search all states of the model with these bounds; a wrong one is in verdict, not in the status. */
static void search(const char *name, unsigned threads, unsigned mutexes, unsigned priorities, unsigned mutant)
{
    char command[2048];
    snprintf(
        command, sizeof command,
        "mkdir -p model.%s && cd model.%s && rm -f pan* *.trail && "
        "spin -DTHREADS=%u -DMUTEXES=%u -DPRIORITIES=%u -DMUTANT=%u -a '%s/os/kernel/model/inheritance.pml' 2>&1 && "
        "gcc -w -O1 -DSAFETY -o pan pan.c 2>&1 && ./pan -n -m4000000 2>&1",
        name, name, threads, mutexes, priorities, mutant, MICO_SOURCE_DIR);
    run(command);
}

static void need_spin(void)
{
    if (system("command -v spin >/dev/null") != 0) {
        fail_msg("error: spin is missing, so the kernel's model cannot be checked\n  try: apt-get install spin");
    }
}

static void all_states_hold(const char *name, unsigned threads, unsigned mutexes, unsigned priorities)
{
    search(name, threads, mutexes, priorities, 0);
    if (strstr(verdict, "errors: 0") == NULL || strstr(verdict, "too small") != NULL ||
        strstr(verdict, "not completed") != NULL) {
        fail_msg("the search did not end, or found a state that breaks the invariant:\n%s", verdict);
    }
    const char *states = strstr(verdict, " states, stored");
    assert_non_null(states);
    while (states > verdict && states[-1] != '\n') {
        states--;
    }
    printf("%u threads, %u mutexes, %u priorities: %d states\n", threads, mutexes, priorities, atoi(states));
    assert_true(atoi(states) > 50000); /* it has looked at something */
}

static void inheritance_is_exact_in_every_state_of_three_threads_and_three_mutexes(void **state)
{
    need_spin();
    all_states_hold("3-3", 3, 3, 3);
}

static void inheritance_is_exact_in_every_state_of_four_threads_and_two_mutexes(void **state)
{
    need_spin();
    all_states_hold("4-2", 4, 2, 2);
}

static void every_mistake_that_is_built_into_the_model_is_found(void **state)
{
    need_spin();
    for (unsigned mutant = 1; mutant <= MISTAKES; mutant++) {
        search("mistake", 3, 2, 3, mutant);
        if (strstr(verdict, "assertion violated") == NULL || strstr(verdict, "errors: 1") == NULL) {
            fail_msg("mistake %u was not found:\n%s", mutant, verdict);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inheritance_is_exact_in_every_state_of_three_threads_and_three_mutexes),
        cmocka_unit_test(inheritance_is_exact_in_every_state_of_four_threads_and_two_mutexes),
        cmocka_unit_test(every_mistake_that_is_built_into_the_model_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
