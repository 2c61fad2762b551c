/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PARSE_FRAMES_H
#define TESTS_PARSE_FRAMES_H

#include <stdlib.h>
#include <string.h>

#include "parse/packet.h"
#include "tests/test.h"

#define BYTES_MAX 512

/* Frames are written as hexadecimal text, one header after the other. */
#define TO   "020000000002"
#define FROM "020000000001"
#define BASE "02000000000a" /* an access point */
#define ETH  TO FROM

/* 192.0.2.10:40000 to 198.51.100.7:443, four bytes of payload: 1 2 3 4 */
#define ENDS4                                                                                      \
	"c000020a"                                                                                 \
	"c6336407"
#define UDP                                                                                        \
	"9c4001bb000c0000"                                                                         \
	"01020304"
#define IP4                                                                                        \
	"4500002000010000"                                                                         \
	"4011"                                                                                     \
	"0000" ENDS4 UDP /* 32 bytes */

#define TCP                                                                                        \
	"9c4001bb"                                                                                 \
	"00000064"                                                                                 \
	"000000c8"                                                                                 \
	"5018"                                                                                     \
	"ffff00000000"                                                                             \
	"01020304"
#define IP4_TCP                                                                                    \
	"4500002c00010000"                                                                         \
	"4006"                                                                                     \
	"0000" ENDS4 TCP /* 44 bytes */

#define ENDS6                                                                                      \
	"20010db8000000000000000000000001"                                                         \
	"20010db8000000000000000000000002"
#define IP6 "60000000000c1140" ENDS6 UDP /* 52 bytes */

#define LLC "aaaa03000000"

struct bytes {
	uint8_t at[BYTES_MAX];
	uint32_t length;
};

static inline unsigned
digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static inline struct bytes
bytes_of(const char *hex)
{
	struct bytes b = {.length = (uint32_t)strlen(hex) / 2};

	assert_true(b.length <= BYTES_MAX && strlen(hex) % 2 == 0);
	for (uint32_t i = 0; i < b.length; i++)
		b.at[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	return b;
}

static struct bytes parsed; /* what the packet of the last parse points into */

/* on_wire 0: as much as was captured. */
static inline enum parse_result
parse_with(uint16_t link_type, const char *hex, uint32_t on_wire,
    const struct packet_options *options, struct packet *packet)
{
	struct frame frame = {.bytes = parsed.at, .link_type = link_type, .time = 7};

	parsed = bytes_of(hex);
	frame.captured = parsed.length;
	frame.on_wire = on_wire ? on_wire : parsed.length;
	return packet_parse(&frame, options, packet);
}

static inline struct packet
parse(uint16_t link_type, const char *hex)
{
	struct packet packet;

	assert_int_equal(parse_with(link_type, hex, 0, NULL, &packet), PARSE_OK);
	return packet;
}

static inline enum parse_result
result_of(uint16_t link_type, const char *hex)
{
	struct packet packet;

	return parse_with(link_type, hex, 0, NULL, &packet);
}

/* Parses the first bytes of a frame from memory of just that size. */
static inline enum parse_result
parse_cut(uint16_t link_type, const char *hex, uint32_t captured,
    const struct packet_options *options, struct packet *packet)
{
	struct bytes whole = bytes_of(hex);
	uint8_t *copy = malloc(captured ? captured : 1);
	struct frame frame = {
	    .bytes = copy,
	    .captured = captured,
	    .on_wire = whole.length,
	    .link_type = link_type,
	};
	enum parse_result result;
	size_t left, sum = 0;

	assert_non_null(copy);
	memcpy(copy, whole.at, captured);
	result = packet_parse(&frame, options, packet);
	left = result == PARSE_OK ? cursor_left(&packet->payload) : 0;
	for (size_t i = 0; i < left; i++) /* all of it can be read */
		sum += cursor_u8(&packet->payload);
	assert_true(sum <= left * 255 && cursor_left(&packet->payload) == 0);
	free(copy);
	return result;
}

static inline void
assert_addr(const struct addr *addr, const char *expected)
{
	char text[ADDR_TEXT];

	assert_string_equal(addr_format(addr, text), expected);
}

static inline void
assert_mac(const struct mac *mac, const char *expected)
{
	char text[MAC_TEXT];

	assert_string_equal(mac_format(mac, text), expected);
}

static inline void
assert_payload(const struct packet *packet)
{
	assert_int_equal(packet->payload_bytes, 4);
	assert_int_equal(cursor_left(&packet->payload), 4);
	assert_true(cursor_starts_with(&packet->payload, "\1\2\3\4", 4));
}

#endif
