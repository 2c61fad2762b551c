/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/feed.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#define BOOT  "00c0ffee00c0ffee"
#define OTHER "00c0ffee00c0ffef"

static enum feed_change
tell(struct feed *feed, const char *line)
{
	return feed_line(feed, line, strlen(line));
}

static void
tell_episode(struct feed *feed, const char *boot, unsigned event, const char *id)
{
	char line[256];

	snprintf(line, sizeof(line),
	    "{\"schema\":\"porchlight/1\",\"type\":\"episode\",\"boot\":\"%s\",\"event\":%u,"
	    "\"id\":\"%s\",\"start\":\"2026-11-09T00:00:00Z\",\"footage\":\"yes\"}\n",
	    boot, event, id);
	assert_int_equal(FEED_RECORD, tell(feed, line));
}

static void
a_state_is_read_whole(void **state)
{
	struct feed *feed = feed_new();
	const struct live_state *s = feed_state(feed);

	(void)state;
	assert_int_equal(PORCH_NO_TIME, s->time);
	assert_int_equal(FEED_STATE,
	    tell(feed,
	        "{\"type\":\"state\",\"boot\":\"" BOOT "\",\"time\":\"2026-11-09T08:00:00.5Z\","
	        "\"state\":\"sending\",\"watched_since\":\"2026-11-09T00:00:00Z\","
	        "\"bytes_up_today\":900,\"footage_bytes_today\":700,\"footage_episodes_today\":2,"
	        "\"counters\":{\"received\":10,\"processed\":9,\"dropped\":1},\"gaps\":3,"
	        "\"rules_rev\":4,\"limits\":[\"One.\",7,\"Two.\"],\"devices\":["
	        "{\"id\":\"d00000000000000aa\",\"name\":\"Front\",\"kind\":\"doorbell\","
	        "\"state\":\"sending\",\"rate_kbps\":[0,400,400,800],\"open\":{\"id\":"
	        "\"e00000000000000bb\",\"start\":\"2026-11-09T07:59:00Z\",\"end\":null,"
	        "\"bytes_up\":5,\"content\":\"video\",\"footage\":\"yes\",\"likelihood\":"
	        "{\"word\":\"very likely\",\"range\":[90,99],\"calibrated\":true},"
	        "\"organisation\":null,\"party\":\"cloud\"},\"last\":null},{\"id\":\"none\"}]}\n"));
	assert_int_equal(PORCH_ACTIVITY_SENDING, s->activity);
	assert_int_equal(900, s->bytes_up_today);
	assert_int_equal(1, s->dropped);
	assert_int_equal(2, s->limit_count);
	assert_string_equal("Two.", s->limits[1]);
	assert_int_equal(1, s->device_count);
	assert_int_equal(0xaa, s->devices[0].id);
	assert_int_equal(400, s->devices[0].kbps);
	assert_true(s->devices[0].open.there);
	assert_string_equal("very likely", s->devices[0].open.likelihood.word);
	assert_int_equal(90, s->devices[0].open.likelihood.low);
	assert_int_equal(PORCH_NO_TIME, s->devices[0].open.end);
	assert_string_equal("", s->devices[0].open.organisation);
	assert_false(s->devices[0].last.there);
	feed_free(feed);
}

static void
what_is_none_of_ours_changes_nothing(void **state)
{
	static const char *const lines[] = {"", "{}", "null", "[]", "{\"type\":\"state\"}",
	    "{\"type\":\"state\",\"boot\":\"" BOOT "\",\"time\":\"2026-11-09T08:00:00Z\"}",
	    "{\"type\":\"episode\",\"boot\":\"" BOOT "\",\"event\":1,\"id\":\"e1\"}",
	    "{\"type\":\"episode\",\"boot\":\"" BOOT "\",\"id\":\"e00000000000000aa\"}",
	    "{\"type\":\"novel\",\"boot\":\"" BOOT "\",\"event\":1,\"id\":\"e00000000000000aa\"}",
	    "{\"type\":\"episode\",\"boot\":\"zz\",\"event\":1,\"id\":\"e00000000000000aa\"}",
	    "{\"type\":\"state\",\"boot\":\"" BOOT "\""};
	struct feed *feed = feed_new();

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(FEED_NOTHING, tell(feed, lines[i]));
	assert_int_equal(0, feed_newest(feed));
	assert_int_equal(PORCH_NO_TIME, feed_state(feed)->time);
	feed_free(feed);
}

