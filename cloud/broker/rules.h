/* SPDX-License-Identifier: Apache-2.0 */
/* Who may log in to the broker and which topics are theirs. All that the plugin (plugin.c) decides is decided here, so
 * that it is tested without a broker.
 *
 *   who       logs in with                                   may
 *   device    the very certificate that is on the manifest   anything under mico/<its id>/
 *   user      name and password                              publish mico/<a claimed device>/relay/<cid>/c, read …/d
 *   service   certificate of the cloud root, "mico-cloud"    read mico/+/status
 *   operator  certificate of the cloud root, "operator"      read everything, write nothing
 *
 * A certificate of the cloud root names the cloud's own and nobody else; one of the maker names devices and nobody
 * else. The kinds are told apart by their names alone: see mico_registry_user_is_good. */
#ifndef CLOUD_BROKER_RULES_H
#define CLOUD_BROKER_RULES_H

#include <stdbool.h>

#include "cloud/registry/registry.h"

#define MICO_SERVICE_NAME "mico-cloud"
#define MICO_OPERATOR_NAME "operator"

enum mico_topic_access { MICO_TOPIC_READ, MICO_TOPIC_WRITE, MICO_TOPIC_SUBSCRIBE };

struct mico_rules;

/** registry_path, and the cloud root's certificates (a PEM file of one or more). *out is NULL on error. */
MICO_MUST_USE mico_err mico_rules_open(const char *registry_path, const char *cloud_root_pem, struct mico_rules **out,
                                       struct mico_complaint *complaint);
/** NULL is allowed. */
void mico_rules_close(struct mico_rules *rules);

/** A client showed this leaf certificate (DER) in TLS, whose chain to the maker's or the cloud's root and whose private
 * key the broker has verified. name is who it is.
 * MICO_ERR_AUTH or MICO_ERR_DENIED: refused, name empty, the complaint says why. */
MICO_MUST_USE mico_err mico_rules_certificate(struct mico_rules *rules, struct mico_span certificate,
                                              const char *client_id, char name[MICO_REGISTRY_USER_MAX + 1],
                                              struct mico_complaint *complaint);

/** A client without a certificate gave a user name and a password, from an address (text; may be NULL).
 * MICO_ERR_AUTH: refused. MICO_ERR_BUSY: too many wrong ones lately, this one was not looked at (throttle.h). */
MICO_MUST_USE mico_err mico_rules_password(struct mico_rules *rules, const char *address, const char *user,
                                           const char *password, const char *client_id,
                                           struct mico_complaint *complaint);

/** May `name`, who has logged in, do that with the topic (or filter, to subscribe)? Fails closed. */
bool mico_rules_may(struct mico_rules *rules, const char *name, enum mico_topic_access access, const char *topic,
                    bool retain);

/** Whoever lost the right to be connected since the last call (or since opening): expel(ctx, name) for each. */
MICO_MUST_USE mico_err mico_rules_expelled(struct mico_rules *rules, void (*expel)(void *ctx, const char *name),
                                           void *ctx);

#endif
