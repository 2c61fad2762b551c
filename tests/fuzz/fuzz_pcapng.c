/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "read_all.h"

#define SECTION 28
#define MOST    65536

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Blocks behind a good section header: the first byte says in which order, and block size. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const uint8_t little[SECTION + 1] =
	    "\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0";
	static const uint8_t big[SECTION + 1] =
	    "\n\r\r\n\0\0\0\x1c\x1a\x2b\x3c\x4d\0\1\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x1c";
	static uint8_t whole[SECTION + MOST];

	if (len == 0 || len - 1 > MOST)
		return 0;
	memcpy(whole, bytes[0] & 1 ? big : little, SECTION);
	memcpy(whole + SECTION, bytes + 1, len - 1);
	read_all(whole, SECTION + len - 1, bytes[0]);
	return 0;
}
