/* SPDX-License-Identifier: Apache-2.0 */
#include "source/coverage.h"

#define SHARE 20                    /* one part in so many has other reasons */
#define LEAST ((uint64_t)256 << 10) /* bytes that have */

/* The looks so far say nothing of those to come. */
static void
begin(struct coverage *c, uint64_t counter)
{
	*c = (struct coverage){.begun = true, .counter = counter};
}

uint64_t
coverage_look(struct coverage *c, uint64_t counter, uint64_t captured, bool fair)
{
	uint64_t ahead, sure, margin, more;

	if (!c->begun || !fair || counter < c->counter) {
		begin(c, counter);
		return 0;
	}
	c->counted += counter - c->counter;
	c->captured += captured;
	c->counter = counter;
	ahead = c->counted > c->captured ? c->counted - c->captured : 0;
	sure = ahead < c->ahead ? ahead : c->ahead;
	c->ahead = ahead;
	margin = c->counted / SHARE + LEAST + c->told;
	more = sure > margin ? sure - margin : 0;
	c->told += more;
	return more;
}
