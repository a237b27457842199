/* SPDX-License-Identifier: Apache-2.0 */
/* The station's talk with one chip: what its objects must be, and the steps of making, each of which may be repeated.
 */
#ifndef IDENTITY_FACTORY_CHIP_H
#define IDENTITY_FACTORY_CHIP_H

#include "base/bytes.h"
#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_socket.h"

#define STATION_CHAIN_MAX MSCP_MESSAGE_MAX

struct station_chip {
    struct mscp_socket socket;
    struct mscp_transport transport;
    struct mscp_host host;
    struct mscp_info info;
    char serial[2 * MSCP_SERIAL_SIZE + 1];
};

/** Connect to the chip behind the Unix socket and ask who it is. Errors are said, as in all that follows. */
MICO_MUST_USE mico_err station_chip_open(struct station_chip *chip, const char *link);
void station_chip_close(struct station_chip *chip);

/** Bind with a fresh host key; the chip keeps the binding only once a session was opened with it.
 * MICO_ERR_STATE: the chip is bound to another host for good. */
MICO_MUST_USE mico_err station_chip_pair(struct station_chip *chip, struct mscp_binding *binding);

/** Open a session with the binding. *known false when the chip does not know it. */
MICO_MUST_USE mico_err station_chip_resume(struct station_chip *chip, const struct mscp_binding *binding, bool *known);

/** Make identity, pairing and firmware keys and the rollback counter, as far as they are not there; those that are must
 * be what they should be. */
MICO_MUST_USE mico_err station_chip_make_keys(struct station_chip *chip, uint8_t identity[32], uint8_t firmware[32]);

/** Have the chip attest each key under a fresh nonce: generated inside, with the usage it should have, in this chip,
 * bound to this host. MICO_ERR_AUTH names what does not fit. */
MICO_MUST_USE mico_err station_chip_attest(struct station_chip *chip, const struct mscp_binding *binding,
                                           const uint8_t identity[32], const uint8_t firmware[32]);

/** The chain that the chip holds; *found false when none. */
MICO_MUST_USE mico_err station_chip_read_chain(struct station_chip *chip, uint8_t out[STATION_CHAIN_MAX], size_t *len,
                                               bool *found);
/** Store the chain, for good, and read it back. */
MICO_MUST_USE mico_err station_chip_write_chain(struct station_chip *chip, struct mico_span chain);

/** FACTORY -> OPERATIONAL: with dry_run nothing changes, and every clause that fails is named. */
MICO_MUST_USE mico_err station_chip_lock(struct station_chip *chip, bool dry_run);

#endif
