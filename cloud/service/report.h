/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that report: list and audit. */
#ifndef CLOUD_SERVICE_REPORT_H
#define CLOUD_SERVICE_REPORT_H

#include "cloud/service/cli.h"

enum mico_exit mico_report_list(const struct mico_arguments *arguments, struct mico_complaint *complaint);
/** Verifies the chain; MICO_EXIT_ALTERED names the row. */
enum mico_exit mico_report_audit(const struct mico_arguments *arguments, struct mico_complaint *complaint);

#endif
