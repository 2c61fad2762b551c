/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
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
#include "source/clock.h"

#define SCHEMA  "porchlight.doctor/1"
#define LISTEN  INT64_C(5000000)
#define PRESS   INT64_C(90000000)
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
	struct doctor_answer answer; /* of who presses the button */
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
write_row(struct doctor *d, enum doctor_grade grade, enum say title, const char *found,
    const char *advice)
{
	static const enum say grades[] = {
	    [DOCTOR_OK] = SAY_DOCTOR_OK,
	    [DOCTOR_LIMIT] = SAY_DOCTOR_LIMIT,
	    [DOCTOR_PROBLEM] = SAY_DOCTOR_PROBLEM,
	};
	struct writer *w = &d->writer;

	write_text(w, "  ");
	write_cell(w, words_of(&d->speaker, grades[grade]), GRADE + 2);
	write_cell(w, words_of(&d->speaker, title), TITLE + 2);
	write_paragraph(w, found, INDENT, INDENT, WIDTH);
	if (advice[0]) {
		writef(w, "%*s", INDENT, "");
		write_paragraph(w, advice, INDENT, INDENT, WIDTH);
	}
}

static void
write_sheet(struct doctor *d)
{
	const struct doctor_answer *a = &d->answer;

	write_verdict(d);
	if (d->options->quiet)
		return;
	write_text(&d->writer, "\n");
	if (a->asked)
		write_row(d, a->grade, SAY_DOCTOR_BUTTON, a->found, a->advice);
	for (size_t i = 0; i < d->sheet.count; i++) {
		const struct doctor_line *line = &d->sheet.line[i];

		write_row(d, line->grade, line->title, line->found, line->advice);
	}
}

static void
put_row(struct json *json, const char *check, const char *interface, enum doctor_grade grade,
    const char *found, const char *advice)
{
	static const char *const grades[] = {
	    [DOCTOR_OK] = "ok", [DOCTOR_LIMIT] = "limit", [DOCTOR_PROBLEM] = "problem"};

	put_open(json, NULL, '{');
	put_text(json, "check", check);
	put_text(json, "interface", interface);
	put_text(json, "grade", grades[grade]);
	put_text(json, "found", found);
	put_text(json, "advice", advice[0] ? advice : NULL);
	put_close(json, '}');
}

static void
put_sheet(struct doctor *d)
{
	const struct doctor_answer *a = &d->answer;
	struct json json = {.w = &d->writer};

	put_open(&json, NULL, '{');
	put_text(&json, "schema", SCHEMA);
	put_bool(&json, "sees", d->sheet.problems == 0);
	put_open(&json, "checks", '[');
	if (a->asked)
		put_row(&json, "button", NULL, a->grade, a->found, a->advice);
	for (size_t i = 0; i < d->sheet.count; i++) {
		const struct doctor_line *line = &d->sheet.line[i];

		put_row(&json, line->check, line->interface, line->grade, line->found,
		    line->advice);
	}
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

/* A person who sits at a terminal is asked, as is one who wants to be. */
static bool
asks_for_the_button(const struct doctor *d)
{
	return d->look.rules &&
	       (d->options->press || (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1));
}

/* The question goes where whoever reads the answer as data does not see it. */
static void
ask(struct doctor *d)
{
	char line[DOCTOR_TEXT];
	struct text text = text_over(line, sizeof(line));

	words_add(&d->speaker, &PHRASE(SAY_PRESS_ASK, LASTED("duration", PRESS)), &text);
	fprintf(stderr, "%s\n", line);
}

static void
listen(struct doctor *d)
{
	struct doctor_listening how = {.home = &d->home, .lasting = LISTEN, .speaker = &d->speaker};
	const struct clock *clock = clock_machine();
	struct porch_error error;

	if (asks_for_the_button(d)) {
		how.lasting = PRESS;
		how.press = doctor_press_new(d->look.rules, d->options, d->own, d->home.own_count,
		    clock->real(clock->user), &error);
		if (how.press)
			ask(d);
		else
			say_error(&error);
	}
	if (!doctor_listen(&d->facts, &how, &d->answer))
		say("doctor: nobody could listen");
	doctor_press_free(how.press);
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
	listen(d);
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
