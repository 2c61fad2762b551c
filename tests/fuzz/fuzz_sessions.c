/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "sink/site/guard.h"

#define NOW   1000
#define CLOCK INT64_C(1800000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was taken up is saved as it was, and goes on no longer than a session may. */
static void
take_up(struct guard *guard, struct guard *again, const char state[static GUARD_STATE])
{
	char saved[GUARD_STATE + 1] = "", twice[GUARD_STATE + 1] = "";

	guard_restore(guard, state, NOW, CLOCK);
	guard_save(guard, NOW, CLOCK, saved);
	guard_restore(again, saved, NOW, CLOCK);
	guard_save(again, NOW, CLOCK, twice);
	if (memcmp(saved, twice, sizeof(saved)) != 0)
		abort();
	guard_save(guard, NOW + SESSION_LAST, CLOCK, saved);
	if (memchr(saved, 0, GUARD_STATE) || strstr(strchr(saved, '\n') + 1, "session"))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct guard_setup setup = {.port = 8642, .token = true};
	struct guard *guard = guard_new(&setup), *again = guard_new(&setup);
	char state[GUARD_STATE] = "";

	memcpy(state, data, size < GUARD_STATE ? size : GUARD_STATE);
	if (guard && again)
		take_up(guard, again, state);
	guard_free(guard);
	guard_free(again);
	return 0;
}
