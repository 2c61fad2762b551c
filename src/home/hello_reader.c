/* SPDX-License-Identifier: Apache-2.0 */
#include "home/hello_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "crypto/quic_keys.h"
#include "home/joiner.h"
#include "parse/quic.h"

#define STUN_COOKIE 0x2112a442 /* RFC 8489, 5 */

struct slot {
	uint64_t serial; /* counts up over all slots ever taken; 0: free */
	bool begun;      /* holds something worth keeping */
	bool has_message;
	uint16_t message; /* DTLS: which of its messages is being joined */
	uint8_t dcid_len;
	uint8_t dcid[QUIC_CID_MAX]; /* QUIC: of the client's first Initial */
	struct joiner joiner;
};

struct hello_reader {
	size_t count;
	size_t used;
	uint64_t last_serial;
	uint64_t given_up;
	struct quic_opener *opener;
	struct ja4_maker *maker;
	uint8_t scratch[TLS_HELLO_MAX]; /* records joined, or an Initial opened */
	struct slot bench;              /* where a stream is tried that has no slot yet */
	struct slot slot[];
};

struct hello_reader *
hello_reader_new(size_t slots)
{
	struct hello_reader *reader;

	if (slots == 0 || slots > SIZE_MAX / sizeof(struct slot) - 2)
		return NULL;
	reader = pages_take(sizeof(*reader) + slots * sizeof(struct slot), 0);
	if (!reader)
		return NULL;
	reader->count = slots;
	reader->opener = quic_opener_new();
	reader->maker = ja4_maker_new();
	if (!reader->opener || !reader->maker) {
		hello_reader_free(reader);
		return NULL;
	}
	return reader;
}

void
hello_reader_free(struct hello_reader *reader)
{
	if (!reader)
		return;
	quic_opener_free(reader->opener);
	ja4_maker_free(reader->maker);
	pages_free(reader, sizeof(*reader) + reader->count * sizeof(struct slot));
}

size_t
hello_slots_used(const struct hello_reader *reader)
{
	return reader->used;
}

uint64_t
hello_given_up(const struct hello_reader *reader)
{
	return reader->given_up;
}

/* A handle is serial * count + index, so that one given up is known as such. */
static struct slot *
slot_of(struct hello_reader *reader, uint64_t handle)
{
	struct slot *slot = &reader->slot[handle % reader->count];

	return slot->serial == handle / reader->count ? slot : NULL;
}

static void
slot_clear(struct slot *slot)
{
	slot->serial = 0;
	slot->begun = false;
	slot->has_message = false;
	slot->dcid_len = 0;
	joiner_clear(&slot->joiner);
}

/* A free slot, else the one taken longest ago. */
static struct slot *
slot_choose(struct hello_reader *reader)
{
	struct slot *oldest = &reader->slot[0];

	for (size_t i = 0; i < reader->count; i++)
		if (reader->slot[i].serial < oldest->serial)
			oldest = &reader->slot[i];
	return oldest;
}

/* Moves what lies on the bench to a slot of its own. */
static uint64_t
slot_keep(struct hello_reader *reader)
{
	struct slot *slot = slot_choose(reader);

	if (slot->serial != 0)
		reader->given_up++;
	else
		reader->used++;
	*slot = reader->bench;
	slot->serial = ++reader->last_serial;
	return slot->serial * reader->count + (uint64_t)(slot - reader->slot);
}

void
hello_release(struct hello_reader *reader, uint64_t *slot)
{
	struct slot *held = *slot != HELLO_NO_SLOT ? slot_of(reader, *slot) : NULL;

	if (held) {
		slot_clear(held);
		reader->used--;
	}
	*slot = HELLO_NO_SLOT;
}

/* The stream's slot, or the bench; NULL if its slot was given up. */
static struct slot *
slot_enter(struct hello_reader *reader, uint64_t handle)
{
	if (handle != HELLO_NO_SLOT)
		return slot_of(reader, handle);
	slot_clear(&reader->bench);
	return &reader->bench;
}

