/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_state.h"

#include <stdlib.h>
#include <string.h>

#include "rules/model.h"

#define SECOND    INT64_C(1000000)
#define FRAGMENTS 1024

static const struct engine_sizes defaults = {
    .flows = 16384,
    .devices = 4096,
    .destinations = 6144,
    .tracks = 4096,
    .names = 3072,
    .pending = 1024,
    .hellos = HELLO_SLOTS,
    .neighbours = 4096,
};

static bool
number(const struct porch_rules *rules, const char *name, int64_t *value, struct porch_error *error)
{
	if (rules_number(rules, name, value, NULL) && *value > 0)
		return true;
	memset(error, 0, sizeof(*error));
	error->offset = -1;
	strcpy(error->file, "models/thresholds.json");
	strncpy(error->where, name, sizeof(error->where) - 1);
	strcpy(error->text, "the rules lack this number, or it is not above zero");
	return false;
}

/* The numbers of the episode rule; rates become bytes of a bin. */
bool
engine_read_rule(const struct porch_rules *rules, struct track_rule *rule, int64_t *idle,
    int64_t *forward, struct porch_error *error)
{
	int64_t on, off, message, talk, edge, full, value[7];
	static const char *const plain[7] = {"episode.sound_bins", "episode.sound_percent",
	    "episode.download_bytes", "episode.download_per_up", "episode.before_us",
	    "episode.sequence_us", "episode.series_bytes"};

	if (!number(rules, "episode.bin_us", &rule->bin_us, error) ||
	    !number(rules, "episode.silence_us", &rule->silence_us, error) ||
	    !number(rules, "episode.on_bps", &on, error) ||
	    !number(rules, "episode.off_bps", &off, error) ||
	    !number(rules, "episode.message_bps", &message, error) ||
	    !number(rules, "episode.talk_bps", &talk, error) ||
	    !number(rules, "episode.edge_bytes", &edge, error) ||
	    !number(rules, "episode.full_bytes", &full, error) ||
	    !number(rules, "flow.idle_us", idle, error) ||
	    !number(rules, "clock.forward_step_us", forward, error))
		return false;
	for (size_t i = 0; i < 7; i++)
		if (!number(rules, plain[i], &value[i], error))
			return false;
	rule->on_bytes = (uint64_t)(on * rule->bin_us / 8 / SECOND);
	rule->off_bytes = (uint64_t)(off * rule->bin_us / 8 / SECOND);
	rule->message_bytes = (uint64_t)(message * rule->bin_us / 8 / SECOND);
	rule->talk_bytes = (uint64_t)(talk * rule->bin_us / 8 / SECOND);
	rule->edge_bytes = (uint32_t)edge;
	rule->full_bytes = (uint32_t)full;
	rule->sound_bins = (uint64_t)value[0];
	rule->sound_percent = (uint64_t)value[1];
	rule->download_bytes = (uint64_t)value[2];
	rule->download_per_up = (uint64_t)value[3];
	rule->before_us = value[4];
	rule->sequence_us = value[5];
	rule->series_bytes = (uint64_t)value[6];
	return true;
}

bool
engine_rules_suffice(const struct porch_rules *rules, struct porch_error *error)
{
	struct track_rule rule;
	int64_t idle, forward;

	return engine_read_rule(rules, &rule, &idle, &forward, error);
}

static size_t
or_default(size_t given, size_t otherwise)
{
	return given ? given : otherwise;
}

static struct engine_sizes
sizes_of(const struct engine_sizes *given)
{
	return (struct engine_sizes){
	    .flows = or_default(given->flows, defaults.flows),
	    .devices = or_default(given->devices, defaults.devices),
	    .destinations = or_default(given->destinations, defaults.destinations),
	    .tracks = or_default(given->tracks, defaults.tracks),
	    .names = or_default(given->names, defaults.names),
	    .pending = or_default(given->pending, defaults.pending),
	    .hellos = or_default(given->hellos, defaults.hellos),
	    .neighbours = or_default(given->neighbours, defaults.neighbours),
	};
}

/*
 * How many hold a text of one size at most: a flow its name and one of ALPN and JA4, a receiver
 * three, answers and who waits the names there are; and two that are on their way.
 */
static size_t
texts_held(const struct engine_sizes *n)
{
	return 2 * n->flows + 3 * n->destinations + NAMES_TEXTS * (n->names + n->pending) + 2;
}

