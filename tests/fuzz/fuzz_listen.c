/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "home/listen.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct room {
	struct listener listener;
	struct pending_pool *pool;
	struct pending *pending;
	struct flow flow;
	struct device_key asker;
	uint8_t protocol;
	uint16_t port[2];
};

static void
must(bool promise)
{
	if (!promise)
		abort();
}

static bool
is_plain(const char *text, size_t room)
{
	size_t len = strnlen(text, room);

	for (size_t i = 0; i < len; i++)
		if ((uint8_t)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return len < room;
}

static void
check_heard(const struct heard *heard)
{
	must(is_plain(heard->called, sizeof(heard->called)));
	must(is_plain(heard->asked, sizeof(heard->asked)));
	must(heard->hints <= sizeof(heard->hint) / sizeof(heard->hint[0]));
	for (unsigned i = 0; i < heard->hints; i++)
		must(heard->hint[i].text[0] && is_plain(heard->hint[i].text, DEVICE_TEXT));
}

static void
check_flow(const struct flow *flow)
{
	char host[HOST_TEXT];

	must(flow->application < APPLICATIONS);
	must(!flow->alpn || strlen(flow->alpn) < FLOW_ALPN);
	must(!flow->ja4 || strlen(flow->ja4) < JA4_TEXT);
	if (!flow->name)
		return;
	must(flow->name_source != PORCH_NAME_NONE);
	must(host_normalise(host, flow->name) && strcmp(host, flow->name) == 0);
}

/* kind(1) sequence(2) bytes that were cut off(1) length(2) payload */
static void
hear_one(struct room *room, struct cursor *input, int64_t time)
{
	uint8_t kind = cursor_u8(input);
	unsigned sender = kind & 1;
	uint32_t seq = (uint32_t)(int16_t)cursor_be16(input);
	uint8_t missing = cursor_u8(input);
	struct packet packet = {
	    .time = time,
	    .network = NETWORK_IP,
	    .source = room->flow.key.end[sender],
	    .target = room->flow.key.end[!sender],
	    .protocol = room->protocol,
	    .has_ports = true,
	    .source_port = room->port[sender],
	    .target_port = room->port[!sender],
	    .tcp_flags = kind & TCP_SYN,
	    .tcp_seq = seq,
	    .payload = cursor_sub_clamped(input, cursor_be16(input)),
	};
	struct heard heard;

	packet.payload_bytes = (uint32_t)cursor_left(&packet.payload) + missing;
	listen_packet(&room->listener, &packet, &room->flow, sender, kind & 4 ? NULL : &room->asker,
	    room->flow.settled ? NULL : room->pending, &heard);
	room->flow.settled = room->flow.settled || heard.name == HEARD_NAME;
	check_heard(&heard);
	check_flow(&room->flow);
}

static bool
furnish(struct room *room, uint8_t plan)
{
	static const uint16_t server_port[8] = {53, 67, 443, 1900, 5353, 3478, 80, 5000};
	struct inside_options inside = {.seed = 1};
	struct mac mac = {{2, 0, 0, 0, 0, 1}};

	room->protocol = plan & 0x80 ? IP_TCP : IP_UDP;
	room->port[1] = server_port[plan & 7];
	room->port[0] = (plan & 7) == 1 ? 68 : plan & 0x40 ? room->port[1] : 40000;
	room->flow.key.end[0] = addr_from_ipv4(192, 168, 1, 20);
	room->flow.key.end[1] = addr_from_ipv4(198, 51, 100, 7);
	room->asker = device_key_mac(&mac);
	room->listener.texts = texts_new(4 * NAMES_TEXTS + 4, 1);
	room->listener.names = names_new(4, room->listener.texts, 1);
	room->listener.introductions = introductions_new(4, 1);
	room->listener.hellos = hello_reader_new(1);
	room->listener.inside = inside_new(&inside);
	room->pool = pending_pool_new(1);
	if (!room->listener.texts || !room->listener.names || !room->listener.introductions ||
	    !room->listener.hellos || !room->listener.inside || !room->pool)
		return false;
	room->pending = pending_at(room->pool, pending_take(room->pool, 1, 0));
	return true;
}

/* What one flow says: a byte that chooses ports and transport, then its packets. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor input = cursor_over(bytes, len);
	struct room room = {0};
	int64_t time = 0;

	if (furnish(&room, cursor_u8(&input))) {
		while (cursor_left(&input) > 0 && !input.short_read)
			hear_one(&room, &input, time += 1000);
		hello_release(room.listener.hellos, &room.pending->hello);
		must(hello_slots_used(room.listener.hellos) == 0);
	}
	texts_free(room.listener.texts);
	names_free(room.listener.names);
	introductions_free(room.listener.introductions);
	hello_reader_free(room.listener.hellos);
	inside_free(room.listener.inside);
	pending_pool_free(room.pool);
	return 0;
}
