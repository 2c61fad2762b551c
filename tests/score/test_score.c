/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define MAX    8

/* A doorbell and a phone, whose episodes and labels a test writes down. */
struct desk {
	struct porch_device device[2];
	struct porch_destination to[3];
	struct porch_episode episode[MAX];
	struct porch_document doc;
	char labels[4096];
	struct truth *truth;
	struct arena *arena;
	const struct score *score;
};

enum { CLOUD = 1, NEWS, INSIDE };

static int
setup(void **state)
{
	static const char *const remote[] = {"198.51.100.7"};
	static struct desk d;

	memset(&d, 0, sizeof(d));
	d.device[0] =
	    (struct porch_device){.id = 1, .mac = "00:00:5e:00:53:01", .kind = PORCH_KIND_DOORBELL};
	d.device[1] =
	    (struct porch_device){.id = 2, .mac = "00:00:5e:00:53:02", .kind = PORCH_KIND_OTHER};
	d.to[0] = (struct porch_destination){
	    .id = CLOUD, .name = "media.example", .addresses = {.item = remote, .count = 1}};
	d.to[1] = (struct porch_destination){.id = NEWS, .name = "news.example"};
	d.to[2] = (struct porch_destination){
	    .id = INSIDE, .name = "phone.example", .party = PORCH_PARTY_LOCAL};
	d.doc = (struct porch_document){.devices = d.device,
	    .device_count = 2,
	    .destinations = d.to,
	    .destination_count = 3,
	    .episodes = d.episode};
	d.truth = truth_new();
	d.arena = arena_new();
	*state = &d;
	return d.truth && d.arena ? 0 : -1;
}

static int
teardown(void **state)
{
	struct desk *d = *state;

	truth_free(d->truth);
	arena_free(d->arena);
	return 0;
}

/* An episode of the doorbell to the cloud, in seconds after the epoch. */
static struct porch_episode *
tell(struct desk *d, enum porch_content content, int64_t start, int64_t end)
{
	struct porch_episode *e = &d->episode[d->doc.episode_count++];
	bool no = content == PORCH_CONTENT_METADATA || content == PORCH_CONTENT_FILES;

	*e = (struct porch_episode){.id = d->doc.episode_count,
	    .device = 1,
	    .destination = CLOUD,
	    .content = content,
	    .shape = PORCH_SHAPE_STREAM,
	    .footage = no ? PORCH_FOOTAGE_NO : PORCH_FOOTAGE_YES,
	    .start = start * SECOND,
	    .end = end * SECOND,
	    .known = PORCH_NO_TIME,
	    .bytes_up = 1000};
	if (content == PORCH_CONTENT_UNKNOWN)
		e->footage = PORCH_FOOTAGE_CANNOT_TELL;
	return e;
}

/* A label of the same; start and end are minutes and seconds of the epoch's first hour. */
static void
label_to(struct desk *d, const char *to, const char *content, const char *start, const char *end)
{
	char one[512];

	snprintf(one, sizeof(one),
	    "%s{\"device\": \"00:00:5e:00:53:01\", \"content\": \"%s\", \"shape\": \"stream\","
	    "\"start\": \"1970-01-01T00:%sZ\", \"end\": \"1970-01-01T00:%sZ\","
	    "\"bytes\": 1000, \"to\": \"%s\"}",
	    d->labels[0] ? "," : "", content, start, end, to);
	strcat(d->labels, one);
}

static void
label(struct desk *d, const char *content, const char *start, const char *end)
{
	label_to(d, "media.example", content, start, end);
}

static void
compare(struct desk *d, const char *kind)
{
	struct porch_error error;
	char text[5000];

	snprintf(text, sizeof(text),
	    "{\"schema\": \"porchlight.truth/1\", \"devices\": ["
	    "{\"mac\": \"00:00:5e:00:53:01\", \"kind\": \"%s\", \"vendor\": \"doorvue\"}],"
	    "\"episodes\": [%s]}",
	    kind, d->labels);
	assert_true(truth_add(d->truth, "t", text, strlen(text), &error));
	d->score = score_compare(&d->doc, d->truth, d->arena);
	assert_non_null(d->score);
}

static void
a_clip_told_as_video_is_right_in_all_three_questions(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 30);
	label(d, "video", "00:10", "00:30");
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.right, 1);
	assert_int_equal(d->score->content[PORCH_CONTENT_VIDEO].right, 1);
	assert_int_equal(d->score->shape[PORCH_SHAPE_STREAM].right, 1);
	assert_int_equal(score_f1(&d->score->footage), 1000);
	assert_int_equal(score_coverage(&d->score->footage), 1000);
}

static void
less_than_half_a_clip_is_missed_and_told_too_much(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 19);
	label(d, "video", "00:10", "00:30");
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.right, 0);
	assert_int_equal(d->score->footage.missed, 1);
	assert_int_equal(d->score->footage.extra, 1);
}

static void
a_picture_told_as_video_is_footage_and_the_wrong_content(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 11);
	label(d, "picture", "00:10", "00:11");
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.right, 1);
	assert_int_equal(d->score->content[PORCH_CONTENT_VIDEO].extra, 1);
	assert_int_equal(d->score->content[PORCH_CONTENT_PICTURE].missed, 1);
	assert_int_equal(d->score->confusion[PORCH_CONTENT_PICTURE][PORCH_CONTENT_VIDEO], 1);
}

static void
cannot_tell_lowers_the_coverage_and_nothing_else(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 30);
	tell(d, PORCH_CONTENT_UNKNOWN, 50, 60);
	label(d, "video", "00:10", "00:30");
	label(d, "video", "00:50", "01:00");
	compare(d, "doorbell");
	assert_int_equal(score_f1(&d->score->footage), 1000);
	assert_int_equal(score_coverage(&d->score->footage), 500);
}

