/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_state.h"
#include "parse/ndp.h"
#include "parse/packet.h"

/*
 * What of a frame says what it was, so that it can be kept and what was told of it be proven:
 * all of what is said in the clear to find addresses and names, and of all else the headers,
 * with the first bytes behind them that our own parsers look at.
 */

#define HEADERS_MAX 128 /* where no payload was found: a fragment, or a header that was cut */
#define HEAD_UDP    64  /* bytes of payload: STUN, or RTP within TURN's data or a camera's frame */
#define HEAD_TCP    24  /* of a record of TLS or RTSP, or of a WebSocket's first frame */

/* How an address is found: no device's own, and small. */
static bool
finds_addresses(const struct packet *packet, const struct flow *flow)
{
	struct ndp ndp;

	if (packet->network == NETWORK_ARP || (flow && flow->application == APPLICATION_DHCP))
		return true;
	return packet->protocol == IP_ICMPV6 && ndp_parse(packet, &ndp) != PARSE_OTHER;
}

static bool
is_said_in_the_clear(const struct flow *flow, bool awaits_name)
{
	return awaits_name || flow->application == APPLICATION_DNS ||
	       flow->application == APPLICATION_MDNS || flow->application == APPLICATION_SSDP;
}

static size_t
lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The frame's first bytes, to this many of the packet's payload. */
static size_t
to_payload(const struct frame *frame, const struct packet *packet, size_t payload)
{
	size_t left = cursor_left(&packet->payload);

	if (left > 0)
		return (size_t)(packet->payload.at - frame->bytes) + lesser(left, payload);
	return lesser(frame->captured,
	    (size_t)(packet->network_header - frame->bytes) + HEADERS_MAX);
}

void
engine_keep(struct engine *e, const struct frame *frame, const struct packet *packet,
    const struct flow *flow, bool awaits_name)
{
	struct engine_kept kept = {.frame = frame, .bytes = frame->captured};

	kept.always = finds_addresses(packet, flow);
	if (!kept.always && !flow)
		return;
	for (unsigned end = 0; !kept.always && end < 2; end++)
		if (engine_is_device_end(flow, end)) {
			struct device_key key = engine_key_of_end(e, flow, end);

			kept.device[end] = device_key_id(&key);
		}
	if (!kept.always && !is_said_in_the_clear(flow, awaits_name))
		kept.bytes =
		    to_payload(frame, packet, packet->protocol == IP_UDP ? HEAD_UDP : HEAD_TCP);
	e->setup.keep(&kept, e->setup.user);
}
