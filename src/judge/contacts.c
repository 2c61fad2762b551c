/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/contacts.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

#define RECEIVERS 6               /* of one device that are remembered: those spoken with last */
#define SAME      INT64_C(500000) /* microseconds */

/* The last two times: an episode may be known only seconds after it began. */
struct contact {
	uint64_t what;
	int64_t last[2];   /* down, up */
	int64_t before[2]; /* the time before that one */
};

struct spoken {
	struct device_key device;
	struct contact contact[RECEIVERS]; /* latest first */
	unsigned contacts;
};

struct contacts {
	struct table *table;
};

struct contacts *
contacts_new(size_t max, uint64_t seed)
{
	struct contacts *contacts = calloc(1, sizeof(*contacts));

	if (!contacts)
		return NULL;
	contacts->table = table_new(max, sizeof(struct spoken), sizeof(struct device_key), seed);
	if (contacts->table)
		return contacts;
	free(contacts);
	return NULL;
}

void
contacts_free(struct contacts *contacts)
{
	if (!contacts)
		return;
	table_free(contacts->table);
	free(contacts);
}

/* The receiver's entry, moved to the front; the one that was last there makes room. */
static struct contact *
to_front(struct spoken *s, uint64_t what)
{
	struct contact found = {.what = what,
	    .last = {PORCH_NO_TIME, PORCH_NO_TIME},
	    .before = {PORCH_NO_TIME, PORCH_NO_TIME}};
	unsigned at = 0;

	while (at < s->contacts && s->contact[at].what != what)
		at++;
	if (at < s->contacts)
		found = s->contact[at];
	else if (s->contacts < RECEIVERS)
		s->contacts++;
	else
		at = RECEIVERS - 1;
	memmove(&s->contact[1], &s->contact[0], at * sizeof(found));
	s->contact[0] = found;
	return &s->contact[0];
}

void
contacts_see(struct contacts *contacts, const struct device_key *device, uint64_t what, bool up,
    int64_t time)
{
	struct spoken *s;
	struct contact *c;
	bool created;

	s = table_see(contacts->table, device, &created);
	c = to_front(s, what);
	c->before[up] = c->last[up];
	c->last[up] = time;
}

/* The later of two times that both must lie in [from, to). */
static void
consider(struct track_before *best, uint64_t what, int64_t time, int64_t from, int64_t to)
{
	if (time == PORCH_NO_TIME || time < from || time >= to)
		return;
	if (best->time == PORCH_NO_TIME || time > best->time)
		*best = (struct track_before){.time = time, .what = what};
}

struct track_before
contacts_before(const struct contacts *contacts, const struct device_key *device, uint64_t what,
    bool up, int64_t start, int64_t within)
{
	struct track_before best = {.time = PORCH_NO_TIME};
	const struct spoken *s = table_find(contacts->table, device);

	for (unsigned i = 0; s && i < s->contacts; i++) {
		const struct contact *c = &s->contact[i];
		int64_t end = c->what == what ? start - SAME : start;

		consider(&best, c->what, c->last[up], start - within, end);
		consider(&best, c->what, c->before[up], start - within, end);
	}
	return best;
}
