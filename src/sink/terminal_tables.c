/* SPDX-License-Identifier: Apache-2.0 */

/* The tables of the summary: devices, who received data, and every episode. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sink/terminal.h"

#define DEVICE_ROWS   10 /* without --all */
#define RECEIVER_ROWS 7
#define DEVICE_FIXED  35 /* columns of a device's line that no name moves */

static void
show_more(const struct terminal *page, size_t rows, size_t shown)
{
	char line[128];

	if (rows > shown)
		writef(page->w, "  %s\n",
		    terminal_say(page, &PHRASE(SAY_TERM_MORE, NUMBER("n", rows - shown)), line,
		        sizeof(line)));
}

static size_t
rows_shown(const struct terminal *page, size_t rows, size_t most)
{
	return page->style->all || rows <= most ? rows : most;
}

size_t
terminal_widen(size_t width, const char *text, size_t most)
{
	char shown[LINE_MAX_BYTES];
	struct text out = text_over(shown, sizeof(shown));
	size_t columns;

	text_add_escaped(&out, ESCAPE_TERMINAL, text);
	columns = utf8_columns(shown);
	return columns <= width ? width : columns < most ? columns : most;
}

static void
mostly_text(const struct terminal *page, const struct porch_destination *to, char *text,
    size_t size)
{
	struct text out = text_over(text, size);

	if (!to)
		return;
	digest_receiver_name(&page->speaker, to, text, size);
	out.len = strlen(text);
	if (to->country)
		text_addf(&out, ", %s", to->country);
}

static const char *
kind_of(const struct terminal *page, const struct device_row *row, char text[static WORD_TEXT])
{
	text[0] = '\0';
	return row->mostly ? terminal_word(page, party_said(row->mostly->party), text, WORD_TEXT)
	                   : "";
}

/* A column's head, or a cell that is a word of the catalogue. */
static void
word_cell(struct line *line, const struct terminal *page, enum say key, size_t width,
    enum align align)
{
	char text[WORD_TEXT];

	line_cell(line, terminal_word(page, key, text, sizeof(text)), width, align, PAINT_NONE);
}

/* Bytes as the language writes them. */
static const char *
bytes_text(const struct terminal *page, uint64_t bytes, char *text, size_t size)
{
	return terminal_say(page, &PHRASE(SAY_ONLY, BYTES("it", bytes)), text, size);
}

static void
device_line(const struct terminal *page, const struct device_row *row, const size_t width[3])
{
	struct line line = line_over(page->w, page->style, INDENT);
	char number[WORDS_NUMBER], mostly[DIGEST_NAME + 64];

	line_cell(&line, row->name, width[0], ALIGN_LEFT, PAINT_NONE);
	snprintf(number, sizeof(number), "%" PRIu64, row->uploads);
	line_cell(&line, number, 7, ALIGN_RIGHT, row->uploads ? PAINT_AMBER : PAINT_NONE);
	line_cell(&line, bytes_text(page, row->device->bytes_up, number, sizeof(number)), 7,
	    ALIGN_RIGHT, PAINT_NONE);
	mostly_text(page, row->mostly, mostly, sizeof(mostly));
	line_cell(&line, mostly, width[1], ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, kind_of(page, row, number), width[2], ALIGN_LEFT, PAINT_NONE);
	if (row->last != PORCH_NO_TIME) {
		struct civil last = words_civil(&page->speaker, row->last);
		char clock[8];

		if (page->speaker.days)
			words_day(&page->speaker, row->last, number);
		else
			terminal_say(page,
			    &PHRASE(SAY_TERM_WEEKDAY,
			        WORD("weekday", (enum say)(SAY_WEEKDAY_0 + last.weekday % 7)),
			        NAMED("clock", terminal_clock(&last, clock))),
			    number, sizeof(number));
		line_cell(&line, number, 9, ALIGN_LEFT, PAINT_NONE);
	} else {
		line_cell(&line, "-", 9, ALIGN_LEFT, PAINT_NONE);
	}
	line_end(&line);
}

static bool
only_doorbells(const struct digest *digest)
{
	for (size_t i = 0; i < digest->device_count; i++) {
		if (digest->devices[i].device->kind != PORCH_KIND_DOORBELL)
			return false;
	}
	return true;
}

void
terminal_devices(const struct terminal *page)
{
	size_t rows = page->digest->device_count;
	size_t shown = rows_shown(page, rows, DEVICE_ROWS);
	size_t width[3] = {8, 9, 4};
	struct line line = line_over(page->w, page->style, INDENT);
	char kind[WORD_TEXT];

	if (rows == 0)
		return;
	for (size_t i = 0; i < shown; i++) {
		width[0] = terminal_widen(width[0], page->digest->devices[i].name, 17);
		width[2] =
		    terminal_widen(width[2], kind_of(page, &page->digest->devices[i], kind), 8);
	}
	for (size_t i = 0; i < shown; i++) {
		char mostly[DIGEST_NAME + 64] = "";

		mostly_text(page, page->digest->devices[i].mostly, mostly, sizeof(mostly));
		width[1] =
		    terminal_widen(width[1], mostly, COLUMNS - DEVICE_FIXED - width[0] - width[2]);
	}
	write_char(page->w, '\n');
	word_cell(&line, page, only_doorbells(page->digest) ? SAY_TERM_DOORBELL : SAY_TERM_DEVICE,
	    width[0], ALIGN_LEFT);
	word_cell(&line, page, SAY_TERM_UPLOADS, 7, ALIGN_RIGHT);
	word_cell(&line, page, SAY_TERM_SENT, 7, ALIGN_RIGHT);
	word_cell(&line, page, SAY_TERM_MOSTLY, width[1], ALIGN_LEFT);
	line_cell(&line, "", width[2], ALIGN_LEFT, PAINT_NONE);
	word_cell(&line, page, SAY_TERM_LAST, 9, ALIGN_LEFT);
	line_end(&line);
	for (size_t i = 0; i < shown; i++)
		device_line(page, &page->digest->devices[i], width);
	show_more(page, rows, shown);
}

