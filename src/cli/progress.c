/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <porchlight/record.h>

#include "base/escape.h"
#include "base/format.h"
#include "base/text.h"
#include "cli/screen.h"

#define SECOND    INT64_C(1000000)
#define REDRAW    (SECOND / 5)
#define LINE_SIZE 512

/* a * b / c without overflow, for b of at most 10,000 or so; c is not 0. */
static uint64_t
scaled(uint64_t a, uint64_t b, uint64_t c)
{
	if (a > UINT64_MAX / b)
		return a / c * b;
	return a * b / c;
}

/* "7.42 of 11.8 GB": a unit is said once. */
static void
add_amount(struct text *text, uint64_t bytes, uint64_t total)
{
	char done[NUMBER_TEXT];
	char all[NUMBER_TEXT];
	char *unit;
	const char *other;

	format_bytes(bytes, done);
	if (total == 0) {
		text_addf(text, "  %s", done);
		return;
	}
	format_bytes(total, all);
	unit = strchr(done, ' ');
	other = strchr(all, ' ');
	if (unit && other && strcmp(unit, other) == 0)
		*unit = '\0';
	text_addf(text, "  %s of %s  %" PRIu64 "%%", done, all, scaled(bytes, 100, total));
}

static void
add_packet_time(struct text *text, int64_t time)
{
	struct civil civil;

	if (time == PORCH_NO_TIME)
		return;
	civil = civil_from_time(time);
	text_addf(text, "  %s %d %s %02d:%02d", civil_weekday(&civil), civil.day,
	    civil_month(&civil), civil.hour, civil.minute);
}

static void
add_left(struct text *text, const struct progress_state *state)
{
	uint64_t seconds;

	if (state->total <= state->bytes || state->bytes == 0)
		return;
	seconds = scaled(state->elapsed / 1000, state->total - state->bytes, state->bytes) / 1000;
	if (seconds >= 3600)
		text_addf(text, "  %" PRIu64 ":%02u:%02u left", seconds / 3600,
		    (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	else
		text_addf(text, "  %u:%02u left", (unsigned)(seconds / 60),
		    (unsigned)(seconds % 60));
}

/* The base name, which a user knows the file by; its end goes first when room is short. */
static void
add_name(struct text *text, const char *path, size_t room)
{
	const char *slash = strrchr(path, '/');
	char name[LINE_SIZE];
	struct text shown = text_over(name, room < sizeof(name) ? room + 1 : sizeof(name));

	text_add_escaped(&shown, ESCAPE_TERMINAL, slash && slash[1] ? slash + 1 : path);
	text_add(text, name);
}

char *
progress_line(const struct progress_state *state, unsigned columns, char *text, size_t size)
{
	char numbers[LINE_SIZE];
	char rate[NUMBER_TEXT];
	struct text tail = text_over(numbers, sizeof(numbers));
	struct text line = text_over(text, size < columns + 1 ? size : columns + 1);

	add_amount(&tail, state->bytes, state->total);
	if (state->elapsed >= 1000)
		text_addf(&tail, "  %s/s",
		    format_bytes(scaled(state->bytes, 1000, state->elapsed / 1000), rate));
	add_packet_time(&tail, state->packet_time);
	add_left(&tail, state);
	if (tail.len < columns)
		add_name(&line, state->path, columns - tail.len);
	text_add(&line, numbers);
	return text;
}

static int64_t
monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

void
progress_begin(struct progress *progress, enum when when, bool is_terminal)
{
	*progress = (struct progress){.columns = screen_columns(2), .at_once = when == WHEN_ALWAYS};
	progress->begun = progress->last = monotonic();
	if (when == WHEN_NEVER || (when == WHEN_AUTO && !is_terminal))
		progress->way = PROGRESS_OFF;
	else
		progress->way = is_terminal ? PROGRESS_LINE : PROGRESS_STEPS;
}

bool
progress_due(const struct progress *progress, int64_t now)
{
	if (!progress->drawn)
		return progress->at_once || now - progress->begun >= SECOND;
	return now - progress->last >= REDRAW;
}

static unsigned
tenths(const struct progress_state *state)
{
	return state->total ? (unsigned)scaled(state->bytes, 10, state->total) : 0;
}

void
progress_see(struct progress *progress, const struct progress_state *state)
{
	struct progress_state shown = *state;
	char line[LINE_SIZE];
	int64_t now;

	if (progress->way == PROGRESS_OFF)
		return;
	now = monotonic();
	shown.elapsed = (uint64_t)(now - progress->begun);
	if (progress->zone_offset && shown.packet_time != PORCH_NO_TIME)
		shown.packet_time += progress->zone_offset(shown.packet_time, NULL) * SECOND;
	if (progress->way == PROGRESS_STEPS) {
		if (tenths(state) <= progress->step)
			return;
		progress->step = tenths(state);
		fprintf(stderr, "%s\n", progress_line(&shown, LINE_SIZE - 1, line, sizeof(line)));
		return;
	}
	if (!progress_due(progress, now))
		return;
	fprintf(stderr, "\r%s\033[K",
	    progress_line(&shown, progress->columns - 1, line, sizeof(line)));
	fflush(stderr);
	progress->drawn = true;
	progress->last = now;
}

void
progress_clear(struct progress *progress)
{
	if (progress->way == PROGRESS_LINE && progress->drawn)
		fprintf(stderr, "\r\033[K");
	progress->drawn = false;
}
