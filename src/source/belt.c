/* SPDX-License-Identifier: Apache-2.0 */
#include "source/belt.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALIGN 8
#define LINE  64 /* of a processor's cache: what two processes write lies apart */

/* What begins the shared memory; records follow. */
struct shared {
	_Alignas(LINE) _Atomic uint64_t written; /* bytes, ever */
	_Alignas(LINE) _Atomic uint64_t taken;
	_Atomic uint32_t sleeps;
	_Atomic uint64_t beats;
};

/* What begins a record.  SKIP fills the end of the memory where none fits. */
struct head {
	uint32_t size; /* with this; a multiple of ALIGN */
	uint8_t kind;
	uint8_t reason;
	uint16_t interface;
	int64_t time;
	int64_t count; /* of a frame: its number */
	uint32_t captured;
	uint32_t on_wire;
	uint16_t link_type;
	uint8_t unused[6];
};

#define SKIP     255
#define RECORD   (sizeof(struct head))
#define GREATEST (RECORD + BELT_SNAP)

struct belt {
	struct shared *shared;
	uint8_t *bytes;
	size_t size; /* of bytes */
	bool mapped;
	bool broken;
	int wake;
	uint64_t written; /* the writer's own */
	uint64_t taken;   /* the reader's own */
	uint8_t frame[BELT_SNAP];
};

_Static_assert(sizeof(struct shared) % ALIGN == 0, "records are aligned");
_Static_assert(RECORD % ALIGN == 0 && BELT_SNAP % ALIGN == 0, "records are aligned");

size_t
belt_size(size_t bytes)
{
	return sizeof(struct shared) + bytes;
}

struct belt *
belt_over(void *memory, size_t bytes)
{
	struct belt *belt = calloc(1, sizeof(*belt));

	if (!belt)
		return NULL;
	belt->shared = memory;
	belt->bytes = (uint8_t *)memory + sizeof(struct shared);
	belt->size = bytes;
	belt->wake = -1;
	return belt;
}

