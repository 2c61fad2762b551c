/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_WRITER_H
#define SINK_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/escape.h"

/*
 * Buffered writing to a file descriptor that someone else owns.  The first write that
 * fails is remembered and everything after it is ignored, so a sink writes a whole result
 * and the caller asks once, with writer_finish().
 */
struct writer {
	int fd;
	int error; /* errno of the first failed write, 0 when all went well */
	void (*tee)(const void *bytes, size_t len, void *user); /* sees what is written; or NULL */
	void *user;
	size_t len;
	char buffer[16384];
};

#define WRITER_NOWHERE (-1) /* in place of a descriptor: only the tee sees what is written */

enum writer_end {
	WRITER_DONE,
	WRITER_PIPE_CLOSED, /* the reader had enough: no failure */
	WRITER_FAILED,      /* errno is in writer.error */
};

void writer_init(struct writer *w, int fd);
/* Writes what is buffered. */
void writer_flush(struct writer *w);
enum writer_end writer_finish(struct writer *w);

void write_bytes(struct writer *w, const char *bytes, size_t len);
void write_char(struct writer *w, char c);
void write_text(struct writer *w, const char *text);
void write_u64(struct writer *w, uint64_t number);
void write_i64(struct writer *w, int64_t number);
/* A whole text, escaped; no quotes around it. */
void write_escaped(struct writer *w, enum escape escape, const char *text);
/* At most 511 bytes each. */
void writef(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
