/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Writes the report of a home that does not exist, for tests to read and browsers to open.
 * usage: write_report RULES SEED DEVICES RECEIVERS EPISODES DAYS LANG DIR [hostile|astray]
 * With hostile, names are an attacker's; with astray, an upload begins within the gap.
 */

#include <stdio.h>

#include "sink/sink.h"
#include "tests/sink/random_report.h"

static int
write_folder(const struct random_report *r, const char *lang, const char *path)
{
	const struct sink_style style = {.language = language_find(lang)};
	struct porch_error error;
	struct folder *folder = style.language ? folder_open(path, &error) : NULL;

	if (!folder || !folder_finish(folder, &r->doc, &style, &error)) {
		fprintf(stderr, "%s: %s\n", path, folder ? error.text : "cannot be opened");
		return 1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const char *special = argc > 9 ? argv[9] : "";
	struct porch_error error;
	struct porch_rules *rules;
	struct random_report report;
	struct home_plan plan;
	int status = 1;

	if (argc < 9) {
		fprintf(stderr, "usage: write_report RULES SEED DEVICES RECEIVERS EPISODES DAYS "
		                "LANG DIR [hostile|astray]\n");
		return 2;
	}
	rules = porch_rules_load((const char *const *)&argv[1], 1, &error);
	if (!rules)
		return 1;
	plan = (struct home_plan){.seed = strtoull(argv[2], NULL, 10),
	    .devices = strtoull(argv[3], NULL, 10),
	    .receivers = strtoull(argv[4], NULL, 10),
	    .episodes = strtoull(argv[5], NULL, 10),
	    .days = (unsigned)strtoul(argv[6], NULL, 10),
	    .hostile = strcmp(special, "hostile") == 0,
	    .astray = strcmp(special, "astray") == 0};
	plan.gap = plan.days > 3;
	if (random_report(&report, rules, &plan))
		status = write_folder(&report, argv[7], argv[8]);
	random_report_free(&report);
	porch_rules_free(rules);
	return status;
}
