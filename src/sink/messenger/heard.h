/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_HEARD_H
#define SINK_MESSENGER_HEARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/*
 * One line of what the counting process tells (sink/event.h), as it came and read.  Its texts
 * live as long as the line.
 */
struct heard {
	const char *line; /* without its newline; a NUL follows */
	size_t len;
	json_t *root;
	const char *type;
	char boot[17];  /* sixteen hexadecimal digits */
	uint64_t event; /* its number, 0 of a state */
};

#define LINE_BYTES 65536

/* False when it is no such line.  Clear it in either case. */
bool heard_read(struct heard *heard, const char *line, size_t len);
void heard_clear(struct heard *heard);

/* Members of an object: NULL, 0, false where there is none of that kind. */
const char *member_text(const json_t *object, const char *key);
uint64_t member_number(const json_t *object, const char *key);
bool member_true(const json_t *object, const char *key);
/* An id of a letter and sixteen hexadecimal digits as a number; 0 for anything else. */
uint64_t member_id(const json_t *object, const char *key, char letter);
/* A time as microseconds; false when there is none. */
bool member_time(const json_t *object, const char *key, int64_t *time);

/* Copies text, cut between two characters; NULL becomes "". */
void copy_text(char *to, size_t size, const char *text);

#endif
