/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/shape.h"

#include "tests/judge/rules.h"

#define SECOND  INT64_C(1000000)
#define MORNING (INT64_C(1764000000) * SECOND)

/* Ten seconds at a megabit a second, in every bin. */
static struct track_episode
busy(void)
{
	struct track_episode e = {
	    .start = MORNING,
	    .end = MORNING + 10 * SECOND,
	    .sums = {.bytes_up = 1250000, .bins_up = 41, .bursts = 1},
	    .opened = OPENED_BY_UPLOAD,
	};

	e.rate[8] = 41;
	return e;
}

/* Fifteen pictures a second: each comes at once, and its last packet is not full. */
static struct track_episode
encoded(void)
{
	struct track_episode e = busy();

	e.sums.segments_up = e.sums.contents_up = 1050;
	e.sums.full_up = 900;
	e.sums.slots_up = 180;
	return e;
}

/* The same amount as fast as the line goes: full packets, two by two. */
static struct track_episode
transferred(void)
{
	struct track_episode e = busy();

	e.sums.segments_up = e.sums.contents_up = 860;
	e.sums.full_up = 855;
	e.sums.slots_up = 430;
	return e;
}

static enum porch_shape
shape(const struct track_episode *e)
{
	return shape_of(known.rules, e);
}

static void
pictures_paced_by_an_encoder_are_a_stream(void **state)
{
	struct track_episode e = encoded();

	(void)state;
	assert_int_equal(shape(&e), PORCH_SHAPE_STREAM);
}

static void
a_transfer_paced_by_the_line_is_a_burst_however_long(void **state)
{
	struct track_episode e = transferred();

	(void)state;
	assert_int_equal(shape(&e), PORCH_SHAPE_BURST);
}

static void
it_is_one_at_any_rate_when_all_packets_are_full(void **state)
{
	struct track_episode e = transferred();

	(void)state;
	e.rate[8] = 20;
	e.rate[2] = 21; /* a lossy line */
	assert_int_equal(shape_level(&e), 48);
	assert_int_equal(shape(&e), PORCH_SHAPE_BURST);
	e.sums.full_up = 800;
	assert_int_equal(shape(&e), PORCH_SHAPE_STREAM);
}

static void
media_is_a_stream_however_it_is_cut(void **state)
{
	struct track_episode e = transferred();

	(void)state;
	e.sums.media_up = 860;
	assert_int_equal(shape(&e), PORCH_SHAPE_STREAM);
}

static void
datagrams_go_as_fast_as_they_are_made(void **state)
{
	struct track_episode e = transferred();

	(void)state;
	e.flows = 1;
	e.flow[0].protocol = IP_UDP;
	assert_int_equal(shape(&e), PORCH_SHAPE_STREAM);
	e.applications = 1U << APPLICATION_QUIC;
	assert_int_equal(shape(&e), PORCH_SHAPE_BURST);
}

static void
what_is_over_in_a_moment_is_a_burst(void **state)
{
	struct track_episode e = encoded();

	(void)state;
	e.end = MORNING + SECOND;
	e.sums.bins_up = 5;
	assert_int_equal(shape(&e), PORCH_SHAPE_BURST);
}

static void
bursts_again_and_again_are_a_series(void **state)
{
	struct track_episode e = busy();

	(void)state;
	e.sums.bins_up = 8;
	e.sums.bursts = 3;
	assert_int_equal(shape(&e), PORCH_SHAPE_SERIES);
}

static void
messages_again_and_again_are_a_trickle(void **state)
{
	struct track_episode e = busy();

	(void)state;
	e.sums.bytes_up = 40000;
	e.sums.bins_up = 10;
	e.sums.bursts = 8;
	assert_int_equal(shape(&e), PORCH_SHAPE_TRICKLE);
}

static void
a_download_is_one_transfer(void **state)
{
	struct track_episode e = busy();

	(void)state;
	e.opened = OPENED_BY_DOWNLOAD;
	e.sums.bytes_up = 5000;
	assert_int_equal(shape(&e), PORCH_SHAPE_BURST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pictures_paced_by_an_encoder_are_a_stream),
	    cmocka_unit_test(a_transfer_paced_by_the_line_is_a_burst_however_long),
	    cmocka_unit_test(it_is_one_at_any_rate_when_all_packets_are_full),
	    cmocka_unit_test(media_is_a_stream_however_it_is_cut),
	    cmocka_unit_test(datagrams_go_as_fast_as_they_are_made),
	    cmocka_unit_test(what_is_over_in_a_moment_is_a_burst),
	    cmocka_unit_test(bursts_again_and_again_are_a_series),
	    cmocka_unit_test(messages_again_and_again_are_a_trickle),
	    cmocka_unit_test(a_download_is_one_transfer),
	};

	return cmocka_run_group_tests(tests, learn, forget);
}