static bool
take_memory(struct engine *e, const struct track_rule *rule, int64_t idle)
{
	const struct engine_setup *s = &e->setup;
	const struct engine_sizes n = e->setup.sizes;
	struct inside_options inside = {
	    .home = s->home, .home_count = s->home_count, .seed = s->seed};

	e->inside = inside_new(&inside);
	e->fragments = fragments_new(FRAGMENTS, s->seed);
	e->splits = splits_new(n.devices, s->seed);
	e->neighbours =
	    table_new(n.neighbours, sizeof(struct neighbour), sizeof(struct addr), s->seed);
	e->devices =
	    table_new(n.devices, sizeof(struct device), sizeof(struct device_key), s->seed);
	e->flows = flow_table_new(n.flows, idle, s->seed);
	e->pending = pending_pool_new(n.pending);
	e->listener.texts = texts_new(texts_held(&n), s->seed);
	e->listener.names = names_new(n.names, e->listener.texts, s->seed);
	e->listener.introductions = introductions_new(n.neighbours, s->seed);
	e->listener.hellos = hello_reader_new(n.hellos);
	e->listener.inside = e->inside;
	e->destinations = table_new(n.destinations, sizeof(struct destination),
	    sizeof(struct destination_key), s->seed);
	e->tracks = track_table_new(n.tracks, rule, s->seed);
	e->episodes = spool_new(sizeof(struct track_episode), ENGINE_EPISODES);
	e->watched =
	    table_new(n.devices, sizeof(struct watched_device), sizeof(struct device_key), s->seed);
	e->duplicates = duplicates_new();
	e->memo = calloc(HOST_MEMOS, sizeof(*e->memo));
	e->introduces = calloc(UINT16_MAX + 1, sizeof(*e->introduces));
	return e->inside && e->fragments && e->splits && e->neighbours && e->devices && e->flows &&
	       e->pending && e->listener.texts && e->listener.names && e->listener.introductions &&
	       e->listener.hellos && e->destinations && e->tracks && e->episodes && e->watched &&
	       e->duplicates && e->memo && e->introduces;
}

struct engine *
engine_new(const struct engine_setup *setup, struct porch_error *error)
{
	struct engine *e = calloc(1, sizeof(*e));
	struct track_rule rule;
	int64_t idle;

	if (!e)
		return NULL;
	e->setup = *setup;
	e->setup.sizes = sizes_of(&setup->sizes);
	engine_capture_hosts(e, setup->capture_hosts, setup->capture_host_count);
	e->parsing.open_mirrors = setup->mirror;
	if (!engine_read_rule(setup->rules, &rule, &idle, &e->forward_step_us, error) ||
	    !take_memory(e, &rule, idle)) {
		engine_free(e);
		return NULL;
	}
	if (setup->dpi && !(e->adviser = adviser_new(e, setup->dpi))) {
		engine_free(e);
		return NULL;
	}
	flow_table_on_end(e->flows, engine_end_flow, e);
	track_table_on_close(e->tracks, engine_close_episode, e);
	if (setup->follow)
		track_table_on_bin(e->tracks, engine_knows_footage, e);
	table_on_leave(e->destinations, engine_fold_destination, e);
	table_count_changes(e->devices, &e->places);
	splits_count_places(e->splits, &e->places);
	track_table_count_places(e->tracks, &e->places);
	return e;
}

void
engine_rest(struct engine *e)
{
	flow_table_free(e->flows);
	pending_pool_free(e->pending);
	names_free(e->listener.names);
	introductions_free(e->listener.introductions);
	hello_reader_free(e->listener.hellos);
	track_table_free(e->tracks);
	duplicates_free(e->duplicates);
	fragments_free(e->fragments);
	table_free(e->neighbours);
	e->flows = NULL;
	e->pending = NULL;
	e->listener.names = NULL;
	e->listener.introductions = NULL;
	e->listener.hellos = NULL;
	e->tracks = NULL;
	e->duplicates = NULL;
	e->fragments = NULL;
	e->neighbours = NULL;
}

void
engine_free(struct engine *e)
{
	if (!e)
		return;
	engine_rest(e);
	inside_free(e->inside);
	splits_free(e->splits);
	table_free(e->devices);
	table_free(e->destinations);
	texts_free(e->listener.texts);
	table_free(e->watched);
	free(e->memo);
	free(e->introduces);
	adviser_free(e->adviser);
	spool_free(e->episodes);
	free(e->claim);
	free(e);
}
