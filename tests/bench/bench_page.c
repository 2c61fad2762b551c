/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What drawing report.html costs: a week of three doorbells, and 20,000 uploads.  Prints a
 * table; exits with 1 when the middle of the rounds is over its limit.
 * usage: bench_page RULES_FOLDER
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "sink/sink.h"
#include "tests/sink/random_report.h"

#define ROUNDS 15

struct page_cost {
	const char *what;
	struct home_plan plan;
	uint64_t most_us;
	uint64_t most_bytes;
};

static const struct page_cost costs[] = {
    {"a week, 3 doorbells, 60 receivers, 300 uploads",
        {.seed = 1, .devices = 3, .receivers = 60, .episodes = 300, .days = 7, .gap = true}, 50000,
        500000},
    {"a month, 3 doorbells, 400 receivers, 20,000 uploads",
        {.seed = 1, .devices = 3, .receivers = 400, .episodes = 20000, .days = 30, .gap = true},
        1000000, 2000000},
};

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

static int
by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void
count_bytes(const void *bytes, size_t len, void *user)
{
	(void)bytes;
	*(uint64_t *)user += len;
}

/* The size of the page; the time of the middle round in *us. */
static uint64_t
draw(const struct porch_document *doc, uint64_t *us)
{
	const struct sink_style style = {.columns = 80};
	uint64_t bytes = 0, rounds[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		static struct writer w;
		uint64_t start = now_us();

		bytes = 0;
		writer_init(&w, WRITER_NOWHERE);
		w.tee = count_bytes;
		w.user = &bytes;
		sink_html.document(&w, doc, &style);
		writer_flush(&w);
		rounds[i] = now_us() - start;
	}
	qsort(rounds, ROUNDS, sizeof(rounds[0]), by_size);
	*us = rounds[ROUNDS / 2];
	return bytes;
}

static bool
measure(const struct porch_rules *rules, const struct page_cost *cost)
{
	struct random_report report;
	uint64_t us = 0, bytes = 0;

	if (random_report(&report, rules, &cost->plan))
		bytes = draw(&report.doc, &us);
	random_report_free(&report);
	printf("%-52s %6.1f ms %6.0f ms %6" PRIu64 " kB %6" PRIu64 " kB\n", cost->what,
	    (double)us / 1000, (double)cost->most_us / 1000, bytes / 1000, cost->most_bytes / 1000);
	return bytes > 0 && us <= cost->most_us && bytes <= cost->most_bytes;
}

int
main(int argc, char **argv)
{
	struct porch_error error;
	struct porch_rules *rules;
	bool good = true;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_page RULES_FOLDER\n");
		return 2;
	}
	rules = porch_rules_load((const char *const *)&argv[1], 1, &error);
	if (!rules)
		return 1;
	printf("%-52s %9s %9s %9s %9s\n", "what", "figure", "at most", "size", "at most");
	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++)
		good = measure(rules, &costs[i]) && good;
	porch_rules_free(rules);
	return good ? 0 : 1;
}
