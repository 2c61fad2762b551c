/* SPDX-License-Identifier: Apache-2.0 */
#include "base/format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <porchlight/record.h>

#include "base/text.h"

#define SECOND   INT64_C(1000000)
#define DAY      (86400 * SECOND)
#define DAYS_400 146097 /* days in 400 Gregorian years */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

/*
 * Days since 1970 to a date.  The year is taken to begin in March, so that the leap day is
 * its last, and months follow the 153-days-in-five-months pattern.
 */
static void
civil_from_days(int64_t days, struct civil *civil)
{
	int64_t since = days + 719468; /* 0000-03-01 */
	int64_t era = floor_div(since, DAYS_400);
	int64_t of_era = since - era * DAYS_400;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	civil->day = (uint8_t)(of_year - (153 * month + 2) / 5 + 1);
	civil->month = (uint8_t)(month < 10 ? month + 3 : month - 9);
	civil->year = year + era * 400 + (civil->month <= 2 ? 1 : 0);
}

static int64_t
days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t march_year = year - (month <= 2 ? 1 : 0);
	int64_t era = floor_div(march_year, 400);
	int64_t of_era = march_year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * DAYS_400 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil
civil_from_time(int64_t time)
{
	int64_t days = floor_div(time, DAY);
	int64_t of_day = time % DAY + (time % DAY < 0 ? DAY : 0);
	int64_t seconds = of_day / SECOND;
	struct civil civil = {
	    .hour = (uint8_t)(seconds / 3600),
	    .minute = (uint8_t)(seconds / 60 % 60),
	    .second = (uint8_t)(seconds % 60),
	    .weekday = (uint8_t)(((days + 4) % 7 + 7) % 7), /* 1970-01-01 was a Thursday */
	    .micro = (uint32_t)(of_day % SECOND),
	};

	civil_from_days(days, &civil);
	return civil;
}

const char *
civil_month(const struct civil *civil)
{
	static const char names[][4] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	return names[(civil->month + 11) % 12];
}

