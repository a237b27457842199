/* SPDX-License-Identifier: Apache-2.0 */
/* How records lie in flash; README.md has the picture. Shared by the store's own files and its tests only. */
#ifndef OS_STORE_FORMAT_H
#define OS_STORE_FORMAT_H

#define STORE_BANK_MAGIC 0x5254534Du /* "MSTR" in memory order */
#define STORE_BANK_HEADER 16         /* magic | format | sequence | CRC-32 of those, each u32 little-endian */
#define STORE_FORMAT 1

#define STORE_RECORD_HEADER 12 /* kind u8 | name_len u8 | value_len u16 | CRC-32 of value | CRC-32 of those 8 and name */
#define STORE_KIND_PUT 0xA6
#define STORE_KIND_DELETE 0x59 /* value_len 0 */

#define STORE_CHUNK 256 /* bytes moved at a time; no flash may have a larger program unit */

#endif