static enum hello_answer
slot_leave(struct hello_reader *reader, uint64_t *handle, enum hello_answer answer)
{
	if (answer != HELLO_MORE)
		hello_release(reader, handle);
	else if (*handle == HELLO_NO_SLOT && reader->bench.begun)
		*handle = slot_keep(reader);
	return answer;
}

static size_t
copy_text(char *text, size_t size, struct cursor bytes)
{
	size_t len = cursor_left(&bytes) < size - 1 ? cursor_left(&bytes) : size - 1;
	const uint8_t *at = cursor_take(&bytes, len);

	if (len > 0 && at)
		memcpy(text, at, len);
	text[len] = '\0';
	return len;
}

static void
found_fill(struct hello_reader *reader, const struct hello *hello, struct hello_found *found)
{
	*found = (struct hello_found){
	    .transport = hello->transport,
	    .version = hello->version,
	    .ech = hello->ech,
	};
	if (hello->host_valid)
		host_normalise_bytes(found->host, hello->host.at, cursor_left(&hello->host));
	found->raw_host_len =
	    (uint8_t)copy_text(found->raw_host, sizeof(found->raw_host), hello->host);
	copy_text(found->alpn, sizeof(found->alpn), hello->alpn);
	ja4_make(reader->maker, hello, found->ja4);
}

static enum hello_answer
answer_of(struct hello_reader *reader, enum parse_result result, const struct hello *hello,
    struct hello_found *found)
{
	if (result == PARSE_SHORT)
		return HELLO_MORE;
	if (result != PARSE_OK)
		return HELLO_NONE;
	found_fill(reader, hello, found);
	return HELLO_FOUND;
}

static enum hello_answer
try_tcp(struct hello_reader *reader, struct cursor stream, struct hello_found *found)
{
	struct hello hello;
	enum parse_result result =
	    tls_hello_parse(stream, reader->scratch, sizeof(reader->scratch), &hello);

	return answer_of(reader, result, &hello, found);
}

static enum hello_answer
feed_tcp(struct hello_reader *reader, struct slot *slot, uint32_t offset, struct cursor payload,
    struct hello_found *found)
{
	enum hello_answer answer;

	if (offset == 0 && !slot->begun) {
		answer = try_tcp(reader, payload, found);
		if (answer != HELLO_MORE)
			return answer;
	}
	if (offset >= JOINER_SIZE) /* too far ahead to belong to a hello */
		return slot->begun ? HELLO_MORE : HELLO_NONE;
	joiner_put(&slot->joiner, offset, payload);
	slot->begun = true;
	if (slot->joiner.ready == 0)
		return HELLO_MORE;
	answer = try_tcp(reader, joiner_ready(&slot->joiner), found);
	return answer == HELLO_MORE && slot->joiner.ready == JOINER_SIZE ? HELLO_NONE : answer;
}

enum hello_answer
hello_feed_tcp(struct hello_reader *reader, uint64_t *slot, uint32_t offset, struct cursor payload,
    uint32_t on_wire, struct hello_found *found)
{
	struct slot *own = slot_enter(reader, *slot);
	bool cut = cursor_left(&payload) < on_wire;
	enum hello_answer answer;

	if (!own)
		return slot_leave(reader, slot, HELLO_NONE);
	if (offset >= UINT32_MAX / 2) { /* as a keep-alive does, it starts before the first byte */
		cursor_sub_clamped(&payload, 0 - offset);
		offset = 0;
	}
	if (cursor_left(&payload) == 0 && !cut)
		return HELLO_MORE;
	answer = feed_tcp(reader, own, offset, payload, found);
	if (answer == HELLO_MORE && cut)
		answer = HELLO_NONE;
	return slot_leave(reader, slot, answer);
}

static bool
quic_join(uint64_t offset, struct cursor data, void *user)
{
	struct slot *slot = user;

	slot->begun = true;
	return joiner_put(&slot->joiner, offset, data);
}

