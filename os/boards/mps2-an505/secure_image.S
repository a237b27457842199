/* SPDX-License-Identifier: Apache-2.0 */
    .section .secure, "a"
    .incbin "secure.bin"
