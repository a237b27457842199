/* SPDX-License-Identifier: Apache-2.0 */
/* The identity service: the JSON API and the watch over the broker, until SIGTERM or SIGINT. */
#ifndef CLOUD_SERVICE_SERVE_H
#define CLOUD_SERVICE_SERVE_H

#include "cloud/service/cli.h"

enum mico_exit mico_serve(const struct mico_arguments *arguments, struct mico_complaint *complaint);

#endif
