/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/judge/wire.h"

static void
a_bin_that_reaches_on_opens(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].sums.bytes_up, ON);
	expect_span(&w.episode[0], 0, 0);
}

static void
a_byte_less_in_each_bin_opens_nothing(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	for (int bin = 0; bin < 100; bin++)
		up(&w, 250 * bin, ON - 1);
	end(&w);
	assert_int_equal(w.episodes, 0);
}

static void
downloads_open_nothing(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	for (int i = 0; i < 1000; i++)
		down(&w, i, 1400);
	end(&w);
	assert_int_equal(w.episodes, 0);
}

static void
it_goes_on_while_a_bin_reaches_off_within_eight_seconds(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	up(&w, 7900, OFF);
	up(&w, 15800, OFF);
	end(&w);
	assert_int_equal(w.episodes, 1);
	expect_span(&w.episode[0], 0, 15800);
	assert_int_equal(w.episode[0].sums.bytes_up, ON + 2 * OFF);
	assert_int_equal(w.episode[0].sums.bursts, 3);
}

static void
bins_below_off_do_not_keep_it_going(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	for (int bin = 1; bin < 40; bin++)
		up(&w, 250 * bin, OFF - 1);
	up(&w, 10000, ON);
	end(&w);
	assert_int_equal(w.episodes, 2);
	assert_int_equal(w.episode[0].sums.bytes_up, ON);
	expect_span(&w.episode[0], 0, 0);
	expect_span(&w.episode[1], 10000, 10000);
}

static void
more_than_eight_seconds_of_silence_end_it(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	up(&w, 8001, ON);
	end(&w);
	assert_int_equal(w.episodes, 2);
	assert_false(w.episode[0].open);
	assert_true(w.episode[1].open);
}

static void
one_whose_silence_is_over_when_the_input_ends_is_closed(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	track_table_on_close(w.tracks, closed, &w);
	track_table_close_all(w.tracks, MORNING + 8001 * MS, false);
	assert_int_equal(w.episodes, 1);
	assert_false(w.episode[0].open);
	end(&w);
}

static void
start_and_end_are_the_outer_packets_over_the_edge_size(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 10, EDGE); /* an acknowledgement: not over it */
	up(&w, 20, EDGE + 1);
	up(&w, 60, ON);
	up(&w, 300, OFF);
	up(&w, 310, EDGE + 1);
	up(&w, 320, EDGE);
	end(&w);
	expect_span(&w.episode[0], 20, 310);
	assert_int_equal(w.episode[0].sums.bytes_up, 2 * (EDGE + 1) + ON + OFF);
	assert_int_equal(w.episode[0].sums.packets_up, 4);
}

static void
a_bin_that_reaches_off_by_small_packets_ends_at_its_last_large_one(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	up(&w, 500, OFF - 100);
	up(&w, 600, 100);
	end(&w);
	expect_span(&w.episode[0], 0, 500);
	assert_int_equal(w.episode[0].sums.bytes_up, ON + OFF - 100);
	assert_int_equal(w.episode[0].sums.bins_up, 2);
}

static void
a_bin_opened_by_a_small_packet_ends_at_its_last_large_one(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON - 100);
	up(&w, 50, 100);
	end(&w);
	expect_span(&w.episode[0], 0, 0);
	assert_int_equal(w.episode[0].sums.bytes_up, ON - 100);
}

static void
all_bytes_between_both_ways_are_its_bytes(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	down(&w, 0, 500); /* before it */
	up(&w, 1000, ON);
	down(&w, 2000, 60);
	up(&w, 3000, 40); /* below off, but between */
	down(&w, 4000, 1400);
	up(&w, 5000, ON);
	down(&w, 5001, 52); /* after it */
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].sums.bytes_up, 2 * ON + 40);
	assert_int_equal(w.episode[0].sums.bytes_down, 1460);
	assert_int_equal(w.episode[0].sums.packets_down, 2);
}

static void
keep(const struct track_episode *episode, const struct track_pace *pace, void *user)
{
	struct track_episode *kept = user;

	(void)pace;
	*kept = *episode;
}

static void
expect_open(const struct wire *w, int64_t end, uint64_t bytes_up, uint64_t bytes_down)
{
	struct track_episode e = {.end = 0};

	track_table_each_open(w->tracks, keep, &e);
	expect_span(&e, 0, end);
	assert_int_equal(e.sums.bytes_up, bytes_up);
	assert_int_equal(e.sums.bytes_down, bytes_down);
}

static void
an_open_one_is_told_up_to_its_last_large_packet(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	expect_open(&w, 0, ON, 0);
	up(&w, 10, EDGE);
	expect_open(&w, 0, ON, 0);
	down(&w, 20, 1400);
	expect_open(&w, 0, ON, 0);
	up(&w, 30, 1400);
	expect_open(&w, 30, ON + EDGE + 1400, 1400);
	down(&w, 40, 1400);
	expect_open(&w, 30, ON + EDGE + 1400, 1400);
	up(&w, 260, 100); /* of the next bin, which has not reached off */
	expect_open(&w, 30, ON + EDGE + 1400, 1400);
	up(&w, 270, OFF);
	expect_open(&w, 270, ON + EDGE + 1400 + 100 + OFF, 2800);
	end(&w);
	assert_int_equal(w.episodes, 1);
	expect_span(&w.episode[0], 0, 270);
}

static void
at_most_one_is_open_per_device_and_destination(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	w.flow.key.port[0] = 40001;
	up(&w, 100, ON);
	w.flow.key.port[0] = 40002;
	up(&w, 200, ON);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].flows, 3);
	assert_int_equal(w.episode[0].sums.bytes_up, 3 * ON);
	assert_int_equal(w.episode[0].flow[2].port[0], 40002);
}

