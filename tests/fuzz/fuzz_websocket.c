/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/websocket.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every frame that is taken moves the stream on. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor stream = cursor_over(data, size);
	struct websocket_frame frame;
	uint8_t clear[64];
	size_t left = size;

	while (websocket_next(&stream, &frame) == PARSE_OK) {
		if (websocket_unmask(&frame, clear, sizeof(clear)) > frame.length)
			abort();
		if (cursor_left(&stream) >= left)
			abort();
		left = cursor_left(&stream);
	}
	return 0;
}
