/* SPDX-License-Identifier: Apache-2.0 */
#include "home/duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

#define SETS   256   /* of frames remembered, by a part of their sum */
#define WAYS   4     /* frames of a set, the newest first */
#define WINDOW 10000 /* microseconds; a retransmission takes longer */
#define LINE   64
#define HEAD   128 /* headers, checksums and sequence numbers lie within */

struct seen {
	uint64_t sum;
	int64_t time;
};

/* A set is one line of a processor's cache, when it begins where such a line does. */
struct duplicates {
	_Alignas(LINE) struct seen seen[SETS][WAYS];
};

struct duplicates *
duplicates_new(void)
{
	struct duplicates *duplicates = aligned_alloc(LINE, sizeof(*duplicates));

	if (duplicates)
		memset(duplicates, 0, sizeof(*duplicates));
	return duplicates;
}

void
duplicates_free(struct duplicates *duplicates)
{
	free(duplicates);
}

/* The digits of pi that follow the first 64 bits of them: numbers without a purpose. */
static const uint64_t key[HEAD / 8] = {0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
    0x452821e638d01377, 0xbe5466cf34e90c6c, 0xc0ac29b7c97c50dd, 0x3f84d5b5b5470917,
    0x9216d5d98979fb1b, 0xd1310ba698dfb5ac, 0x2ffd72dbd01adfb7, 0xb8e1afed6a267e96,
    0xba7c9045f12c7f99, 0x24a19947b3916cf7, 0x0801f2e2858efc16, 0x636920d871574e69,
    0xa458fea3f4933d7e};

/* Both halves of the product in one. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
	uint64_t one = (a >> 32) * (b & UINT32_MAX), other = (a & UINT32_MAX) * (b >> 32);
	uint64_t middle = (low >> 32) + (one & UINT32_MAX) + (other & UINT32_MAX);

	low = (low & UINT32_MAX) | middle << 32;
	high += (one >> 32) + (other >> 32) + (middle >> 32);
	return low ^ high;
#endif
}

/* Little-endian, whatever the machine: compilers make one load of it. */
static inline uint64_t
word_at(const uint8_t *at)
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
	       (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 |
	       (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

static inline uint64_t
fold_pair(const uint8_t *pair, const uint64_t *with)
{
	return fold(word_at(pair) ^ with[0], word_at(pair + 8) ^ with[1]);
}

/*
 * The first len bytes of a pair whose rest is zero, with another pair before them: a word that
 * ends where they end is sooner shifted than the bytes are copied.
 */
static inline uint64_t
fold_rest(const uint8_t *rest, size_t len, const uint64_t *with)
{
	uint64_t end = word_at(rest + len - 8);
	uint64_t one = len < 8 ? end >> 8 * (8 - len) : word_at(rest);
	uint64_t other = len > 8 ? end >> 8 * (16 - len) : 0;

	return fold(one ^ with[0], other ^ with[1]);
}

/*
 * Of the first bytes, and the lengths: two packets that differ later differ in their
 * checksums too.  Words are multiplied in pairs (as Yi Wang's wyhash does), none of which
 * waits for the one before; what is left of the last pair is zero.
 */
static uint64_t
sum_of(const struct frame *frame)
{
	struct cursor all = cursor_over(frame->bytes, frame->captured);
	struct cursor head = cursor_sub_clamped(&all, HEAD);
	uint64_t sum = (uint64_t)frame->on_wire << 32 | frame->captured;
	const uint64_t *with = key;
	uint8_t few[16] = {0};

	if (cursor_left(&head) > 0 && cursor_left(&head) < sizeof(few)) {
		memcpy(few, head.at, cursor_left(&head));
		head = cursor_over(few, sizeof(few));
	}
	for (; cursor_left(&head) >= 16; with += 2)
		sum += fold_pair(cursor_take(&head, 16), with);
	if (cursor_left(&head) > 0)
		sum += fold_rest(head.at, cursor_left(&head), with);
	return fold(sum ^ key[0], (uint64_t)frame->link_type ^ key[1]);
}

static bool
was_seen(const struct seen seen[static WAYS], uint64_t sum, int64_t time)
{
	for (unsigned i = 0; i < WAYS; i++) {
		uint64_t apart = (uint64_t)time - (uint64_t)seen[i].time + WINDOW;

		if (seen[i].sum == sum && apart <= 2 * WINDOW)
			return true;
	}
	return false;
}

/* Looking branches once, for most frames were not seen: which of a set it would be does not. */
bool
duplicates_see(struct duplicates *duplicates, const struct frame *frame)
{
	uint64_t sum = sum_of(frame);
	struct seen *seen = duplicates->seen[sum % SETS];
	bool any = (seen[0].sum == sum) | (seen[1].sum == sum) | (seen[2].sum == sum) |
	           (seen[3].sum == sum);
	bool again = any && was_seen(seen, sum, frame->time);

	for (unsigned i = WAYS - 1; i > 0; i--)
		seen[i] = seen[i - 1];
	seen[0] = (struct seen){.sum = sum, .time = frame->time};
	return again;
}
