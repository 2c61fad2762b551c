/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <porchlight/record.h>

#include "rules/explain.h"
#include "tests/test.h"

/*
 * table.csv: what is known of hosts, addresses and MACs, and what the rules say of them;
 * near.txt: names that only look like a maker's.
 */

#define LINE 512

enum column {
	QUERY,
	DEVICE_VENDOR,
	VENDOR,
	ORGANISATION,
	PARTY,
	PURPOSE,
	REGION,
	COUNTRY,
	COLUMNS
};

static int
load_shipped(void **state)
{
	const char *folders[] = {SOURCE_DIR "/rules"};
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(folders, 1, &error);

	if (!rules)
		fail_msg("%s: %s: %s", error.file, error.where, error.text);
	*state = rules;
	return 0;
}

static int
unload(void **state)
{
	porch_rules_free(*state);
	return 0;
}

/* The next line that is no comment, without its end. */
static bool
next_line(FILE *file, char line[LINE])
{
	do {
		if (!fgets(line, LINE, file))
			return false;
		line[strcspn(line, "\r\n")] = '\0';
	} while (line[0] == '#' || line[0] == '\0');
	return true;
}

/* A cell in quotes may hold commas; none holds a quote. */
static void
split(char *line, const char *cell[COLUMNS])
{
	for (int i = 0; i < COLUMNS; i++) {
		bool quoted = *line == '"';
		char *end;

		line += quoted;
		cell[i] = line;
		end = line + strcspn(line, quoted ? "\"" : ",");
		line = end + (*end != '\0') + (quoted && end[1] == ',');
		*end = '\0';
	}
	assert_true(*line == '\0');
}

/* An empty cell is not looked at, a hyphen stands for nothing. */
static bool
agrees(const char *cell, const char *told)
{
	if (*cell == '\0')
		return true;
	return told ? strcmp(cell, told) == 0 : strcmp(cell, "-") == 0;
}

static bool
has_purpose(const char *cell, const struct porch_texts *purposes)
{
	for (size_t i = 0; i < purposes->count; i++)
		if (strcmp(cell, purposes->item[i]) == 0)
			return true;
	return *cell == '\0' || (*cell == '-' && purposes->count == 0);
}

static void
told_nothing(const struct explain_match *match, void *user)
{
	(void)match;
	(void)user;
}

static bool
row_agrees(const struct porch_rules *rules, const char *cell[COLUMNS])
{
	const struct vendor *device = NULL;
	struct explanation e;
	const char *vendor;
	const struct receiver *r = &e.receiver;

	if (*cell[DEVICE_VENDOR]) {
		device = rules_vendor(rules, cell[DEVICE_VENDOR]);
		assert_non_null(device);
	}
	assert_true(rules_query(rules, cell[QUERY], device, &e, told_nothing, NULL));
	vendor = e.vendor ? e.vendor->id : r->on_behalf_of;
	if (agrees(cell[VENDOR], vendor) && agrees(cell[ORGANISATION], r->organisation) &&
	    agrees(cell[PARTY], porch_party_word(e.party)) &&
	    has_purpose(cell[PURPOSE], &r->purposes) && agrees(cell[REGION], r->region) &&
	    agrees(cell[COUNTRY], r->country))
		return true;
	print_error("%s of %s: %s, %s, %s, %s, %s, %s (%s)\n", cell[QUERY],
	    device ? device->id : "-", vendor ? vendor : "-",
	    r->organisation ? r->organisation : "-", porch_party_word(e.party),
	    r->purposes.count ? r->purposes.item[0] : "-", r->region ? r->region : "-",
	    r->country ? r->country : "-",
	    !e.found              ? "no rule"
	    : e.kind == QUERY_MAC ? e.mac.rule.id
	    : e.receiver.rule.id  ? e.receiver.rule.id
	                          : "");
	return false;
}

static void
every_row_of_the_table_agrees(void **state)
{
	FILE *file = fopen(SOURCE_DIR "/tests/rules/table.csv", "r");
	const char *cell[COLUMNS];
	char line[LINE];
	size_t rows = 0, wrong = 0;

	assert_non_null(file);
	assert_true(next_line(file, line)); /* the header */
	while (next_line(file, line)) {
		split(line, cell);
		wrong += !row_agrees(*state, cell);
		rows++;
	}
	fclose(file);
	assert_int_equal(wrong, 0);
	assert_true(rows >= 400);
}

static void
names_that_only_look_like_a_makers_match_nothing(void **state)
{
	FILE *file = fopen(SOURCE_DIR "/tests/rules/near.txt", "r");
	char line[LINE];
	size_t rows = 0, wrong = 0;

	assert_non_null(file);
	for (; next_line(file, line); rows++) {
		struct receiver found;

		if (!rules_host(*state, line, &found))
			continue;
		print_error("%s: %s\n", line, found.rule.id);
		wrong++;
	}
	fclose(file);
	assert_int_equal(wrong, 0);
	assert_true(rows >= 44);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_row_of_the_table_agrees),
	    cmocka_unit_test(names_that_only_look_like_a_makers_match_nothing),
	};

	return cmocka_run_group_tests(tests, load_shipped, unload);
}
