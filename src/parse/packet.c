/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/packet.h"

#include "parse/layers.h"

struct layers
layers_over(struct cursor bytes, uint32_t on_wire)
{
	uint32_t captured = (uint32_t)cursor_left(&bytes);

	return (struct layers){
	    .rest = bytes,
	    .captured = captured,
	    .on_wire = on_wire > captured ? on_wire : captured,
	};
}

uint32_t
layers_wire(const struct layers *layers)
{
	uint32_t taken = layers->captured - (uint32_t)cursor_left(&layers->rest);

	return layers->on_wire - taken;
}

void
layers_trim(struct layers *layers, uint32_t trailer)
{
	uint32_t wire = layers_wire(layers);
	uint32_t left = (uint32_t)cursor_left(&layers->rest);

	if (trailer > wire)
		trailer = wire;
	layers->on_wire -= trailer;
	if (left > wire - trailer) {
		layers->captured -= left - (wire - trailer);
		layers->rest = cursor_sub(&layers->rest, wire - trailer);
	}
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

/* What a mirror wrapped, when it did. */
static enum parse_result
mirrored_parse(int64_t time, struct packet *packet)
{
	struct layers inner;
	uint16_t inner_type;

	if (!mirror_open(packet, &inner_type, &inner))
		return PARSE_OK;
	*packet = (struct packet){
	    .time = time,
	    .mirrored = true,
	    .mirrored_frame = inner.rest,
	    .mirrored_link = inner_type,
	};
	return link_parse(inner_type, &inner, packet);
}

enum parse_result
packet_parse(const struct frame *frame, const struct packet_options *options, struct packet *packet)
{
	struct layers layers =
	    layers_over(cursor_over(frame->bytes, frame->captured), frame->on_wire);
	enum parse_result result;

	*packet = (struct packet){.time = frame->time};
	result = link_parse(frame->link_type, &layers, packet);
	if (result != PARSE_OK || !opens_mirror(options, packet))
		return result;
	return mirrored_parse(frame->time, packet);
}
