/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What a process that was taken over may write: records, one behind the other. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t again[WIRE_ANSWER];
	struct wire_said said;

	for (; size >= WIRE_ANSWER; bytes += WIRE_ANSWER, size -= WIRE_ANSWER) {
		if (!wire_read_said(bytes, &said))
			continue;
		if (said.kind == WIRE_ANSWERS)
			wire_write_opinion(again, &said.opinion);
		else
			wire_write_greeting(again, &said.greeting);
		if (memcmp(again, bytes, WIRE_ANSWER) != 0)
			abort(); /* a byte of it meant nothing */
	}
	return 0;
}
