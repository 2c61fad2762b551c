/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "parse/layers.h"
#include "parse/packet.h"

#include "tests/parse/same_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What is taken at a glance is what the layers say it is. */
static void
compare(const struct frame *frame)
{
	struct packet plain, packet;

	if (frame->link_type != LINK_ETHERNET || !plain_parse(frame, &plain))
		return;
	if (layers_parse(frame, &packet) != PARSE_OK || !same_packet(&plain, &packet))
		abort();
}

/* The first byte says which link type, the second whether mirrors open, the third how much was cut.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint16_t types[] = {
	    1, 0, 9, 12, 14, 101, 104, 105, 108, 113, 127, 228, 229, 276};
	struct packet_options options = {0};
	struct packet packet;
	struct frame frame = {0};
	size_t left, most;

	if (size < 3)
		return 0;
	frame.link_type = types[bytes[0] % (sizeof(types) / sizeof(types[0]))];
	options.open_mirrors = (bytes[1] & 1) != 0;
	frame.bytes = bytes + 3;
	frame.captured = (uint32_t)size - 3;
	frame.on_wire = frame.captured + bytes[2];
	compare(&frame);
	if (packet_parse(&frame, &options, &packet) != PARSE_OK)
		return 0;
	/* A mirrored packet may go on in the next fragment of what carries it. */
	most = packet.mirrored ? PACKET_BYTES_MAX : frame.on_wire;
	if (packet.network == NETWORK_IP &&
	    (packet.ip_bytes == 0 || packet.ip_bytes > most || packet.ip_bytes > PACKET_BYTES_MAX))
		abort();
	left = cursor_left(&packet.payload);
	if (left > packet.payload_bytes || packet.payload_bytes > packet.ip_bytes)
		abort();
	if (left > 0 && !cursor_take(&packet.payload, left))
		abort();
	return 0;
}