static void
who_was_away_is_told_what_was_missed(void **state)
{
	struct feed *feed = feed_new();
	struct told told;

	(void)state;
	for (unsigned i = 1; i <= 5; i++)
		tell_episode(feed, BOOT, i, "e00000000000000aa");
	assert_int_equal(5, feed_resume(feed, NULL));
	assert_int_equal(3, feed_resume(feed, BOOT "-3"));
	assert_true(feed_after(feed, 3, &told));
	assert_int_equal(4, told.number);
	assert_string_equal("episode", told.type);
	assert_non_null(strstr(told.record, "\"event\":4"));
	assert_false(feed_after(feed, 5, &told));
	/* Of another run of the daemon, and what is no id of ours: all that there is. */
	assert_int_equal(0, feed_resume(feed, OTHER "-3"));
	assert_int_equal(0, feed_resume(feed, BOOT "-x"));
	assert_int_equal(0, feed_resume(feed, BOOT "-99999999999999999999999"));
	assert_int_equal(0, feed_resume(feed, "3"));
	assert_int_equal(0, feed_resume(feed, ""));
	feed_free(feed);
}

static void
another_run_begins_anew(void **state)
{
	struct feed *feed = feed_new();
	struct told told;

	(void)state;
	tell_episode(feed, BOOT, 41, "e00000000000000aa");
	tell_episode(feed, OTHER, 1, "e00000000000000bb");
	assert_string_equal(OTHER, feed_boot(feed));
	assert_int_equal(1, shelf_count(feed_shelf(feed, SHELF_EPISODES)));
	assert_true(feed_after(feed, 0, &told));
	assert_int_equal(1, told.number);
	assert_int_equal(0, feed_resume(feed, BOOT "-41"));
	feed_free(feed);
}

static void
what_is_told_is_bounded(void **state)
{
	struct feed *feed = feed_new();
	struct told told;

	(void)state;
	for (unsigned i = 1; i <= 10 * FEED_TOLD; i++) {
		char id[20];

		snprintf(id, sizeof(id), "e%016x", i);
		tell_episode(feed, BOOT, i, id);
	}
	assert_int_equal(512, shelf_count(feed_shelf(feed, SHELF_EPISODES)));
	assert_int_equal(10 * FEED_TOLD, feed_newest(feed));
	assert_true(feed_after(feed, 0, &told));
	assert_int_equal(9 * FEED_TOLD + 1, told.number);
	feed_free(feed);
}

static void
a_mark_is_remembered(void **state)
{
	struct feed *feed = feed_new();

	(void)state;
	assert_null(feed_mark(feed, 7));
	feed_set_mark(feed, 7, "wrong");
	feed_set_mark(feed, 7, "expected");
	assert_string_equal("expected", feed_mark(feed, 7));
	for (uint64_t id = 100; id < 100 + FEED_MARKS; id++)
		feed_set_mark(feed, id, "wrong");
	assert_null(feed_mark(feed, 7));
	assert_string_equal("wrong", feed_mark(feed, 100));
	feed_free(feed);
}

static void
remember(struct feed *feed, const char *line)
{
	feed_past_line(feed, line, strlen(line));
}

