/* SPDX-License-Identifier: Apache-2.0 */

/*
 * TLS over TCP: the five bytes of every record's header stay, and of handshakes the hellos.
 * Records do not end where segments do, so for each direction of a flow it is remembered
 * where the next header is due; what is out of order is kept no header of.
 */

#include "redact/rewrite.h"

#include "parse/hello.h"

#define RECORD_HEADER 5
#define HANDSHAKE     22
#define CLIENT_HELLO  1
#define SERVER_HELLO  2
#define MESSAGE_HEAD  4

struct tls_stream {
	struct stream_key key;
	bool begun;
	uint32_t next;       /* sequence number of the next record header */
	uint32_t hello_left; /* bytes of a hello that the records to come still hold */
	uint32_t hello_to;   /* sequence number up to which this record's body is hello */
};

struct table *
tls_streams_new(size_t max)
{
	return table_new(max, sizeof(struct tls_stream), sizeof(struct stream_key), 0);
}

static struct tls_stream *
stream_of(struct passage *p)
{
	const struct packet *packet = p->packet;
	struct stream_key key = {
	    .from = packet->source,
	    .to = packet->target,
	    .ports = {(uint8_t)(packet->source_port >> 8), (uint8_t)packet->source_port,
	        (uint8_t)(packet->target_port >> 8), (uint8_t)packet->target_port},
	};
	bool created;

	return table_see(p->r->streams, &key, &created);
}

/* The body of a handshake record: how much of it belongs to a hello. */
static void
see_handshake(struct tls_stream *stream, const struct tls_record *record, uint32_t body)
{
	struct cursor c = record->body;
	uint32_t hello = stream->hello_left;
	uint8_t type;

	if (hello == 0) {
		type = cursor_u8(&c);
		hello = MESSAGE_HEAD + cursor_be24(&c);
		if (c.short_read || (type != CLIENT_HELLO && type != SERVER_HELLO) ||
		    hello > TLS_HELLO_MAX)
			return;
	}
	stream->hello_left = hello > record->length ? hello - record->length : 0;
	stream->hello_to = body + (hello < record->length ? hello : record->length);
}

/* A record header at `at` of the payload; false when there is none, or not all of one. */
static bool
keep_header(struct passage *p, struct tls_stream *stream, uint32_t at)
{
	struct cursor c = p->payload;
	struct tls_record record;
	uint32_t seq = p->packet->tcp_seq + at;

	cursor_take(&c, at);
	if (c.short_read || tls_record_header(c, &record) != PARSE_OK)
		return false;
	span_keep(p->span, p->at + at, RECORD_HEADER);
	stream->begun = true;
	stream->next = seq + RECORD_HEADER + record.length;
	stream->hello_to = seq + RECORD_HEADER;
	if (record.type == HANDSHAKE)
		see_handshake(stream, &record, seq + RECORD_HEADER);
	return true;
}

/* The name in a hello that lies whole here, replaced where it is to be masked. */
static void
mask_name(struct passage *p)
{
	uint8_t scratch[TLS_HELLO_MAX];
	char host[HOST_TEXT], masked[HOST_TEXT];
	struct hello hello;
	const uint8_t *at;

	if (tls_hello_parse(p->payload, scratch, sizeof(scratch), &hello) != PARSE_OK)
		return;
	at = hello.host.at;
	if (!hello.host_valid || at < p->payload.at || at >= p->payload.end ||
	    !host_normalise_bytes(host, at, cursor_left(&hello.host)))
		return;
	if (masks_host(p->r->masks, host, masked))
		span_put(p->span, span_offset(p->span, at), masked, strlen(masked));
}

/* Walks the records that begin in this segment. */
static void
walk(struct passage *p, struct tls_stream *stream, bool hellos)
{
	uint32_t seq = p->packet->tcp_seq, len = (uint32_t)cursor_left(&p->payload), at = 0;

	while (at < len) {
		uint32_t hello = stream->hello_to - (seq + at), due = stream->next - (seq + at);

		if (hellos && hello < UINT32_MAX / 2)
			span_keep(p->span, p->at + at, hello < len - at ? hello : len - at);
		if (due > len - at || due > UINT32_MAX / 2)
			return; /* this record goes on behind the segment */
		at += due;
		if (at == len)
			return;
		if (!keep_header(p, stream, at)) {
			stream->begun = false;
			return;
		}
	}
}

/*
 * With secret, a name in the hello is to be masked: a hello that does not lie whole in one
 * segment then goes with everything else.
 */
bool
rewrite_tls(struct passage *p, bool secret)
{
	struct tls_stream *stream;
	struct tls_record record;
	bool begins = tls_record_header(p->payload, &record) == PARSE_OK, hellos;

	if (cursor_left(&p->payload) == 0)
		return true;
	if (!begins) {
		struct stream_key key = {
		    .from = p->packet->source,
		    .to = p->packet->target,
		    .ports = {(uint8_t)(p->packet->source_port >> 8),
		        (uint8_t)p->packet->source_port, (uint8_t)(p->packet->target_port >> 8),
		        (uint8_t)p->packet->target_port},
		};

		stream = table_find(p->r->streams, &key);
		if (!stream || !stream->begun)
			return false;
	} else {
		stream = stream_of(p);
	}
	if (begins && (!stream->begun || stream->next != p->packet->tcp_seq)) {
		stream->begun = true; /* begins here, or begins anew after a hole */
		stream->next = stream->hello_to = p->packet->tcp_seq;
		stream->hello_left = 0;
	}
	hellos = !secret || cursor_left(&record.body) == record.length;
	walk(p, stream, hellos);
	if (begins && record.type == HANDSHAKE)
		mask_name(p);
	return true;
}
