/* SPDX-License-Identifier: Apache-2.0 */

/* verify: makes a report's document anew from its captures, and says what differs. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/report_words.h"
#include "cli/say.h"
#include "rules/rules.h"
#include "sink/report.h"
#include "source/inputs.h"
#include "source/source.h"

#define SHOWN 20 /* differences told one by one */

/* One report under examination. */
struct verifying {
	struct analysis analysis;
	const struct options *options;
	struct report *told;
	struct inputs *captures;
	struct writer writer;
	size_t differences;
	bool undecided;
	bool by_kept; /* the captures are what --keep left */
	struct options joined;
	struct report_kept kept;
};

static void
begin_difference(struct verifying *v)
{
	if (v->differences++ == 0)
		write_text(&v->writer, "Differs:\n");
}

static void
tell_difference(const struct report_difference *difference, void *user)
{
	struct verifying *v = user;

	begin_difference(v);
	if (v->differences > SHOWN)
		return;
	write_text(&v->writer, "  ");
	write_escaped(&v->writer, ESCAPE_TERMINAL, difference->where);
	write_text(&v->writer, ": told ");
	write_escaped(&v->writer, ESCAPE_TERMINAL, difference->told ? difference->told : "nothing");
	write_text(&v->writer, ", found ");
	write_escaped(&v->writer, ESCAPE_TERMINAL,
	    difference->found ? difference->found : "nothing");
	write_char(&v->writer, '\n');
}

static void
undecided(struct verifying *v, const char *what, const char *why)
{
	if (!v->undecided)
		write_text(&v->writer, "Cannot be decided:\n");
	v->undecided = true;
	write_text(&v->writer, "  ");
	write_escaped(&v->writer, ESCAPE_TERMINAL, what);
	write_text(&v->writer, why);
	write_char(&v->writer, '\n');
}

/* Whether the same program can give the same bytes at all. */
static void
check_version(struct verifying *v)
{
	const char *version = report_version(v->told);

	if (!version || strcmp(version, porch_version()) != 0)
		undecided(v, version ? version : "no version",
		    " made the report, not this version");
}

/* The packet inspection library gives advice, and another version gives other advice. */
static void
check_library(struct verifying *v)
{
	const struct porch_run *run = &v->analysis.doc->run;
	const char *library = report_library(v->told, "ndpi"), *ours = NULL;

	for (size_t i = 0; i < run->library_count; i++)
		if (strcmp(run->libraries[i].name, "ndpi") == 0)
			ours = run->libraries[i].version;
	if (v->options->engine.no_dpi)
		return;
	if ((library != NULL) != (ours != NULL) || (library && strcmp(library, ours) != 0))
		undecided(v, library ? library : "no version",
		    " of the packet inspection library helped, not this one's");
}

static bool
same_rules(struct verifying *v)
{
	const char *told = report_rules(v->told);
	const struct porch_rules *rules = v->analysis.rules;
	struct porch_run run = {0};
	const struct report_difference difference = {
	    .where = "run.rules.sha256",
	    .told = told,
	    .found = porch_rules_sha256(rules),
	};

	run.rule_file = rules_file_sums(rules, &run.rule_file_count);
	if (told && strcmp(told, porch_rules_sha256(rules)) == 0)
		return report_compare_rules(v->told, &run, tell_difference, v) == 0;
	tell_difference(&difference, v);
	report_compare_rules(v->told, &run, tell_difference, v);
	return false;
}

/* Captures as they were named, or else where the report says that they lay. */
static bool
list_captures(struct verifying *v)
{
	const struct words *given = &v->options->arguments;
	size_t count = given->count - 1, told = report_input_count(v->told);
	const char **paths = calloc(count + told + 1, sizeof(*paths)), *sum;
	struct porch_error error = {.offset = -1};

	for (size_t i = 0; paths && i < count; i++)
		paths[i] = given->item[1 + i];
	for (size_t i = 0; paths && count == 0 && i < told; i++) {
		report_input(v->told, i, &paths[i], &sum);
		if (!paths[i])
			paths[i] = "";
	}
	if (paths)
		v->captures = inputs_new(paths, count > 0 ? count : told, &error);
	free(paths);
	if (!v->captures)
		undecided(v, error.file, error.text[0] ? error.text : ": no captures");
	return v->captures != NULL;
}

