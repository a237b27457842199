/* SPDX-License-Identifier: Apache-2.0 */
/* All connections that are open, so that they can be wiped on demand. The list is under the generator's lock, and
 * so is the end of each. A call that runs in another thread keeps its connection until it ends: tls_leave wipes it. */
#include "crypto/tls/internal.h"

#include "crypto/primitives/trust.h"
#include "crypto/primitives/wolf_platform.h"

static struct mico_tls *all;

/* Under the lock, so that nobody comes into a connection that is being freed, and the users of a server's context are counted
 * right. The connection's memory is its owner's alone from here on. */
static void release(struct mico_tls *tls)
{
    if (tls->link != NULL) {
        *tls->link = tls->next;
        if (tls->next != NULL) {
            tls->next->link = tls->link;
        }
        tls->link = NULL;
    }
    wolfSSL_free(tls->session);
    if (tls->server == NULL) {
        wolfSSL_CTX_free(tls->context);
    }
    tls->session = NULL;
    tls->context = NULL;
    tls->established = false;
}

void tls_release(struct mico_tls *tls)
{
    mico_wolf_lock();
    release(tls);
    mico_wolf_unlock();
}

/* Under the lock: one that no call is in; those that one is in are doomed. NULL: none is left. */
static struct mico_tls *idle(void)
{
    struct mico_tls *found = NULL;
    for (struct mico_tls *tls = all; tls != NULL; tls = tls->next) {
        tls->doomed = tls->busy;
        found = tls->busy ? found : tls;
    }
    return found;
}

static void wipe_all(void)
{
    mico_wolf_lock();
    for (struct mico_tls *tls = idle(); tls != NULL; tls = idle()) {
        release(tls);
    }
    mico_wolf_unlock();
    tls_servers_wipe(false);
}

void tls_zeroised_too(void)
{
    mico_trust_zeroise_with(wipe_all);
}

bool tls_is_in_use(const struct mico_tls_server *server)
{
    const struct mico_tls *tls = all;
    while (tls != NULL && (tls->server != server || !tls->busy)) {
        tls = tls->next;
    }
    return tls != NULL;
}

void tls_list(struct mico_tls *tls)
{
    tls->next = all;
    tls->link = &all;
    if (all != NULL) {
        all->link = &tls->next;
    }
    all = tls;
}

mico_err tls_enter(struct mico_tls *tls)
{
    mico_err err = tls_may(tls);
    if (err != MICO_OK) {
        tls_release(tls);
        return err;
    }
    mico_wolf_lock();
    tls->busy = tls->session != NULL;
    mico_wolf_unlock();
    return tls->busy ? MICO_OK : mico_tls_say(tls, "not open", MICO_ERR_STATE);
}

mico_err tls_leave(struct mico_tls *tls, mico_err err)
{
    mico_wolf_lock();
    bool doomed = tls->doomed;
    tls->busy = tls->doomed = false;
    mico_wolf_unlock();
    if (doomed) {
        tls_release(tls);
        tls_servers_wipe(true);
        err = mico_tls_say(tls, "zeroised", MICO_ERR_STATE);
    }
    return err;
}

mico_err tls_may(struct mico_tls *tls)
{
    mico_err err = mico_trust_ask();
    return err == MICO_OK ? err : mico_tls_say(tls, "self-tests not passed", err);
}
