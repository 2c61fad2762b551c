/* SPDX-License-Identifier: Apache-2.0 */
#include <porchlight/engine.h>

#include "tests/engine/desk.h"

static void
inputs_are_taken_in_the_order_of_their_first_packets(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING + 200 * SECOND, 10);
	write_upload(d, "b", "198.51.100.7", MORNING, 10);
	write_upload(d, "c", "198.51.100.7", MORNING + 100 * SECOND, 10);
	must(d);
	assert_int_equal(d->doc->run.input_count, 3);
	assert_string_equal(d->doc->run.inputs[0].path, d->path[1]);
	assert_string_equal(d->doc->run.inputs[1].path, d->path[2]);
	assert_string_equal(d->doc->run.inputs[2].path, d->path[0]);
	assert_int_equal(d->doc->device_count, 1);
	assert_int_equal(d->doc->devices[0].bytes_up, 30 * 1028);
	desk_free(d);
}

static void
content_that_was_read_already_is_skipped_with_a_warning(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 10);
	write_upload(d, "b", "198.51.100.7", MORNING, 10);
	write_upload(d, "c", "198.51.100.7", MORNING, 11);
	must(d);
	assert_int_equal(d->doc->run.input_count, 2);
	assert_int_equal(d->doc->run.counters.received, 21);
	assert_int_equal(d->warnings, 1);
	assert_memory_equal(d->warning, d->path[1], strlen(d->path[1]));
	assert_non_null(strstr(d->warning, "already read"));
	desk_free(d);
}

static void
devices_add_up_over_captures_and_episodes_do_not_join(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 100);
	write_upload(d, "b", "198.51.100.7", MORNING + SECOND, 100);
	d->options.all_devices = true;
	must(d);
	assert_int_equal(d->doc->device_count, 1);
	assert_int_equal(d->doc->destination_count, 1);
	assert_int_equal(d->doc->destinations[0].bytes_up, 200 * 1028);
	assert_int_equal(d->doc->episode_count, 2);
	assert_int_equal(d->doc->episodes[0].input, 0);
	assert_int_equal(d->doc->episodes[1].input, 1);
	desk_free(d);
}

static void
a_time_that_comes_twice_has_episodes_of_different_ids(void **state)
{
	struct desk *d = desk_new();
	const struct porch_episode *e;

	(void)state;
	begin_file(d, "a");
	for (int i = 0; i < 600; i++) {
		struct sent s = from_bell("198.51.100.7", MORNING + i % 200 * 10000);

		put_frame(d, &s);
	}
	end_file(d);
	d->options.all_devices = true;
	must(d);
	assert_int_equal(d->doc->run.counters.clock_steps, 2);
	assert_int_equal(d->doc->episode_count, 3);
	e = d->doc->episodes;
	assert_true(e[0].id != e[1].id && e[1].id != e[2].id && e[0].id != e[2].id);
	assert_int_equal(e[0].start, e[2].start);
	desk_free(d);
}

static void
joined_files_are_one_recording_and_holes_are_gaps(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 100);
	write_upload(d, "b", "198.51.100.7", MORNING + 3 * SECOND, 100);
	d->options.all_devices = d->options.join = true;
	must(d);
	assert_int_equal(d->doc->run.input_count, 2);
	assert_int_equal(d->doc->episode_count, 1);
	assert_int_equal(d->doc->episodes[0].bytes_up, 200 * 1028);
	assert_int_equal(d->doc->episodes[0].input, 0);
	assert_int_equal(d->doc->gap_count, 1);
	assert_int_equal(d->doc->gaps[0].start, MORNING + 99 * 10000);
	assert_int_equal(d->doc->gaps[0].end, MORNING + 3 * SECOND);
	desk_free(d);
}

static void
a_damaged_input_gives_what_comes_before_and_says_where(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 10);
	assert_int_equal(truncate(d->path[0], 24 + 7 * RECORD + 20), 0);
	must(d);
	assert_int_equal(d->doc->run.counters.processed, 7);
	assert_false(d->doc->run.inputs[0].complete);
	assert_non_null(d->doc->run.inputs[0].error);
	assert_int_equal(d->doc->run.inputs[0].error_offset, 24 + 7 * RECORD);
	desk_free(d);
}

static void
a_missing_input_is_told_and_the_others_are_read(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 10);
	write_upload(d, "b", "198.51.100.7", MORNING, 12);
	unlink(d->path[0]);
	must(d);
	assert_int_equal(d->doc->run.input_count, 2);
	assert_null(d->doc->run.inputs[0].error);
	assert_string_equal(d->doc->run.inputs[1].path, d->path[0]);
	assert_non_null(d->doc->run.inputs[1].error);
	assert_int_equal(d->doc->run.counters.received, 12);
	desk_free(d);
}

