/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/deliver.h"

#include <unistd.h>

#include "cli/chart.h"
#include "cli/fail_on.h"
#include "cli/say.h"

bool
deliver_begin(struct delivery *to, struct analysis *analysis)
{
	const char *path = analysis->options->folder;
	struct porch_error error = {.offset = -1};

	to->analysis = analysis;
	to->sink = sink_find(analysis->options->sink);
	to->folder = NULL;
	writer_init(&to->writer, STDOUT_FILENO);
	if (!path)
		return true;
	to->folder = folder_open(path, &error);
	if (to->folder)
		return true;
	say_error(&error);
	analysis->outcome.not_written = true;
	return false;
}

static void
say_folder(struct delivery *to)
{
	const struct sink_style *style = &to->analysis->style;
	const struct speaker speaker = {.language = style->language, .ascii = !style->utf8};
	const struct porch_phrase phrase =
	    PHRASE(SAY_TERM_WROTE, NAMED("folder", to->analysis->options->folder));
	char line[1024];
	struct text text = text_over(line, sizeof(line));

	words_add(&speaker, &phrase, &text);
	write_char(&to->writer, '\n');
	write_escaped(&to->writer, ESCAPE_TERMINAL, line);
	write_char(&to->writer, '\n');
}

static void
finish_folder(struct delivery *to)
{
	struct analysis *analysis = to->analysis;
	struct porch_error error = {.offset = -1};

	if (!to->folder)
		return;
	if (!folder_finish(to->folder, analysis->doc, &analysis->style, &error)) {
		say_error(&error);
		analysis->outcome.not_written = true;
	} else if (to->sink == &sink_terminal && !analysis->options->quiet) {
		say_folder(to);
	}
	to->folder = NULL;
}

static void
write_chart(struct delivery *to)
{
	struct analysis *analysis = to->analysis;
	const struct options *options = analysis->options;
	struct porch_error error = {.offset = -1};

	if (!options->chart ||
	    chart_write(options->output, analysis->doc, options->chart, &analysis->style, &error))
		return;
	say_error(&error);
	analysis->outcome.not_written = true;
}

void
deliver(struct delivery *to)
{
	struct analysis *analysis = to->analysis;

	analysis->outcome.fail_on = fail_on_matches(analysis->options->fail_on, analysis->doc);
	to->sink->document(&to->writer, analysis->doc, &analysis->style);
	finish_folder(to);
	write_chart(to);
	analysis_finish_writer(analysis, &to->writer);
}

void
deliver_end(struct delivery *to)
{
	if (to->folder)
		folder_abandon(to->folder);
	to->folder = NULL;
}
