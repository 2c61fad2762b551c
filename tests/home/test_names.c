/* SPDX-License-Identifier: Apache-2.0 */
#include "home/names.h"

#include <string.h>

#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define DAY    (24 * 3600 * SECOND)
#define NOW    (1000 * SECOND)

static const struct mac doorbell_mac = {{0x02, 0, 0, 0, 0, 1}};
static const struct mac camera_mac = {{0x02, 0, 0, 0, 0, 2}};

static struct device_key doorbell, camera;
static struct addr cdn, elsewhere;
static struct bound_names found;
static struct texts *texts;

static int
setup(void **state)
{
	doorbell = device_key_mac(&doorbell_mac);
	camera = device_key_mac(&camera_mac);
	cdn = addr_from_ipv4(192, 0, 2, 7);
	elsewhere = addr_from_ipv4(198, 51, 100, 7);
	texts = texts_new(32, 1);
	*state = texts ? names_new(4, texts, 1) : NULL;
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	names_free(*state);
	texts_free(texts);
	return 0;
}

static void
learn(void **state, const char *host, uint32_t ttl, int64_t now)
{
	names_learn(*state, &doorbell, &cdn, host, "", ttl, now);
}

static unsigned
find(void **state, const struct device_key *device, int64_t now)
{
	names_find(*state, device, &cdn, now, &found);
	return found.count;
}

static void
a_name_is_found_for_the_address_it_was_asked_for(void **state)
{
	learn(state, "media.example.com", 60, NOW);
	assert_int_equal(find(state, &doorbell, NOW), 1);
	assert_string_equal(found.host[0], "media.example.com");
	assert_false(found.expired);
	names_find(*state, &doorbell, &elsewhere, NOW, &found);
	assert_int_equal(found.count, 0);
}

static void
a_name_belongs_to_the_device_that_asked(void **state)
{
	learn(state, "media.example.com", 60, NOW);
	assert_int_equal(find(state, &camera, NOW), 0);
}

static void
the_chain_of_aliases_comes_with_the_name(void **state)
{
	names_learn(*state, &doorbell, &cdn, "media.example.com", "a.example.net b.example.net", 60,
	    NOW);
	find(state, &doorbell, NOW);
	assert_string_equal(found.aliases, "a.example.net b.example.net");
}

static void
a_name_lives_for_its_ttl(void **state)
{
	learn(state, "media.example.com", 60, NOW);
	find(state, &doorbell, NOW + 60 * SECOND);
	assert_false(found.expired);
	assert_int_equal(find(state, &doorbell, NOW + 60 * SECOND + 1), 1);
	assert_true(found.expired);
}

static void
an_expired_name_is_known_for_a_day(void **state)
{
	learn(state, "media.example.com", 60, NOW);
	assert_int_equal(find(state, &doorbell, NOW + 60 * SECOND + DAY), 1);
	assert_int_equal(find(state, &doorbell, NOW + 60 * SECOND + DAY + 1), 0);
}

static void
several_live_names_are_all_candidates(void **state)
{
	learn(state, "one.example.com", 60, NOW);
	learn(state, "two.example.com", 60, NOW);
	assert_int_equal(find(state, &doorbell, NOW), 2);
	assert_string_equal(found.host[0], "two.example.com");
	assert_string_equal(found.host[1], "one.example.com");
}

static void
a_live_name_leaves_no_room_for_an_expired_one(void **state)
{
	learn(state, "old.example.com", 1, NOW);
	learn(state, "new.example.com", 600, NOW);
	assert_int_equal(find(state, &doorbell, NOW + 60 * SECOND), 1);
	assert_string_equal(found.host[0], "new.example.com");
	assert_false(found.expired);
}

static void
the_aliases_of_an_expired_name_are_not_told_with_a_live_one(void **state)
{
	names_learn(*state, &doorbell, &cdn, "live.example.com", "x.example.net", 600, NOW);
	names_learn(*state, &doorbell, &cdn, "brief.example.com", "y.example.net", 1, NOW);
	assert_int_equal(find(state, &doorbell, NOW + 60 * SECOND), 1);
	assert_string_equal(found.host[0], "live.example.com");
	assert_null(found.aliases);
}

