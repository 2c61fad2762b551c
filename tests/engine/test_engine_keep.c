/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept of frames proves what is told of them: an engine that sees only that measures
 * the same episodes, to the same receivers, as one that saw all.
 */
#include <glob.h>

#include "source/source.h"
#include "tests/engine/home.h"

#define SHIPPED SOURCE_DIR "/captures/lab/recordings/*.pcapng.zst"
#define PUBLIC  SOURCE_DIR "/../shared/captures/public/*/*.pcap*"

static struct porch_rules *shipped_rules;

/* Two engines side by side, and how much there was and is. */
struct pair {
	struct engine *whole, *kept;
	uint64_t bytes, kept_bytes;
	uint64_t always;
};

static void
pass_on(const struct engine_kept *kept, void *user)
{
	struct pair *p = user;
	struct frame frame = *kept->frame;

	assert_true(kept->bytes <= frame.captured);
	p->always += kept->always;
	p->bytes += frame.captured;
	p->kept_bytes += kept->bytes;
	frame.captured = (uint32_t)kept->bytes;
	engine_frame(p->kept, &frame);
}

static void
read_both(struct pair *p, const char *path)
{
	struct engine_setup setup = {.rules = shipped_rules};
	struct porch_error error;
	struct source *source = source_open(path, NULL, &error);
	struct frame frame;

	assert_non_null(source);
	p->kept = engine_new(&setup, &error);
	setup.keep = pass_on;
	setup.user = p;
	p->whole = engine_new(&setup, &error);
	assert_true(p->kept && p->whole);
	while (source_next(source, &frame) == SOURCE_FRAME)
		engine_frame(p->whole, &frame);
	source_close(source);
}

/*
 * What is told as measured.  RTP in a clear WebSocket is recognised by its frames' heads, and of
 * several in one packet only the first is kept: the lab has none.
 */
static bool
measures_the_same(const struct track_episode *x, const struct track_episode *y, bool all)
{
	if (all)
		return memcmp(x, y, sizeof(*x)) == 0;
	return x->id == y->id && x->what == y->what && x->start == y->start && x->end == y->end &&
	       x->sums.bytes_up == y->sums.bytes_up && x->sums.bytes_down == y->sums.bytes_down &&
	       x->sums.packets_up == y->sums.packets_up && x->peak_second_up == y->peak_second_up;
}

/* Episodes as they closed, one by one. */
static void
assert_same_episodes(const struct engine_result *a, const struct engine_result *b, const char *path,
    bool all)
{
	struct track_episode x, y;

	if (a->episode_count != b->episode_count)
		fail_msg("%s: %zu episodes, of what is kept %zu", path, a->episode_count,
		    b->episode_count);
	for (size_t i = 0; i < a->episode_count; i++) {
		assert_true(spool_get(a->episodes, i, &x) && spool_get(b->episodes, i, &y));
		if (!measures_the_same(&x, &y, all))
			fail_msg("%s: episode %zu: %llu bytes of %u flows, of what is kept %llu of "
			         "%u",
			    path, i, (unsigned long long)x.sums.bytes_up, x.flows,
			    (unsigned long long)y.sums.bytes_up, y.flows);
	}
}

static void
assert_same_receivers(const struct engine_result *a, const struct engine_result *b)
{
	assert_int_equal(table_count(a->destinations), table_count(b->destinations));
	for (const struct destination *d = table_first(a->destinations); d;
	     d = table_next(a->destinations, d)) {
		const struct destination *same = table_find(b->destinations, &d->key);

		assert_non_null(same);
		assert_int_equal(same->up.bytes, d->up.bytes);
		assert_int_equal(same->down.bytes, d->down.bytes);
		assert_string_equal(destination_text(same->name), destination_text(d->name));
	}
}

/* How much of the bytes had to be kept, in percent. */
static unsigned
compare(const char *path, bool all)
{
	struct pair p = {.whole = NULL};
	struct engine_result whole, kept;

	read_both(&p, path);
	engine_finish(p.whole, &whole);
	engine_finish(p.kept, &kept);
	/* A frame that says nothing is not kept, though its time may have been a step of the clock.
	 */
	if (whole.counters.undecoded == 0 || whole.counters.clock_steps == 0) {
		assert_same_episodes(&whole, &kept, path, all);
		assert_same_receivers(&whole, &kept);
	}
	engine_free(p.whole);
	engine_free(p.kept);
	return p.bytes ? (unsigned)(p.kept_bytes * 100 / p.bytes) : 0;
}

static size_t
compare_all(const char *pattern, bool all)
{
	glob_t found;
	size_t count = 0;

	if (glob(pattern, 0, NULL, &found) != 0)
		return 0;
	for (; count < found.gl_pathc; count++)
		print_message("%3u %%  %s\n", compare(found.gl_pathv[count], all),
		    found.gl_pathv[count]);
	globfree(&found);
	return count;
}

static void
what_is_kept_of_the_lab_measures_the_same(void **state)
{
	(void)state;
	assert_true(compare_all(SHIPPED, true) > 0);
}

static void
and_of_real_captures(void **state)
{
	(void)state;
	if (compare_all(PUBLIC, false) == 0) {
		print_message("no public captures beside the source: skipped\n");
		skip();
	}
}

static int
load_shipped(void **state)
{
	const char *folders[] = {SOURCE_DIR "/rules"};
	struct porch_error error;

	(void)state;
	shipped_rules = porch_rules_load(folders, 1, &error);
	return shipped_rules ? 0 : -1;
}

static int
free_shipped(void **state)
{
	(void)state;
	porch_rules_free(shipped_rules);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_kept_of_the_lab_measures_the_same),
	    cmocka_unit_test(and_of_real_captures),
	};

	return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
