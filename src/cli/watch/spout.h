/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_SPOUT_H
#define CLI_WATCH_SPOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whoever reads what a watch tells, and may be slow: lines wait for it within a bound, and one
 * that does not fit is left out whole and counted.  Capturing never waits for a reader.
 */
struct spout {
	int fd;      /* lent; -1: nobody reads */
	bool shared; /* with programs that expect it to block, as standard output is */
	char *waits; /* lines that wait */
	size_t len;
	size_t size;
	size_t held; /* of len, at its end: not to be written yet */
	bool holds;
	uint64_t lost; /* lines left out */
	bool closed;   /* the reader had enough */
	int error;     /* errno of a write that failed otherwise; nothing is written after it */
};

/* Room for that many bytes.  What is not shared is made non-blocking.  False: out of memory. */
bool spout_open(struct spout *spout, int fd, bool shared, size_t size);
void spout_close(struct spout *spout);

/* One line or several, whole, with the newline. */
void spout_put(struct spout *spout, const char *lines, size_t len);
/* While it holds, what is put waits, whoever reads; when it holds no more, all of it may go. */
void spout_hold(struct spout *spout, bool holds);
/* Whether it is worth waiting until more can be written. */
bool spout_waits(const struct spout *spout);
/* Writes what the reader takes now. */
void spout_flush(struct spout *spout);
/* The same, at the end: waits for the reader, milliseconds at most. */
void spout_drain(struct spout *spout, int milliseconds);

#endif