struct belt *
belt_new(size_t bytes)
{
	void *memory =
	    mmap(NULL, belt_size(bytes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct belt *belt;

	if (memory == MAP_FAILED)
		return NULL;
	belt = belt_over(memory, bytes);
	if (!belt) {
		munmap(memory, belt_size(bytes));
		return NULL;
	}
	belt->mapped = true;
	belt->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (belt->wake >= 0)
		return belt;
	belt_free(belt);
	return NULL;
}

void
belt_free(struct belt *belt)
{
	if (!belt)
		return;
	if (belt->mapped)
		munmap(belt->shared, belt_size(belt->size));
	if (belt->wake >= 0)
		close(belt->wake);
	free(belt);
}

/* Bytes that may be written; 0 when the reader tells nonsense. */
static uint64_t
room(const struct belt *belt)
{
	uint64_t taken = atomic_load_explicit(&belt->shared->taken, memory_order_acquire);
	uint64_t filled = belt->written - taken;

	return filled > belt->size ? 0 : belt->size - filled;
}

/* A record may need as much again to skip the end of the memory. */
bool
belt_has_room(struct belt *belt)
{
	return room(belt) >= 2 * GREATEST;
}

static uint8_t *
place(const struct belt *belt, uint64_t position)
{
	return belt->bytes + (position & (belt->size - 1));
}

/* Room for a record in one piece; NULL when there is none. */
static uint8_t *
reserve(struct belt *belt, size_t size)
{
	uint64_t to_end = belt->size - (belt->written & (belt->size - 1));
	uint64_t there = room(belt);

	if (to_end < size) {
		struct head skip = {.size = (uint32_t)to_end, .kind = SKIP};

		if (there < to_end + size)
			return NULL;
		/* A whole head may not fit; its first eight bytes always do. */
		memcpy(place(belt, belt->written), &skip, ALIGN);
		belt->written += to_end;
	} else if (there < size) {
		return NULL;
	}
	return place(belt, belt->written);
}

static bool
has_bytes(enum belt_kind kind)
{
	return kind == BELT_FRAME || kind == BELT_HOSTS;
}

bool
belt_put(struct belt *belt, const struct belt_record *record)
{
	const struct frame *frame = has_bytes(record->kind) ? &record->frame : NULL;
	struct head head = {
	    .kind = (uint8_t)record->kind,
	    .reason = (uint8_t)record->reason,
	    .interface = record->interface,
	    .time = record->time,
	    .count = record->count,
	};
	size_t size = RECORD;
	uint8_t *at;

	if (frame) {
		head.time = frame->time;
		head.count = (int64_t)frame->number;
		head.interface = frame->interface;
		head.captured = frame->captured < BELT_SNAP ? frame->captured : BELT_SNAP;
		head.on_wire = frame->on_wire;
		head.link_type = frame->link_type;
		size += (head.captured + ALIGN - 1U) & ~(ALIGN - 1U);
	}
	head.size = (uint32_t)size;
	at = reserve(belt, size);
	if (!at)
		return false;
	memcpy(at, &head, RECORD);
	if (frame)
		memcpy(at + RECORD, frame->bytes, head.captured);
	belt->written += size;
	atomic_store_explicit(&belt->shared->written, belt->written, memory_order_release);
	return true;
}

void
belt_wake(struct belt *belt)
{
	static const uint64_t one = 1;

	/* Either the reader saw what was written, or this sees that it sleeps. */
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_exchange(&belt->shared->sleeps, 0) && write(belt->wake, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is readable already */
}

/* Bytes that may be read, from the reader's own position on; more than there is room: nonsense. */
static uint64_t
waiting(const struct belt *belt)
{
	return atomic_load_explicit(&belt->shared->written, memory_order_acquire) - belt->taken;
}

static void
take(struct belt *belt, uint64_t bytes)
{
	belt->taken += bytes;
	atomic_store_explicit(&belt->shared->taken, belt->taken, memory_order_release);
}

static enum belt_result
broken(struct belt *belt)
{
	belt->broken = true;
	return BELT_BROKEN;
}

/*
 * Checks a head that was copied out, so that it cannot change any more, and copies the frame
 * for the same reason.
 */
static bool
read_record(struct belt *belt, const struct head *head, const uint8_t *at,
    struct belt_record *record)
{
	*record = (struct belt_record){
	    .kind = (enum belt_kind)head->kind,
	    .interface = head->interface,
	    .reason = (enum belt_reason)head->reason,
	    .time = head->time,
	    .count = head->count,
	};
	if (head->kind > BELT_END || head->reason >= BELT_REASONS)
		return false;
	if (!has_bytes((enum belt_kind)head->kind))
		return head->size == RECORD;
	if (head->captured > BELT_SNAP || head->captured > head->size - RECORD ||
	    head->on_wire < head->captured)
		return false;
	memcpy(belt->frame, at + RECORD, head->captured);
	record->frame = (struct frame){
	    .bytes = belt->frame,
	    .captured = head->captured,
	    .on_wire = head->on_wire,
	    .link_type = head->link_type,
	    .interface = head->interface,
	    .time = head->time,
	    .number = (uint64_t)head->count,
	};
	return true;
}

enum belt_result
belt_next(struct belt *belt, struct belt_record *record)
{
	for (;;) {
		uint64_t there = waiting(belt);
		uint64_t to_end = belt->size - (belt->taken & (belt->size - 1));
		const uint8_t *at = place(belt, belt->taken);
		struct head head;

		if (belt->broken || there > belt->size || there % ALIGN != 0)
			return broken(belt);
		if (there == 0)
			return BELT_EMPTY;
		memcpy(&head, at, ALIGN);
		if (head.size > there || head.size > to_end || head.size < ALIGN ||
		    head.size % ALIGN != 0)
			return broken(belt);
		if (head.kind != SKIP) {
			if (head.size < RECORD || head.size > GREATEST)
				return broken(belt);
			memcpy((uint8_t *)&head + ALIGN, at + ALIGN, RECORD - ALIGN);
			if (!read_record(belt, &head, at, record))
				return broken(belt);
			take(belt, head.size);
			return BELT_RECORD;
		}
		take(belt, head.size);
	}
}

int
belt_fd(const struct belt *belt)
{
	return belt->wake;
}

bool
belt_sleep(struct belt *belt)
{
	atomic_store(&belt->shared->sleeps, 1);
	atomic_thread_fence(memory_order_seq_cst);
	return waiting(belt) == 0;
}

void
belt_awake(struct belt *belt)
{
	uint64_t woken;

	atomic_store(&belt->shared->sleeps, 0);
	if (read(belt->wake, &woken, sizeof(woken)) < 0)
		return; /* nobody woke */
}

void
belt_beat(struct belt *belt)
{
	atomic_fetch_add_explicit(&belt->shared->beats, 1, memory_order_relaxed);
}

uint64_t
belt_beats(const struct belt *belt)
{
	return atomic_load_explicit(&belt->shared->beats, memory_order_relaxed);
}
