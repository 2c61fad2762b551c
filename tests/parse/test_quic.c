/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/quic.h"

#include <stdlib.h>
#include <string.h>

#include "tests/samples/quic.h"
#include "tests/test.h"

static void
an_initial_tells_its_parts(void **state)
{
	struct cursor datagram = cursor_over(rfc9001_initial, sizeof(rfc9001_initial));
	struct quic_initial_view view;

	(void)state;
	assert_int_equal(quic_initial_find(&datagram, &view), PARSE_OK);
	assert_int_equal(view.version, QUIC_V1);
	assert_int_equal(cursor_left(&view.dcid), 8);
	assert_int_equal(view.dcid.at[0], 0x83);
	assert_int_equal(cursor_left(&view.scid), 0);
	assert_int_equal(cursor_left(&view.token), 0);
	assert_int_equal(view.number_offset, 18);
	assert_int_equal(view.protected_len, 1182);
	assert_int_equal(cursor_left(&view.packet), 1200);
	assert_int_equal(quic_initial_find(&datagram, &view), PARSE_OTHER);
}

static void
version_two_numbers_its_types_anew(void **state)
{
	struct cursor datagram = cursor_over(rfc9369_initial, sizeof(rfc9369_initial));
	uint8_t copy[sizeof(rfc9369_initial)];
	struct quic_initial_view view;

	(void)state;
	assert_int_equal(quic_initial_find(&datagram, &view), PARSE_OK);
	assert_int_equal(view.version, QUIC_V2);
	memcpy(copy, rfc9369_initial, sizeof(copy));
	copy[0] = 0xc0; /* an Initial in version 1, but Retry here */
	datagram = cursor_over(copy, sizeof(copy));
	assert_int_equal(quic_initial_find(&datagram, &view), PARSE_OTHER);
}

static void
every_cut_datagram_is_short(void **state)
{
	struct quic_initial_view view;

	(void)state;
	for (size_t len = 1; len < sizeof(rfc9001_initial); len++) {
		uint8_t *copy = malloc(len);
		struct cursor datagram = cursor_over(copy, len);

		assert_non_null(copy);
		memcpy(copy, rfc9001_initial, len);
		assert_int_equal(quic_initial_find(&datagram, &view), PARSE_SHORT);
		free(copy);
	}
}

static void
packets_in_front_of_an_initial_are_skipped(void **state)
{
	/* 0-RTT and Handshake, each with two bytes of payload. */
	static const uint8_t before[] = {
	    0xd0, 0, 0, 0, 1, 1, 7, 0, 2, 0xaa, 0xbb, 0xe0, 0, 0, 0, 1, 0, 0, 2, 0xcc, 0xdd};
	uint8_t joined[sizeof(before) + sizeof(rfc9001_initial)] = {0};
	struct cursor datagram = cursor_over(joined, sizeof(joined));
	struct quic_initial_view view;

	(void)state;
	memcpy(joined, before, sizeof(before));
	memcpy(joined + sizeof(before), rfc9001_initial, sizeof(rfc9001_initial));
	assert_int_equal(quic_initial_find(&datagram, &view), PARSE_OK);
	assert_memory_equal(view.packet.at, rfc9001_initial, sizeof(rfc9001_initial));
}

static void
other_versions_are_something_else(void **state)
{
	static const uint8_t rows[][8] = {
	    {0xc0, 0, 0, 0, 0, 0, 0, 0},             /* version negotiation */
	    {0xc0, 0x51, 0x30, 0x35, 0x30, 0, 0, 0}, /* Google's Q050 */
	    {0x40, 0, 0, 0, 1, 0, 0, 0},             /* a short header */
	    {0xf0, 0, 0, 0, 1, 0, 0, 0},             /* Retry */
	};
	struct quic_initial_view view;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cursor datagram = cursor_over(rows[i], sizeof(rows[i]));

		assert_int_equal(quic_initial_find(&datagram, &view), PARSE_OTHER);
	}
}

