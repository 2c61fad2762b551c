/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/format.h"
#include "cli/score_show.h"

#define NAME 14 /* columns of a row's name */

/* A share, or a dash where there was nothing to divide by. */
static const char *
share(int16_t thousandths, char text[static NUMBER_TEXT])
{
	return thousandths < 0 ? "-" : format_milli(thousandths, text);
}

static void
heading(struct writer *w, const char *name)
{
	writef(w, "\n%-*s%9s  %6s  %5s  %8s  %5s  %5s  %6s  %6s\n", NAME, name, "precision",
	    "recall", "F1", "coverage", "right", "extra", "missed", "unsure");
}

static void
row(struct writer *w, const char *name, const struct score_tally *t)
{
	char a[NUMBER_TEXT], b[NUMBER_TEXT], c[NUMBER_TEXT], d[NUMBER_TEXT];

	writef(w,
	    "  %-*.*s%9s  %6s  %5s  %8s  %5" PRIu64 "  %5" PRIu64 "  %6" PRIu64 "  %6" PRIu64 "\n",
	    NAME - 2, NAME - 2, name, share(score_precision(t), a), share(score_recall(t), b),
	    share(score_f1(t), c), share(score_coverage(t), d), t->right, t->extra, t->missed,
	    t->cannot_tell);
}

static void
macro(struct writer *w, int16_t f1, int16_t coverage)
{
	char a[NUMBER_TEXT], b[NUMBER_TEXT];

	writef(w, "  %-*s%9s  %6s  %5s  %8s\n", NAME - 2, "macro", "", "", share(f1, a),
	    share(coverage, b));
}

static bool
was_asked(const struct score_tally *t)
{
	return t->right + t->extra + t->missed + t->cannot_tell > 0;
}

static void
show_footage(struct writer *w, const struct score *s)
{
	heading(w, "Footage");
	for (size_t i = 0; i < s->makers; i++)
		row(w, s->maker[i].maker, &s->maker[i].footage);
	row(w, "all", &s->footage);
	macro(w, s->macro_footage, score_coverage(&s->footage));
}

static void
show_content(struct writer *w, const struct score *s)
{
	heading(w, "Content");
	for (enum porch_content c = 0; c < PORCH_CONTENTS; c++)
		if (was_asked(&s->content[c]))
			row(w, porch_content_word(c), &s->content[c]);
	macro(w, score_macro(s->content, PORCH_CONTENTS),
	    score_coverage_of(s->content, PORCH_CONTENTS));
}

static void
show_shape(struct writer *w, const struct score *s)
{
	heading(w, "Shape");
	for (enum porch_shape c = PORCH_SHAPE_STREAM; c < SCORE_SHAPES; c++)
		if (was_asked(&s->shape[c]))
			row(w, porch_shape_word(c), &s->shape[c]);
	macro(w, score_macro(s->shape, SCORE_SHAPES), score_coverage_of(s->shape, SCORE_SHAPES));
}

static void
show_bytes(struct writer *w, const struct score *s)
{
	const struct score_bytes *m = &s->bytes[PORCH_CONTENT_METADATA];
	const struct score_bytes *f = &s->bytes[PORCH_CONTENT_FIRMWARE];

	if (m->told + m->labelled + f->told + f->labelled == 0)
		return;
	writef(w, "\n%-*s%9s  %6s  %5s  %12s  %12s\n", NAME, "By the byte", "precision", "recall",
	    "F1", "told", "labelled");
	for (enum porch_content c = 0; c < PORCH_CONTENTS; c++) {
		char a[NUMBER_TEXT], r[NUMBER_TEXT], f1[NUMBER_TEXT];
		const struct score_bytes *b = &s->bytes[c];
		struct score_tally t = score_bytes_tally(b);

		if (b->told + b->labelled == 0)
			continue;
		writef(w, "  %-*s%9s  %6s  %5s  %12" PRIu64 "  %12" PRIu64 "\n", NAME - 2,
		    porch_content_word(c), share(score_precision(&t), a),
		    share(score_recall(&t), r), share(score_f1(&t), f1), b->told, b->labelled);
	}
}

/* Columns that hold nothing are left out. */
static void
show_confusion(struct writer *w, const struct score *s)
{
	bool row_used[PORCH_CONTENTS] = {false}, used[PORCH_CONTENTS] = {false};

	for (int i = 0; i < PORCH_CONTENTS; i++)
		for (int c = 0; c < PORCH_CONTENTS; c++) {
			row_used[i] = row_used[i] || s->confusion[i][c];
			used[c] = used[c] || s->confusion[i][c];
		}
	writef(w, "\n%-*s", NAME, "Labelled, told");
	for (int c = 0; c < PORCH_CONTENTS; c++)
		if (used[c])
			writef(w, "%9s", score_column_word(c));
	write_char(w, '\n');
	for (int i = 0; i < PORCH_CONTENTS; i++) {
		if (!row_used[i])
			continue;
		writef(w, "  %-*s", NAME - 2, score_row_word(i));
		for (int c = 0; c < PORCH_CONTENTS; c++)
			if (used[c])
				writef(w, "%9" PRIu64, s->confusion[i][c]);
		write_char(w, '\n');
	}
}

static void
spread(struct writer *w, const char *name, const struct score_spread *s, const char *unit)
{
	char a[NUMBER_TEXT], b[NUMBER_TEXT], c[NUMBER_TEXT];

	writef(w, "  %-*s%9s  %9s  %9s  %s\n", NAME - 2, name, format_seconds(s->median, a),
	    format_seconds(s->percentile_95, b), format_seconds(s->most, c), unit);
}

static void
show_errors(struct writer *w, const struct score *s)
{
	if (s->start.count == 0)
		return;
	writef(w, "\n%-*s%9s  %9s  %9s\n", NAME, "Off by", "median", "95 %", "most");
	spread(w, "start", &s->start, "s");
	spread(w, "end", &s->end, "s");
	if (s->known.count > 0)
		spread(w, "known after", &s->known, "s");
	spread(w, "bytes", &s->bytes_off, "of the labelled");
}

static void
show_scope(struct writer *w, const struct scored *scored)
{
	const struct score *s = scored->score;
	char a[NUMBER_TEXT * 2], b[NUMBER_TEXT * 2], c[NUMBER_TEXT * 2];
	size_t devices;

	truth_devices(scored->truth, &devices);
	writef(w, "%s of %s against %s.\n",
	    format_count(s->labels, "label", "labels", a, sizeof(a)),
	    format_count(devices, "device", "devices", b, sizeof(b)),
	    format_count(s->episodes, "episode", "episodes", c, sizeof(c)));
	if (s->devices_never_met > 0)
		writef(w, "%s labelled, and not in the captures.\n",
		    format_count(s->devices_never_met, "device is", "devices are", a, sizeof(a)));
	if (s->left_out > 0)
		writef(w, "%s of devices that no label lists left out.\n",
		    format_count(s->left_out, "episode", "episodes", a, sizeof(a)));
}

void
score_show_table(struct writer *w, const struct scored *scored, bool brief)
{
	const struct score *s = scored->score;
	char f1[NUMBER_TEXT], coverage[NUMBER_TEXT];

	if (brief) {
		writef(w, "footage: F1 %s over makers, coverage %s\n", share(s->macro_footage, f1),
		    share(score_coverage(&s->footage), coverage));
		return;
	}
	show_scope(w, scored);
	show_footage(w, s);
	show_content(w, s);
	show_shape(w, s);
	show_bytes(w, s);
	show_confusion(w, s);
	show_errors(w, s);
}
