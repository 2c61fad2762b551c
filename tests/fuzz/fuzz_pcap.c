/* SPDX-License-Identifier: Apache-2.0 */
#include "read_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The first byte is the block size, so that records lie across blocks in every way. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len > 0)
		read_all(bytes + 1, len - 1, bytes[0]);
	return 0;
}
