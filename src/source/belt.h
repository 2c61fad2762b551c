/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_BELT_H
#define SOURCE_BELT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/frame.h"

/*
 * Memory through which the process that captures hands frames to the one that counts: one
 * writes, one reads, neither waits for the other.  Neither believes the other's positions and
 * lengths, so whoever takes one of them over cannot lead the other out of the memory.
 */
struct belt;

#define BELT_SNAP 2048 /* bytes handed over of a frame; the rest of it is only counted */

#define BELT_ADDRESSES 32 /* of this machine, at most */

/* What is handed over besides frames, in order with them. */
enum belt_kind {
	BELT_FRAME,
	BELT_TIME,    /* all frames before `time` were handed over */
	BELT_DROPPED, /* `count` frames were lost before this */
	BELT_LOST,    /* the interface: nothing is seen of it since `time`, because of `reason` */
	BELT_FOUND,   /* the interface is listened to, since `time` */
	BELT_STEP,    /* the real-time clock was set, by `count` microseconds (signed) */
	BELT_ASLEEP,  /* the machine was suspended, for `count` microseconds */
	BELT_UNSEEN,  /* `count` bytes passed the interface that no capture shows */
	BELT_HOSTS,   /* this machine's addresses from now on: struct addr, in the frame's bytes */
	BELT_END,     /* nothing comes any more */
};

enum belt_reason {
	BELT_NOT_THERE, /* at the start */
	BELT_DOWN,
	BELT_GONE,
	BELT_NO_CARRIER,
	BELT_FAILED, /* reading failed, and nobody said why */
	BELT_REASONS,
};

struct belt_record {
	enum belt_kind kind;
	uint16_t interface;
	enum belt_reason reason;
	int64_t time;
	int64_t count;
	struct frame frame; /* of BELT_FRAME and BELT_HOSTS: lent until the next call */
};

enum belt_result {
	BELT_RECORD,
	BELT_EMPTY,
	BELT_BROKEN, /* what lies there is no record: it stays so */
};

/*
 * Memory shared with processes forked from now on, for this many bytes of records (a power of
 * two, at least 64 KiB).  NULL when there is none.
 */
struct belt *belt_new(size_t bytes);
/* The same over memory that somebody else owns, of belt_size(bytes); for tests of its reader. */
struct belt *belt_over(void *memory, size_t bytes);
size_t belt_size(size_t bytes);
void belt_free(struct belt *belt);

/*
 * The writing side.  Whether a whole frame has room: asked before it is taken from the kernel,
 * whose own buffer holds it meanwhile and counts what it loses.
 */
bool belt_has_room(struct belt *belt);
/* False when there is no room. */
bool belt_put(struct belt *belt, const struct belt_record *record);
/* Wakes the reader, if it sleeps, for what was put. */
void belt_wake(struct belt *belt);

/* The reading side. */
enum belt_result belt_next(struct belt *belt, struct belt_record *record);
/* To wait on with poll(). */
int belt_fd(const struct belt *belt);
/* True: nothing is there, and belt_fd() becomes readable when something is. */
bool belt_sleep(struct belt *belt);
/* Takes back what made belt_fd() readable. */
void belt_awake(struct belt *belt);

/* A sign of life of the reader; the writer sees how many there were. */
void belt_beat(struct belt *belt);
uint64_t belt_beats(const struct belt *belt);

#endif
