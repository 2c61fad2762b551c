/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/crypto.h"
#include "dpi/dpi.h"

#define ON_WIRE_MAX 262144 /* a record's share of bytes is no more, as of a file's */

static bool
fail(struct porch_error *error, const char *file, const char *where, const char *text)
{
	memset(error, 0, sizeof(*error));
	error->offset = -1;
	snprintf(error->file, sizeof(error->file), "%s", file);
	snprintf(error->where, sizeof(error->where), "%s", where);
	snprintf(error->text, sizeof(error->text), "%s", text);
	return false;
}

void
watch_tell(struct watch *w, struct porch_event *event)
{
	event->boot = w->setup.boot;
	event->sequence = event->kind == PORCH_EVENT_STATE ? 0 : ++w->sequence;
	event->time = w->now;
	w->setup.tell(event, w->setup.user);
}

struct watch_device *
watch_device_of(struct watch *w, uint64_t id)
{
	bool created;

	return table_see(w->devices, &id, &created);
}

uint64_t
watch_episode_device(const struct watch *w, const struct track_episode *episode)
{
	struct device_key key =
	    engine_device_key(w->engine->splits, &episode->device.mac, &episode->inside);

	return device_key_id(&key);
}

/* The prefixes of --home; the caller frees them. */
static struct prefix *
read_home(const struct porch_options *o, struct porch_error *error)
{
	struct prefix *home = calloc(o->home_count + 1, sizeof(*home));

	if (!home)
		fail(error, "", "", "out of memory");
	for (size_t i = 0; home && i < o->home_count; i++) {
		if (prefix_parse(o->home[i], &home[i]))
			continue;
		fail(error, o->home[i], "--home", "is no address and no prefix");
		free(home);
		return NULL;
	}
	return home;
}

/* An episode is over: its device is looked at if it is one that may be told. */
static void
take_closed(const struct track_episode *episode, void *user)
{
	struct watch *w = user;
	uint64_t id = watch_episode_device(w, episode);
	struct watch_device *d = table_find(w->devices, &id);

	if (d && d->watched ? !spool_add(w->episodes, episode)
	                    : !backlog_add(w->backlog, id, episode))
		w->out_of_memory = true;
	if (!d && episode->opened >= OPENED_BY_SOUND)
		d = watch_device_of(w, id);
	if (d && (d->watched || episode->opened >= OPENED_BY_SOUND))
		d->due = true;
}

/* For 50 devices and 5,000 flows at a time in 24 MiB, with the rules; what is not used is not
 * taken. */
static struct engine_sizes
sizes_of(const struct watch *w)
{
	const struct porch_options *o = &w->options;
	size_t scale = w->setup.scale > 1 ? w->setup.scale : 1;

	return (struct engine_sizes){
	    .flows = o->max_flows ? o->max_flows : 6144 * scale,
	    .devices = o->max_devices ? o->max_devices : 512 * scale,
	    .destinations = 2048 * scale,
	    .tracks = 768 * scale,
	    .names = 1536 * scale,
	    .pending = 192 * scale,
	    .hellos = 48 * scale,
	    .neighbours = 512 * scale,
	};
}

static bool
is_watched(const struct watch *w, uint64_t id)
{
	const struct watch_device *d = id ? table_find(w->devices, &id) : NULL;

	return d && d->watched;
}

static void
keep_frame(const struct engine_kept *kept, void *user)
{
	struct watch *w = user;

	if (kept->always || is_watched(w, kept->device[0]) || is_watched(w, kept->device[1]))
		w->setup.keep(kept->frame, kept->bytes, w->setup.keep_user);
}

static bool
take_engine(struct watch *w, struct porch_error *error)
{
	const struct porch_options *o = &w->options;
	struct engine_setup setup = {
	    .rules = w->setup.rules,
	    .home = w->home,
	    .home_count = o->home_count,
	    .mirror = o->mirror,
	    .dedup = o->dedup,
	    .seed = o->seed,
	    .sizes = sizes_of(w),
	    .named = o->devices,
	    .named_count = o->device_count,
	    .follow = true,
	    .live = true,
	    .closed = take_closed,
	    .keep = w->setup.keep ? keep_frame : NULL,
	    .user = w,
	};

	if (o->inspector && !o->no_dpi) {
		w->dpi = dpi_new(o->inspector, false);
		if (!w->dpi)
			return fail(error, "", "", "out of memory");
		if (w->setup.keeper)
			dpi_keep(w->dpi, w->setup.keeper);
	}
	setup.dpi = w->dpi;
	w->engine = engine_new(&setup, error);
	if (!w->engine && !error->text[0])
		return fail(error, "", "", "out of memory");
	return w->engine != NULL;
}

