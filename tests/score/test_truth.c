/* SPDX-License-Identifier: Apache-2.0 */
#include "score/truth.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#define HEAD   "{\"schema\": \"porchlight.truth/1\", \"devices\": ["
#define BELL   "{\"mac\": \"00-00-5E-00-53-01\", \"kind\": \"doorbell\", \"vendor\": \"doorvue\"}"
#define MIDDLE "], \"episodes\": ["
#define CLIP                                                                                       \
	"{\"device\": \"00:00:5e:00:53:01\", \"content\": \"video\", \"shape\": \"stream\","       \
	"\"start\": \"2026-11-23T16:40:01.250000Z\", \"end\": \"2026-11-23T16:40:26Z\","           \
	"\"bytes\": 4380112, \"to\": \"Media.Example.NET.\"}"
#define TAIL "]}"

static struct porch_error error;

static int
setup(void **state)
{
	*state = truth_new();
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	truth_free(*state);
	return 0;
}

static bool
add(struct truth *truth, const char *text)
{
	return truth_add(truth, "day.truth.json", text, strlen(text), &error);
}

/* The error of a text that must be refused. */
static const char *
refused(struct truth *truth, const char *text)
{
	assert_false(add(truth, text));
	assert_string_equal(error.file, "day.truth.json");
	return error.text;
}

static void
a_label_says_who_sent_what_when_and_to_whom(void **state)
{
	const struct truth_label *label;
	size_t count;

	assert_true(add(*state, HEAD BELL MIDDLE CLIP TAIL));
	label = truth_labels(*state, &count);
	assert_int_equal(count, 1);
	assert_int_equal(label->device, 0);
	assert_int_equal(label->content, PORCH_CONTENT_VIDEO);
	assert_int_equal(label->shape, PORCH_SHAPE_STREAM);
	assert_int_equal(label->end - label->start, 24750000);
	assert_int_equal(label->bytes, 4380112);
}

static void
macs_hosts_and_addresses_take_their_one_spelling(void **state)
{
	const struct truth_device *device;
	const struct truth_label *label;
	size_t count;

	assert_true(add(*state, HEAD BELL MIDDLE CLIP TAIL));
	device = truth_devices(*state, &count);
	label = truth_labels(*state, &count);
	assert_string_equal(device->id, "00:00:5e:00:53:01");
	assert_string_equal(label->to, "media.example.net");
}

static void
a_receiver_may_be_an_address(void **state)
{
	const struct truth_label *label;
	size_t count;

	assert_true(add(*state,
	    HEAD "{\"address\": \"192.0.2.7\", \"kind\": \"camera\"}" MIDDLE
	         "{\"device\": \"192.0.2.7\", \"content\": \"audio\", \"shape\": \"stream\","
	         "\"start\": \"2026-11-23\", \"end\": \"2026-11-23\", \"bytes\": 0,"
	         "\"to\": \"2001:DB8:0::1\"}" TAIL));
	label = truth_labels(*state, &count);
	assert_string_equal(label->to, "2001:db8::1");
	assert_null(truth_devices(*state, &count)->maker);
}

static void
an_idle_day_has_no_episodes(void **state)
{
	size_t count;

	assert_true(add(*state, HEAD BELL MIDDLE TAIL));
	truth_labels(*state, &count);
	assert_int_equal(count, 0);
	truth_devices(*state, &count);
	assert_int_equal(count, 1);
}

static void
files_may_list_one_device_if_they_agree_on_it(void **state)
{
	size_t count;

	assert_true(add(*state, HEAD BELL MIDDLE CLIP TAIL));
	assert_true(add(*state, HEAD BELL MIDDLE CLIP TAIL));
	truth_devices(*state, &count);
	assert_int_equal(count, 1);
	truth_labels(*state, &count);
	assert_int_equal(count, 2);
	assert_string_equal(refused(*state,
	                        HEAD "{\"mac\": \"00:00:5e:00:53:01\", \"kind\": \"other\"}" MIDDLE
	                            TAIL),
	    "00:00:5e:00:53:01 is listed before as another kind or make");
}

static void
what_is_wrong_is_told_with_its_place(void **state)
{
	assert_string_equal(refused(*state, HEAD BELL MIDDLE
	                        "{\"device\": \"00:00:5e:00:53:02\", \"content\": \"video\","
	                        "\"shape\": \"stream\", \"start\": \"2026-11-23\","
	                        "\"end\": \"2026-11-23\", \"bytes\": 1, \"to\": "
	                        "\"a.example\"}" TAIL),
	    "device: 00:00:5e:00:53:02 is not among the devices");
	assert_string_equal(error.where, "episodes[0]");
}

static void
a_wrong_word_number_or_time_is_refused(void **state)
{
	static const char *const wrong[][2] = {
	    {"video", "movie"},
	    {"video", "unknown"},
	    {"video", "background"},
	    {"stream", "flow"},
	    {"4380112", "-1"},
	    {"4380112", "1.5"},
	    {"16:40:26Z", "16:40:01Z"},
	    {"16:40:26Z", "noon"},
	    {"Media.Example.NET.", "media..net"},
	    {"\"shape\"", "\"form\""},
	    {"truth/1", "truth/2"},
	};
	char text[1024];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *whole = HEAD BELL MIDDLE CLIP TAIL;
		const char *at = strstr(whole, wrong[i][0]);

		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - whole), whole, wrong[i][1],
		    at + strlen(wrong[i][0]));
		assert_true(strlen(refused(*state, text)) > 0);
	}
}

static void
members_of_ones_own_are_passed_over(void **state)
{
	assert_true(add(*state, "{\"schema\": \"porchlight.truth/1\", \"scenario\": [\"idle\"],"
	                        "\"devices\": [], \"episodes\": []}"));
}

static void
no_beginning_of_a_file_is_taken_for_the_file(void **state)
{
	const char *whole = HEAD BELL MIDDLE CLIP TAIL;

	for (size_t len = 0; len < strlen(whole); len++)
		assert_false(truth_add(*state, "cut", whole, len, &error));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_label_says_who_sent_what_when_and_to_whom),
	    TEST(macs_hosts_and_addresses_take_their_one_spelling),
	    TEST(a_receiver_may_be_an_address),
	    TEST(an_idle_day_has_no_episodes),
	    TEST(files_may_list_one_device_if_they_agree_on_it),
	    TEST(what_is_wrong_is_told_with_its_place),
	    TEST(a_wrong_word_number_or_time_is_refused),
	    TEST(members_of_ones_own_are_passed_over),
	    TEST(no_beginning_of_a_file_is_taken_for_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