static void
receiver_line(const struct terminal *page, const struct receiver_row *row, size_t width)
{
	struct line line = line_over(page->w, page->style, INDENT);
	char number[WORD_TEXT];

	line_cell(&line, row->name, width, ALIGN_LEFT, PAINT_NONE);
	word_cell(&line, page, party_said(row->party), 8, ALIGN_LEFT);
	line_cell(&line, row->countries[0] ? row->countries : "-", 7, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, bytes_text(page, row->sent, number, sizeof(number)), 7, ALIGN_RIGHT,
	    PAINT_NONE);
	line_cell(&line,
	    row->footage ? bytes_text(page, row->footage, number, sizeof(number)) : "-", 8,
	    ALIGN_RIGHT, row->footage ? PAINT_AMBER : PAINT_NONE);
	line_end(&line);
}

void
terminal_receivers(const struct terminal *page)
{
	size_t rows = page->digest->receiver_count;
	size_t shown = rows_shown(page, rows, RECEIVER_ROWS);
	size_t width = 17;
	struct line line = line_over(page->w, page->style, INDENT);

	if (rows == 0)
		return;
	for (size_t i = 0; i < shown; i++)
		width = terminal_widen(width, page->digest->receivers[i].name, 38);
	write_char(page->w, '\n');
	word_cell(&line, page, SAY_TERM_WHO, width, ALIGN_LEFT);
	word_cell(&line, page, SAY_TERM_KIND, 8, ALIGN_LEFT);
	word_cell(&line, page, SAY_TERM_COUNTRY, 7, ALIGN_LEFT);
	word_cell(&line, page, SAY_TERM_SENT, 7, ALIGN_RIGHT);
	word_cell(&line, page, SAY_TERM_FOOTAGE, 8, ALIGN_RIGHT);
	line_end(&line);
	for (size_t i = 0; i < shown; i++)
		receiver_line(page, &page->digest->receivers[i], width);
	show_more(page, rows, shown);
}

static const char *
episode_device(const struct terminal *page, const struct porch_episode *e)
{
	for (size_t i = 0; i < page->digest->device_count; i++) {
		if (page->digest->devices[i].device->id == e->device)
			return page->digest->devices[i].name;
	}
	return "-";
}

static void
episode_line(const struct terminal *page, const struct porch_episode *e, size_t width)
{
	struct line line = line_over(page->w, page->style, INDENT);
	struct civil start = words_civil(&page->speaker, e->start);
	enum paint paint = e->footage == PORCH_FOOTAGE_YES ? PAINT_AMBER : PAINT_NONE;
	char text[WORDS_NUMBER], clock[8];

	line_cell(&line, id_format('e', e->id, text), 17, ALIGN_LEFT, PAINT_NONE);
	if (page->speaker.days)
		words_stamp(&page->speaker, e->start, text);
	else
		terminal_say(page,
		    &PHRASE(SAY_TERM_DAY, NUMBER("day", start.day),
		        WORD("month", terminal_month(&start)),
		        NAMED("clock", terminal_clock(&start, clock))),
		    text, sizeof(text));
	line_cell(&line, text, 12, ALIGN_RIGHT, PAINT_NONE);
	line_cell(&line, episode_device(page, e), width, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, terminal_word(page, say_content(e->content), text, sizeof(text)), 8,
	    ALIGN_LEFT, paint);
	line_cell(&line, bytes_text(page, e->bytes_up, text, sizeof(text)), 7, ALIGN_RIGHT, paint);
	terminal_say(page, &PHRASE(SAY_ONLY, LASTED("it", porch_episode_duration(e))), text,
	    sizeof(text));
	line_cell(&line, text, 12, ALIGN_LEFT, PAINT_NONE);
	line_end(&line);
}

void
terminal_episodes(const struct terminal *page)
{
	size_t width = 6;
	struct line line = line_over(page->w, page->style, INDENT);

	if (page->doc->episode_count == 0)
		return;
	for (size_t i = 0; i < page->digest->device_count; i++)
		width = terminal_widen(width, page->digest->devices[i].name, 11);
	write_char(page->w, '\n');
	word_cell(&line, page, SAY_TERM_EPISODE, 17, ALIGN_LEFT);
	word_cell(&line, page, SAY_TERM_START, 12, ALIGN_RIGHT);
	word_cell(&line, page, SAY_TERM_DEVICE, width, ALIGN_LEFT);
	word_cell(&line, page, SAY_TERM_CONTENT, 8, ALIGN_LEFT);
	word_cell(&line, page, SAY_TERM_SENT, 7, ALIGN_RIGHT);
	word_cell(&line, page, SAY_TERM_FOR, 12, ALIGN_LEFT);
	line_end(&line);
	for (size_t i = 0; i < page->doc->episode_count; i++)
		episode_line(page, &page->doc->episodes[i], width);
}