static bool
take_tables(struct watch *w, struct porch_error *error)
{
	uint64_t seed = w->options.seed;

	w->episodes = spool_new(sizeof(struct track_episode), WATCH_EPISODES_MEMORY);
	w->backlog = backlog_new(WATCH_DEVICES, sizeof(struct track_episode),
	    WATCH_BACKLOG_MEMORY * (size_t)(w->setup.scale > 1 ? w->setup.scale : 1), seed);
	w->past_devices =
	    table_new(WATCH_DEVICES, sizeof(struct past_device), sizeof(uint64_t), seed);
	w->past_receivers =
	    table_new(WATCH_RECEIVERS, sizeof(struct past_receiver), sizeof(uint64_t), seed);
	w->devices = table_new(WATCH_DEVICES, sizeof(struct watch_device), sizeof(uint64_t), seed);
	w->receivers =
	    table_new(WATCH_RECEIVERS, sizeof(struct watch_receiver), sizeof(uint64_t), seed);
	w->told = table_new(WATCH_EPISODES, sizeof(struct watch_episode), sizeof(uint64_t), seed);
	if (!w->episodes || !w->backlog || !w->past_devices || !w->past_receivers || !w->devices ||
	    !w->receivers || !w->told)
		return fail(error, "", "", "out of memory");
	backlog_on_leave(w->backlog, watch_leave_backlog, w);
	w->past.devices = w->past_devices;
	w->past.receivers = w->past_receivers;
	return true;
}

/* The options with a list of labels that can grow. */
static bool
take_options(struct watch *w, const struct porch_options *options, struct porch_error *error)
{
	if (options->label_count + w->own_labels > WATCH_LABELS)
		return fail(error, "", "--label", "more names than can be kept");
	memmove(w->label + options->label_count, w->label + w->labels,
	    w->own_labels * sizeof(w->label[0]));
	for (size_t i = 0; i < options->label_count; i++)
		w->label[i] = options->labels[i];
	w->labels = options->label_count;
	w->options = *options;
	w->options.join = false;
	w->options.flow = NULL;
	w->options.labels = w->label;
	w->options.label_count = w->labels + w->own_labels;
	return true;
}

static void
tell_run(struct watch *w, const struct porch_document *doc)
{
	struct porch_event event = {.kind = PORCH_EVENT_RUN, .run = &doc->run};

	watch_tell(w, &event);
}

struct watch *
watch_new(const struct watch_setup *setup, struct porch_error *error)
{
	struct watch *w = calloc(1, sizeof(*w));
	struct porch_document *doc;

	memset(error, 0, sizeof(*error));
	error->offset = -1;
	if (!w) {
		fail(error, "", "", "out of memory");
		return NULL;
	}
	w->setup = *setup;
	w->now = w->since = setup->start;
	w->scanned = w->moment = PORCH_NO_TIME;
	w->input.first = w->input.last = PORCH_NO_TIME;
	if (!crypto_init() || !take_options(w, setup->options, error) ||
	    !(w->home = read_home(&w->options, error)) || !take_tables(w, error) ||
	    !take_engine(w, error)) {
		watch_free(w);
		return NULL;
	}
	doc = watch_document(w);
	if (doc)
		tell_run(w, doc);
	porch_document_free(doc);
	return w;
}

void
watch_free(struct watch *w)
{
	if (!w)
		return;
	engine_free(w->engine);
	dpi_free(w->dpi);
	spool_free(w->episodes);
	backlog_free(w->backlog);
	table_free(w->past_devices);
	table_free(w->past_receivers);
	table_free(w->devices);
	table_free(w->receivers);
	table_free(w->told);
	free(w->home);
	for (size_t i = 0; i < w->own_labels; i++)
		free((char *)(uintptr_t)w->label[w->labels + i]);
	for (size_t i = 0; i < w->interfaces; i++)
		free((char *)(uintptr_t)w->interface[i].name);
	for (size_t i = 0; i < w->limits; i++)
		free((char *)(uintptr_t)w->limit[i]);
	for (size_t i = 0; i < w->reasons; i++)
		free(w->reason[i]);
	free(w);
}

