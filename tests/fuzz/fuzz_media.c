/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/media.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the framing, the others are the stream. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor stream = cursor_over(data, size);
	enum media_framing framing = (enum media_framing)(cursor_u8(&stream) % 3);
	struct media media;
	size_t left = cursor_left(&stream);

	media_parse(stream, left + left % 7, &media); /* as if a few were cut */
	while (media_next(&stream, framing, &media) == PARSE_OK) {
		if (cursor_left(&stream) >= left || media.length == 0)
			abort();
		left = cursor_left(&stream);
	}
	return 0;
}
