/* SPDX-License-Identifier: Apache-2.0 */
/* In the place of Mbed TLS's own header of this name, of which its tests for any PSA library need nothing. */
