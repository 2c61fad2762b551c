/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rules cost: loading what ships, loading a list of 100,000 domains, and a look-up
 * among 100,000 suffixes.  Prints a table; exits with 1 when a figure is over its limit.
 * usage: bench_rules RULES_FOLDER
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "rules/ruleset.h"

#include "tests/bench/heap.h"

#define SUFFIXES  100000
#define PER_FILE  20000
#define FILES     (SUFFIXES / PER_FILE)
#define LINE      64
#define QUERIES   65536
#define WARM      4096 /* hosts that a home asks for */
#define BATCH     16   /* look-ups between two readings of the clock */
#define ROUNDS    8
#define LOADS     15
#define KIB       1024
#define LOOKUP_NS 300
#define LOAD_US   50000
#define LOAD_KIB  (8 * KIB)
#define LIST_US   300000
#define LIST_KIB  (16 * KIB)

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static int
by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t
middle(uint64_t *figures, size_t count)
{
	qsort(figures, count, sizeof(*figures), by_size);
	return figures[count / 2];
}

/* The same numbers on every run (xorshift32). */
static uint32_t
next_number(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Domains of unequal length under some public suffixes, as lists have them. */
static void
name_of(char *out, size_t size, const char *before, uint32_t number)
{
	static const char *const tops[] = {
	    "com", "net", "co.uk", "io", "cn", "de", "com.br", "org"};
	uint32_t mixed = number * 2654435761U;

	(void)snprintf(out, size, "%s%.*s%" PRIx32 "x%" PRIu32 ".%s", before, (int)(number % 9),
	    "analytics", mixed, number, tops[mixed % 8]);
}

static bool
row(const char *what, uint64_t figure, uint64_t limit, const char *unit)
{
	printf("%-52s %8" PRIu64 " %8" PRIu64 " %-4s %s\n", what, figure, limit, unit,
	    figure <= limit ? "ok" : "OVER");
	return figure <= limit;
}

/* A figure without a limit. */
static void
note(const char *what, uint64_t figure, const char *unit)
{
	printf("%-52s %8" PRIu64 " %8s %-4s\n", what, figure, "-", unit);
}

static struct porch_rules *
many_suffixes(void)
{
	static char text[FILES][PER_FILE * LINE + 512], name[FILES][32];
	struct rule_file files[FILES];
	struct porch_error error;
	struct porch_rules *rules;
	uint32_t number = 0;

	for (unsigned f = 0; f < FILES; f++) {
		char *at = text[f];

		at += sprintf(at, "{\"format\":\"porchlight-rules/1\",\"source\":{\"kind\":"
		                  "\"observation\",\"what\":\"a benchmark\",\"seen\":"
		                  "\"2026-11-23\"},\"destination\":[");
		for (unsigned i = 0; i < PER_FILE; i++) {
			char host[LINE];

			/* a fact holds as many hosts as a list of one operator */
			if (i % 100 == 0)
				at += sprintf(at, "%s{\"id\":\"f%u\",\"host\":[", i ? "]}," : "",
				    i / 100);
			name_of(host, sizeof(host), ".", number++);
			at += sprintf(at, "%s\"%s\"", i % 100 ? "," : "", host);
		}
		at += sprintf(at, "]}]}");
		(void)snprintf(name[f], sizeof(name[f]), "trackers/t%u.json", f);
		files[f] = (struct rule_file){.name = name[f],
		    .path = name[f],
		    .bytes = text[f],
		    .len = (size_t)(at - text[f])};
	}
	rules = ruleset_from_files(files, FILES, &error);
	if (!rules)
		fprintf(stderr, "bench_rules: %s: %s: %s\n", error.file, error.where, error.text);
	return rules;
}

/* Hosts below a suffix, the suffix itself, and hosts that nobody knows, a third each. */
static void
make_queries(char (*query)[LINE])
{
	uint32_t state = 2463534242U;

	for (unsigned i = 0; i < QUERIES; i++) {
		uint32_t number = next_number(&state) % SUFFIXES;
		static const char *const before[] = {"cdn-7.eu-west-1.", "", "un.known"};

		name_of(query[i], LINE, before[i % 3], number);
	}
}

/* Asks for the first `hosts` queries again and again; the figures are of one look-up. */
static bool
look_up(const struct porch_rules *rules, char (*query)[LINE], unsigned hosts, uint64_t *median,
    uint64_t *slow)
{
	static uint64_t figure[ROUNDS * (QUERIES / BATCH)];
	unsigned again = ROUNDS * (QUERIES / hosts);
	size_t count = 0, hits = 0, known = 0;

	for (unsigned i = 0; i < hosts; i++)
		known += i % 3 != 2;
	for (unsigned round = 0; round <= again; round++) { /* the first one warms up */
		for (unsigned i = 0; i < hosts; i += BATCH) {
			uint64_t start = now_ns();
			struct receiver found;

			for (unsigned k = 0; k < BATCH; k++)
				hits += rules_host(rules, query[i + k], &found);
			if (round > 0)
				figure[count++] = (now_ns() - start + BATCH / 2) / BATCH;
		}
	}
	*median = middle(figure, count);
	*slow = figure[count / 100 * 99];
	return hits == (again + 1) * known;
}

static bool
bench_look_up(void)
{
	static char query[QUERIES][LINE];
	struct porch_rules *rules = many_suffixes();
	uint64_t median, slow;
	bool good;

	if (!rules)
		return false;
	make_queries(query);
	printf("look-up among 100,000 suffixes\n");
	good = look_up(rules, query, WARM, &median, &slow);
	good = row("  4,096 hosts again and again, median", median, LOOKUP_NS, "ns") && good;
	note("    99 of 100 take at most", slow, "ns");
	good = look_up(rules, query, QUERIES, &median, &slow) && good;
	good = row("  65,536 hosts, spread over all, median", median, LOOKUP_NS, "ns") && good;
	note("    99 of 100 take at most", slow, "ns");
	porch_rules_free(rules);
	return good;
}

struct cost {
	const char *what;
	uint64_t us, kib; /* limits */
};

static bool
bench_loading(const char *const *sources, size_t count, const struct cost *limit)
{
	uint64_t figure[LOADS], held = 0, peak = 0;
	bool good;

	printf("%s\n", limit->what);
	for (int i = 0; i < LOADS; i++) {
		struct porch_error error;
		struct porch_rules *rules;
		ptrdiff_t before = heap_peak = heap_held;
		uint64_t start = now_ns();

		rules = porch_rules_load(sources, count, &error);
		figure[i] = (now_ns() - start) / 1000;
		if (!rules) {
			fprintf(stderr, "bench_rules: %s: %s: %s\n", error.file, error.where,
			    error.text);
			return false;
		}
		peak = (uint64_t)(heap_peak - before);
		held = (uint64_t)(heap_held - before);
		porch_rules_free(rules);
	}
	good = row("  time, median", middle(figure, LOADS), limit->us, "us");
	good = row("  heap at its peak", peak / KIB, limit->kib, "KiB") && good;
	note("  heap held afterwards", held / KIB, "KiB");
	return good;
}

/* A list of 100,000 domains as users have them. */
static bool
bench_list(void)
{
	static const struct cost limit = {"loading a list of 100,000 domains", LIST_US, LIST_KIB};
	char path[] = "/tmp/porchlight-bench-XXXXXX", host[LINE];
	const char *source = path;
	int fd = mkstemp(path);
	FILE *list = fd < 0 ? NULL : fdopen(fd, "w");
	bool good;

	if (!list) {
		perror(path);
		return false;
	}
	for (uint32_t i = 0; i < SUFFIXES; i++) {
		name_of(host, sizeof(host), "", i);
		fprintf(list, "%s\n", host);
	}
	good = fclose(list) == 0 && bench_loading(&source, 1, &limit);
	remove(path);
	return good;
}

int
main(int argc, char **argv)
{
	static const struct cost shipped = {"loading what ships", LOAD_US, LOAD_KIB};
	const char *folder;
	bool good;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_rules RULES_FOLDER\n");
		return 2;
	}
	printf("%-52s %8s %8s\n", "what", "figure", "at most");
	folder = argv[1];
	good = bench_loading(&folder, 1, &shipped);
	good = bench_list() && good;
	good = bench_look_up() && good;
	return good ? 0 : 1;
}
