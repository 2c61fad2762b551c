/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

#include "parse/quic.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool
read_all(uint64_t offset, struct cursor data, void *user)
{
	uint64_t *sum = user;

	*sum += offset;
	while (cursor_left(&data) > 0)
		*sum += cursor_u8(&data);
	return true;
}

/* The same bytes as a datagram of packets, and as the frames of an opened one. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor datagram = cursor_over(bytes, len);
	struct quic_initial_view view;
	uint64_t sum = 0;

	quic_long_header(datagram);
	while (quic_initial_find(&datagram, &view) == PARSE_OK)
		if (view.number_offset + view.protected_len != cursor_left(&view.packet))
			abort();
	quic_crypto_frames(cursor_over(bytes, len), read_all, &sum);
	return 0;
}
