/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "base/frame.h"

/*
 * Reads one capture file, front to back, in bounded memory: pcap (micro- and nanoseconds)
 * and pcapng (any mix of interfaces), both byte orders, as they are or packed by gzip or
 * zstd.  What a file is, its bytes say and never its name.
 */
struct source;

/* Zero is every default. */
struct source_options {
	bool no_hashes; /* leave both SHA-256 empty and do not read past an error */
	bool ahead;     /* read large files on a thread of its own */
	size_t block;   /* bytes asked of the file at a time; 0: 128 KiB */
};

#define SOURCE_LINK_TYPES 64

/* What is known so far; all of it once source_next() answered END or ERROR. */
struct source_facts {
	const char *format;                     /* "pcap" or "pcapng" */
	uint16_t link_types[SOURCE_LINK_TYPES]; /* LINKTYPE_ values: the file's, else of frames as
	                                           they came */
	size_t link_type_count;
	uint64_t packets;
	uint64_t bytes; /* on the wire as the records say, a record at most 262,144 */
	int64_t first;  /* least and greatest frame time; PORCH_NO_TIME without frames */
	int64_t last;
	uint64_t dropped; /* as pcapng says; pcap cannot say */
	uint64_t odd_times;
	uint64_t odd_lengths; /* captured more than the wire had, or beyond 262,144 on the wire */
	bool complete;        /* END was reached */
	char sha256[65];      /* of the file as stored; "" before END or ERROR */
	char content_sha256[65]; /* after decompression; "" also where unpacking failed */
};

enum source_result {
	SOURCE_FRAME,
	SOURCE_END,
	SOURCE_ERROR, /* damaged or cut; all before it was delivered */
};

/*
 * path is a file, or "-" for standard input.  options may be NULL.  Returns NULL, and says
 * why, for what cannot be opened or is no capture.
 */
struct source *source_open(const char *path, const struct source_options *options,
    struct porch_error *error);

/* As source_open, from bytes that outlive the source.  name stands for the path in errors. */
struct source *source_open_memory(const void *bytes, size_t len, const char *name,
    const struct source_options *options, struct porch_error *error);

/*
 * The frame is lent until the next call.  After END or ERROR the answer stays.
 *
 * Times are microseconds, nanoseconds rounded down, held within the years 1 to 9999.  A
 * sub-second part of a second or more becomes 999999, and a packet without a time (pcapng
 * simple packets) takes that of the one before it.  Both count as odd, and so do times
 * before the second second of 1970 or past 32 bits of seconds (2106).
 */
enum source_result source_next(struct source *source, struct frame *frame);

/* After ERROR: path, byte offset of the damaged record in the unpacked content, reason. */
const struct porch_error *source_error(const struct source *source);

const struct source_facts *source_facts(const struct source *source);

/*
 * A comment of the section headers read so far, from 0, without its NULs; NULL past the last.
 * At most 1,024 are kept, each of at most 255 bytes: longer ones are passed over.
 */
const char *source_comment(const struct source *source, size_t index);

/* Stored bytes: of the whole file (0 when not known, as for standard input), and read so far. */
uint64_t source_total(const struct source *source);
uint64_t source_consumed(const struct source *source);

void source_close(struct source *source);

/*
 * The time of the first frame, read as cheaply as it can be; PORCH_NO_TIME in an empty
 * capture, and for what is no regular file, because it could not be read again.  Returns
 * false, and says why, when path is no capture.
 */
bool source_first_time(const char *path, int64_t *time, struct porch_error *error);

/*
 * The SHA-256 of a regular file as stored and of its content ("" if it cannot be unpacked),
 * without looking for packets.  Returns false, and says why, when path cannot be read.
 */
bool source_hashes(const char *path, char sha256[static 65], char content_sha256[static 65],
    struct porch_error *error);

/* Whether path is a regular file that begins like a capture, packed or not, or cannot be read. */
bool source_probe(const char *path);

#endif