static void
cannot_tell_about_what_no_label_speaks_of_lowers_it_too(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_UNKNOWN, 50, 60);
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.cannot_tell, 1);
}

static void
a_log_told_as_footage_is_extra_and_told_as_none_is_right(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 30);
	tell(d, PORCH_CONTENT_FILES, 50, 60);
	label(d, "files", "00:10", "00:30");
	label(d, "files", "00:50", "01:00");
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.extra, 1);
	assert_int_equal(d->score->footage.missed, 0);
	assert_int_equal(d->score->footage.right_no, 1);
}

static void
a_call_from_a_phone_is_no_cameras_footage(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 30);
	label(d, "video", "00:10", "00:30");
	compare(d, "other");
	assert_int_equal(d->score->footage.right, 0);
	assert_int_equal(d->score->footage.extra, 1);
}

static void
footage_of_what_is_taken_for_a_phone_is_not_told(void **state)
{
	struct desk *d = *state;

	d->device[0].kind = PORCH_KIND_OTHER;
	tell(d, PORCH_CONTENT_VIDEO, 10, 30);
	label(d, "video", "00:10", "00:30");
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.missed, 1);
	assert_int_equal(d->score->footage.extra, 0);
}

static void
another_receiver_is_no_match(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 30)->destination = NEWS;
	label(d, "video", "00:10", "00:30");
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.missed, 1);
	assert_int_equal(d->score->footage.extra, 1);
	assert_int_equal(d->score->shape[PORCH_SHAPE_STREAM].missed, 1);
}

static void
a_receiver_is_known_by_its_address_too(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 30);
	label_to(d, "198.51.100.7", "video", "00:10", "00:30");
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.right, 1);
}

static void
messages_are_weighed_by_the_byte(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_METADATA, 10, 11)->bytes_up = 700;
	d->device[0].ledger[PORCH_CONTENT_METADATA].bytes_up = 700;
	label(d, "metadata", "00:10", "00:11");
	label(d, "metadata", "00:50", "00:51");
	compare(d, "doorbell");
	assert_int_equal(d->score->bytes[PORCH_CONTENT_METADATA].labelled, 2000);
	assert_int_equal(d->score->bytes[PORCH_CONTENT_METADATA].right, 700);
	assert_int_equal(d->score->content[PORCH_CONTENT_METADATA].missed, 0);
	assert_int_equal(d->score->footage.right_no, 0);
}

static void
a_message_in_no_episode_is_no_fault(void **state)
{
	struct desk *d = *state;

	label(d, "metadata", "00:10", "00:11");
	compare(d, "doorbell");
	assert_int_equal(d->score->footage.missed, 0);
	assert_int_equal(d->score->shape[PORCH_SHAPE_STREAM].missed, 0);
}

static void
devices_without_labels_and_what_stays_inside_are_left_out(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 10, 30)->device = 2;
	tell(d, PORCH_CONTENT_VIDEO, 40, 50)->destination = INSIDE;
	compare(d, "doorbell");
	assert_int_equal(d->score->left_out, 1);
	assert_int_equal(d->score->footage.extra, 0);
}

static void
how_far_off_is_told_of_what_was_right(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_VIDEO, 11, 33)->bytes_up = 1010;
	d->episode[0].known = 12 * SECOND;
	label(d, "video", "00:10", "00:30");
	compare(d, "doorbell");
	assert_int_equal(d->score->start.count, 1);
	assert_int_equal(d->score->start.median, SECOND);
	assert_int_equal(d->score->end.median, 3 * SECOND);
	assert_int_equal(d->score->known.median, 2 * SECOND);
	assert_int_equal(d->score->bytes_off.median, 10000); /* 1 % */
}

static void
every_label_and_every_episode_without_one_is_a_case(void **state)
{
	struct desk *d = *state;

	tell(d, PORCH_CONTENT_METADATA, 10, 30);
	tell(d, PORCH_CONTENT_VIDEO, 100, 110);
	label(d, "video", "00:10", "00:30");
	label(d, "video", "00:50", "01:00");
	compare(d, "doorbell");
	assert_int_equal(d->score->case_count, 3);
	assert_int_equal(d->score->cases[0].episode, 0);
	assert_int_equal(d->score->cases[1].episode, SCORE_NONE);
	assert_int_equal(d->score->cases[2].label, SCORE_NONE);
	assert_int_equal(d->score->cases[2].episode, 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_clip_told_as_video_is_right_in_all_three_questions),
	    TEST(less_than_half_a_clip_is_missed_and_told_too_much),
	    TEST(a_picture_told_as_video_is_footage_and_the_wrong_content),
	    TEST(cannot_tell_lowers_the_coverage_and_nothing_else),
	    TEST(cannot_tell_about_what_no_label_speaks_of_lowers_it_too),
	    TEST(a_log_told_as_footage_is_extra_and_told_as_none_is_right),
	    TEST(a_call_from_a_phone_is_no_cameras_footage),
	    TEST(footage_of_what_is_taken_for_a_phone_is_not_told),
	    TEST(another_receiver_is_no_match),
	    TEST(a_receiver_is_known_by_its_address_too),
	    TEST(messages_are_weighed_by_the_byte),
	    TEST(a_message_in_no_episode_is_no_fault),
	    TEST(devices_without_labels_and_what_stays_inside_are_left_out),
	    TEST(how_far_off_is_told_of_what_was_right),
	    TEST(every_label_and_every_episode_without_one_is_a_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
