/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "home/hello_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define STREAMS 4

static void
check(enum hello_answer answer, uint64_t slot, const struct hello_found *found)
{
	if (answer != HELLO_MORE && slot != HELLO_NO_SLOT)
		abort();
	if (answer == HELLO_FOUND && (strlen(found->host) > 253 || found->ja4[JA4_TEXT - 1]))
		abort();
}

/*
 * Packets of four streams that share two slots, each: stream and transport(1) offset(2)
 * bytes that were cut off(1) length(2) payload.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct hello_reader *reader = hello_reader_new(2);
	struct cursor input = cursor_over(bytes, len);
	uint64_t slot[STREAMS] = {0};
	struct hello_found found;

	if (!reader)
		return 0;
	while (cursor_left(&input) > 0 && !input.short_read) {
		uint8_t kind = cursor_u8(&input);
		uint32_t offset = (uint32_t)(int16_t)cursor_be16(&input);
		uint8_t missing = cursor_u8(&input);
		struct cursor payload = cursor_sub_clamped(&input, cursor_be16(&input));
		uint32_t on_wire = (uint32_t)cursor_left(&payload) + missing;
		uint64_t *own = &slot[kind % STREAMS];
		enum hello_answer answer =
		    kind & 0x80 ? hello_feed_udp(reader, own, payload, on_wire, &found)
		                : hello_feed_tcp(reader, own, offset, payload, on_wire, &found);

		check(answer, *own, &found);
	}
	for (size_t i = 0; i < STREAMS; i++)
		hello_release(reader, &slot[i]);
	if (hello_slots_used(reader) != 0)
		abort();
	hello_reader_free(reader);
	return 0;
}