/* The sums of the captures that are there, in the order of the list; "" for one that is not. */
static char (*sum_captures(struct verifying *v))[SHA256_TEXT]
{
	size_t count = inputs_count(v->captures);
	char(*sums)[SHA256_TEXT] = calloc(count + 1, sizeof(*sums));
	char content[SHA256_TEXT];
	struct porch_error error = {.offset = -1};

	for (size_t i = 0; sums && i < count; i++) {
		if (source_hashes(inputs_path(v->captures, i), sums[i], content, &error))
			continue;
		sums[i][0] = '\0';
		undecided(v, inputs_path(v->captures, i), " cannot be read");
	}
	return sums;
}

static bool
take_sum(char (*sums)[SHA256_TEXT], size_t count, const char *sum)
{
	for (size_t i = 0; sum && i < count; i++) {
		if (strcmp(sums[i], sum) != 0)
			continue;
		sums[i][0] = '\0'; /* one capture stands for one input */
		return true;
	}
	return false;
}

/* The captures that no input of the report has told of: each may be one that was changed. */
static const char *
next_unknown(struct verifying *v, char (*sums)[SHA256_TEXT], size_t *from)
{
	for (; *from < inputs_count(v->captures); ++*from)
		if (sums[*from][0])
			return sums[(*from)++];
	return NULL;
}

/* Whether every input of the report is there; a capture that differs is named by its sum. */
static bool
same_captures(struct verifying *v)
{
	char(*sums)[SHA256_TEXT] = sum_captures(v);
	size_t told = report_input_count(v->told), at = 0, before = v->differences;
	const char **missing = calloc(told + 1, sizeof(*missing));
	bool same = sums && missing && !v->undecided;

	for (size_t i = 0; same && i < told; i++) {
		const char *path, *sum;

		report_input(v->told, i, &path, &sum);
		if (!take_sum(sums, inputs_count(v->captures), sum))
			missing[i] = sum ? sum : "";
	}
	for (size_t i = 0; same && i < told; i++) {
		struct report_difference difference = {.where = "", .told = missing[i]};
		char where[64];

		if (!missing[i])
			continue;
		snprintf(where, sizeof(where), "run.inputs[%zu].sha256", i);
		difference.where = where;
		difference.found = next_unknown(v, sums, &at);
		if (difference.found)
			tell_difference(&difference, v);
		else
			undecided(v, where, ": no capture was given that has this sum");
	}
	free(sums);
	free(missing);
	return same && !v->undecided && v->differences == before;
}

static void
compare_documents(struct verifying *v)
{
	size_t count = inputs_count(v->captures);
	const char **paths = calloc(count + 1, sizeof(*paths));
	struct report *found = NULL;

	for (size_t i = 0; paths && i < count; i++)
		paths[i] = inputs_path(v->captures, i);
	if (paths)
		analysis_run(&v->analysis, paths, count);
	if (v->analysis.doc) {
		if (!v->by_kept)
			check_library(v);
		found = report_of(v->analysis.doc);
	}
	if (found && v->by_kept)
		report_compare_kept(v->told, found, tell_difference, v, &v->kept);
	else if (found && v->undecided)
		write_text(&v->writer, "  so differences prove nothing\n");
	else if (found)
		report_compare(v->told, found, tell_difference, v);
	else
		undecided(v, "the captures", " could not be analysed");
	report_free(found);
	free(paths);
}

/* Whether a capture is one of those that --keep makes. */
static bool
is_kept(const char *path)
{
	struct porch_error error;
	struct source *source =
	    source_open(path, &(struct source_options){.no_hashes = true}, &error);
	struct frame frame;
	const char *comment;
	bool kept;

	if (!source)
		return false;
	source_next(source, &frame);
	comment = source_comment(source, 0);
	kept = comment && strcmp(comment, REPORT_KEPT) == 0;
	source_close(source);
	return kept;
}

/* Kept packets are parts of one recording, of watched devices only. */
static bool
are_kept(struct verifying *v)
{
	size_t count = inputs_count(v->captures), kept = 0;

	for (size_t i = 0; i < count; i++)
		kept += is_kept(inputs_path(v->captures, i));
	v->by_kept = count > 0 && kept == count;
	if (!v->by_kept)
		return false;
	v->joined = *v->options;
	v->joined.engine.join = v->joined.engine.all_devices = true;
	v->analysis.options = &v->joined;
	return true;
}

