/* SPDX-License-Identifier: Apache-2.0 */

/* What porchlight.conf(5) says of each key, against the table of options. */

#include <stdio.h>
#include <string.h>

#include "cli/config.h"
#include "cli/option_rows.h"
#include "tests/test.h"

#define KEYS_MAX 100

struct key {
	char name[32];
	char type[32];
};

static struct key keys[KEYS_MAX];
static size_t count;

/* ".It Cm home Pq array of texts" */
static int
read_page(void **state)
{
	FILE *page = fopen(SOURCE_DIR "/docs/porchlight.conf.5", "r");
	char line[256];

	(void)state;
	if (!page)
		return -1;
	while (count < KEYS_MAX && fgets(line, sizeof(line), page))
		count += sscanf(line, ".It Cm %31s Pq %31[^\n]", keys[count].name,
		             keys[count].type) == 2;
	fclose(page);
	return 0;
}

static const char *
type_in_page(const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i].name, name) == 0)
			return keys[i].type;
	return NULL;
}

static const char *
type_of(const struct option_row *row)
{
	if (!row->value)
		return "true or false";
	if (row->repeats)
		return "array of texts";
	return row->number ? "number" : "text";
}

/* Those that ask for something else than to run, or for the file itself. */
static bool
stands_in_a_file(const struct option_row *row)
{
	return (row->commands & FOR_WATCH) && strcmp(row->name, "help") != 0 &&
	       strcmp(row->name, "version") != 0 && strcmp(row->name, "config") != 0;
}

static void
every_option_of_watch_is_a_key_of_its_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		const char *type = type_in_page(option_rows[i].name);

		if (!stands_in_a_file(&option_rows[i]))
			continue;
		if (!type || strcmp(type, type_of(&option_rows[i])) != 0)
			fail_msg("%s: the page says %s, the table %s", option_rows[i].name,
			    type ? type : "nothing", type_of(&option_rows[i]));
	}
}

static void
every_key_is_an_option_of_watch(void **state)
{
	size_t rows = 0;

	(void)state;
	for (size_t i = 0; i < OPTION_ROWS; i++)
		rows += stands_in_a_file(&option_rows[i]);
	assert_int_equal(count, rows + 1);
	assert_string_equal(type_in_page("interfaces"), "array of texts");
}

/* What the page shows, the program takes. */
static void
the_example_is_a_configuration(void **state)
{
	char *argv[] = {(char[]){"watch"}, NULL};
	FILE *page = fopen(SOURCE_DIR "/docs/porchlight.conf.5", "r");
	char text[2000] = "", line[256];
	struct options options;
	struct porch_error error;
	bool within = false;

	(void)state;
	assert_non_null(page);
	while (fgets(line, sizeof(line), page)) {
		if (strcmp(line, ".Ed\n") == 0)
			within = false;
		if (within)
			strcat(text, line);
		if (strncmp(line, ".Bd -literal", 12) == 0)
			within = true;
	}
	fclose(page);
	assert_true(options_read(&options, FOR_WATCH, 1, argv, &error));
	if (!config_parse("example", text, strlen(text), &options, &error))
		fail_msg("%s: %s", error.where, error.text);
	assert_string_equal(options.arguments.item[0], "br-lan");
	assert_string_equal(options.page, "192.168.1.1:8642");
	assert_int_equal(options.cooldown, 300);
	options_free(&options);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_option_of_watch_is_a_key_of_its_type),
	    cmocka_unit_test(every_key_is_an_option_of_watch),
	    cmocka_unit_test(the_example_is_a_configuration),
	};

	return cmocka_run_group_tests(tests, read_page, NULL);
}
