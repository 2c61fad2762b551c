/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "history_state.h"

/* Devices that are not watched: sums by the end of the home that they are, and hour. */

static const struct end_key nobody; /* for ends beyond those that can be kept in mind */

static struct end_state *
end_of(struct flush *f, const struct end_key *key)
{
	bool created, has_room = table_count(f->ends) < HISTORY_ENDS - 1;

	if (!table_find(f->ends, key) && !table_find(f->h->ends, key) && !has_room)
		key = &nobody;
	return table_see(f->ends, key, &created);
}

/* One row is one receiver. */
static void
add_row(struct destination *to, const struct destination *row)
{
	struct destination one = {
	    .local = row->local,
	    .up = row->up,
	    .down = row->down,
	    .flows = 1,
	    .first_seen = row->first_seen,
	    .last_seen = row->last_seen,
	    .advice = row->advice,
	};

	destination_merge(to, &one);
}

void
flush_add_to_end(struct flush *f, uint64_t device, const struct destination *row)
{
	struct end_key key = {.mac = row->key.mac, .inside = row->key.inside};
	struct end_state *end = end_of(f, &key);

	end->device = memcmp(&end->key, &nobody, sizeof(nobody)) == 0 ? 0 : device;
	add_row(row->local ? &end->local : &end->outside, row);
}

static bool
is_among(const struct pile *pile, uint64_t number)
{
	const uint64_t *item = pile->item;

	for (size_t i = 0; i < pile->count; i++)
		if (item[i] == number)
			return true;
	return false;
}

/* What to add to the rows that are there; false when nothing is. */
static bool
part_of(const struct flush *f, const struct destination *now, const struct destination *was,
    struct destination *part)
{
	*part = *now;
	part->up.bytes -= was->up.bytes;
	part->up.packets -= was->up.packets;
	part->down.bytes -= was->down.bytes;
	part->down.packets -= was->down.packets;
	part->flows -= was->flows;
	part->advice.flows -= was->advice.flows;
	part->advice.quarantined -= was->advice.quarantined;
	if (now->flows == 0) /* a table that was full let all of them go */
		part->first_seen = part->last_seen = was->last_seen;
	else
		part->first_seen = flush_first(f, now->first_seen, was->flows > 0, was->first_seen);
	return memcmp(now, was, sizeof(*now)) != 0;
}

static bool
put_end(struct flush *f, const struct end_state *now, const struct end_state *was)
{
	static const struct end_state none;
	struct history_rest part = {
	    .mac = now->key.mac,
	    .inside = now->key.inside,
	    .split = splits_has(f->so_far->splits, &now->key.mac),
	};
	bool outside, local;

	if (!was || is_among(&f->begun_anew, was->device))
		was = &none;
	outside = part_of(f, &now->outside, &was->outside, &part.outside);
	local = part_of(f, &now->local, &was->local, &part.local);
	if (!outside)
		memset(&part.outside, 0, sizeof(part.outside));
	if (!local)
		memset(&part.local, 0, sizeof(part.local));
	return (!outside && !local) || history_put_rest(f->h, f->hour, now->device, &part);
}

bool
flush_ends(struct flush *f)
{
	struct history *h = f->h;

	for (const struct end_state *end = table_first(f->ends); end;
	     end = table_next(f->ends, end))
		if (!put_end(f, end, table_find(h->ends, &end->key)))
			return false;
	for (const struct end_state *end = table_first(h->ends); end;
	     end = table_next(h->ends, end)) {
		struct end_state empty = {.key = end->key, .device = end->device};

		if (!table_find(f->ends, &end->key) && !is_among(&f->begun_anew, end->device) &&
		    !put_end(f, &empty, end))
			return false;
	}
	return true;
}

static void
add_traffic(struct device_traffic *to, const struct device_traffic *from)
{
	to->streams += from->streams;
	to->calls += from->calls;
	to->peer_streams += from->peer_streams;
	to->to_footage_hosts += from->to_footage_hosts;
}

