/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Numbers and times as text, the same on every machine: no locale, no floating point.
 * Each writes into the caller's buffer and returns it.
 */

#define TIME_TEXT   36 /* an RFC 3339 time of any int64 of microseconds, with its NUL */
#define NUMBER_TEXT 32 /* any of the others */

/* A moment in the proleptic Gregorian calendar, always UTC unless an offset was added. */
struct civil {
	int64_t year;
	uint8_t month; /* 1 to 12 */
	uint8_t day;   /* 1 to 31 */
	uint8_t hour;
	uint8_t minute;
	uint8_t second;
	uint8_t weekday; /* 0 is Sunday */
	uint32_t micro;
};

struct civil civil_from_time(int64_t time);
/* "Jan" and "Sun". */
const char *civil_month(const struct civil *civil);
const char *civil_weekday(const struct civil *civil);

/* RFC 3339: "2026-11-23T16:40:01.250000Z"; years past 9999 or before 0 get a sign. */
char *format_time(int64_t time, char text[static TIME_TEXT]);
/*
 * Reads an RFC 3339 time, with up to six digits of fraction and Z or an offset; a space may
 * stand for the T, and a date alone is its midnight UTC.  False when it is none.
 */
bool time_parse(const char *text, int64_t *time);

/* For people, to the second: "14 Nov 2026 08:12:30 UTC". */
char *format_moment(int64_t time, char text[static TIME_TEXT]);

/* SI with three significant digits: "999 B", "26.0 kB", "769 MB", "4.10 GB". */
char *format_bytes(uint64_t bytes, char text[static NUMBER_TEXT]);
/* As format_bytes without trailing zeroes, for people: "26 kB", "4.1 GB". */
char *format_bytes_short(uint64_t bytes, char text[static NUMBER_TEXT]);
/* "0.4 s", "11.4 s", "3 min 10 s", "2 h 41 min"; days are told in hours. */
char *format_duration(uint64_t micros, char text[static NUMBER_TEXT]);
/* Seconds with six decimals: "25.050000". */
char *format_seconds(uint64_t micros, char text[static NUMBER_TEXT]);
/* Thousandths as a decimal: 930 is "0.930", -5 is "-0.005". */
char *format_milli(int64_t thousandths, char text[static NUMBER_TEXT]);
/* "1 upload", "2 uploads"; many is the plural, and one the singular. */
char *format_count(uint64_t count, const char *one, const char *many, char *text, size_t size);

/* end - start, or 0 when either is PORCH_NO_TIME or end lies before start. */
uint64_t time_between(int64_t start, int64_t end);

#endif
