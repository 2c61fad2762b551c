/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/packet.h"

#include "parse/layers.h"

uint32_t
frame_left(const struct packet *packet)
{
	return (uint32_t)cursor_left(&packet->payload) + packet->cut;
}

void
frame_trim(struct packet *packet, uint32_t trailer)
{
	uint32_t uncaptured = trailer < packet->cut ? trailer : packet->cut;
	size_t left = cursor_left(&packet->payload);

	packet->cut -= uncaptured;
	trailer -= uncaptured;
	packet->payload = cursor_sub(&packet->payload, trailer < left ? left - trailer : 0);
}

static bool
opens_mirror(const struct packet_options *options, const struct packet *packet)
{
	if (!options || packet->network != NETWORK_IP)
		return false;
	if (options->open_mirrors)
		return true;
	for (size_t i = 0; i < options->capture_host_count; i++)
		if (addr_equal(&options->capture_hosts[i], &packet->target))
			return true;
	return false;
}

enum parse_result
layers_parse(const struct frame *frame, struct packet *packet)
{
	enum parse_result result;

	*packet = (struct packet){
	    .time = frame->time,
	    .payload = cursor_over(frame->bytes, frame->captured),
	    .cut = frame->on_wire > frame->captured ? frame->on_wire - frame->captured : 0,
	};
	result = link_parse(frame->link_type, packet);
	if (result == PARSE_OK && packet->network == NETWORK_IP)
		transport_parse(packet);
	else
		packet->payload = cursor_over(NULL, 0);
	return result;
}

/* What a mirror wrapped, when it did: seldom, and kept out of the way of all others. */
static __attribute__((noinline)) enum parse_result
mirrored_parse(struct packet *packet)
{
	struct frame inner = {.time = packet->time};
	enum parse_result result;

	if (!mirror_open(packet, &inner))
		return PARSE_OK;
	result = layers_parse(&inner, packet);
	packet->mirrored = true;
	packet->mirrored_frame = cursor_over(inner.bytes, inner.captured);
	packet->mirrored_link = inner.link_type;
	return result;
}

enum parse_result
packet_parse(const struct frame *frame, const struct packet_options *options, struct packet *packet)
{
	enum parse_result result = PARSE_OK;

	if (frame->link_type != LINK_ETHERNET || !plain_parse(frame, packet))
		result = layers_parse(frame, packet);
	if (result != PARSE_OK || !opens_mirror(options, packet))
		return result;
	return mirrored_parse(packet);
}
