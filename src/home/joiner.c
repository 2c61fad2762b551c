/* SPDX-License-Identifier: Apache-2.0 */
#include "home/joiner.h"

#include <string.h>

void
joiner_clear(struct joiner *joiner)
{
	memset(joiner->have, 0, (joiner->end + 7) / 8); /* behind the end it is clear */
	joiner->ready = joiner->end = 0;
}

static bool
has(const struct joiner *joiner, size_t at)
{
	return at < JOINER_SIZE && (joiner->have[at / 8] >> at % 8 & 1) != 0;
}

/* What most pieces do: it begins where everything that is there ends. */
static void
append(struct joiner *joiner, struct cursor piece)
{
	size_t at = joiner->end, len = cursor_left(&piece);
	const uint8_t *bytes = cursor_take(&piece, len);

	if (len == 0)
		return;
	memcpy(joiner->bytes + at, bytes, len);
	for (; len > 0 && at % 8 != 0; at++, len--)
		joiner->have[at / 8] |= (uint8_t)(1u << at % 8);
	memset(joiner->have + at / 8, 0xff, len / 8);
	at += len / 8 * 8;
	if (len % 8 != 0)
		joiner->have[at / 8] |= (uint8_t)((1u << len % 8) - 1);
	joiner->ready = joiner->end = at + len % 8;
}

bool
joiner_put(struct joiner *joiner, uint64_t offset, struct cursor piece)
{
	bool fits = offset <= JOINER_SIZE && cursor_left(&piece) <= JOINER_SIZE - offset;
	size_t at = offset < JOINER_SIZE ? (size_t)offset : JOINER_SIZE;

	if (fits && at == joiner->ready && at == joiner->end) {
		append(joiner, piece);
		return true;
	}
	for (; at < JOINER_SIZE && cursor_left(&piece) > 0; at++) {
		uint8_t byte = cursor_u8(&piece);

		if (has(joiner, at))
			continue;
		joiner->bytes[at] = byte;
		joiner->have[at / 8] |= (uint8_t)(1u << at % 8);
		if (at >= joiner->end)
			joiner->end = at + 1;
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
