/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/rules_check.h"
#include "cli/rules_explain.h"
#include "cli/rules_export.h"
#include "cli/rules_import.h"
#include "cli/rules_open.h"
#include "cli/say.h"
#include "rules/rules.h"

/* What was written reaches standard output, or the status says so. */
static int
finish(struct writer *writer, struct outcome *outcome)
{
	if (writer_finish(writer) == WRITER_FAILED) {
		say("standard output: %s", strerror(writer->error));
		outcome->not_written = true;
	}
	return (int)outcome_status(outcome);
}

static int
check(const struct porch_rules *rules, const struct options *options)
{
	struct outcome outcome = {0};
	struct rules_checked checked;
	struct writer writer;

	writer_init(&writer, STDOUT_FILENO);
	checked = rules_check(rules, options->quiet ? NULL : &writer);
	outcome.bad_rules = checked.failures > 0;
	if (!options->quiet && checked.failures == 0) {
		writef(&writer, "%u files of rules are valid.\n", porch_rules_files(rules));
		if (checked.tests > 0)
			writef(&writer, "%zu of their own tests agree.\n", checked.tests);
		writef(&writer, "SHA-256 %s\n", porch_rules_sha256(rules));
	}
	return finish(&writer, &outcome);
}

/* What the rules know in numbers, then the makers they know. */
static int
list(const struct porch_rules *rules, const struct options *options)
{
	const struct vendor *vendor;

	printf("%u files of rules, revision %u, %zu names and addresses of trackers, %zu of\n"
	       "platforms that handle material for police\n",
	    porch_rules_files(rules), rules_rev(rules), rules_list_size(rules, PORCH_PARTY_TRACKER),
	    rules_list_size(rules, PORCH_PARTY_EVIDENCE));
	if (options->quiet)
		return EXIT_DONE;
	for (size_t i = 0; (vendor = rules_vendor_at(rules, i)) != NULL; i++)
		printf("%s%-14s  %-8s  %s\n", i ? "" : "\n", vendor->id,
		    porch_kind_word(vendor->makes), vendor->name);
	return EXIT_DONE;
}

static int
explain(const struct porch_rules *rules, const struct options *options)
{
	const struct vendor *device_vendor = NULL;
	struct outcome outcome = {0};
	struct writer writer;

	if (options->device_vendor) {
		device_vendor = rules_vendor(rules, options->device_vendor);
		if (!device_vendor)
			return command_refuse("rules",
			    "--device-vendor: no rule knows this vendor");
	}
	writer_init(&writer, STDOUT_FILENO);
	rules_explain(&writer, rules, options->arguments.item[1], device_vendor,
	    options->sink_option != NULL);
	return finish(&writer, &outcome);
}

static const char expected[] =
    "expected check [DIR...], list, explain QUERY, import FILE, or export CAPTURE";

static const struct {
	const char *name;
	size_t least, most; /* arguments after the name */
	int (*run)(const struct porch_rules *rules, const struct options *options);
} verbs[] = {{"check", 0, SIZE_MAX, check}, {"list", 0, 0, list}, {"explain", 1, 1, explain}};

static int
run_verb(size_t verb, const struct options *options)
{
	size_t arguments = options->arguments.count - 1;
	size_t folders = verbs[verb].run == check ? arguments : 0;
	struct porch_error error;
	struct porch_rules *rules;
	int status;

	if (arguments < verbs[verb].least || arguments > verbs[verb].most)
		return command_refuse("rules", expected);
	rules = rules_open_with(options, options->arguments.item + 1, folders, &error);
	if (!rules) {
		say_error(&error);
		return EXIT_BAD_RULES;
	}
	status = verbs[verb].run(rules, options);
	porch_rules_free(rules);
	return status;
}

static const char usage[] =
    "rules check [DIR...] | list | explain [--json] QUERY | import FILE --as NAME -o DIR | "
    "export --mud DEVICE CAPTURE...";

int
rules_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_RULES, usage, argc, argv, &status)) {
		const char *name = options.arguments.count ? options.arguments.item[0] : "";

		status = -1;
		if (strcmp(name, "import") == 0)
			status = options.arguments.count == 2 ? rules_import_file(&options)
			                                      : command_refuse("rules", expected);
		if (strcmp(name, "export") == 0)
			status = rules_export(&options);
		for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
			if (strcmp(verbs[i].name, name) == 0)
				status = run_verb(i, &options);
		if (status < 0)
			status = command_refuse("rules", expected);
	}
	options_free(&options);
	return status;
}
