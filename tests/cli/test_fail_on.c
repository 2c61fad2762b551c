/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fail_on.h"

#include "tests/test.h"

#define ALL (FAIL_ON_FOOTAGE | FAIL_ON_TRACKER | FAIL_ON_EVIDENCE | FAIL_ON_UNKNOWN)

static struct porch_device camera;
static struct porch_destination receiver;
static struct porch_episode upload;
static struct porch_document doc;

static int
setup(void **state)
{
	(void)state;
	camera = (struct porch_device){.id = 1, .kind = PORCH_KIND_CAMERA, .watched = true};
	receiver = (struct porch_destination){.id = 2, .device = 1, .party = PORCH_PARTY_MAKER};
	upload = (struct porch_episode){
	    .id = 3, .device = 1, .destination = 2, .footage = PORCH_FOOTAGE_CANNOT_TELL};
	doc = (struct porch_document){
	    .devices = &camera,
	    .device_count = 1,
	    .destinations = &receiver,
	    .destination_count = 1,
	    .episodes = &upload,
	    .episode_count = 1,
	};
	return 0;
}

static void
a_list_is_read_word_by_word(void **state)
{
	unsigned wanted = 0;

	(void)state;
	assert_true(fail_on_parse("footage", &wanted));
	assert_int_equal(wanted, FAIL_ON_FOOTAGE);
	assert_true(fail_on_parse("tracker,evidence,unknown", &wanted));
	assert_int_equal(wanted, ALL);
}

static void
a_word_that_is_none_of_the_four_is_refused(void **state)
{
	static const char *const wrong[] = {"", ",", "footage,", ",footage", "foot", "footages",
	    "Footage", "footage tracker", "footage,,tracker", "maker"};
	unsigned wanted = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(fail_on_parse(wrong[i], &wanted));
	assert_int_equal(wanted, 0);
}

static void
footage_is_what_enters_the_headline(void **state)
{
	(void)state;
	assert_false(fail_on_matches(FAIL_ON_FOOTAGE, &doc));
	upload.footage = PORCH_FOOTAGE_YES;
	assert_true(fail_on_matches(FAIL_ON_FOOTAGE, &doc));
	assert_false(fail_on_matches(ALL & ~(unsigned)FAIL_ON_FOOTAGE, &doc));
	receiver.party = PORCH_PARTY_LOCAL;
	assert_false(fail_on_matches(ALL, &doc));
}

static void
a_party_matches_from_the_first_byte_that_went_up(void **state)
{
	static const struct {
		enum porch_party party;
		unsigned flag;
	} parties[] = {
	    {PORCH_PARTY_TRACKER, FAIL_ON_TRACKER},
	    {PORCH_PARTY_EVIDENCE, FAIL_ON_EVIDENCE},
	    {PORCH_PARTY_UNKNOWN, FAIL_ON_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(parties) / sizeof(parties[0]); i++) {
		receiver.party = parties[i].party;
		receiver.bytes_up = 0;
		receiver.bytes_down = 9000;
		assert_false(fail_on_matches(ALL, &doc));
		receiver.bytes_up = 1;
		assert_true(fail_on_matches(parties[i].flag, &doc));
		assert_false(fail_on_matches(ALL & ~parties[i].flag, &doc));
	}
}

static void
a_device_that_is_not_watched_matches_no_party(void **state)
{
	(void)state;
	receiver.party = PORCH_PARTY_TRACKER;
	receiver.bytes_up = 1000;
	camera.watched = false;
	assert_false(fail_on_matches(ALL, &doc));
}

static void
nothing_asked_for_never_matches(void **state)
{
	(void)state;
	upload.footage = PORCH_FOOTAGE_YES;
	receiver.bytes_up = 1000;
	assert_false(fail_on_matches(0, &doc));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_list_is_read_word_by_word),
	    cmocka_unit_test(a_word_that_is_none_of_the_four_is_refused),
	    cmocka_unit_test_setup(footage_is_what_enters_the_headline, setup),
	    cmocka_unit_test_setup(a_party_matches_from_the_first_byte_that_went_up, setup),
	    cmocka_unit_test_setup(a_device_that_is_not_watched_matches_no_party, setup),
	    cmocka_unit_test_setup(nothing_asked_for_never_matches, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
