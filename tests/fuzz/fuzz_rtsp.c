/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/rtsp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor stream = cursor_over(data, size);
	struct rtsp rtsp;
	struct rtsp_frame frame;

	rtsp_parse(stream, &rtsp);
	while (rtsp_next_frame(&stream, &frame) == PARSE_OK)
		if (cursor_left(&frame.packet) != frame.length)
			abort();
	return 0;
}
