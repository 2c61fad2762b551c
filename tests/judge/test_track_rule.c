/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/judge/wire.h"

/* As test_track, and with what opens by messages, sound and downloads. */
static const struct track_rule whole = {
    .bin_us = 250 * MS,
    .silence_us = 8 * SECOND,
    .on_bytes = ON,
    .off_bytes = OFF,
    .message_bytes = OFF,
    .sound_bins = 12,
    .sound_percent = 75,
    .download_bytes = 1000000,
    .download_per_up = 8,
    .talk_bytes = 500,
    .edge_bytes = EDGE,
    .full_bytes = 1000,
    .before_us = 10 * SECOND,
    .sequence_us = 60 * SECOND,
    .series_bytes = 15000,
};

static void
overhead(struct wire *w, int64_t ms, uint32_t bytes)
{
	see_packet(w, (struct track_packet){.what = 7,
	                  .time = MORNING + ms * MS,
	                  .bytes = bytes,
	                  .up = true,
	                  .overhead = true});
}

static void
rtp(struct wire *w, uint64_t what, int64_t ms, uint16_t sequence)
{
	see_packet(w, (struct track_packet){.what = what,
	                  .time = MORNING + ms * MS,
	                  .bytes = 1000,
	                  .up = true,
	                  .media = true,
	                  .ssrc = 9,
	                  .sequence = sequence});
}

/* A burst of `bytes` in packets of 1,000, a millisecond apart. */
static void
burst(struct wire *w, int64_t ms, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes / 1000; i++)
		up(w, ms + i, 1000);
}

static void
a_message_is_an_episode(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	up(&w, 0, 500);
	up(&w, 20, 500);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].opened, OPENED_BY_MESSAGE);
	expect_span(&w.episode[0], 0, 20);
}

static void
heartbeats_are_none(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 100; i++)
		up(&w, i * 15000, OFF - 1);
	for (int i = 0; i < 100; i++) /* many small ones at once are no message either */
		up(&w, 2000000 + i, 39);
	end(&w);
	assert_int_equal(w.episodes, 0);
}

static void
a_voice_opens_with_its_first_packet(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 500; i++) /* 64 kbit/s, in packets below the edge size */
		up(&w, 1000 + i * 10, 80);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].opened, OPENED_BY_SOUND);
	expect_span(&w.episode[0], 1000, 5990);
	assert_int_equal(w.episode[0].sums.bytes_up, 500 * 80);
	assert_int_equal(w.episode[0].sums.bins_up, 20);
}

static void
less_than_three_seconds_of_it_are_none(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 274; i++)
		up(&w, 1000 + i * 10, 80);
	end(&w);
	assert_int_equal(w.episodes, 0);
}

static void
pauses_make_it_no_voice(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 40; i++)
		for (int j = 0; j < 14; j++)
			up(&w, i * 500 + j, 80);
	end(&w);
	assert_int_equal(w.episodes, 0);
}

static void
a_large_download_is_an_episode(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	up(&w, 0, 300); /* the request */
	for (int i = 0; i < 1000; i++) {
		down(&w, 1000 + i * 10, 1500);
		overhead(&w, 1000 + i * 10, 52);
	}
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].opened, OPENED_BY_DOWNLOAD);
	expect_span(&w.episode[0], 1000, 1000 + 999 * 10);
	assert_int_equal(w.episode[0].sums.bytes_down, 1500000);
	assert_int_equal(w.episode[0].sums.bytes_up, 999 * 52);
}

/* What began before the message did can not be what came after it. */
static void
a_message_in_the_midst_of_a_download_is_part_of_it(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 20; i++) { /* two bins of small ones */
		up(&w, i * 25, 100);
		if (i >= 10)
			down(&w, i * 25 + 5, 1500);
	}
	up(&w, 510, OFF);
	for (int i = 0; i < 700; i++)
		down(&w, 600 + i * 5, 1500);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].opened, OPENED_BY_DOWNLOAD);
	expect_span(&w.episode[0], 0, 600 + 699 * 5);
	assert_int_equal(w.episode[0].sums.bytes_up, 20 * 100 + OFF);
	assert_int_equal(w.episode[0].sums.bytes_down, 710 * 1500);
}