/* Episodes that were counted, and that memory has dropped. */
static void
keep_gone(struct flush *f)
{
	const struct counted *c = f->h->counted.item;

	for (size_t i = 0; i < f->h->counted.count; i++) {
		struct end_state *end;

		if (census_has(f->census, c[i].ordinal))
			continue;
		end = table_find(f->ends, &c[i].end);
		if (end)
			add_traffic(&end->gone, &c[i].traffic);
	}
}

void
flush_keep_ends(struct flush *f)
{
	struct history *h = f->h;

	for (struct end_state *end = table_first(f->ends); end; end = table_next(f->ends, end)) {
		const struct end_state *was = table_find(h->ends, &end->key);

		if (was)
			end->gone = was->gone;
	}
	keep_gone(f);
	table_free(h->ends);
	h->ends = f->ends;
	f->ends = NULL;
}

/* An episode that is counted now, or is not counted any more as it was. */
struct change {
	const struct counted *counted;
	bool taken_back;
};

static int
by_end_and_hour(const void *left, const void *right)
{
	const struct counted *a = ((const struct change *)left)->counted;
	const struct counted *b = ((const struct change *)right)->counted;
	int order = memcmp(&a->end, &b->end, sizeof(a->end));

	return order ? order : (a->hour > b->hour) - (a->hour < b->hour);
}

static bool
list_changes(struct flush *f, struct pile *changes)
{
	const struct counted *was = f->h->counted.item, *now = f->census->counted.item;
	struct change *change;

	for (size_t i = 0; i < f->h->counted.count; i++) {
		if (!census_has(f->census, was[i].ordinal))
			continue;
		if (!(change = pile_add(changes, sizeof(*change))))
			return false;
		*change = (struct change){.counted = &was[i], .taken_back = true};
	}
	for (size_t i = 0; i < f->census->counted.count; i++) {
		if (!(change = pile_add(changes, sizeof(*change))))
			return false;
		*change = (struct change){.counted = &now[i]};
	}
	if (changes->count > 1)
		qsort(changes->item, changes->count, sizeof(*change), by_end_and_hour);
	return true;
}

static void
negate(struct history_ledger *one)
{
	for (int i = 0; i < PORCH_CONTENTS; i++) {
		one->row[i].bytes_up = -one->row[i].bytes_up;
		one->row[i].bytes_down = -one->row[i].bytes_down;
		one->row[i].episodes = -one->row[i].episodes;
	}
	one->traffic.streams = -one->traffic.streams;
	one->traffic.calls = -one->traffic.calls;
	one->traffic.peer_streams = -one->traffic.peer_streams;
	one->traffic.to_footage_hosts = -one->traffic.to_footage_hosts;
}

static void
add_change(struct history_ledger *sum, const struct change *change)
{
	const struct counted *c = change->counted;
	struct history_ledger one;

	memset(&one, 0, sizeof(one));
	add_traffic(&one.traffic, &c->traffic);
	if (c->in_ledger)
		one.row[c->content] = (struct porch_ledger_row){
		    .bytes_up = c->bytes_up, .bytes_down = c->bytes_down, .episodes = 1};
	if (change->taken_back)
		negate(&one);
	history_add_ledger(sum, &one);
}

/* Adds the changes of one end and hour, if they come to anything. */
static bool
put_changes(struct flush *f, const struct change *change, size_t count)
{
	static const struct history_ledger nothing;
	const struct counted *c = change[count - 1].counted;
	struct history_ledger sum;

	memset(&sum, 0, sizeof(sum));
	for (size_t i = 0; i < count; i++)
		add_change(&sum, &change[i]);
	if (memcmp(&sum, &nothing, sizeof(sum)) == 0)
		return true;
	sum.mac = c->end.mac;
	sum.inside = c->end.inside;
	return history_put_ledger(f->h, c->hour, c->device, &sum);
}

bool
flush_ledger(struct flush *f)
{
	struct pile changes = {.item = NULL};
	bool fine = list_changes(f, &changes);
	const struct change *change = changes.item;
	size_t from = 0;

	for (size_t to = 1; fine && to <= changes.count; to++) {
		if (to < changes.count && by_end_and_hour(&change[from], &change[to]) == 0)
			continue;
		fine = put_changes(f, &change[from], to - from);
		from = to;
	}
	pile_free(&changes);
	return fine;
}
