/* SPDX-License-Identifier: Apache-2.0 */
#include "words/numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "words/catalogue.h"

#define NO_BREAK_SPACE "\xc2\xa0"
#define EN_DASH        "\xe2\x80\x93"

static const struct language *
language_of(const struct speaker *speaker)
{
	return speaker->language ? speaker->language : &language_english;
}

/* A number of base/format.h with the language's decimal sign, and in print without breaks. */
static void
retell(const struct speaker *speaker, const char *number, struct text *out)
{
	for (const char *at = number; *at; at++) {
		if (*at == '.')
			text_char(out, language_of(speaker)->decimal);
		else if (*at == ' ' && speaker->typographic)
			text_add(out, NO_BREAK_SPACE);
		else
			text_char(out, *at);
	}
}

/* 40132 as "40,132" in print; four digits stay together. */
static void
add_grouped(const struct speaker *speaker, uint64_t number, struct text *out)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, number);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0 && len > 4 && speaker->typographic)
			text_add(out, language_of(speaker)->group);
		text_char(out, digits[i]);
	}
}

static void
add_range(const struct speaker *speaker, uint64_t range, struct text *out)
{
	add_grouped(speaker, range >> 32, out);
	text_add(out, speaker->typographic ? EN_DASH : "-");
	add_grouped(speaker, range & UINT32_MAX, out);
}

struct civil
words_civil(const struct speaker *speaker, int64_t time)
{
	int64_t offset = speaker->zone_offset ? speaker->zone_offset(time, speaker->zone_user) : 0;
	int64_t micros = offset * 1000000;

	if ((micros > 0 && time > INT64_MAX - micros) || (micros < 0 && time < INT64_MIN - micros))
		micros = 0;
	return civil_from_time(time + micros);
}

static void
fill(const struct speaker *speaker, enum say key, const struct porch_slot *slots, struct text *out)
{
	const struct porch_phrase phrase = {.key = words_key(key), .slots = slots};

	words_add(speaker, &phrase, out);
}

/* Years stand without groups. */
static const char *
year_text(const struct civil *c, char text[static 24])
{
	snprintf(text, 24, "%" PRId64, c->year);
	return text;
}

static const char *
clock_text(const struct civil *c, bool seconds, char text[static 24])
{
	if (seconds)
		snprintf(text, 24, "%02u:%02u:%02u", c->hour, c->minute, c->second);
	else
		snprintf(text, 24, "%02u:%02u", c->hour, c->minute);
	return text;
}

static enum say
month(const struct civil *c)
{
	return (enum say)(SAY_MONTH_1 + (c->month + 11) % 12);
}

static enum say
month_short(const struct civil *c)
{
	return (enum say)(SAY_MON_1 + (c->month + 11) % 12);
}

/* Day 1 is 1 January 1970, as a redacted document tells it. */
static void
add_day(const struct speaker *speaker, int64_t time, enum say key, struct text *out)
{
	struct civil c = words_civil(speaker, time);
	int64_t day = time / INT64_C(86400000000) + 1;
	char clock[24];
	const struct porch_slot slots[] = {NUMBER("day", day > 0 ? (uint64_t)day : 0),
	    NAMED("clock", clock_text(&c, false, clock)), NO_SLOT};

	fill(speaker, key, slots, out);
}

static void
add_moment(const struct speaker *speaker, int64_t time, struct text *out)
{
	struct civil c = words_civil(speaker, time);
	char year[24], clock[24];
	const struct porch_slot slots[] = {NUMBER("day", c.day), WORD("month", month_short(&c)),
	    NAMED("year", year_text(&c, year)), NAMED("clock", clock_text(&c, true, clock)),
	    NAMED("zone", speaker->zone ? speaker->zone : "UTC"), NO_SLOT};

	fill(speaker, SAY_MOMENT, slots, out);
}

static void
add_duration(const struct speaker *speaker, uint64_t micros, struct text *out)
{
	char number[NUMBER_TEXT];

	if (micros > 0 && micros < 50000) {
		fill(speaker, SAY_UNDER_TENTH, NULL, out);
		return;
	}
	retell(speaker, format_duration(micros, number), out);
}