const char *
civil_weekday(const struct civil *civil)
{
	static const char names[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

	return names[civil->weekday % 7];
}

/* At least width digits. */
static void
add_number(struct text *text, uint64_t number, int width)
{
	char reversed[20];
	int len = 0;

	do {
		reversed[len++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0 || len < width);
	while (len > 0)
		text_char(text, reversed[--len]);
}

char *
format_time(int64_t time, char text[static TIME_TEXT])
{
	struct civil c = civil_from_time(time);
	struct text out = text_over(text, TIME_TEXT);
	const struct {
		char before;
		uint8_t number;
	} parts[] = {{'-', c.month}, {'-', c.day}, {'T', c.hour}, {':', c.minute}, {':', c.second}};

	if (c.year < 0 || c.year > 9999)
		text_char(&out, c.year < 0 ? '-' : '+');
	add_number(&out, (uint64_t)(c.year < 0 ? -c.year : c.year), 4);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		text_char(&out, parts[i].before);
		add_number(&out, parts[i].number, 2);
	}
	text_char(&out, '.');
	add_number(&out, c.micro, 6);
	text_char(&out, 'Z');
	return text;
}

/* Reads exactly count digits. */
static bool
digits(const char **at, int count, int64_t *number)
{
	*number = 0;
	for (int i = 0; i < count; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*number = *number * 10 + (**at - '0');
	}
	return true;
}

static bool
literal(const char **at, const char *any_of)
{
	if (**at == '\0' || !strchr(any_of, **at))
		return false;
	(*at)++;
	return true;
}

static bool
parse_date(const char **at, int64_t *days)
{
	int64_t year, month, day;
	struct civil back = {0};

	if (!digits(at, 4, &year) || !literal(at, "-") || !digits(at, 2, &month) ||
	    !literal(at, "-") || !digits(at, 2, &day) || month < 1 || month > 12)
		return false;
	*days = days_from_civil(year, month, day);
	civil_from_days(*days, &back);
	return back.month == month && back.day == day;
}

static bool
parse_clock(const char **at, int64_t *micros)
{
	int64_t hour, minute, second = 0, digit, unit = SECOND / 10;

	if (!digits(at, 2, &hour) || !literal(at, ":") || !digits(at, 2, &minute))
		return false;
	if (literal(at, ":") && !digits(at, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*micros = ((hour * 60 + minute) * 60 + second) * SECOND;
	if (!literal(at, "."))
		return true;
	if (!digits(at, 1, &digit))
		return false;
	do {
		*micros += digit * unit;
		unit /= 10;
	} while (unit > 0 && digits(at, 1, &digit));
	return true;
}

/* "Z", or what to take off: "+01:00". */
static bool
parse_offset(const char **at, int64_t *micros)
{
	int64_t hour, minute;
	bool east = **at == '+';

	*micros = 0;
	if (literal(at, "Zz"))
		return true;
	if (!literal(at, "+-") || !digits(at, 2, &hour) || !literal(at, ":") ||
	    !digits(at, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*micros = (hour * 60 + minute) * 60 * SECOND * (east ? 1 : -1);
	return true;
}

bool
time_parse(const char *text, int64_t *time)
{
	int64_t days, clock = 0, offset = 0;

	if (!parse_date(&text, &days))
		return false;
	if (*text != '\0' && (!literal(&text, "Tt ") || !parse_clock(&text, &clock) ||
	                         !parse_offset(&text, &offset)))
		return false;
	if (*text != '\0')
		return false;
	*time = days * DAY + clock - offset;
	return true;
}

struct scaled {
	uint64_t whole;
	unsigned decimals; /* how many digits of fraction are meant */
	uint64_t fraction;
	const char *unit;
};

/* Rounds half up to three significant digits; 999,500 is 1.00 MB, not 1000 kB. */
static struct scaled
scale(uint64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	uint64_t unit = 1;
	size_t i = 0;

	while (i + 1 < sizeof(units) / sizeof(units[0]) && bytes / unit >= 1000) {
		unit *= 1000;
		i++;
	}
	if (i > 0) {
		for (unsigned decimals = 2;; decimals--) {
			uint64_t tens = decimals == 2 ? 100 : decimals == 1 ? 10 : 1;
			uint64_t step = unit / tens;
			uint64_t steps = bytes / step + (bytes % step >= (step + 1) / 2 ? 1 : 0);

			if (steps < 1000)
				return (struct scaled){
				    steps / tens, decimals, steps % tens, units[i]};
			if (decimals == 0) {
				if (i + 1 == sizeof(units) / sizeof(units[0]))
					return (struct scaled){steps, 0, 0, units[i]};
				return (struct scaled){1, 2, 0, units[i + 1]};
			}
		}
	}
	return (struct scaled){bytes, 0, 0, units[0]};
}

static char *
scaled_text(const struct scaled *s, char *text)
{
	if (s->decimals == 0)
		snprintf(text, NUMBER_TEXT, "%" PRIu64 " %s", s->whole, s->unit);
	else
		snprintf(text, NUMBER_TEXT, "%" PRIu64 ".%0*u %s", s->whole, (int)s->decimals,
		    (unsigned)s->fraction, s->unit);
	return text;
}

char *
format_moment(int64_t time, char text[static TIME_TEXT])
{
	struct civil c = civil_from_time(time);

	snprintf(text, TIME_TEXT, "%u %s %" PRId64 " %02u:%02u:%02u UTC", (unsigned)c.day,
	    civil_month(&c), c.year, (unsigned)c.hour, (unsigned)c.minute, (unsigned)c.second);
	return text;
}

char *
format_bytes(uint64_t bytes, char text[static NUMBER_TEXT])
{
	struct scaled s = scale(bytes);

	return scaled_text(&s, text);
}

char *
format_bytes_short(uint64_t bytes, char text[static NUMBER_TEXT])
{
	struct scaled s = scale(bytes);

	while (s.decimals > 0 && s.fraction % 10 == 0) {
		s.fraction /= 10;
		s.decimals--;
	}
	return scaled_text(&s, text);
}

/* "2 h 41 min", and "2 h" when the rest is nothing. */
static void
two_units(char *text, uint64_t major, const char *major_unit, uint64_t minor,
    const char *minor_unit)
{
	if (minor == 0)
		snprintf(text, NUMBER_TEXT, "%" PRIu64 " %s", major, major_unit);
	else
		snprintf(text, NUMBER_TEXT, "%" PRIu64 " %s %" PRIu64 " %s", major, major_unit,
		    minor, minor_unit);
}

char *
format_duration(uint64_t micros, char text[static NUMBER_TEXT])
{
	uint64_t tenths = micros / 100000 + (micros % 100000 >= 50000 ? 1 : 0);
	uint64_t seconds = micros / 1000000 + (micros % 1000000 >= 500000 ? 1 : 0);
	uint64_t minutes = micros / 60000000 + (micros % 60000000 >= 30000000 ? 1 : 0);

	if (micros > 0 && tenths == 0)
		snprintf(text, NUMBER_TEXT, "under 0.1 s");
	else if (tenths < 600 && tenths % 10 != 0)
		snprintf(text, NUMBER_TEXT, "%" PRIu64 ".%" PRIu64 " s", tenths / 10, tenths % 10);
	else if (seconds < 60)
		snprintf(text, NUMBER_TEXT, "%" PRIu64 " s", seconds);
	else if (seconds < 3600)
		two_units(text, seconds / 60, "min", seconds % 60, "s");
	else
		two_units(text, minutes / 60, "h", minutes % 60, "min");
	return text;
}

/* A whole number, and decimals digits of fraction behind the point. */
static char *
decimal(bool negative, uint64_t whole, uint64_t fraction, int decimals, char *text)
{
	struct text out = text_over(text, NUMBER_TEXT);

	if (negative)
		text_char(&out, '-');
	add_number(&out, whole, 1);
	text_char(&out, '.');
	add_number(&out, fraction, decimals);
	return text;
}

char *
format_seconds(uint64_t micros, char text[static NUMBER_TEXT])
{
	return decimal(false, micros / 1000000, micros % 1000000, 6, text);
}

char *
format_milli(int64_t thousandths, char text[static NUMBER_TEXT])
{
	uint64_t size = thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths;

	return decimal(thousandths < 0, size / 1000, size % 1000, 3, text);
}

char *
format_count(uint64_t count, const char *one, const char *many, char *text, size_t size)
{
	snprintf(text, size, "%" PRIu64 " %s", count, count == 1 ? one : many);
	return text;
}

uint64_t
time_between(int64_t start, int64_t end)
{
	if (start == PORCH_NO_TIME || end == PORCH_NO_TIME || end < start)
		return 0;
	return (uint64_t)end - (uint64_t)start;
}
