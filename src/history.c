/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "history_state.h"

static bool
take_tables(struct history *h)
{
	h->receivers = table_new(HISTORY_RECEIVERS, sizeof(struct receiver_state),
	    sizeof(struct destination_key), 0);
	h->ends = table_new(HISTORY_ENDS, sizeof(struct end_state), sizeof(struct end_key), 0);
	h->devices =
	    table_new(HISTORY_DEVICES, sizeof(struct device_state), sizeof(struct device_key), 0);
	h->open = table_new(HISTORY_OPEN, sizeof(struct open_state), sizeof(uint64_t), 0);
	h->watched = table_new(HISTORY_DEVICES, sizeof(uint64_t), sizeof(uint64_t), 0);
	if (!h->texts)
		h->texts = arena_new();
	return h->receivers && h->ends && h->devices && h->open && h->watched && h->texts;
}

static void
free_tables(struct history *h)
{
	table_free(h->receivers);
	table_free(h->ends);
	table_free(h->devices);
	table_free(h->open);
	table_free(h->watched);
	pile_free(&h->counted);
	free(h->closed);
	h->receivers = h->ends = h->devices = h->open = h->watched = NULL;
	h->closed = NULL;
	h->closed_bytes = 0;
}

static struct store *
open_store(const struct history *h, const char **lost, struct porch_error *error)
{
	const struct store_setup setup = {
	    .path = h->setup.path,
	    .key = h->setup.key,
	    .copy = h->setup.copy,
	    .read_only = h->setup.read_only,
	    .must_be_there = h->setup.must_be_there,
	    .again = h->failing,
	};

	return store_open(&setup, lost, error);
}

static void
warn(const struct history *h, const char *what)
{
	char line[640];

	if (!h->setup.warn)
		return;
	snprintf(line, sizeof(line), "history: %s", what);
	h->setup.warn(line, h->setup.user);
}

static bool
take_path(struct history *h, const char *path)
{
	struct stat there;
	bool folder = stat(path, &there) == 0 && S_ISDIR(there.st_mode);
	int len = snprintf(h->path, sizeof(h->path), "%s%s", path, folder ? "/history.db" : "");

	h->setup.path = h->path;
	return len > 0 && (size_t)len < sizeof(h->path);
}

struct history *
history_open(const struct history_setup *setup, struct porch_error *error)
{
	struct history *h = calloc(1, sizeof(*h));
	const char *lost = NULL;
	bool all;

	*error = (struct porch_error){.offset = -1};
	if (!h || (h->setup = *setup, !take_path(h, setup->path)) || !take_tables(h)) {
		snprintf(error->text, sizeof(error->text), "out of memory, or too long a name");
		history_close(h);
		return NULL;
	}
	if (h->setup.days == 0)
		h->setup.days = HISTORY_DAYS;
	if (h->setup.budget == 0)
		h->setup.budget = HISTORY_BUDGET;
	if (h->setup.copy_minutes == 0)
		h->setup.copy_minutes = 60;
	h->store = open_store(h, &lost, error);
	if (!h->store) {
		history_close(h);
		return NULL;
	}
	if (lost)
		warn(h, lost);
	h->forgotten = store_forgotten(h->store, 0, &all);
	h->ticked = h->purged = h->copied = h->keep_until = PORCH_NO_TIME;
	return h;
}

void
history_close(struct history *h)
{
	if (!h)
		return;
	store_close(h->store);
	free_tables(h);
	arena_free(h->texts);
	free(h->known);
	free(h);
}

/* The file is let go, so that its disk can be repaired, and opened anew with the next attempt. */
void
history_fail(struct history *h, const char *doing)
{
	char line[512];

	if (!h->failing) {
		snprintf(line, sizeof(line),
		    "%s: %s; what is new waits in memory until it can be stored", h->setup.path,
		    doing);
		warn(h, line);
	}
	h->failing = true;
	store_close(h->store);
	h->store = NULL;
}

/* Nothing of this session is in the file that was opened. */
static bool
begin_anew(struct history *h)
{
	h->begun = false;
	h->session = 0;
	h->now = (struct history_now){.sums.first = PORCH_NO_TIME, .sums.last = PORCH_NO_TIME};
	free_tables(h);
	return take_tables(h);
}

bool
history_recover(struct history *h)
{
	struct porch_error error;
	const char *lost = NULL;

	if (h->store)
		return true;
	h->store = open_store(h, &lost, &error);
	if (!h->store) {
		history_fail(h, error.text);
		return false;
	}
	if (!lost)
		return true;
	warn(h, lost);
	return begin_anew(h);
}

static struct porch_texts
own_texts(struct arena *arena, const char *const *item, size_t count)
{
	const char **copy = arena_alloc(arena, (count + 1) * sizeof(*copy));

	for (size_t i = 0; copy && i < count; i++)
		copy[i] = arena_text(arena, item[i]);
	return (struct porch_texts){.item = copy, .count = copy ? count : 0};
}

static void
take_options(struct history *h)
{
	const struct porch_options *o = h->setup.options;
	struct history_session *s = &h->facts;

	s->inspector = o->inspector != NULL;
	s->filter = arena_text(h->texts, o->filter);
	s->home = own_texts(h->texts, o->home, o->home_count);
	s->devices = own_texts(h->texts, o->devices, o->device_count);
	s->labels = own_texts(h->texts, o->labels, o->label_count);
	s->all_devices = o->all_devices;
	s->mirror = o->mirror;
	s->dedup = o->dedup;
	s->no_dpi = o->no_dpi;
}

/* Writes the session's row; it gets its number with the first one. */
bool
history_commit_session(struct history *h, int64_t now)
{
	int64_t hour = history_hour(now);

	if (h->session == 0)
		h->session = store_next_session(h->store);
	h->facts.last = now;
	if (!history_put_session(h, hour))
		return false;
	h->now.session_time = hour;
	h->begun = true;
	return true;
}

bool
history_begin(struct history *h, const char *interfaces, int64_t start, uint64_t boot)
{
	const char *path = arena_text(h->texts, interfaces);

	h->facts = (struct history_session){
	    .start = start,
	    .first = PORCH_NO_TIME,
	    .last = start,
	    .boot = boot,
	    .complete = true,
	    .library = "",
	    .interfaces = path ? path : "",
	};
	take_options(h);
	h->has_facts = true;
	h->now = (struct history_now){.sums.first = PORCH_NO_TIME, .sums.last = PORCH_NO_TIME};
	if (store_begin(h->store) == STORE_DONE) {
		if (history_commit_session(h, start) && store_commit(h->store) == STORE_DONE)
			return true;
		store_rollback(h->store);
		h->begun = false;
		h->session = 0;
	}
	history_fail(h, store_why(h->store));
	return false;
}

void
history_input(struct history *h, const struct porch_input *input)
{
	if (input->link_types.count != h->facts.link_types.count)
		h->facts.link_types =
		    own_texts(h->texts, input->link_types.item, input->link_types.count);
	if (input->coverage.limits.count != h->facts.coverage.limits.count)
		h->facts.coverage.limits =
		    own_texts(h->texts, input->coverage.limits.item, input->coverage.limits.count);
	h->facts.coverage.known = input->coverage.known;
	h->facts.coverage.unobserved_bytes = input->coverage.unobserved_bytes;
	h->facts.bytes = input->bytes;
	h->facts.complete = input->complete;
}

/* Texts of earlier ones stay with those of the session: a change is rare. */
void
history_change(struct history *h, const struct porch_rules *rules,
    const struct porch_options *options)
{
	h->setup.rules = rules;
	h->setup.options = options;
	take_options(h);
}