void
words_number(const struct speaker *speaker, const struct porch_slot *slot,
    char text[static WORDS_NUMBER])
{
	struct text out = text_over(text, WORDS_NUMBER);
	char number[NUMBER_TEXT];

	switch (slot->kind) {
	case PORCH_SLOT_BYTES:
		retell(speaker, format_bytes_short(slot->number, number), &out);
		break;
	case PORCH_SLOT_DURATION:
		add_duration(speaker, slot->number, &out);
		break;
	case PORCH_SLOT_MOMENT:
		if (speaker->days)
			add_day(speaker, (int64_t)slot->number, SAY_DAY_HOUR, &out);
		else
			add_moment(speaker, (int64_t)slot->number, &out);
		break;
	case PORCH_SLOT_DAY:
		add_day(speaker, (int64_t)slot->number, SAY_DAY_HOUR, &out);
		break;
	case PORCH_SLOT_RANGE:
		add_range(speaker, slot->number, &out);
		break;
	case PORCH_SLOT_TENTHS:
		add_grouped(speaker, slot->number / 10, &out);
		text_char(&out, language_of(speaker)->decimal);
		text_char(&out, (char)('0' + slot->number % 10));
		break;
	default:
		add_grouped(speaker, slot->number, &out);
	}
}

void
words_period(const struct speaker *speaker, int64_t first, int64_t last,
    char text[static WORDS_NUMBER])
{
	struct civil a = words_civil(speaker, first), b = words_civil(speaker, last);
	struct text out = text_over(text, WORDS_NUMBER);
	char years[2][24], clocks[2][24];
	const struct porch_slot slots[] = {NUMBER("day", a.day), WORD("month", month(&a)),
	    NAMED("year", year_text(&a, years[0])),
	    NAMED("clock", clock_text(&a, false, clocks[0])), NUMBER("day2", b.day),
	    WORD("month2", month(&b)), NAMED("year2", year_text(&b, years[1])),
	    NAMED("clock2", clock_text(&b, false, clocks[1])), NO_SLOT};
	enum say key = a.year != b.year     ? SAY_PERIOD_YEARS
	               : a.month != b.month ? SAY_PERIOD_MONTHS
	               : a.day != b.day     ? SAY_PERIOD_DAYS
	                                    : SAY_PERIOD_HOURS;

	if (speaker->days) {
		add_day(speaker, first, SAY_DAY_HOUR, &out);
		text_add(&out, " - ");
		add_day(speaker, last, SAY_DAY_HOUR, &out);
		return;
	}
	fill(speaker, key, slots, &out);
}

void
words_stamp(const struct speaker *speaker, int64_t time, char text[static WORDS_NUMBER])
{
	struct civil c = words_civil(speaker, time);
	struct text out = text_over(text, WORDS_NUMBER);
	char clock[24];
	const struct porch_slot slots[] = {
	    WORD("weekday", (enum say)(SAY_WEEKDAY_0 + c.weekday % 7)), NUMBER("day", c.day),
	    WORD("month", month_short(&c)), NAMED("clock", clock_text(&c, false, clock)), NO_SLOT};

	if (speaker->days)
		add_day(speaker, time, SAY_DAY_HOUR, &out);
	else
		fill(speaker, SAY_STAMP, slots, &out);
}

void
words_day(const struct speaker *speaker, int64_t time, char text[static WORDS_NUMBER])
{
	struct civil c = words_civil(speaker, time);
	struct text out = text_over(text, WORDS_NUMBER);
	const struct porch_slot slots[] = {
	    WORD("weekday", (enum say)(SAY_WEEKDAY_0 + c.weekday % 7)), NUMBER("day", c.day),
	    NO_SLOT};

	if (speaker->days)
		add_day(speaker, time, SAY_DAY_ONLY, &out);
	else
		fill(speaker, SAY_DAY, slots, &out);
}

void
words_clock(const struct speaker *speaker, int64_t time, char text[static WORDS_NUMBER])
{
	struct civil c = words_civil(speaker, time);
	char clock[24];

	snprintf(text, WORDS_NUMBER, "%s", clock_text(&c, true, clock));
}