static void
see_link_type(struct watch *w, uint16_t type)
{
	for (size_t i = w->link_types; i-- > 0;)
		if (w->link_type[i] == type)
			return;
	if (w->link_types < sizeof(w->link_type) / sizeof(w->link_type[0]))
		w->link_type[w->link_types++] = type;
}

void
watch_frame(struct watch *w, const struct frame *frame)
{
	struct porch_input *input = &w->input;

	input->packets++;
	input->bytes += frame->on_wire < ON_WIRE_MAX ? frame->on_wire : ON_WIRE_MAX;
	if (input->first == PORCH_NO_TIME || frame->time < input->first)
		input->first = frame->time;
	if (input->last == PORCH_NO_TIME || frame->time > input->last)
		input->last = frame->time;
	see_link_type(w, frame->link_type);
	engine_frame(w->engine, frame);
}

static void
tell_gap(struct watch *w, const struct porch_gap *gap)
{
	struct porch_event event = {.kind = PORCH_EVENT_GAP, .gap = gap};

	watch_tell(w, &event);
}

static void
tell_gaps(struct watch *w)
{
	const struct engine *e = w->engine;
	size_t count;
	const struct porch_gap *loss = engine_losses(e, &count);

	while (w->gaps_told < e->gaps)
		tell_gap(w, &e->gap[w->gaps_told++]);
	while (w->losses_told < count)
		tell_gap(w, &loss[w->losses_told++]);
}

static void
look_at_due(struct watch *w)
{
	struct watch_device *d = table_first(w->devices);

	while (d) {
		struct watch_device *next = table_next(w->devices, d);

		if (d->due && !watch_look(w, d))
			w->out_of_memory = true;
		d = next;
	}
}

void
watch_tick(struct watch *w, int64_t now)
{
	if (w->finished)
		return;
	w->now = now;
	if (w->dpi)
		dpi_tick(w->dpi, now);
	tell_gaps(w);
	watch_scan_open(w);
	if (now / SECOND != w->scanned) {
		w->scanned = now / SECOND;
		watch_scan_known(w);
	}
	look_at_due(w);
	watch_moment(w, false);
}

/* A reason that lives as long as the watch; of many different ones the last are told in general. */
static const char *
keep_reason(struct watch *w, const char *reason)
{
	for (size_t i = 0; i < w->reasons; i++)
		if (strcmp(w->reason[i], reason) == 0)
			return w->reason[i];
	if (w->reasons == WATCH_REASONS || !(w->reason[w->reasons] = strdup(reason)))
		return "nothing could be seen";
	return w->reason[w->reasons++];
}

void
watch_gap(struct watch *w, int64_t start, int64_t end, const char *reason)
{
	engine_gap(w->engine, start, end > start ? end : start, keep_reason(w, reason));
}

void
watch_dropped(struct watch *w, uint64_t frames)
{
	engine_dropped(w->engine, frames);
}

void
watch_filtered(struct watch *w)
{
	engine_filtered(w->engine);
}

void
watch_interface(struct watch *w, const char *name, bool up)
{
	size_t i = 0;
	char *copy;

	while (i < w->interfaces && strcmp(w->interface[i].name, name) != 0)
		i++;
	if (i == WATCH_INTERFACES)
		return;
	if (i == w->interfaces) {
		copy = strdup(name);
		if (!copy)
			return;
		w->interface[w->interfaces++].name = copy;
	}
	w->interface[i].up = up;
}

void
watch_capture_hosts(struct watch *w, const struct addr *hosts, size_t count)
{
	engine_capture_hosts(w->engine, hosts, count);
}

void
watch_limit(struct watch *w, const char *sentence)
{
	char *copy;

	w->input.coverage.known = true;
	for (size_t i = 0; i < w->limits; i++)
		if (strcmp(w->limit[i], sentence) == 0)
			return;
	if (w->limits < WATCH_LIMITS && (copy = strdup(sentence)) != NULL)
		w->limit[w->limits++] = copy;
}

void
watch_unobserved(struct watch *w, uint64_t bytes)
{
	w->input.coverage.known = true;
	w->input.coverage.unobserved_bytes += bytes;
}

bool
watch_reload(struct watch *w, const struct porch_rules *rules, const struct porch_options *options,
    struct porch_error *error)
{
	struct engine_setup setup = w->engine->setup;
	struct prefix *home;

