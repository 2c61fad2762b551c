/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_READER_H
#define RULES_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <porchlight/error.h>
#include <porchlight/record.h>

#include "rules/pool.h"

/*
 * Strict reading of one JSON file.  The first thing that is wrong fills the error with
 * file, JSON path and reason, and from then on every reading fails.
 */
struct reader {
	struct porch_error *error;
	struct pool *pool;
	const char *path; /* of the file, as the user would name it */
	char where[256];  /* JSON path of the value being read */
	bool failed;
};

#define READER_BYTES (8U << 20) /* of one file */
#define READER_DEPTH 12         /* arrays and objects within each other */
#define READER_ITEMS 20000      /* of one array */
#define READER_TEXT  4096       /* bytes of one string */

/* Parses; NULL when the file is no strict JSON object. The caller decrefs. */
json_t *reader_parse(struct reader *reader, const char *bytes, size_t len);

/* Always false, for `return reader_fail(...)`. */
bool reader_fail(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Goes to a member or an element; gives what reader_leave() needs to come back. */
size_t reader_enter(struct reader *reader, const char *key);
size_t reader_enter_item(struct reader *reader, size_t index);
void reader_leave(struct reader *reader, size_t mark);

/* Fails unless value is an object with no key outside the NULL-ended list. */
bool reader_keys(struct reader *reader, json_t *value, const char *const *allowed);

/*
 * Members.  A missing one leaves *out as it is and is a failure only if required; null
 * counts as missing.  Text is copied into the pool, is not empty and has no control
 * characters.
 */
bool reader_text(struct reader *reader, json_t *object, const char *key, bool required,
    const char **out);
bool reader_texts(struct reader *reader, json_t *object, const char *key, bool required,
    struct porch_texts *out);
bool reader_integer(struct reader *reader, json_t *object, const char *key, bool required,
    int64_t low, int64_t high, int64_t *out);
bool reader_flag(struct reader *reader, json_t *object, const char *key, bool *out);
/* The value itself; NULL when it is no such text. */
const char *reader_text_of(struct reader *reader, const json_t *value);
/* The index of the member in a NULL-ended list of words. */
bool reader_word(struct reader *reader, json_t *object, const char *key, bool required,
    const char *const *words, unsigned *out);
/* An array member, or NULL when missing; fails when it is none or too long. */
json_t *reader_array(struct reader *reader, json_t *object, const char *key);

void *reader_take(struct reader *reader, size_t size);
char *reader_copy(struct reader *reader, const char *text, size_t len);

/* Words made only of a-z 0-9 . _ - that begin with a letter or digit, up to 64 long. */
bool reader_is_id(const char *text);
/* "2026", "2026-11" or "2026-11-19". */
bool reader_is_date(const char *text);

/* Of the text files: what stands between words. */
static inline bool
row_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of a line, NUL-terminated in place; NULL at its end. */
char *row_word(char **line);

#endif
