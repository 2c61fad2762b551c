/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_parts.h"

#include <stdint.h>

#include "parse/packet.h"

/* The whole of what was seen so far, or of one device, and what is made of it. */

struct gathering {
	const struct watch *w;
	const uint64_t *only;
	struct spool *to;
	bool fine;
};

static void
gather(struct gathering *g, const struct track_episode *episode)
{
	if (g->only && watch_episode_device(g->w, episode) != *g->only)
		return;
	g->fine = g->fine && spool_add(g->to, episode);
}

static void
gather_open(const struct track_episode *episode, const struct track_pace *pace, void *user)
{
	struct gathering *g = user;
	struct track_episode as_it_is = *episode;

	as_it_is.open = g->w->now - pace->last_good <= SILENT;
	gather(g, &as_it_is);
}

static bool
gather_kept(const void *record, void *user)
{
	struct gathering *g = user;

	gather(g, record);
	return g->fine;
}

/* Those that are kept and those that are open, of all devices or of one. */
static struct spool *
gather_episodes(const struct watch *w, const uint64_t *only)
{
	struct gathering g = {.w = w, .only = only, .fine = true};
	struct track_episode episode;

	g.to = spool_new(sizeof(episode), ENGINE_EPISODES / 8);
	for (size_t i = 0; g.to && g.fine && i < spool_count(w->episodes); i++) {
		g.fine = spool_get(w->episodes, i, &episode);
		if (g.fine)
			gather(&g, &episode);
	}
	if (g.to && g.fine && only)
		g.fine = backlog_each(w->backlog, *only, gather_kept, &g);
	else if (g.to && g.fine)
		g.fine = backlog_each_of_all(w->backlog, gather_kept, &g);
	if (g.to && g.fine && !w->finished)
		engine_each_open(w->engine, gather_open, &g);
	if (g.fine)
		return g.to;
	spool_free(g.to);
	return NULL;
}

static bool
keep(const void *record, void *user)
{
	return spool_add(user, record);
}

bool
watch_take_backlog(struct watch *w, const struct watch_device *d)
{
	bool fine = backlog_each(w->backlog, d->id, keep, w->episodes);

	backlog_forget(w->backlog, d->id);
	return fine;
}

static bool
snapshot(struct watch *w, const uint64_t *only, struct engine_result *so_far)
{
	struct spool *episodes = gather_episodes(w, only);

	if (episodes && w->resting)
		*so_far = w->end;
	if (!episodes || (!w->resting && !engine_snapshot(w->engine, only, so_far))) {
		spool_free(episodes);
		return false;
	}
	so_far->episodes = episodes;
	so_far->episode_count = spool_count(episodes);
	so_far->past = &w->past;
	so_far->out_of_memory = so_far->out_of_memory || w->out_of_memory;
	return true;
}

bool
watch_snapshot(struct watch *w, struct engine_result *so_far)
{
	return snapshot(w, NULL, so_far);
}

void
watch_snapshot_free(struct engine_result *so_far)
{
	spool_free((struct spool *)(uintptr_t)so_far->episodes);
	if (!so_far->lent)
		engine_snapshot_free(so_far);
}

static struct porch_texts
limits_so_far(const struct watch *w, struct arena *arena)
{
	const char **limit = arena_alloc(arena, (w->limits + 1) * sizeof(*limit));

	for (size_t i = 0; limit && i < w->limits; i++)
		limit[i] = arena_text(arena, w->limit[i]);
	return (struct porch_texts){.item = limit, .count = limit ? w->limits : 0};
}

struct porch_input
watch_input(const struct watch *w, struct arena *arena)
{
	struct porch_input input = w->input;
	const char **types = arena_alloc(arena, (w->link_types + 1) * sizeof(*types));

	for (size_t i = 0; types && i < w->link_types; i++) {
		const char *name = packet_link_name(w->link_type[i]);

		types[i] = name ? name : arena_format(arena, "linktype-%u", w->link_type[i]);
	}
	input.path = w->setup.interfaces;
	input.format = "live";
	input.link_types = (struct porch_texts){.item = types, .count = types ? w->link_types : 0};
	input.complete = true;
	input.error_offset = -1;
	input.coverage.limits = limits_so_far(w, arena);
	return input;
}

static bool
add_past(const struct watch *w, struct document_builder *builder)
{
	const struct table *past = w->past_devices;
	bool fine = true;

	for (const struct past_device *p = table_first(past); fine && p; p = table_next(past, p))
		fine = document_add_sums(builder, p->id, p->ledger, &p->traffic);
	return fine;
}

struct porch_document *
watch_document_of(struct watch *w, const uint64_t *only)
{
	struct document_builder *builder = document_builder_new(w->setup.rules, &w->options);
	struct porch_document *doc = NULL;
	struct engine_result so_far;
	struct porch_input input;

	if (!builder || !snapshot(w, only, &so_far)) {
		document_builder_free(builder);
		return NULL;
	}
	document_borrow(builder);
	input = watch_input(w, document_arena(builder));
	if (document_add(builder, &input, &so_far) && add_past(w, builder))
		doc = only ? document_finish_records(builder) : document_finish(builder);
	watch_snapshot_free(&so_far);
	document_builder_free(builder);
	return doc;
}

struct porch_document *
watch_document(struct watch *w)
{
	return watch_document_of(w, NULL);
}
