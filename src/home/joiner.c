/* SPDX-License-Identifier: Apache-2.0 */
#include "home/joiner.h"

#include <string.h>

void
joiner_clear(struct joiner *joiner)
{
	joiner->ready = 0;
	memset(joiner->have, 0, sizeof(joiner->have));
}

static bool
has(const struct joiner *joiner, size_t at)
{
	return at < JOINER_SIZE && (joiner->have[at / 8] >> at % 8 & 1) != 0;
}

bool
joiner_put(struct joiner *joiner, uint64_t offset, struct cursor piece)
{
	bool fits = offset <= JOINER_SIZE && cursor_left(&piece) <= JOINER_SIZE - offset;
	size_t at = offset < JOINER_SIZE ? (size_t)offset : JOINER_SIZE;

	for (; at < JOINER_SIZE && cursor_left(&piece) > 0; at++) {
		uint8_t byte = cursor_u8(&piece);

		if (has(joiner, at))
			continue;
		joiner->bytes[at] = byte;
		joiner->have[at / 8] |= (uint8_t)(1u << at % 8);
	}
	while (has(joiner, joiner->ready))
		joiner->ready++;
	return fits;
}

struct cursor
joiner_ready(const struct joiner *joiner)
{
	return cursor_over(joiner->bytes, joiner->ready);
}
