/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/psa/state_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char state_now(const struct state_table *table)
{
    psa_status_t status = table->set_up();
    return status == PSA_SUCCESS ? 'I' : table->failed() ? 'F' : 'A';
}

static bool gives(char letter, psa_status_t status, char before, char after)
{
    switch (letter) {
    case 'A':
    case 'I':
        return status == PSA_SUCCESS && after == letter;
    case 'N':
        return status == PSA_ERROR_BAD_STATE && after == before;
    case 'F':
        return status == PSA_ERROR_BAD_STATE && after == 'F';
    case 'P':
        return status == PSA_ERROR_INVALID_ARGUMENT && after == 'F';
    case 'S':
        return status == PSA_ERROR_INVALID_SIGNATURE && after == 'F';
    case 'Q':
        return status == PSA_ERROR_NOT_PERMITTED && after == 'F';
    case 'V':
        return status == PSA_ERROR_INVALID_SIGNATURE && after == 'A';
    default:
        return letter == 'D' && status == PSA_ERROR_INSUFFICIENT_DATA && after == 'A';
    }
}

void every_call_in_every_state(const struct state_table *table)
{
    for (int row = 0; table->rows[row] != NULL; row++) {
        const char *letters = table->rows[row], *name = strchr(letters, ' ');
        for (int column = 0; letters + column < name; column++) {
            table->reach(row);
            char before = state_now(table);
            assert_int_equal(table->abort(), PSA_SUCCESS);
            table->reach(row);
            psa_status_t status = table->call(column);
            char after = state_now(table);
            if (!gives(letters[column], status, before, after)) {
                fail_msg("%s, call %d of (%s): %c was expected, the status is %d, then %c", name + 1, column,
                         table->columns, letters[column], (int)status, after);
            }
            assert_int_equal(table->abort(), PSA_SUCCESS);
        }
    }
}
