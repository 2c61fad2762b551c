/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parse/frames.h"

#define BODY LLC "0800" IP4

static void
the_two_ds_bits_tell_who_the_ends_are(void **state)
{
	const char *const frames[] = {
	    "08000000" TO FROM BASE "0000" BODY,
	    "08010000" BASE FROM TO "0000" BODY,
	    "08020000" TO BASE FROM "0000" BODY,
	    "08030000" BASE BASE TO "0000" FROM BODY,
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct packet packet = parse(105, frames[i]);

		assert_mac(&packet.source_mac, "02:00:00:00:00:01");
		assert_mac(&packet.target_mac, "02:00:00:00:00:02");
	}
}

static void
frames_without_a_readable_packet_are_other(void **state)
{
	(void)state;
	/* encrypted, empty, a beacon, a later fragment, several packets in one */
	assert_int_equal(result_of(105, "08420000" TO BASE FROM "0000" BODY), PARSE_OTHER);
	assert_int_equal(result_of(105, "48010000" BASE FROM TO "0000"), PARSE_OTHER);
	assert_int_equal(result_of(105, "80000000" TO FROM FROM "0000"), PARSE_OTHER);
	assert_int_equal(result_of(105, "08020000" TO BASE FROM "0100" BODY), PARSE_OTHER);
	assert_int_equal(result_of(105, "88020000" TO BASE FROM "0000"
	                                "8000" BODY),
	    PARSE_OTHER);
}

static void
a_frame_damaged_on_the_air_is_other(void **state)
{
	(void)state;
	assert_int_equal(result_of(127, "00000900"
	                                "02000000"
	                                "40"
	                                "08020000" TO BASE FROM "0000" BODY),
	    PARSE_OTHER);
}

static void
the_frame_check_sequence_is_no_part_of_the_record(void **state)
{
	struct packet packet = parse(127, "00000900"
	                                  "02000000"
	                                  "10"
	                                  "08020000" TO BASE FROM "0000" LLC "0800"
	                                  "4500ffff00010000"
	                                  "4011"
	                                  "0000" ENDS4 UDP "deadbeef");

	(void)state;
	assert_int_equal(packet.ip_bytes, 32);
	assert_payload(&packet);
}

static void
padding_behind_the_header_is_stepped_over(void **state)
{
	struct packet packet = parse(127, "00000900"
	                                  "02000000"
	                                  "20"
	                                  "88020000" TO BASE FROM "0000"
	                                  "0000"
	                                  "0000" BODY);

	(void)state;
	assert_int_equal(packet.ip_bytes, 32);
	assert_payload(&packet);
}

static void
a_radiotap_header_shorter_than_itself_is_malformed(void **state)
{
	(void)state;
	assert_int_equal(result_of(127, "00000400"
	                                "00000000"),
	    PARSE_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_two_ds_bits_tell_who_the_ends_are),
	    cmocka_unit_test(frames_without_a_readable_packet_are_other),
	    cmocka_unit_test(a_frame_damaged_on_the_air_is_other),
	    cmocka_unit_test(the_frame_check_sequence_is_no_part_of_the_record),
	    cmocka_unit_test(padding_behind_the_header_is_stepped_over),
	    cmocka_unit_test(a_radiotap_header_shorter_than_itself_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
