/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/put.h"

#include <stdio.h>

#include "base/format.h"
#include "sink/sink.h"

char *
id_format(char letter, uint64_t id, char text[static ID_TEXT])
{
	if (id <= ORDINAL_MAX) {
		snprintf(text, ID_TEXT, "%c%u", letter - 'a' + 'A', (unsigned)id);
		return text;
	}
	text[0] = letter;
	for (int i = 0; i < 16; i++)
		text[1 + i] = "0123456789abcdef"[id >> (60 - 4 * i) & 15];
	text[17] = '\0';
	return text;
}

static void
swap_writers(struct json *json)
{
	struct writer *w = json->w;

	json->w = json->past;
	json->past = w;
}

bool
put_past(struct json *json)
{
	if (!json->summed)
		return true;
	if (!json->past)
		return false;
	if (json->depth++ == 0) {
		writer_flush(json->w);
		swap_writers(json);
	}
	return true;
}

void
put_past_end(struct json *json)
{
	if (json->summed && --json->depth == 0)
		swap_writers(json);
}

void
put_comma(struct json *json)
{
	write_char(json->w, ',');
	json->comma = false;
}

static void
begin(struct json *json, const char *key)
{
	if (json->comma)
		write_char(json->w, ',');
	json->comma = true;
	if (key) {
		write_char(json->w, '"');
		write_text(json->w, key); /* ours: nothing to escape */
		write_bytes(json->w, "\":", 2);
	}
}

void
put_open(struct json *json, const char *key, char bracket)
{
	begin(json, key);
	write_char(json->w, bracket);
	json->comma = false;
}

void
put_close(struct json *json, char bracket)
{
	write_char(json->w, bracket);
	json->comma = true;
}

void
put_null(struct json *json, const char *key)
{
	begin(json, key);
	write_text(json->w, "null");
}

void
put_text(struct json *json, const char *key, const char *text)
{
	if (!text) {
		put_null(json, key);
		return;
	}
	begin(json, key);
	write_char(json->w, '"');
	write_escaped(json->w, ESCAPE_JSON, text);
	write_char(json->w, '"');
}

void
put_u64(struct json *json, const char *key, uint64_t number)
{
	begin(json, key);
	write_u64(json->w, number);
}

void
put_i64(struct json *json, const char *key, int64_t number)
{
	begin(json, key);
	write_i64(json->w, number);
}

void
put_bool(struct json *json, const char *key, bool value)
{
	begin(json, key);
	write_text(json->w, value ? "true" : "false");
}

void
put_time(struct json *json, const char *key, int64_t time)
{
	char text[TIME_TEXT];

	put_text(json, key, time == PORCH_NO_TIME ? NULL : format_time(time, text));
}

void
put_seconds(struct json *json, const char *key, uint64_t micros)
{
	char text[NUMBER_TEXT];

	begin(json, key);
	write_text(json->w, format_seconds(micros, text));
}

void
put_chance(struct json *json, const char *key, int16_t thousandths)
{
	char text[NUMBER_TEXT];

	if (thousandths < 0) {
		put_null(json, key);
		return;
	}
	begin(json, key);
	write_text(json->w, format_milli(thousandths, text));
}

void
put_id(struct json *json, const char *key, char letter, uint64_t id)
{
	char text[ID_TEXT];

	put_text(json, key, id ? id_format(letter, id, text) : NULL);
}

void
put_texts(struct json *json, const char *key, const struct porch_texts *texts)
{
	put_open(json, key, '[');
	for (size_t i = 0; i < texts->count; i++)
		put_text(json, NULL, texts->item[i]);
	put_close(json, ']');
}
