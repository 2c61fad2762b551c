/* SPDX-License-Identifier: Apache-2.0 */
#include "home/duplicates.h"

#include <stdlib.h>

#include "base/cursor.h"

#define RECENT 1024  /* frames remembered, by a part of their sum */
#define WINDOW 10000 /* microseconds; a retransmission takes longer */
#define HEAD   128   /* headers, checksums and sequence numbers lie within */

struct seen {
	uint64_t sum;
	int64_t time;
};

struct duplicates {
	struct seen seen[RECENT];
};

struct duplicates *
duplicates_new(void)
{
	return calloc(1, sizeof(struct duplicates));
}

void
duplicates_free(struct duplicates *duplicates)
{
	free(duplicates);
}

static uint64_t
mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

/* Of a whole head.  Four sums side by side: each step of one waits for the step before. */
static uint64_t
sum_of_head(const uint64_t word[static HEAD / 8])
{
	uint64_t a = 1, b = 2, c = 3, d = 4;

	for (size_t i = 0; i < HEAD / 8; i += 4) {
		a = mix(a, word[i]);
		b = mix(b, word[i + 1]);
		c = mix(c, word[i + 2]);
		d = mix(d, word[i + 3]);
	}
	return mix(mix(a, b), mix(c, d));
}

/*
 * Of the first bytes, and the length: two packets that differ later differ in their
 * checksums too.
 */
static uint64_t
sum_of(const struct frame *frame)
{
	struct cursor all = cursor_over(frame->bytes, frame->captured);
	struct cursor head = cursor_sub_clamped(&all, HEAD);
	uint64_t sum = mix(UINT64_C(0x243f6a8885a308d3), frame->on_wire);
	uint64_t word[HEAD / 8];

	if (cursor_be64s(&head, word, HEAD / 8))
		sum = mix(sum, sum_of_head(word));
	while (cursor_left(&head) >= 8)
		sum = mix(sum, cursor_be64(&head));
	while (cursor_left(&head) > 0)
		sum = mix(sum, cursor_u8(&head));
	return mix(sum, frame->link_type);
}

bool
duplicates_see(struct duplicates *duplicates, const struct frame *frame)
{
	uint64_t sum = sum_of(frame);
	struct seen *seen = &duplicates->seen[sum % RECENT];
	int64_t apart = frame->time - seen->time;
	bool again = seen->sum == sum && apart >= -WINDOW && apart <= WINDOW;

	*seen = (struct seen){.sum = sum, .time = frame->time};
	return again;
}