static void
examine(struct verifying *v)
{
	size_t in_files = 0;

	report_check_manifest(v->told, tell_difference, v, &in_files);
	check_version(v);
	if (v->undecided || !analysis_prepare(&v->analysis))
		return;
	if (same_rules(v) && list_captures(v) && (are_kept(v) || same_captures(v)))
		compare_documents(v);
}

/* What kept packets can and cannot prove. */
static enum exit_status
tell_kept(struct verifying *v)
{
	const struct report_kept *k = &v->kept;
	size_t rest = k->missing + k->unsure;
	bool all = rest == 0 && k->equal > 0;

	writef(&v->writer, "%s: %zu of %zu episodes are as the kept packets show them.\n",
	    all ? "Equal" : "Cannot be decided", k->equal, k->equal + rest);
	if (k->missing > 0)
		writef(&v->writer, "  %zu could not be compared: their packets are not kept.\n",
		    k->missing);
	if (k->unsure > 0)
		writef(&v->writer,
		    "  %zu were measured the same, but are judged otherwise without what came "
		    "before "
		    "their device was watched.\n",
		    k->unsure);
	write_text(&v->writer,
	    "Not compared: sums of devices and receivers, other devices, findings, "
	    "and content: payload is not kept.\n");
	return all ? EXIT_DONE : EXIT_INCOMPLETE;
}

static int
conclude(struct verifying *v)
{
	enum exit_status status = EXIT_DONE;

	if (v->analysis.outcome.usage || v->analysis.outcome.bad_rules) {
		status = outcome_status(&v->analysis.outcome);
	} else if (v->differences > 0) {
		status = EXIT_DIFFERS;
		if (v->differences > SHOWN)
			writef(&v->writer, "  and %zu more\n", v->differences - SHOWN);
	} else if (v->undecided) {
		status = EXIT_INCOMPLETE;
	} else if (v->by_kept) {
		status = tell_kept(v);
	} else {
		write_text(&v->writer, "Equal: the captures and the rules give this report");
		if (report_hash(v->told))
			writef(&v->writer, ", %s", report_hash(v->told));
		write_text(&v->writer, ".\n");
	}
	analysis_finish_writer(&v->analysis, &v->writer);
	if (v->analysis.outcome.not_written)
		status = EXIT_NO_RESULT;
	return (int)status;
}

static int
verify_report(const struct options *options, struct report *told, const struct words *withheld)
{
	struct verifying v = {.options = options, .told = told};
	int status;

	analysis_begin(&v.analysis, options);
	writer_init(&v.writer, STDOUT_FILENO);
	for (size_t i = 0; i < withheld->count; i++)
		undecided(&v, withheld->item[i],
		    " was redacted from the report's options: give it again");
	examine(&v);
	status = conclude(&v);
	inputs_free(v.captures);
	analysis_free(&v.analysis);
	return status;
}

/* A report that does not read as one is none of ours, or was changed. */
static int
refuse_report(const char *path, bool damaged, const struct porch_error *error)
{
	say_error(error);
	if (!damaged)
		return EXIT_NO_RESULT;
	say("%s: differs from anything that porchlight writes", path);
	return EXIT_DIFFERS;
}

/* Reads the command line twice: the second time with what the report tells of its own. */
static int
verify_with(const struct options *given, int argc, char **argv)
{
	struct porch_error error = {.offset = -1};
	struct words withheld = {NULL, 0};
	struct options options;
	struct report *told;
	struct retold retold;
	bool damaged;
	int status;

	told = report_read(given->arguments.item[0], &damaged, &error);
	if (!told)
		return refuse_report(given->arguments.item[0], damaged, &error);
	if (!retold_read(&retold, told, argc, argv, &withheld)) {
		say("%s: its options are none of porchlight's", given->arguments.item[0]);
		status = EXIT_DIFFERS;
	} else {
		if (options_read(&options, FOR_VERIFY, retold.count, retold.item, &error)) {
			status = verify_report(&options, told, &withheld);
		} else {
			say_error(&error);
			status = EXIT_DIFFERS;
		}
		options_free(&options);
	}
	retold_free(&retold);
	free(withheld.item);
	report_free(told);
	return status;
}

int
verify_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_VERIFY, "verify [options] REPORT [CAPTURE...]", argc, argv,
	        &status)) {
		if (options.arguments.count == 0)
			status = command_refuse("verify", "no report was named");
		else
			status = verify_with(&options, argc, argv);
	}
	options_free(&options);
	return status;
}