static void
an_answer_heard_again_prolongs_the_name(void **state)
{
	learn(state, "media.example.com", 60, NOW);
	learn(state, "media.example.com", 60, NOW + 50 * SECOND);
	assert_int_equal(find(state, &doorbell, NOW + 100 * SECOND), 1);
	assert_false(found.expired);
}

static void
of_more_names_than_fit_the_one_learned_first_goes(void **state)
{
	char host[] = "a.example.com";

	for (unsigned i = 0; i <= NAMES_MAX; i++, host[0]++)
		learn(state, host, 60, NOW);
	assert_int_equal(find(state, &doorbell, NOW), NAMES_MAX);
	assert_string_equal(found.host[0], "e.example.com");
	assert_string_equal(found.host[NAMES_MAX - 1], "b.example.com");
}

static void
a_ttl_of_many_years_counts_as_a_week(void **state)
{
	learn(state, "media.example.com", UINT32_MAX, NOW);
	find(state, &doorbell, NOW + 7 * DAY);
	assert_false(found.expired);
	find(state, &doorbell, NOW + 7 * DAY + 1);
	assert_true(found.expired);
}

static void
an_empty_name_teaches_nothing(void **state)
{
	learn(state, "", 60, NOW);
	assert_int_equal(find(state, &doorbell, NOW), 0);
}

static void
times_before_1970_expire_as_others_do(void **state)
{
	learn(state, "media.example.com", 60, -NOW);
	find(state, &doorbell, -NOW + 60 * SECOND);
	assert_false(found.expired);
	find(state, &doorbell, -NOW + 61 * SECOND);
	assert_true(found.expired);
}

static void
a_full_table_forgets_the_answer_learned_longest_ago(void **state)
{
	for (uint8_t i = 0; i < 5; i++) {
		struct addr remote = addr_from_ipv4(192, 0, 2, i);

		names_learn(*state, &doorbell, &remote, "host.example.com", "", 60, NOW);
		/* Being asked for does not make an answer younger. */
		remote = addr_from_ipv4(192, 0, 2, 0);
		names_find(*state, &doorbell, &remote, NOW, &found);
	}
	assert_int_equal(found.count, 0);
	assert_int_equal(names_evicted(*state), 1);
}

static void
names_that_are_held_outlive_their_answer(void **state)
{
	struct bound_names held;
	char host[] = "a.example.com";

	names_learn(*state, &doorbell, &cdn, "media.example.com", "x.example.net", 60, NOW);
	find(state, &doorbell, NOW);
	held = found;
	names_hold(&held);
	for (uint8_t i = 0; i < 4; i++, host[0]++) {
		struct addr remote = addr_from_ipv4(192, 0, 2, (uint8_t)(100 + i));

		names_learn(*state, &doorbell, &remote, host, "", 60, NOW);
	}
	assert_int_equal(find(state, &doorbell, NOW), 0);
	assert_int_equal(texts_count(texts), 6);
	assert_string_equal(held.host[0], "media.example.com");
	assert_string_equal(held.aliases, "x.example.net");
	names_drop(*state, &held);
	assert_int_equal(texts_count(texts), 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_name_is_found_for_the_address_it_was_asked_for),
	    TEST(a_name_belongs_to_the_device_that_asked),
	    TEST(the_chain_of_aliases_comes_with_the_name),
	    TEST(a_name_lives_for_its_ttl),
	    TEST(an_expired_name_is_known_for_a_day),
	    TEST(several_live_names_are_all_candidates),
	    TEST(a_live_name_leaves_no_room_for_an_expired_one),
	    TEST(the_aliases_of_an_expired_name_are_not_told_with_a_live_one),
	    TEST(an_answer_heard_again_prolongs_the_name),
	    TEST(of_more_names_than_fit_the_one_learned_first_goes),
	    TEST(a_ttl_of_many_years_counts_as_a_week),
	    TEST(an_empty_name_teaches_nothing),
	    TEST(times_before_1970_expire_as_others_do),
	    TEST(a_full_table_forgets_the_answer_learned_longest_ago),
	    TEST(names_that_are_held_outlive_their_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
