/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "engine_state.h"
#include "judge/content.h"
#include "judge/receiver.h"
#include "judge/traffic.h"

/*
 * What is thought of an episode while it goes on, from what is known so far: the same
 * judges as at the end, in a replay and on a live wire.
 */

#define FRESH INT64_C(1000000) /* a verdict on a device is good for a second of packet time */

/* The receiver as seen so far: its row holds the flows that ended, these go on. */
static struct destination
row_so_far(const struct engine *e, const struct track_episode *episode)
{
	struct destination row = {.local = episode->local};
	const struct destination *found;
	struct destination_key key;

	memset(&key, 0, sizeof(key));
	key.mac = episode->device.mac;
	key.inside = episode->inside;
	key.what = episode->what;
	found = table_find(e->destinations, &key);
	if (found)
		row = *found;
	row.key = key;
	for (unsigned i = 0; i < episode->flows; i++) {
		const struct flow *flow = flow_table_find(e->flows, &episode->flow[i]);

		if (flow)
			destination_add_flow(&row, flow,
			    addr_equal(&flow->key.end[0], &episode->inside) ? 0 : 1);
	}
	return row;
}

void
engine_see_traffic(const struct engine *e, const struct track_episode *episode,
    struct device_traffic *traffic)
{
	struct destination row = row_so_far(e, episode);

	traffic_see(traffic, e->setup.rules, episode, &row);
}

static struct watched_device *
watched(struct engine *e, const struct device_key *key)
{
	bool created;
	struct watched_device *w = table_see(e->watched, key, &created);

	if (created)
		w->judged = PORCH_NO_TIME;
	return w;
}

/* Adds an episode that has ended to what its device is known for. */
void
engine_learn_episode(struct engine *e, const struct track_episode *episode)
{
	struct device_traffic *traffic = &watched(e, &episode->device)->traffic;

	if (episode->opened >= OPENED_BY_SOUND) {
		struct destination row = row_so_far(e, episode);

		traffic_see(traffic, e->setup.rules, episode, &row);
	}
	if (episode->local)
		return;
	traffic->bytes_up += episode->sums.bytes_up;
	traffic->bytes_down += episode->sums.bytes_down;
}

static const struct device_verdict *
device_so_far(struct engine *e, const struct track_episode *episode, const struct destination *row)
{
	struct watched_device *w = watched(e, &episode->device);
	const struct device *device = table_find(e->devices, &episode->device);
	struct device_traffic traffic = w->traffic;

	if (!device || (w->judged != PORCH_NO_TIME && e->now - w->judged < FRESH))
		return &w->verdict;
	traffic_see(&traffic, e->setup.rules, episode, row);
	traffic.bytes_up += episode->sums.bytes_up;
	traffic.bytes_down += episode->sums.bytes_down;
	device_judge(e->setup.rules, NULL, device, &traffic, NULL, &w->verdict);
	w->judged = e->now;
	return &w->verdict;
}

static bool
named_by_user(const struct engine *e, const struct track_episode *episode)
{
	char mac[MAC_TEXT], addr[ADDR_TEXT];

	mac_format(&episode->device.mac, mac);
	addr_format(&episode->inside, addr);
	for (size_t i = 0; i < e->setup.named_count; i++)
		if (strcasecmp(e->setup.named[i], mac) == 0 ||
		    strcasecmp(e->setup.named[i], addr) == 0)
			return true;
	return false;
}

/* Who told the device something before: only what it is for matters. */
static void
purposes_of(const struct engine *e, const struct track_episode *episode,
    struct porch_destination *told_by)
{
	struct track_episode of = {.device = episode->device,
	    .inside = episode->inside,
	    .what = episode->message_down.what};
	struct destination row = row_so_far(e, &of);
	struct receiver found;

	memset(told_by, 0, sizeof(*told_by));
	if (row.name && !row.contradicted && rules_host(e->setup.rules, row.name, &found))
		told_by->purposes = found.purposes;
}

void
engine_judge_open(struct engine *e, const struct track_episode *episode, struct arena *arena,
    struct porch_destination *to, struct porch_episode *record)
{
	struct destination row = row_so_far(e, episode);
	const struct device_verdict *verdict = device_so_far(e, episode, &row);
	struct porch_destination told_by;
	struct content_context context = {
	    .rules = e->setup.rules,
	    .device = verdict,
	    .device_named = named_by_user(e, episode),
	    .receiver = to,
	};

	memset(to, 0, sizeof(*to));
	memset(record, 0, sizeof(*record));
	if (episode->message_down.time != PORCH_NO_TIME) {
		purposes_of(e, episode, &told_by);
		context.told_by = &told_by;
	}
	receiver_judge(e->setup.rules, &row, verdict->vendor, arena, to);
	record->id = episode->id;
	record->device = device_key_id(&episode->device);
	record->destination = destination_id(record->device, episode->what);
	record->input = e->setup.input;
	record->sequence = episode->sequence;
	record->known = episode->known;
	to->id = record->destination;
	to->device = record->device;
	content_judge(&context, episode, arena, record);
}

bool
engine_knows_footage(const struct track_episode *episode, void *user)
{
	struct arena *arena = arena_new();
	struct porch_destination to;
	struct porch_episode record;
	bool known;

	if (!arena)
		return false;
	engine_judge_open(user, episode, arena, &to, &record);
	known = record.footage == PORCH_FOOTAGE_YES;
	arena_free(arena);
	return known;
}

/* A listener of open episodes, on the way through the table. */
struct telling {
	struct engine *engine;
	engine_open_fn *tell;
	void *user;
};

static void
tell_open(const struct track_episode *episode, const struct track_pace *pace, void *user)
{
	struct telling *t = user;
	struct arena *arena = arena_new();
	struct porch_destination to;
	struct porch_episode record;

	(void)pace;
	if (!arena)
		return;
	engine_judge_open(t->engine, episode, arena, &to, &record);
	t->tell(&record, &to, t->user);
	arena_free(arena);
}

void
engine_open_episodes(struct engine *e, engine_open_fn *tell, void *user)
{
	struct telling telling = {.engine = e, .tell = tell, .user = user};

	track_table_each_open(e->tracks, tell_open, &telling);
}
