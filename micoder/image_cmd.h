/* SPDX-License-Identifier: Apache-2.0 */
/* `mico image`: keys, images, wraps. */
#ifndef MICODER_IMAGE_CMD_H
#define MICODER_IMAGE_CMD_H

/** argv[0] is "image", argv[1] the subcommand. Exit status: 0 when it holds, 1 when what was asked failed, 2 for
 * misuse. */
int mico_image_command(int argc, char **argv);

#endif