static void
a_connection_id_over_twenty_bytes_is_malformed(void **state)
{
	uint8_t packet[40] = {0xc0, 0, 0, 0, 1, 21};
	struct cursor datagram = cursor_over(packet, sizeof(packet));
	struct quic_initial_view view;

	(void)state;
	assert_int_equal(quic_initial_find(&datagram, &view), PARSE_MALFORMED);
}

static void
a_greased_version_may_still_become_quic(void **state)
{
	(void)state;
	assert_true(quic_long_header(cursor_over("\xc0\x1a\x2a\x3a\x4a", 5)));
	assert_true(quic_long_header(cursor_over("\xc0\x00\x00\x00\x01", 5)));
	assert_false(quic_long_header(cursor_over("\xc0\x00\x00\x00\x02", 5)));
	assert_false(quic_long_header(cursor_over("\x40\x00\x00\x00\x01", 5)));
	assert_false(quic_long_header(cursor_over("\xc0\x00\x00\x00", 4)));
}

struct seen {
	unsigned pieces;
	uint64_t offset;
	size_t len;
};

static bool
remember(uint64_t offset, struct cursor data, void *user)
{
	struct seen *seen = user;

	seen->pieces++;
	seen->offset = offset;
	seen->len = cursor_left(&data);
	return true;
}

static const uint8_t frames[] = {
    0x00, 0x01,                               /* PADDING, PING */
    0x02, 0x05, 0x00, 0x01, 0x00, 0x02, 0x01, /* ACK with two ranges */
    0x03, 0x05, 0x00, 0x00, 0x00, 1, 2, 3,    /* ACK with ECN counts */
    0x06, 0x40, 0x64, 0x03, 'a', 'b', 'c',    /* CRYPTO at 100 */
    0x1c, 0x40, 0x00, 0x06, 0x01, 'x',        /* CONNECTION_CLOSE with a reason */
};

static void
frames_around_crypto_are_stepped_over(void **state)
{
	struct seen seen = {0};

	(void)state;
	assert_int_equal(quic_crypto_frames(cursor_over(frames, sizeof(frames)), remember, &seen),
	    PARSE_OK);
	assert_int_equal(seen.pieces, 1);
	assert_int_equal(seen.offset, 100);
	assert_int_equal(seen.len, 3);
}

static void
frames_cut_inside_are_malformed(void **state)
{
	static const size_t borders[] = {0, 1, 2, 9, 17, 24, sizeof(frames)};
	size_t border = 0;

	(void)state;
	for (size_t len = 0; len <= sizeof(frames); len++) {
		uint8_t *copy = malloc(len ? len : 1);
		struct seen seen = {0};
		bool whole = len == borders[border];

		assert_non_null(copy);
		memcpy(copy, frames, len);
		assert_int_equal(quic_crypto_frames(cursor_over(copy, len), remember, &seen),
		    whole ? PARSE_OK : PARSE_MALFORMED);
		border += whole;
		free(copy);
	}
}

static void
a_frame_that_no_initial_carries_is_malformed(void **state)
{
	struct seen seen = {0};

	(void)state;
	assert_int_equal(quic_crypto_frames(cursor_over("\x08\x00\x00", 3), remember, &seen),
	    PARSE_MALFORMED);
	assert_int_equal(seen.pieces, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_initial_tells_its_parts),
	    cmocka_unit_test(version_two_numbers_its_types_anew),
	    cmocka_unit_test(every_cut_datagram_is_short),
	    cmocka_unit_test(packets_in_front_of_an_initial_are_skipped),
	    cmocka_unit_test(other_versions_are_something_else),
	    cmocka_unit_test(a_connection_id_over_twenty_bytes_is_malformed),
	    cmocka_unit_test(a_greased_version_may_still_become_quic),
	    cmocka_unit_test(frames_around_crypto_are_stepped_over),
	    cmocka_unit_test(frames_cut_inside_are_malformed),
	    cmocka_unit_test(a_frame_that_no_initial_carries_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