static void
an_empty_capture_is_an_empty_document(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 0);
	must(d);
	assert_true(d->doc->run.inputs[0].complete);
	assert_int_equal(d->doc->device_count, 0);
	assert_false(d->doc->summary.outside_view);
	desk_free(d);
}

static void
what_since_until_and_filter_leave_out_is_counted(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 100);
	d->options.use_since = d->options.use_until = true;
	d->options.since = MORNING + 20 * 10000;
	d->options.until = MORNING + 50 * 10000;
	must(d);
	assert_int_equal(d->doc->run.counters.filtered, 70);
	assert_int_equal(d->doc->run.counters.processed, 30);
	assert_int_equal(d->doc->summary.first, d->options.since);
	d->options.filter = "port 9001";
	must(d);
	assert_int_equal(d->doc->run.counters.filtered, 100);
	desk_free(d);
}

static void
a_home_prefix_is_inside(void **state)
{
	static const char *const home[] = {"203.0.113.0/24"};
	struct desk *d = desk_new();
	struct sent s = from_bell("198.51.100.7", MORNING);

	(void)state;
	s.from = "203.0.113.9";
	begin_file(d, "a");
	put_frame(d, &s);
	end_file(d);
	must(d);
	assert_true(d->doc->summary.outside_view);
	assert_int_equal(d->doc->device_count, 0);
	d->options.home = home;
	d->options.home_count = 1;
	must(d);
	assert_false(d->doc->summary.outside_view);
	assert_int_equal(d->doc->devices[0].bytes_up, 1028);
	desk_free(d);
}

static void
devices_are_named_and_labelled_by_mac_or_address(void **state)
{
	static const char *const by[] = {"00:00:5E:00:53:82", "192.168.1.20"};
	static const char *const labels[] = {
	    "00:00:5e:00:53:82=Porch", "192.168.1.20=Porch", "192.168.1.2=Nobody"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct desk *d = desk_new();
		struct sent s = from_bell("198.51.100.7", MORNING);

		s.from_mac = PHONE;
		begin_file(d, "a");
		put_frame(d, &s);
		end_file(d);
		d->options.devices = &by[i];
		d->options.device_count = 1;
		d->options.labels = &labels[i];
		d->options.label_count = i == 1 ? 2 : 1;
		must(d);
		assert_true(d->doc->devices[0].watched);
		assert_true(d->doc->devices[0].named_by_user);
		assert_string_equal(d->doc->devices[0].label, "Porch");
		assert_int_equal(d->doc->destination_count, 1);
		desk_free(d);
	}
}

static void
wrong_options_make_no_document_and_say_which(void **state)
{
	static const char *const home[] = {"203.0.113.0/33"};
	struct desk *d = desk_new();

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 1);
	d->options.home = home;
	d->options.home_count = 1;
	assert_null(replay(d));
	assert_string_equal(d->error.where, "--home");
	d->options.home_count = 0;
	d->options.filter = "this is no filter";
	assert_null(replay(d));
	assert_string_equal(d->error.where, "--filter");
	desk_free(d);
}

static void
rules_that_lack_a_number_make_no_document_and_say_which(void **state)
{
	struct desk *d = desk_new();
	struct porch_rules *whole = rules;

	(void)state;
	write_upload(d, "a", "198.51.100.7", MORNING, 1);
	rules = porch_rules_load(NULL, 0, &d->error);
	assert_null(replay(d));
	assert_string_equal(d->error.where, "episode.bin_us");
	porch_rules_free(rules);
	rules = whole;
	desk_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(inputs_are_taken_in_the_order_of_their_first_packets),
	    cmocka_unit_test(content_that_was_read_already_is_skipped_with_a_warning),
	    cmocka_unit_test(devices_add_up_over_captures_and_episodes_do_not_join),
	    cmocka_unit_test(a_time_that_comes_twice_has_episodes_of_different_ids),
	    cmocka_unit_test(joined_files_are_one_recording_and_holes_are_gaps),
	    cmocka_unit_test(a_damaged_input_gives_what_comes_before_and_says_where),
	    cmocka_unit_test(a_missing_input_is_told_and_the_others_are_read),
	    cmocka_unit_test(an_empty_capture_is_an_empty_document),
	    cmocka_unit_test(what_since_until_and_filter_leave_out_is_counted),
	    cmocka_unit_test(a_home_prefix_is_inside),
	    cmocka_unit_test(devices_are_named_and_labelled_by_mac_or_address),
	    cmocka_unit_test(wrong_options_make_no_document_and_say_which),
	    cmocka_unit_test(rules_that_lack_a_number_make_no_document_and_say_which),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