static void
flows_that_take_turns_are_listed_once(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	for (uint16_t i = 0; i < 30; i++) {
		w.flow.key.port[0] = (uint16_t)(40000 + i % 3);
		up(&w, i * 10, ON);
	}
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].flows, 3);
	assert_int_equal(w.episode[0].flow[0].port[0], 40000);
	assert_int_equal(w.episode[0].flow[1].port[0], 40001);
	assert_int_equal(w.episode[0].flow[2].port[0], 40002);
}

static void
flows_beyond_its_list_still_count(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	for (uint16_t i = 0; i < TRACK_FLOWS + 5; i++) {
		w.flow.key.port[0] = (uint16_t)(40000 + i);
		up(&w, i * 10, ON);
	}
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].flows, TRACK_FLOWS);
	assert_int_equal(w.episode[0].sums.bytes_up, (TRACK_FLOWS + 5) * ON);
}

static void
another_destination_has_an_episode_of_its_own(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	send_to(&w, 7, 0, ON, true);
	send_to(&w, 8, 1, ON, true);
	end(&w);
	assert_int_equal(w.episodes, 2);
	assert_true(w.episode[0].what != w.episode[1].what);
	assert_int_equal(w.episode[0].ordinal, 0);
	assert_int_equal(w.episode[1].ordinal, 1);
}

static void
a_packet_some_ms_late_keeps_sums_exact(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	up(&w, 260, ON);
	up(&w, 245, 1400); /* of the bin before */
	up(&w, 500, ON);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].sums.bytes_up, 3 * ON + 1400);
	expect_span(&w.episode[0], 0, 500);
}

static void
media_opens_below_the_threshold(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	media(&w, 0, 100, 1);
	media(&w, 20, 100, 1);
	end(&w);
	assert_int_equal(w.episodes, 1);
	expect_span(&w.episode[0], 0, 20);
	assert_int_equal(w.episode[0].sums.media_up, 2);
	assert_int_equal(w.episode[0].sums.bytes_up, 200);
}

static void
media_keeps_it_going_below_the_threshold(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	for (int i = 0; i < 10; i++)
		media(&w, i * 4000, 100, i % 2 ? 1 : 2);
	end(&w);
	assert_int_equal(w.episodes, 1);
	expect_span(&w.episode[0], 0, 36000);
	assert_int_equal(w.episode[0].ssrcs, 2);
}

static void
peaks_are_of_a_bin_and_of_four_in_a_row(void **state)
{
	struct wire w = wire_new(4);

	(void)state;
	up(&w, 0, ON);
	up(&w, 250, 2 * ON);
	up(&w, 500, ON);
	up(&w, 750, ON);
	up(&w, 1000, ON);
	up(&w, 3000, ON);
	end(&w);
	assert_int_equal(w.episode[0].peak_bin_up, 2 * ON);
	assert_int_equal(w.episode[0].peak_second_up, 5 * ON);
}

static void
what_leaves_a_full_table_is_closed_first(void **state)
{
	struct wire w = wire_new(2);

	(void)state;
	for (uint64_t what = 1; what <= 5; what++)
		send_to(&w, what, (int64_t)what, ON, true);
	assert_int_equal(w.episodes, 3);
	assert_int_equal(track_table_evicted(w.tracks), 3);
	end(&w);
	assert_int_equal(w.episodes, 5);
}

static void
an_id_says_device_five_tuple_and_time(void **state)
{
	struct wire w = wire_new(8);

	(void)state;
	send_to(&w, 1, 0, ON, true);
	send_to(&w, 2, 1, ON, true);
	w.flow.key.port[0]++;
	send_to(&w, 3, 0, ON, true);
	w.flow.key.port[0]--;
	send_to(&w, 4, 0, ON, true);
	end(&w);
	assert_true(w.episode[0].id != w.episode[1].id);
	assert_true(w.episode[0].id != w.episode[2].id);
	assert_true(w.episode[0].id == w.episode[3].id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bin_that_reaches_on_opens),
	    cmocka_unit_test(a_byte_less_in_each_bin_opens_nothing),
	    cmocka_unit_test(downloads_open_nothing),
	    cmocka_unit_test(it_goes_on_while_a_bin_reaches_off_within_eight_seconds),
	    cmocka_unit_test(bins_below_off_do_not_keep_it_going),
	    cmocka_unit_test(more_than_eight_seconds_of_silence_end_it),
	    cmocka_unit_test(one_whose_silence_is_over_when_the_input_ends_is_closed),
	    cmocka_unit_test(start_and_end_are_the_outer_packets_over_the_edge_size),
	    cmocka_unit_test(a_bin_that_reaches_off_by_small_packets_ends_at_its_last_large_one),
	    cmocka_unit_test(a_bin_opened_by_a_small_packet_ends_at_its_last_large_one),
	    cmocka_unit_test(all_bytes_between_both_ways_are_its_bytes),
	    cmocka_unit_test(an_open_one_is_told_up_to_its_last_large_packet),
	    cmocka_unit_test(at_most_one_is_open_per_device_and_destination),
	    cmocka_unit_test(flows_that_take_turns_are_listed_once),
	    cmocka_unit_test(flows_beyond_its_list_still_count),
	    cmocka_unit_test(another_destination_has_an_episode_of_its_own),
	    cmocka_unit_test(a_packet_some_ms_late_keeps_sums_exact),
	    cmocka_unit_test(media_opens_below_the_threshold),
	    cmocka_unit_test(media_keeps_it_going_below_the_threshold),
	    cmocka_unit_test(peaks_are_of_a_bin_and_of_four_in_a_row),
	    cmocka_unit_test(what_leaves_a_full_table_is_closed_first),
	    cmocka_unit_test(an_id_says_device_five_tuple_and_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