/* What is said in its first bin may have begun before it, and be too little to go on by. */
static void
a_download_never_ends_before_it_begins(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	up(&w, 0, 300); /* the request */
	overhead(&w, 2, 52);
	for (int i = 0; i < 700; i++)
		down(&w, 5 + i / 5, 1500);
	for (int i = 0; i < 20; i++)
		up(&w, 150 + i, 100);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].opened, OPENED_BY_DOWNLOAD);
	expect_span(&w.episode[0], 5, 5 + 699 / 5);
	assert_int_equal(w.episode[0].sums.bytes_down, 700 * 1500);
	assert_int_equal(w.episode[0].sums.bytes_up, 0);
}

static void
a_call_is_no_download(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 2000; i++) {
		down(&w, 1000 + i * 10, 1000);
		up(&w, 1000 + i * 10, 1000);
	}
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].opened, OPENED_BY_UPLOAD);
	assert_true(w.episode[0].sums.talk_bins >= 79);
}

static void
a_message_before_an_upload_is_an_episode_of_its_own(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	up(&w, 0, 1200);
	up(&w, 3000, ON);
	up(&w, 4000, ON);
	end(&w);
	assert_int_equal(w.episodes, 2);
	expect_span(&w.episode[0], 0, 0);
	assert_int_equal(w.episode[0].opened, OPENED_BY_MESSAGE);
	assert_int_equal(w.episode[0].sums.bytes_up, 1200);
	expect_span(&w.episode[1], 3000, 4000);
	assert_int_equal(w.episode[1].opened, OPENED_BY_UPLOAD);
	assert_int_equal(w.episode[1].sums.bytes_up, 2 * ON);
}

static void
a_slow_first_bin_is_the_uploads_beginning(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	up(&w, 200, 1200);
	up(&w, 260, ON);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].opened, OPENED_BY_UPLOAD);
	expect_span(&w.episode[0], 200, 260);
}

static void
a_voice_that_becomes_video_is_one_episode(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 500; i++)
		up(&w, i * 10, 80);
	burst(&w, 5000, 20000);
	end(&w);
	assert_int_equal(w.episodes, 1);
	expect_span(&w.episode[0], 0, 5019);
}

static void
overhead_counts_between_but_opens_nothing_and_is_no_edge(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 100; i++)
		overhead(&w, i, 1400);
	overhead(&w, 1000, 1400);
	up(&w, 1010, ON);
	overhead(&w, 1020, 1400);
	up(&w, 1030, ON);
	overhead(&w, 1040, 1400);
	end(&w);
	assert_int_equal(w.episodes, 1);
	expect_span(&w.episode[0], 1010, 1030);
	assert_int_equal(w.episode[0].sums.bytes_up, 2 * ON + 1400);
	assert_int_equal(w.episode[0].sums.content_up, 2 * ON);
}

static void
a_large_packet_is_the_edge_though_small_ones_opened(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 50; i++)
		up(&w, i, 100);
	up(&w, 60, 1000);
	up(&w, 70, 100);
	end(&w);
	assert_int_equal(w.episodes, 1);
	expect_span(&w.episode[0], 60, 60);
	assert_int_equal(w.episode[0].sums.bytes_up, 1000);
	assert_int_equal(w.episode[0].sums.bins_up, 1);
	assert_int_equal(w.episode[0].sums.bursts, 1);
}

static void
segments_that_a_card_joined_count_apart(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	up(&w, 0, 52 + 42 * 1448);
	up(&w, 1, 200);
	up(&w, 2, 52 + 4 * 1448 + 500); /* the last of these was cut short */
	end(&w);
	assert_int_equal(w.episode[0].sums.packets_up, 3);
	assert_int_equal(w.episode[0].sums.segments_up, 42 + 1 + 5);
	assert_int_equal(w.episode[0].sums.full_up, 42 + 4);
}

static void
a_stream_that_goes_on_elsewhere_is_one_series(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (uint16_t i = 0; i < 10; i++)
		rtp(&w, 7, i * 20, (uint16_t)(65530 + i));
	for (uint16_t i = 10; i < 50; i++)
		rtp(&w, 8, i * 20, (uint16_t)(65530 + i));
	end(&w);
	assert_int_equal(w.episodes, 2);
	assert_false(w.episode[0].continues);
	assert_true(w.episode[1].continues);
	assert_true(w.episode[1].sequence == w.episode[0].id);
}

