/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
reader_fail(struct reader *reader, const char *format, ...)
{
	va_list args;

	if (reader->failed)
		return false;
	reader->failed = true;
	snprintf(reader->error->file, sizeof(reader->error->file), "%s", reader->path);
	snprintf(reader->error->where, sizeof(reader->error->where), "%s", reader->where);
	reader->error->offset = -1;
	va_start(args, format);
	vsnprintf(reader->error->text, sizeof(reader->error->text), format, args);
	va_end(args);
	return false;
}

/* Where a text ends that begins at `at`: at the quote that no backslash escapes, or with all. */
static size_t
text_end(const char *bytes, size_t len, size_t at)
{
	while (at < len) {
		const char *quote = memchr(bytes + at, '"', len - at);
		size_t end = quote ? (size_t)(quote - bytes) : len;
		const char *escape = memchr(bytes + at, '\\', end - at);

		if (!escape)
			return end;
		at = (size_t)(escape - bytes) + 2;
	}
	return len;
}

/* The offset of the first bracket that nests too deep, or -1. */
static int64_t
too_deep(const char *bytes, size_t len)
{
	unsigned depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '"')
			i = text_end(bytes, len, i + 1);
		else if (bytes[i] == '[' || bytes[i] == '{')
			depth++;
		else if ((bytes[i] == ']' || bytes[i] == '}') && depth > 0)
			depth--;
		if (depth > READER_DEPTH)
			return (int64_t)i;
	}
	return -1;
}

json_t *
reader_parse(struct reader *reader, const char *bytes, size_t len)
{
	int64_t deep = too_deep(bytes, len);
	json_error_t error;
	json_t *root;

	if (deep >= 0) {
		reader_fail(reader, "nested deeper than %d", READER_DEPTH);
		reader->error->offset = deep;
		return NULL;
	}
	root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		reader_fail(reader, "%s (line %d)", error.text, error.line);
		reader->error->offset = error.position;
		return NULL;
	}
	if (!json_is_object(root)) {
		reader_fail(reader, "not an object");
		json_decref(root);
		return NULL;
	}
	return root;
}

/*
 * Says of every value where it stands, though only of one that is wrong it is told: it may not
 * cost much.  Returns where the text ends.
 */
static size_t
add_place(struct reader *reader, size_t at, const char *more)
{
	size_t room = sizeof(reader->where) - 1 - at, len = strnlen(more, room);

	memcpy(reader->where + at, more, len);
	reader->where[at + len] = '\0';
	return at + len;
}

size_t
reader_enter(struct reader *reader, const char *key)
{
	size_t mark = strlen(reader->where);

	add_place(reader, mark ? add_place(reader, mark, ".") : mark, key);
	return mark;
}

size_t
reader_enter_item(struct reader *reader, size_t index)
{
	size_t mark = strlen(reader->where);
	char item[24], *at = item + sizeof(item) - 2;

	memcpy(at, "]", 2);
	do
		*--at = (char)('0' + index % 10);
	while ((index /= 10) > 0);
	*--at = '[';
	add_place(reader, mark, at);
	return mark;
}

void
reader_leave(struct reader *reader, size_t mark)
{
	reader->where[mark] = '\0';
}

static bool
listed(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

bool
reader_keys(struct reader *reader, json_t *value, const char *const *allowed)
{
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return reader_fail(reader, "not an object");
	json_object_foreach(value, key, member)
	{
		(void)member;
		if (!listed(allowed, key))
			return reader_fail(reader, "unknown key \"%.100s\"", key);
	}
	return !reader->failed;
}

/* NULL when the member is missing, which fails only if it is required. */
static json_t *
member_of(struct reader *reader, json_t *object, const char *key, bool required)
{
	json_t *member = json_object_get(object, key);

	if (reader->failed)
		return NULL;
	if (!member || json_is_null(member)) {
		if (required)
			reader_fail(reader, "%s is missing", key);
		return NULL;
	}
	return member;
}

const char *
reader_text_of(struct reader *reader, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (!text) {
		reader_fail(reader, "not a text");
		return NULL;
	}
	if (len == 0 || len > READER_TEXT) {
		reader_fail(reader, "a text has 1 to %d bytes", READER_TEXT);
		return NULL;
	}
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
			reader_fail(reader, "a text holds a control character");
			return NULL;
		}
	return reader_copy(reader, text, len);
}

bool
reader_text(struct reader *reader, json_t *object, const char *key, bool required, const char **out)
{
	json_t *member = member_of(reader, object, key, required);
	size_t mark;

	if (!member)
		return !reader->failed;
	mark = reader_enter(reader, key);
	*out = reader_text_of(reader, member);
	reader_leave(reader, mark);
	return !reader->failed;
}

