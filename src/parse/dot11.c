/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layers.h"

/* Frame control, IEEE 802.11-2020, 9.2.4.1; read as one little-endian number. */
#define CONTROL_VERSION   0x0003
#define CONTROL_TYPE      0x000c
#define TYPE_DATA         0x0008
#define SUBTYPE_NO_DATA   0x0040
#define SUBTYPE_QOS       0x0080
#define CONTROL_TO_DS     0x0100
#define CONTROL_FROM_DS   0x0200
#define CONTROL_PROTECTED 0x4000
#define CONTROL_ORDER     0x8000

#define QOS_AMSDU       0x0080
#define FRAGMENT_NUMBER 0x000f

/* radiotap.org: the present word's bits, and the flags field's. */
#define RADIOTAP_TSFT     0x00000001
#define RADIOTAP_FLAGS    0x00000002
#define RADIOTAP_MORE     0x80000000
#define RADIOTAP_FCS      0x10
#define RADIOTAP_DATA_PAD 0x20
#define RADIOTAP_BAD_FCS  0x40

#define FCS_BYTES 4

static struct mac
mac_of(const uint8_t *bytes)
{
	struct mac mac = {{0}};

	if (bytes)
		memcpy(mac.bytes, bytes, sizeof(mac.bytes));
	return mac;
}

/* Which addresses are the ends', by the two DS bits (9.3.2.1, table 9-30). */
static void
addresses_take(struct cursor *c, uint16_t control, struct packet *packet, uint16_t *sequence)
{
	bool to = (control & CONTROL_TO_DS) != 0, from = (control & CONTROL_FROM_DS) != 0;
	struct mac first = mac_of(cursor_take(c, 6));
	struct mac second = mac_of(cursor_take(c, 6));
	struct mac third = mac_of(cursor_take(c, 6));

	*sequence = cursor_le16(c);
	packet->target_mac = to ? third : first;
	packet->source_mac = from ? third : second;
	if (to && from)
		packet->source_mac = mac_of(cursor_take(c, 6));
}

/*
 * A data frame that is not encrypted, not empty, and the whole or the first fragment of
 * one packet.  An A-MSDU holds several packets and is not opened.
 */
static enum parse_result
data_parse(struct packet *packet, bool padded)
{
	struct cursor *c = &packet->payload;
	size_t before = cursor_left(c);
	uint16_t control = cursor_le16(c);
	uint16_t qos = 0, sequence;

	cursor_take(c, 2);
	addresses_take(c, control, packet, &sequence);
	if (control & SUBTYPE_QOS) {
		qos = cursor_le16(c);
		if (control & CONTROL_ORDER)
			cursor_take(c, 4); /* HT control */
	}
	if (padded)
		cursor_take(c, (4 - (before - cursor_left(c)) % 4) % 4);
	if (c->short_read)
		return PARSE_SHORT;
	if ((sequence & FRAGMENT_NUMBER) != 0 || (qos & QOS_AMSDU))
		return PARSE_OTHER;
	packet->has_macs = true;
	return llc_parse(packet);
}

static enum parse_result
frame_parse(struct packet *packet, bool padded)
{
	struct cursor ahead = packet->payload;
	uint16_t control = cursor_le16(&ahead);

	if (ahead.short_read)
		return PARSE_SHORT;
	if ((control & (CONTROL_VERSION | CONTROL_TYPE)) != TYPE_DATA ||
	    (control & (SUBTYPE_NO_DATA | CONTROL_PROTECTED)))
		return PARSE_OTHER;
	return data_parse(packet, padded);
}

enum parse_result
dot11_parse(struct packet *packet)
{
	return frame_parse(packet, false);
}

/*
 * Flags come first or, aligned to eight bytes from the header's start, after the time.
 * header stands behind version, pad and length.
 */
static uint8_t
radiotap_flags(struct cursor header, size_t length)
{
	uint32_t present = cursor_le32(&header);
	uint32_t more = present;

	while ((more & RADIOTAP_MORE) && !header.short_read)
		more = cursor_le32(&header);
	if (!(present & RADIOTAP_FLAGS))
		return 0;
	if (present & RADIOTAP_TSFT) {
		cursor_take(&header, (8 - (length - cursor_left(&header)) % 8) % 8);
		cursor_take(&header, 8);
	}
	return cursor_u8(&header);
}

enum parse_result
radiotap_parse(struct packet *packet)
{
	struct cursor *c = &packet->payload;
	uint8_t version = cursor_u8(c);
	uint16_t length;
	uint8_t flags;
	struct cursor header;

	cursor_take(c, 1);
	length = cursor_le16(c);
	if (c->short_read)
		return PARSE_SHORT;
	if (version != 0)
		return PARSE_OTHER;
	if (length < 8)
		return PARSE_MALFORMED;
	header = cursor_sub(c, length - 4U);
	if (header.short_read)
		return PARSE_SHORT;
	flags = radiotap_flags(header, length);
	if (flags & RADIOTAP_BAD_FCS) /* damaged on the air: nobody received it */
		return PARSE_OTHER;
	if (flags & RADIOTAP_FCS)
		frame_trim(packet, FCS_BYTES);
	return frame_parse(packet, (flags & RADIOTAP_DATA_PAD) != 0);
}