static void
the_same_source_with_other_numbers_is_another_stream(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (uint16_t i = 0; i < 10; i++)
		rtp(&w, 7, i * 20, i);
	for (uint16_t i = 0; i < 10; i++)
		rtp(&w, 8, 500 + i * 20, (uint16_t)(20000 + i));
	end(&w);
	assert_false(w.episode[1].continues);
	assert_int_equal(w.episode[1].sequence, 0);
}

static void
bursts_soon_after_each_other_are_a_series(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	burst(&w, 0, 40000);
	burst(&w, 30000, 50000);
	burst(&w, 60000, 30000);
	burst(&w, 90000, 2000); /* a message is no part of it */
	end(&w);
	assert_int_equal(w.episodes, 4);
	assert_int_equal(w.episode[0].sequence, 0);
	assert_true(w.episode[1].sequence == w.episode[0].id);
	assert_true(w.episode[2].sequence == w.episode[0].id);
	assert_int_equal(w.episode[3].sequence, 0);
}

static void
a_clip_among_stills_is_no_part_of_their_series(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	burst(&w, 0, 40000);
	for (int i = 0; i < 120; i++) /* as much, for as long as a clip */
		up(&w, 30000 + i * 50, 1000);
	end(&w);
	assert_int_equal(w.episodes, 2);
	assert_int_equal(w.episode[1].sequence, 0);
}

static void
so_are_those_at_even_intervals(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	for (int i = 0; i < 4; i++)
		burst(&w, i * 3600000, 40000);
	burst(&w, 20000000, 40000);
	end(&w);
	assert_int_equal(w.episode[1].sequence, 0); /* not yet an interval */
	assert_true(w.episode[2].sequence == w.episode[1].id);
	assert_true(w.episode[3].sequence == w.episode[1].id);
	assert_int_equal(w.episode[4].sequence, 0);
}

static void
what_was_said_before_is_remembered(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	send_to(&w, 3, 0, 400, true);
	send_to(&w, 4, 100, 400, false);
	send_to(&w, 5, 200, 100, true); /* a heartbeat */
	burst(&w, 2000, 40000);
	burst(&w, 20000, 40000);
	end(&w);
	assert_int_equal(w.episode[0].message_up.time, MORNING);
	assert_int_equal(w.episode[0].message_up.what, 3);
	assert_int_equal(w.episode[0].message_down.time, MORNING + 100 * MS);
	assert_true(w.episode[1].message_down.time == PORCH_NO_TIME); /* too long ago */
}

static bool
knows_at_20_kb(const struct track_episode *e, void *user)
{
	++*(unsigned *)user;
	assert_true(e->open);
	return e->sums.bytes_up >= 20000;
}

static void
it_is_known_at_the_end_of_the_bin_that_told(void **state)
{
	struct wire w = wire_by(&whole, 4);
	unsigned asked = 0;

	(void)state;
	track_table_on_bin(w.tracks, knows_at_20_kb, &asked);
	for (int i = 0; i < 40; i++)
		up(&w, 100 + i * 50, 1400);
	end(&w);
	assert_int_equal(w.episode[0].known, MORNING + 1000 * MS); /* bins hold 3, 5, 5, 5 */
	assert_int_equal(asked, 4);
}

static void
it_closes_when_its_silence_is_over_without_another_packet(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	burst(&w, 0, 40000);
	track_table_tick(w.tracks, MORNING + 8 * SECOND);
	assert_int_equal(w.episodes, 0);
	track_table_tick(w.tracks, MORNING + 10 * SECOND);
	assert_int_equal(w.episodes, 1);
	assert_false(w.episode[0].open);
	end(&w);
	assert_int_equal(w.episodes, 1);
}

static void
what_comes_late_opens_nothing_with_what_is_over(void **state)
{
	struct wire w = wire_by(&whole, 4);

	(void)state;
	burst(&w, 0, 40000);
	track_table_tick(w.tracks, MORNING + 10 * SECOND);
	assert_int_equal(w.episodes, 1);
	track_table_see(w.tracks, /* it waited for the name of its flow */
	    &(struct track_packet){.device = &w.device,
	        .flow = &w.flow,
	        .what = 7,
	        .time = MORNING + 30 * MS,
	        .bytes = 80,
	        .packets = 1,
	        .up = true});
	end(&w);
	assert_int_equal(w.episodes, 1);
}

