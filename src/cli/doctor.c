/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/doctor_listen.h"
#include "cli/doctor_look.h"
#include "cli/say.h"
#include "cli/screen.h"
#include "crypto/crypto.h"
#include "sink/layout.h"
#include "sink/put.h"

#define SCHEMA  "porchlight.doctor/1"
#define LISTEN  INT64_C(5000000)
#define OWN_MAX 64
#define WIDTH   78
#define GRADE   8 /* columns */
#define TITLE   14
#define INDENT  (2 + GRADE + 2 + TITLE + 2)

struct doctor {
	const struct options *options;
	struct doctor_facts facts;
	struct doctor_look look;
	struct doctor_sheet sheet;
	struct speaker speaker;
	struct sink_style style;
	struct addr own[OWN_MAX];
	struct prefix *inside;
	struct doctor_home home;
	struct writer writer;
};

static void
write_cell(struct writer *w, const char *text, size_t width)
{
	size_t columns = utf8_columns(text);

	writef(w, "%s%*s", text, columns < width ? (int)(width - columns) : 0, "");
}

static void
write_phrase(struct doctor *d, const struct porch_phrase *phrase)
{
	char line[DOCTOR_TEXT];
	struct text text = text_over(line, sizeof(line));

	words_add(&d->speaker, phrase, &text);
	write_escaped(&d->writer, ESCAPE_TERMINAL, line);
	write_text(&d->writer, "\n");
}

static void
write_verdict(struct doctor *d)
{
	const struct doctor_sheet *s = &d->sheet;

	if (s->problems > 0)
		write_phrase(d,
		    &PHRASE(SAY_DOCTOR_BLIND, COUNT("problems", SAY_DOCTOR_PROBLEMS, s->problems)));
	else if (s->limits > 0)
		write_phrase(d,
		    &PHRASE(SAY_DOCTOR_SEES_LIMITS, COUNT("limits", SAY_DOCTOR_LIMITS, s->limits)));
	else
		write_phrase(d, &PHRASE(SAY_DOCTOR_SEES, NO_SLOT));
}

static void
write_line(struct doctor *d, const struct doctor_line *line)
{
	static const enum say grades[] = {
	    [DOCTOR_OK] = SAY_DOCTOR_OK,
	    [DOCTOR_LIMIT] = SAY_DOCTOR_LIMIT,
	    [DOCTOR_PROBLEM] = SAY_DOCTOR_PROBLEM,
	};
	struct writer *w = &d->writer;

	write_text(w, "  ");
	write_cell(w, words_of(&d->speaker, grades[line->grade]), GRADE + 2);
	write_cell(w, words_of(&d->speaker, line->title), TITLE + 2);
	write_paragraph(w, line->found, INDENT, INDENT, WIDTH);
	if (line->advice[0]) {
		writef(w, "%*s", INDENT, "");
		write_paragraph(w, line->advice, INDENT, INDENT, WIDTH);
	}
}

static void
write_sheet(struct doctor *d)
{
	write_verdict(d);
	if (d->options->quiet)
		return;
	write_text(&d->writer, "\n");
	for (size_t i = 0; i < d->sheet.count; i++)
		write_line(d, &d->sheet.line[i]);
}

static void
put_line(struct json *json, const struct doctor_line *line)
{
	static const char *const grades[] = {
	    [DOCTOR_OK] = "ok", [DOCTOR_LIMIT] = "limit", [DOCTOR_PROBLEM] = "problem"};

	put_open(json, NULL, '{');
	put_text(json, "check", line->check);
	put_text(json, "interface", line->interface);
	put_text(json, "grade", grades[line->grade]);
	put_text(json, "found", line->found);
	put_text(json, "advice", line->advice[0] ? line->advice : NULL);
	put_close(json, '}');
}

static void
put_sheet(struct doctor *d)
{
	struct json json = {.w = &d->writer};

	put_open(&json, NULL, '{');
	put_text(&json, "schema", SCHEMA);
	put_bool(&json, "sees", d->sheet.problems == 0);
	put_open(&json, "checks", '[');
	for (size_t i = 0; i < d->sheet.count; i++)
		put_line(&json, &d->sheet.line[i]);
	put_close(&json, ']');
	put_close(&json, '}');
	write_text(&d->writer, "\n");
}

/* The interfaces that were named, else all that could be watched. */
static void
see_machine(struct doctor *d)
{
	const struct words *named = &d->options->arguments;
	char found[MACHINE_INTERFACES][MACHINE_NAME];
	const char *names[MACHINE_INTERFACES];
	size_t count;

	if (named->count > 0) {
		machine_see("", named->item, named->count, &d->facts.machine);
		return;
	}
	count = machine_candidates("", found);
	for (size_t i = 0; i < count; i++)
		names[i] = found[i];
	machine_see("", names, count, &d->facts.machine);
}

static bool
know_home(struct doctor *d)
{
	const struct words *inside = &d->options->home;

	d->inside = calloc(inside->count + 1, sizeof(*d->inside));
	if (!d->inside)
		return false;
	for (size_t i = 0; i < inside->count; i++)
		prefix_parse(inside->item[i], &d->inside[i]);
	d->home = (struct doctor_home){
	    .own = d->own,
	    .own_count = machine_addresses(d->own, OWN_MAX),
	    .inside = d->inside,
	    .inside_count = inside->count,
	};
	return true;
}

static int
finish(struct doctor *d)
{
	int status = d->sheet.problems > 0 ? EXIT_NO_RESULT : EXIT_DONE;

	switch (writer_finish(&d->writer)) {
	case WRITER_FAILED:
		say("standard output: %s", strerror(d->writer.error));
		status = EXIT_NO_RESULT;
		break;
	case WRITER_PIPE_CLOSED:
	case WRITER_DONE:
		break;
	}
	return status;
}

static int
examine(struct doctor *d)
{
	bool json = d->options->outputs != 0;

	if (!json) {
		d->style = screen_style(d->options);
		d->speaker =
		    (struct speaker){.language = d->style.language, .ascii = !d->style.utf8};
	}
	writer_init(&d->writer, STDOUT_FILENO);
	see_machine(d);
	doctor_look(&d->look, d->options, &d->facts);
	if (!doctor_listen(&d->facts, &d->home, LISTEN))
		say("doctor: nobody could listen");
	doctor_check(&d->facts, &d->speaker, &d->sheet);
	if (json)
		put_sheet(d);
	else
		write_sheet(d);
	doctor_look_free(&d->look);
	return finish(d);
}

int
doctor_main(int argc, char **argv)
{
	struct options options;
	struct doctor *d = NULL;
	int status;

	if (command_begin(&options, FOR_DOCTOR, "doctor [options] [INTERFACE...]", argc, argv,
	        &status)) {
		d = calloc(1, sizeof(*d));
		if (d)
			d->options = &options;
		if (options.arguments.count > MACHINE_INTERFACES) {
			status = command_refuse("doctor", "more than 16 interfaces");
		} else if (!d || !know_home(d) || !crypto_init()) {
			say("out of memory");
			status = EXIT_NO_RESULT;
		} else {
			status = examine(d);
		}
	}
	if (d)
		free(d->inside);
	free(d);
	options_free(&options);
	return status;
}