	memset(error, 0, sizeof(*error));
	error->offset = -1;
	home = read_home(options, error);
	setup.rules = rules;
	setup.home = home;
	setup.home_count = options->home_count;
	setup.mirror = options->mirror;
	setup.dedup = options->dedup;
	setup.named = options->devices;
	setup.named_count = options->device_count;
	if (!home || options->label_count + w->own_labels > WATCH_LABELS ||
	    !engine_reload(w->engine, &setup, error)) {
		free(home);
		if (!error->text[0])
			fail(error, "", "--label", "more names than can be kept");
		return false;
	}
	take_options(w, options, error);
	free(w->home);
	w->home = home;
	w->setup.rules = rules;
	for (struct watch_device *d = table_first(w->devices); d; d = table_next(w->devices, d))
		d->due = true;
	return true;
}

static const struct device *
device_by_id(const struct watch *w, uint64_t id)
{
	const struct table *devices = w->engine->devices;

	for (const struct device *d = table_first(devices); d; d = table_next(devices, d))
		if (device_key_id(&d->key) == id)
			return d;
	return NULL;
}

/* "MAC|IP=": how a label begins that means the device; its length. */
static size_t
begin_label(const struct device *device, char text[static ADDR_TEXT + MAC_TEXT])
{
	if (device->key.addr.family != 0 || mac_is_zero(&device->key.mac))
		addr_format(&device->key.addr, text);
	else
		mac_format(&device->key.mac, text);
	strcat(text, "=");
	return strlen(text);
}

static void
drop_label(struct watch *w, size_t i)
{
	free((char *)(uintptr_t)w->label[i]);
	w->own_labels--;
	memmove(w->label + i, w->label + i + 1,
	    (w->labels + w->own_labels - i) * sizeof(w->label[0]));
	w->options.label_count--;
}

bool
watch_label(struct watch *w, uint64_t id, const char *name)
{
	const struct device *device = device_by_id(w, id);
	char whom[ADDR_TEXT + MAC_TEXT], *label;
	size_t length, size;

	if (!device)
		return false;
	length = begin_label(device, whom);
	for (size_t i = w->labels; i < w->labels + w->own_labels; i++)
		if (strncmp(w->label[i], whom, length) == 0) {
			drop_label(w, i);
			break;
		}
	watch_device_of(w, id)->due = true;
	if (!name[0])
		return true;
	size = length + strlen(name) + 1;
	if (w->options.label_count == WATCH_LABELS || !(label = malloc(size)))
		return false;
	snprintf(label, size, "%s%s", whom, name);
	w->label[w->options.label_count++] = label;
	w->own_labels++;
	return true;
}

bool
watch_mark(struct watch *w, uint64_t episode, const char *mark)
{
	struct watch_episode *e = table_find(w->told, &episode);
	struct watch_device *d = e ? table_find(w->devices, &e->device) : NULL;

	if (!d)
		return false;
	snprintf(e->mark, sizeof(e->mark), "%s", strcmp(mark, "none") == 0 ? "" : mark);
	e->told = 0;
	d->due = true;
	return true;
}

static void
tell_conclusions(struct watch *w)
{
	struct porch_document *doc = watch_document(w);
	struct porch_event event = {.kind = PORCH_EVENT_SUMMARY};

	if (!doc)
		return;
	tell_run(w, doc);
	/* Findings would be of those episodes alone that are still there. */
	for (size_t i = 0; w->past.episodes == 0 && i < doc->finding_count; i++) {
		struct porch_event finding = {
		    .kind = PORCH_EVENT_FINDING, .finding = &doc->findings[i]};

		watch_tell(w, &finding);
	}
	event.summary = &doc->summary;
	watch_tell(w, &event);
	porch_document_free(doc);
}

void
watch_finish(struct watch *w)
{
	if (w->finished)
		return;
	engine_finish(w->engine, &w->end);
	w->finished = true;
	tell_gaps(w);
	watch_scan_known(w);
	for (struct watch_device *d = table_first(w->devices); d; d = table_next(w->devices, d))
		d->due = d->due || d->watched || d->blank || d->looked == 0;
	look_at_due(w);
	watch_moment(w, true);
	engine_rest(w->engine);
	w->resting = true;
	tell_conclusions(w);
}