json_t *
reader_array(struct reader *reader, json_t *object, const char *key)
{
	json_t *member = member_of(reader, object, key, false);
	size_t mark;

	if (!member)
		return NULL;
	mark = reader_enter(reader, key);
	if (!json_is_array(member))
		reader_fail(reader, "not an array");
	else if (json_array_size(member) == 0)
		reader_fail(reader, "an empty array says nothing");
	else if (json_array_size(member) > READER_ITEMS)
		reader_fail(reader, "more than %d items", READER_ITEMS);
	reader_leave(reader, mark);
	return reader->failed ? NULL : member;
}

bool
reader_texts(struct reader *reader, json_t *object, const char *key, bool required,
    struct porch_texts *out)
{
	json_t *array = reader_array(reader, object, key), *item;
	const char **texts;
	size_t mark, i;

	if (!array)
		return !reader->failed && (!required || reader_fail(reader, "%s is missing", key));
	texts = reader_take(reader, json_array_size(array) * sizeof(*texts));
	if (!texts)
		return false;
	mark = reader_enter(reader, key);
	json_array_foreach(array, i, item)
	{
		size_t inner = reader_enter_item(reader, i);

		texts[i] = reader_text_of(reader, item);
		reader_leave(reader, inner);
	}
	reader_leave(reader, mark);
	*out = (struct porch_texts){.item = texts, .count = json_array_size(array)};
	return !reader->failed;
}

bool
reader_integer(struct reader *reader, json_t *object, const char *key, bool required, int64_t low,
    int64_t high, int64_t *out)
{
	json_t *member = member_of(reader, object, key, required);
	size_t mark;

	if (!member)
		return !reader->failed;
	mark = reader_enter(reader, key);
	if (!json_is_integer(member))
		reader_fail(reader, "not an integer");
	else if (json_integer_value(member) < low || json_integer_value(member) > high)
		reader_fail(reader, "not between %lld and %lld", (long long)low, (long long)high);
	else
		*out = json_integer_value(member);
	reader_leave(reader, mark);
	return !reader->failed;
}

bool
reader_flag(struct reader *reader, json_t *object, const char *key, bool *out)
{
	json_t *member = member_of(reader, object, key, false);

	if (!member)
		return !reader->failed;
	if (!json_is_boolean(member))
		return reader_fail(reader, "%s is not true or false", key);
	*out = json_is_true(member);
	return true;
}

bool
reader_word(struct reader *reader, json_t *object, const char *key, bool required,
    const char *const *words, unsigned *out)
{
	const char *text = NULL;

	if (!reader_text(reader, object, key, required, &text))
		return false;
	if (!text)
		return true;
	for (unsigned i = 0; words[i]; i++)
		if (strcmp(words[i], text) == 0) {
			*out = i;
			return true;
		}
	return reader_fail(reader, "%s: unknown word \"%.60s\"", key, text);
}

void *
reader_take(struct reader *reader, size_t size)
{
	void *taken = reader->failed ? NULL : pool_take(reader->pool, size);

	if (!taken)
		reader_fail(reader, "out of memory");
	return taken;
}

char *
reader_copy(struct reader *reader, const char *text, size_t len)
{
	char *copy = reader->failed ? NULL : pool_text(reader->pool, text, len);

	if (!copy)
		reader_fail(reader, "out of memory");
	return copy;
}

static bool
letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
reader_is_id(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > 64 || !letter_or_digit(text[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!letter_or_digit(text[i]) && !strchr("._-", text[i]))
			return false;
	return true;
}

static bool
two_digits(const char *text, int low, int high)
{
	int value;

	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	value = (text[0] - '0') * 10 + text[1] - '0';
	return value >= low && value <= high;
}

bool
reader_is_date(const char *text)
{
	size_t len = strlen(text);

	if (len != 4 && len != 7 && len != 10)
		return false;
	if (!two_digits(text, 19, 21) || !two_digits(text + 2, 0, 99))
		return false;
	if (len >= 7 && (text[4] != '-' || !two_digits(text + 5, 1, 12)))
		return false;
	return len < 10 || (text[7] == '-' && two_digits(text + 8, 1, 31));
}

char *
row_word(char **line)
{
	char *word = *line, *end;

	while (row_blank(*word))
		word++;
	for (end = word; *end && !row_blank(*end);)
		end++;
	if (end == word)
		return NULL;
	*line = end;
	if (*end)
		*(*line)++ = '\0';
	return word;
}