static bool
quic_try(struct hello_reader *reader, const struct quic_initial_view *view, const uint8_t *dcid,
    size_t dcid_len, size_t *len)
{
	struct quic_initial initial = {
	    .version = view->version,
	    .dcid = dcid,
	    .dcid_len = dcid_len,
	    .packet = view->packet.at,
	    .number_offset = view->number_offset,
	    .protected_len = view->protected_len,
	};

	return quic_open(reader->opener, &initial, reader->scratch, sizeof(reader->scratch), len);
}

/*
 * The keys follow from the client's first connection ID for the whole handshake (RFC 9001,
 * 5.2), unless the server asked to try again: then from the one of the second first packet.
 */
static bool
quic_open_initial(struct hello_reader *reader, struct slot *slot,
    const struct quic_initial_view *view, size_t *len)
{
	if (slot->begun && quic_try(reader, view, slot->dcid, slot->dcid_len, len))
		return true;
	if (!quic_try(reader, view, view->dcid.at, cursor_left(&view->dcid), len))
		return false;
	slot->dcid_len = (uint8_t)cursor_left(&view->dcid);
	if (slot->dcid_len > 0)
		memcpy(slot->dcid, view->dcid.at, slot->dcid_len);
	slot->begun = true;
	return true;
}

static enum hello_answer
feed_quic(struct hello_reader *reader, struct slot *slot, struct cursor datagram,
    struct hello_found *found)
{
	struct quic_initial_view view;
	enum parse_result result = PARSE_OK;
	struct hello hello;
	bool failed = false;
	size_t len;

	while (result == PARSE_OK) {
		result = quic_initial_find(&datagram, &view);
		if (result != PARSE_OK)
			break;
		if (!quic_open_initial(reader, slot, &view, &len))
			failed = true;
		else
			result =
			    quic_crypto_frames(cursor_over(reader->scratch, len), quic_join, slot);
	}
	if (result == PARSE_MALFORMED)
		return HELLO_NONE;
	if (!slot->begun)
		return failed || result == PARSE_SHORT ? HELLO_NONE : HELLO_MORE;
	result = client_hello_message_parse(joiner_ready(&slot->joiner), HELLO_OVER_QUIC, &hello);
	return answer_of(reader, result, &hello, found);
}

static enum hello_answer
feed_dtls(struct hello_reader *reader, struct slot *slot, struct cursor datagram,
    struct hello_found *found)
{
	struct dtls_fragment fragment;
	enum parse_result result;
	struct hello hello;

	while ((result = dtls_hello_fragment(&datagram, &fragment)) == PARSE_OK) {
		if (!slot->has_message || slot->message != fragment.message)
			joiner_clear(&slot->joiner);
		slot->begun = slot->has_message = true;
		slot->message = fragment.message;
		joiner_put(&slot->joiner, fragment.offset, fragment.piece);
		if (slot->joiner.ready < fragment.total)
			continue;
		result = client_hello_parse(joiner_ready(&slot->joiner), HELLO_OVER_DTLS, &hello);
		return result == PARSE_SHORT ? HELLO_NONE
		                             : answer_of(reader, result, &hello, found);
	}
	if (result == PARSE_MALFORMED || !slot->begun)
		return HELLO_NONE;
	return HELLO_MORE;
}

static bool
is_stun(struct cursor datagram)
{
	uint16_t type = cursor_be16(&datagram);
	bool two_zero_bits = (type & 0xc000) == 0;

	cursor_be16(&datagram);
	return cursor_be32(&datagram) == STUN_COOKIE && two_zero_bits;
}

enum hello_answer
hello_feed_udp(struct hello_reader *reader, uint64_t *slot, struct cursor payload, uint32_t on_wire,
    struct hello_found *found)
{
	struct slot *own = slot_enter(reader, *slot);
	bool cut = cursor_left(&payload) < on_wire;
	enum hello_answer answer = HELLO_MORE;

	if (!own)
		return slot_leave(reader, slot, HELLO_NONE);
	if (quic_long_header(payload))
		answer = feed_quic(reader, own, payload, found);
	else if ((!own->begun || own->has_message) && !is_stun(payload))
		answer = feed_dtls(reader, own, payload, found);
	if (answer == HELLO_MORE && cut)
		answer = HELLO_NONE;
	return slot_leave(reader, slot, answer);
}