static void
a_history_tells_of_today_beside_this_run(void **state)
{
	static const char episode[] = "{\"type\":\"episode\",\"id\":\"e00000000000000aa\","
	                              "\"start\":\"2026-11-09T00:00:00Z\",\"footage\":\"yes\"}\n";
	struct feed *feed = feed_new();
	struct shelf_record record;

	(void)state;
	remember(feed,
	    "{\"type\":\"mark\",\"episode\":\"e00000000000000aa\",\"mark\":\"wrong\"}\n");
	remember(feed, episode);
	remember(feed,
	    "{\"type\":\"gap\",\"start\":\"2026-11-09T00:00:00Z\",\"reason\":\"restart\"}");
	remember(feed, "{\"type\":\"run\"}");
	remember(feed, "no record");
	assert_int_equal(0, shelf_count(feed_shelf(feed, SHELF_EPISODES)));
	assert_true(shelf_find(feed_past(feed, SHELF_EPISODES), 0xaa, &record));
	assert_int_equal(0, record.len); /* only what is shown is kept */
	assert_int_equal(1, shelf_count(feed_past(feed, SHELF_GAPS)));
	assert_int_equal(0, shelf_count(feed_past(feed, SHELF_ONE_RUN)));
	assert_string_equal("wrong", feed_mark(feed, 0xaa));
	feed_set_mark(feed, 0xaa, "none");
	feed_past_begin(feed);
	remember(feed,
	    "{\"type\":\"mark\",\"episode\":\"e00000000000000aa\",\"mark\":\"wrong\"}\n");
	assert_int_equal(0, shelf_count(feed_past(feed, SHELF_EPISODES)));
	assert_string_equal("none", feed_mark(feed, 0xaa)); /* what was said here is newer */
	feed_free(feed);
}

static void
the_verdict_of_a_history_goes_before_that_of_this_run(void **state)
{
	static const char live[] = "{\"type\":\"summary\",\"boot\":\"" BOOT "\",\"event\":1}",
	                  past[] = "{\"type\":\"summary\"}",
	                  found[] = "{\"type\":\"finding\",\"id\":\"F1\"}";
	struct feed *feed = feed_new();

	(void)state;
	assert_int_equal(FEED_RECORD, tell(feed, live));
	assert_string_equal(live, shelf_at(feed_concluded(feed, SHELF_ONE_SUMMARY), 0).text);
	assert_int_equal(0, shelf_count(feed_concluded(feed, SHELF_FINDINGS)));
	remember(feed, found);
	remember(feed, past);
	assert_string_equal(past, shelf_at(feed_concluded(feed, SHELF_ONE_SUMMARY), 0).text);
	assert_string_equal(found, shelf_at(feed_concluded(feed, SHELF_FINDINGS), 0).text);
	feed_past_begin(feed);
	assert_string_equal(live, shelf_at(feed_concluded(feed, SHELF_ONE_SUMMARY), 0).text);
	feed_free(feed);
}

static void
a_verdict_without_findings_takes_back_the_last_ones(void **state)
{
	static const char found[] = "{\"type\":\"finding\",\"boot\":\"" BOOT "\",\"event\":2,"
	                            "\"id\":\"F1\"}",
	                  verdict[] = "{\"type\":\"summary\",\"boot\":\"" BOOT "\",\"event\":2}";
	struct feed *feed = feed_new();

	(void)state;
	tell(feed, found);
	tell(feed, verdict);
	assert_int_equal(1, shelf_count(feed_concluded(feed, SHELF_FINDINGS)));
	tell(feed, verdict);
	assert_int_equal(0, shelf_count(feed_concluded(feed, SHELF_FINDINGS)));
	feed_free(feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_state_is_read_whole),
	    cmocka_unit_test(a_history_tells_of_today_beside_this_run),
	    cmocka_unit_test(the_verdict_of_a_history_goes_before_that_of_this_run),
	    cmocka_unit_test(a_verdict_without_findings_takes_back_the_last_ones),
	    cmocka_unit_test(what_is_none_of_ours_changes_nothing),
	    cmocka_unit_test(who_was_away_is_told_what_was_missed),
	    cmocka_unit_test(another_run_begins_anew),
	    cmocka_unit_test(what_is_told_is_bounded),
	    cmocka_unit_test(a_mark_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