static void
a_receiver_is_known_by_its_place_until_one_is_forgotten(void **state)
{
	struct wire w = wire_by(&whole, 2);
	uint16_t place = 0, another = 0;
	uint32_t forgotten = 0;

	(void)state;
	track_table_count_places(w.tracks, &forgotten);
	see_packet(&w, (struct track_packet){
	                   .what = 7, .place = &place, .time = MORNING, .bytes = 1400, .up = true});
	see_packet(&w, (struct track_packet){
	                   .what = 8, .place = &another, .time = MORNING, .bytes = 80, .up = true});
	assert_int_not_equal(place, another);
	see_packet(&w, /* what it would be called does not matter */
	    (struct track_packet){
	        .what = 9, .place = &place, .time = MORNING + MS, .bytes = 39000, .up = true});
	assert_int_equal(forgotten, 0);
	send_to(&w, 9, 2, 80, true); /* 8 was longer silent, so it makes room */
	assert_int_equal(forgotten, 1);
	end(&w);
	assert_int_equal(w.episodes, 1);
	assert_int_equal(w.episode[0].what, 7);
	assert_int_equal(w.episode[0].sums.bytes_up, 40400);
}

static void
count_open(const struct track_episode *e, const struct track_pace *pace, void *user)
{
	(void)pace;
	assert_true(e->open && e->sums.bytes_up == 40000);
	++*(unsigned *)user;
}

static void
those_that_are_open_can_be_looked_at(void **state)
{
	struct wire w = wire_by(&whole, 4);
	unsigned open = 0;

	(void)state;
	burst(&w, 0, 40000);
	track_table_each_open(w.tracks, count_open, &open);
	assert_int_equal(open, 1);
	end(&w);
}

static void
rates_are_classes_of_the_square_root_of_two(void **state)
{
	(void)state;
	assert_int_equal(track_rate(1000), 0);
	assert_int_equal(track_rate(1448), 1);
	assert_int_equal(track_rate(2048), 2);
	assert_int_equal(track_rate(4096), 4);
	assert_int_equal(track_rate(5800), 5);
	assert_int_equal(track_rate(UINT64_MAX), TRACK_RATES - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_message_is_an_episode),
	    cmocka_unit_test(heartbeats_are_none),
	    cmocka_unit_test(a_voice_opens_with_its_first_packet),
	    cmocka_unit_test(less_than_three_seconds_of_it_are_none),
	    cmocka_unit_test(pauses_make_it_no_voice),
	    cmocka_unit_test(a_large_download_is_an_episode),
	    cmocka_unit_test(a_message_in_the_midst_of_a_download_is_part_of_it),
	    cmocka_unit_test(a_download_never_ends_before_it_begins),
	    cmocka_unit_test(a_call_is_no_download),
	    cmocka_unit_test(a_message_before_an_upload_is_an_episode_of_its_own),
	    cmocka_unit_test(a_slow_first_bin_is_the_uploads_beginning),
	    cmocka_unit_test(a_voice_that_becomes_video_is_one_episode),
	    cmocka_unit_test(overhead_counts_between_but_opens_nothing_and_is_no_edge),
	    cmocka_unit_test(a_large_packet_is_the_edge_though_small_ones_opened),
	    cmocka_unit_test(segments_that_a_card_joined_count_apart),
	    cmocka_unit_test(a_stream_that_goes_on_elsewhere_is_one_series),
	    cmocka_unit_test(the_same_source_with_other_numbers_is_another_stream),
	    cmocka_unit_test(bursts_soon_after_each_other_are_a_series),
	    cmocka_unit_test(a_clip_among_stills_is_no_part_of_their_series),
	    cmocka_unit_test(so_are_those_at_even_intervals),
	    cmocka_unit_test(what_was_said_before_is_remembered),
	    cmocka_unit_test(it_is_known_at_the_end_of_the_bin_that_told),
	    cmocka_unit_test(it_closes_when_its_silence_is_over_without_another_packet),
	    cmocka_unit_test(what_comes_late_opens_nothing_with_what_is_over),
	    cmocka_unit_test(a_receiver_is_known_by_its_place_until_one_is_forgotten),
	    cmocka_unit_test(those_that_are_open_can_be_looked_at),
	    cmocka_unit_test(rates_are_classes_of_the_square_root_of_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
