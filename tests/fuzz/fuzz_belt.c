/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/belt.h"

#define BYTES (64U << 10)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/*
 * Memory as a process that was taken over may leave it: the first 8 bytes say how much was
 * written, the rest lies where records do.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *memory = aligned_alloc(64, belt_size(BYTES));
	size_t before = belt_size(BYTES) - BYTES;
	struct belt_record record;
	struct belt *belt;
	unsigned sum = 0;

	if (!memory)
		return 0;
	memset(memory, 0, belt_size(BYTES));
	memcpy(memory, bytes, size < 8 ? size : 8);
	if (size > 8)
		memcpy(memory + before, bytes + 8, size - 8 < BYTES ? size - 8 : BYTES);
	belt = belt_over(memory, BYTES);
	for (unsigned i = 0; belt && i < 10000 && belt_next(belt, &record) == BELT_RECORD; i++) {
		if (record.kind != BELT_FRAME)
			continue;
		if (record.frame.captured > BELT_SNAP ||
		    record.frame.on_wire < record.frame.captured)
			abort();
		for (uint32_t at = 0; at < record.frame.captured; at++)
			sum += record.frame.bytes[at];
	}
	belt_free(belt);
	free(memory);
	return sum == 1 ? -1 : 0; /* so that the bytes are read */
}
