/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/cooldown.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#define WAIT 1000
#define DOOR 7
#define MANY 1000

static struct telling
about(uint64_t device, enum telling_kind kind)
{
	struct telling t = {.device = device, .kind = kind, .bytes_up = 100};

	snprintf(t.id, sizeof(t.id), "site-boot-%u", (unsigned)kind);
	snprintf(t.name, sizeof(t.name), "Front door");
	return t;
}

static bool
pass(struct cooldown *cooldown, uint64_t device, enum telling_kind kind, int64_t now)
{
	struct telling t = about(device, kind);

	return cooldown_pass(cooldown, &t, now);
}

static void
one_of_a_kind_and_device_passes_within_the_time(void **state)
{
	struct cooldown *cooldown = cooldown_new(WAIT, false);
	struct telling t = about(DOOR, TELLING_UPLOAD_ENDED);

	(void)state;
	assert_true(pass(cooldown, DOOR, TELLING_UPLOAD_ENDED, 0));
	assert_false(pass(cooldown, DOOR, TELLING_UPLOAD_ENDED, 1));
	assert_false(pass(cooldown, DOOR, TELLING_UPLOAD_ENDED, WAIT - 1));
	assert_true(pass(cooldown, DOOR, TELLING_TRACKER, 1));
	assert_true(pass(cooldown, DOOR + 1, TELLING_UPLOAD_ENDED, 1));
	assert_true(cooldown_pass(cooldown, &t, WAIT));
	assert_int_equal(t.held_back, 2);
	assert_false(cooldown_due(cooldown, INT64_MAX, &t));
	assert_int_equal(cooldown_next(cooldown), INT64_MAX);
	cooldown_free(cooldown);
}

static void
no_time_holds_nothing_back(void **state)
{
	struct cooldown *cooldown = cooldown_new(0, true);

	(void)state;
	for (int i = 0; i < MANY; i++)
		assert_true(pass(cooldown, DOOR, TELLING_UPLOAD_ENDED, 0));
	cooldown_free(cooldown);
}

static void
a_digest_counts_what_was_held_back_once(void **state)
{
	struct cooldown *cooldown = cooldown_new(WAIT, true);
	struct telling digest;

	(void)state;
	assert_true(pass(cooldown, DOOR, TELLING_UPLOAD_ENDED, 0));
	for (int i = 0; i < 3; i++)
		assert_false(pass(cooldown, DOOR, TELLING_UPLOAD_ENDED, 10));
	assert_int_equal(cooldown_next(cooldown), WAIT);
	assert_false(cooldown_due(cooldown, WAIT - 1, &digest));
	assert_true(cooldown_due(cooldown, WAIT, &digest));
	assert_int_equal(digest.kind, TELLING_DIGEST);
	assert_int_equal(digest.count, 3);
	assert_int_equal(digest.bytes_up, 300);
	assert_string_equal(digest.id, "site-boot-1-digest");
	assert_string_equal(digest.sentence, "Front door: 3 more (uploads that ended), 300 B.");
	assert_false(cooldown_due(cooldown, WAIT, &digest));
	/* A storm that goes on is told of in the next one. */
	assert_false(pass(cooldown, DOOR, TELLING_UPLOAD_ENDED, WAIT + 1));
	assert_true(cooldown_due(cooldown, 2 * WAIT, &digest));
	assert_int_equal(digest.count, 1);
	cooldown_free(cooldown);
}

static void
at_the_end_what_is_owed_is_due_at_once(void **state)
{
	struct cooldown *cooldown = cooldown_new(WAIT, true);
	struct telling digest;

	(void)state;
	assert_true(pass(cooldown, DOOR, TELLING_TRACKER, 0));
	assert_false(pass(cooldown, DOOR, TELLING_TRACKER, 1));
	assert_true(cooldown_due(cooldown, INT64_MAX, &digest));
	assert_false(cooldown_due(cooldown, INT64_MAX, &digest));
	cooldown_free(cooldown);
}

/* More devices than rows: each is told, and memory stays what it was. */
static void
more_devices_than_it_remembers_are_all_told(void **state)
{
	struct cooldown *cooldown = cooldown_new(WAIT, true);

	(void)state;
	for (uint64_t i = 1; i <= MANY; i++)
		assert_true(pass(cooldown, i, TELLING_NEW_DEVICE, (int64_t)i));
	assert_false(pass(cooldown, MANY, TELLING_NEW_DEVICE, MANY));
	cooldown_free(cooldown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_of_a_kind_and_device_passes_within_the_time),
	    cmocka_unit_test(no_time_holds_nothing_back),
	    cmocka_unit_test(a_digest_counts_what_was_held_back_once),
	    cmocka_unit_test(at_the_end_what_is_owed_is_due_at_once),
	    cmocka_unit_test(more_devices_than_it_remembers_are_all_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
