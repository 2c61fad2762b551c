/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/stun.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stun stun;
	struct cursor inner;
	uint16_t channel;
	size_t length;

	if (stun_parse(cursor_over(data, size), &stun) == PARSE_OK && size < 20)
		abort();
	if (stun_channel_data(cursor_over(data, size), size, &channel, &inner, &length) &&
	    cursor_left(&inner) + 4 > size)
		abort();
	return 0;
}
