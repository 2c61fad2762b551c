/* SPDX-License-Identifier: Apache-2.0 */
#include "document_redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document_scrub.h"
#include "document_state.h"
#include "judge/finding.h"
#include "judge/phrase.h"

#define HOUR INT64_C(3600000000)
#define DAY  (24 * HOUR)

/* An id as it was; its place in the list, from 1, is what it becomes. */
struct renamed {
	uint64_t id;
	uint32_t input;
	uint64_t ordinal;
};

struct ids {
	struct renamed *item;
	size_t count;
};

/* A redaction under way.  The lists are copies: the document's own are not changed. */
struct redaction {
	struct porch_document *doc;
	struct arena *arena;
	bool strict;
	struct porch_device *devices;
	struct porch_destination *destinations;
	struct porch_episode *episodes;
	struct ids device_ids, destination_ids, episode_ids;
	struct scrub scrub;
	int64_t shift; /* what is taken from every time, whole days */
};

static void *
copy_list(struct arena *arena, const void *list, size_t count, size_t size)
{
	void *copy = arena_alloc(arena, (count + 1) * size);

	if (copy && count > 0)
		memcpy(copy, list, count * size);
	return copy;
}

static int
by_id(const void *left, const void *right)
{
	const struct renamed *a = left, *b = right;

	ORDER(a->id, b->id);
	ORDER(a->input, b->input);
	return 0;
}

static uint64_t
ordinal_of(const struct ids *ids, uint64_t id, uint32_t input)
{
	const struct renamed key = {.id = id, .input = input}, *found = NULL;

	if (id != 0 && ids->count > 0)
		found = bsearch(&key, ids->item, ids->count, sizeof(key), by_id);
	return found ? found->ordinal : 0;
}

static bool
begin_ids(struct redaction *r, struct ids *ids, size_t count)
{
	ids->item = arena_alloc(r->arena, (count + 1) * sizeof(*ids->item));
	return ids->item != NULL;
}

static void
add_id(struct ids *ids, uint64_t id, uint32_t input)
{
	ids->item[ids->count] = (struct renamed){id, input, ids->count + 1};
	ids->count++;
}

static bool
list_ids(struct redaction *r)
{
	const struct porch_document *doc = r->doc;

	if (!begin_ids(r, &r->device_ids, doc->device_count) ||
	    !begin_ids(r, &r->destination_ids, doc->destination_count) ||
	    !begin_ids(r, &r->episode_ids, doc->episode_count))
		return false;
	for (size_t i = 0; i < doc->device_count; i++)
		add_id(&r->device_ids, doc->devices[i].id, 0);
	for (size_t i = 0; i < doc->destination_count; i++)
		add_id(&r->destination_ids, doc->destinations[i].id, 0);
	for (size_t i = 0; i < doc->episode_count; i++)
		add_id(&r->episode_ids, doc->episodes[i].id, doc->episodes[i].input);
	qsort(r->device_ids.item, r->device_ids.count, sizeof(struct renamed), by_id);
	qsort(r->destination_ids.item, r->destination_ids.count, sizeof(struct renamed), by_id);
	qsort(r->episode_ids.item, r->episode_ids.count, sizeof(struct renamed), by_id);
	return true;
}

/* "Doorbell A", "Doorbell B", ..., "Doorbell Z", "Doorbell AA". */
static const char *
letter_name(struct redaction *r, const struct porch_device *d, size_t place)
{
	const char *kind = d->kind == PORCH_KIND_OTHER || d->kind == PORCH_KIND_UNKNOWN
	                       ? "device"
	                       : porch_kind_word(d->kind);
	char letters[16], *at = letters + sizeof(letters) - 1;

	*at = '\0';
	for (size_t n = place + 1; n > 0 && at > letters; n = (n - 1) / 26)
		*--at = (char)('A' + (n - 1) % 26);
	return arena_format(r->arena, "%c%s %s", kind[0] - 'a' + 'A', kind + 1, at);
}

static bool
is_named(const struct porch_device *d)
{
	return d->label || (d->hostname && d->hostname[0]);
}

static int
longer_first(const void *left, const void *right)
{
	const struct scrub_name *a = left, *b = right;
	size_t x = strlen(a->name), y = strlen(b->name);

	if (x != y)
		return x > y ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void
add_name(struct scrub_name *names, size_t *count, const char *name, const char *instead)
{
	if (name && name[0] && instead)
		names[(*count)++] = (struct scrub_name){name, instead};
}

/* The MAC as names hold it: twelve digits, or the six that are the device's own. */
static void
add_mac_digits(struct redaction *r, struct scrub_name *names, size_t *count, const char *mac)
{
	char digits[13];
	size_t n = 0;

	for (const char *at = mac; at && *at && n < 12; at++)
		if (*at != ':')
			digits[n++] = *at;
	digits[n] = '\0';
	if (n < 12)
		return;
	add_name(names, count, arena_text(r->arena, digits), "*");
	add_name(names, count, arena_text(r->arena, digits + 6), "*");
}

/* Gives devices their new names, and lists what is to be replaced wherever it stands. */
static bool
rename_devices(struct redaction *r)
{
	size_t of_kind[PORCH_KIND_OTHER + 1] = {0}, count = 0;
	struct scrub_name *names =
	    arena_alloc(r->arena, (4 * r->doc->device_count + 1) * sizeof(*names));

	if (!names)
		return false;
	for (size_t i = 0; i < r->doc->device_count; i++) {
		struct porch_device *d = &r->devices[i];
		enum porch_kind kind = d->kind == PORCH_KIND_UNKNOWN ? PORCH_KIND_OTHER : d->kind;
		const char *name = letter_name(r, d, of_kind[kind]++);

		add_mac_digits(r, names, &count, d->mac);
		if (r->strict) {
			add_name(names, &count, d->label, name);
			add_name(names, &count, d->hostname, name);
		}
		if (r->strict || !is_named(d))
			d->label = name;
		if (r->strict)
			d->hostname = NULL;
	}
	qsort(names, count, sizeof(*names), longer_first);
	r->scrub =
	    (struct scrub){.arena = r->arena, .names = names, .count = count, .serials = r->strict};
	return true;
}

static struct porch_texts
scrub_texts(struct redaction *r, const struct porch_texts *texts)
{
	const char **list = arena_alloc(r->arena, (texts->count + 1) * sizeof(*list));

	for (size_t i = 0; list && i < texts->count; i++)
		list[i] = scrub_text(&r->scrub, texts->item[i]);
	return (struct porch_texts){.item = list, .count = list ? texts->count : 0};
}

static struct porch_evidences
scrub_evidence(struct redaction *r, const struct porch_evidences *evidence)
{
	struct porch_evidence *list =
	    copy_list(r->arena, evidence->item, evidence->count, sizeof(*list));

	for (size_t i = 0; list && i < evidence->count; i++) {
		list[i].observed = scrub_text(&r->scrub, list[i].observed);
		list[i].threshold = scrub_text(&r->scrub, list[i].threshold);
	}
	return (struct porch_evidences){.item = list, .count = list ? evidence->count : 0};
}

static void
move_time(const struct redaction *r, int64_t *time)
{
	if (*time != PORCH_NO_TIME && *time >= INT64_MIN + r->shift)
		*time -= r->shift;
}

static void
redact_devices(struct redaction *r)
{
	for (size_t i = 0; i < r->doc->device_count; i++) {
		struct porch_device *d = &r->devices[i];

		d->id = ordinal_of(&r->device_ids, d->id, 0);
		d->was = ordinal_of(&r->device_ids, d->was, 0);
		d->mac = NULL;
		d->addresses.count = 0;
		d->hostname = scrub_text(&r->scrub, d->hostname);
		d->label = r->strict ? d->label : scrub_text(&r->scrub, d->label);
		d->evidence = scrub_evidence(r, &d->evidence);
		move_time(r, &d->first_seen);
		move_time(r, &d->last_seen);
	}
}

/* Whether its address may be that of a person: inside, a phone, another home. */
static bool
is_personal(const struct porch_destination *to)
{
	bool personal = to->party == PORCH_PARTY_LOCAL || to->party == PORCH_PARTY_PEER;

	for (size_t i = 0; i < to->could_be_count; i++)
		personal = personal || to->could_be[i] == PORCH_PARTY_PEER;
	return personal;
}

static void
redact_destinations(struct redaction *r)
{
	for (size_t i = 0; i < r->doc->destination_count; i++) {
		struct porch_destination *to = &r->destinations[i];

		to->id = ordinal_of(&r->destination_ids, to->id, 0);
		to->device = ordinal_of(&r->device_ids, to->device, 0);
		if (is_personal(to))
			to->addresses.count = 0;
		to->name = scrub_text(&r->scrub, to->name);
		if (r->strict && to->party == PORCH_PARTY_LOCAL && to->name)
			to->name = "*";
		to->candidates = scrub_texts(r, &to->candidates);
		to->aliases = scrub_texts(r, &to->aliases);
		move_time(r, &to->first_seen);
		move_time(r, &to->last_seen);
	}
}

static void
redact_episodes(struct redaction *r)
{
	for (size_t i = 0; i < r->doc->episode_count; i++) {
		struct porch_episode *e = &r->episodes[i];

		e->sequence = ordinal_of(&r->episode_ids, e->sequence, e->input);
		e->id = ordinal_of(&r->episode_ids, e->id, e->input);
		e->device = ordinal_of(&r->device_ids, e->device, 0);
		e->destination = ordinal_of(&r->destination_ids, e->destination, 0);
		e->flows.count = 0;
		e->evidence = scrub_evidence(r, &e->evidence);
		e->limits = scrub_texts(r, &e->limits);
		move_time(r, &e->start);
		move_time(r, &e->end);
	}
}

static const char *
base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

static bool
redact_inputs(struct redaction *r)
{
	struct porch_run *run = &r->doc->run;
	struct porch_input *inputs =
	    copy_list(r->arena, run->inputs, run->input_count, sizeof(*inputs));
	struct porch_gap *gaps =
	    copy_list(r->arena, r->doc->gaps, r->doc->gap_count, sizeof(*gaps));

	if (!inputs || !gaps)
		return false;
	for (size_t i = 0; i < run->input_count; i++) {
		inputs[i].path = r->strict ? arena_format(r->arena, "capture %zu", i + 1)
		                           : scrub_text(&r->scrub, base_name(inputs[i].path));
		inputs[i].error = scrub_text(&r->scrub, inputs[i].error);
		move_time(r, &inputs[i].first);
		move_time(r, &inputs[i].last);
	}
	for (size_t i = 0; i < r->doc->gap_count; i++) {
		move_time(r, &gaps[i].start);
		move_time(r, &gaps[i].end);
	}
	run->inputs = inputs;
	r->doc->gaps = gaps;
	return true;
}

/* Options that name addresses, devices or, where dates go, times. */
static bool
is_withheld(const struct redaction *r, const char *name)
{
	static const char *const always[] = {"device", "filter", "home", "label"};

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (strcmp(name, always[i]) == 0)
			return true;
	return r->strict && (strcmp(name, "since") == 0 || strcmp(name, "until") == 0);
}

/* In alphabetical order, with --redact among them. */
static bool
redact_options(struct redaction *r)
{
	static const char *const star = "*";
	struct porch_run *run = &r->doc->run;
	const char **level = arena_alloc(r->arena, sizeof(*level));
	struct porch_option *list = arena_alloc(r->arena, (run->option_count + 1) * sizeof(*list));
	size_t count = 0;
	bool told = false;

	if (!level || !list)
		return false;
	*level = porch_redaction_word(run->redaction);
	for (size_t i = 0; i <= run->option_count; i++) {
		const struct porch_option *option = i < run->option_count ? &run->options[i] : NULL;

		if (!told && (!option || strcmp(option->name, "redact") > 0)) {
			list[count++] = (struct porch_option){"redact", {level, 1}};
			told = true;
		}
		if (option)
			list[count++] = is_withheld(r, option->name)
			                    ? (struct porch_option){option->name, {&star, 1}}
			                    : *option;
	}
	run->options = list;
	run->option_count = count;
	return true;
}

/* Sums are made anew with the findings; what findings_make() does not set is kept. */
static bool
say_findings(struct redaction *r, const struct porch_rules *rules)
{
	struct porch_document *doc = r->doc;
	struct porch_summary was = doc->summary;

	doc->summary = (struct porch_summary){
	    .first = was.first,
	    .last = was.last,
	    .watched_us = was.watched_us,
	    .outside_view = was.outside_view,
	};
	if (doc->run.bounds.has_since)
		move_time(r, &doc->run.bounds.since);
	if (doc->run.bounds.has_until)
		move_time(r, &doc->run.bounds.until);
	move_time(r, &doc->summary.first);
	move_time(r, &doc->summary.last);
	return findings_make(rules, r->arena, doc);
}

static void
round_time(int64_t *time)
{
	int64_t past = *time % HOUR;

	if (*time != PORCH_NO_TIME)
		*time -= past < 0 ? past + HOUR : past;
}

/* Times stay whole until the findings are said: durations follow from them. */
static void
round_times(struct redaction *r)
{
	struct porch_document *doc = r->doc;
	struct porch_input *inputs = (struct porch_input *)(uintptr_t)doc->run.inputs;
	struct porch_gap *gaps = (struct porch_gap *)(uintptr_t)doc->gaps;

	for (size_t i = 0; i < doc->device_count; i++) {
		round_time(&r->devices[i].first_seen);
		round_time(&r->devices[i].last_seen);
	}
	for (size_t i = 0; i < doc->destination_count; i++) {
		round_time(&r->destinations[i].first_seen);
		round_time(&r->destinations[i].last_seen);
	}
	for (size_t i = 0; i < doc->episode_count; i++) {
		struct porch_episode *e = &r->episodes[i];

		e->duration_us = time_between(e->start, e->end);
		round_time(&e->start);
		round_time(&e->end);
	}
	for (size_t i = 0; i < doc->run.input_count; i++) {
		round_time(&inputs[i].first);
		round_time(&inputs[i].last);
	}
	for (size_t i = 0; i < doc->gap_count; i++) {
		round_time(&gaps[i].start);
		round_time(&gaps[i].end);
	}
	round_time(&doc->run.bounds.since);
	round_time(&doc->run.bounds.until);
	round_time(&doc->summary.first);
	round_time(&doc->summary.last);
}

/* Moments of a sentence become days and hours. */
static void
say_days(struct redaction *r, struct porch_phrase *phrase, const char **sentence)
{
	struct porch_slot *slot = (struct porch_slot *)(uintptr_t)phrase->slots;
	bool any = false;

	for (; phrase->key && slot && slot->name; slot++) {
		int64_t time = (int64_t)slot->number;

		if (slot->kind != PORCH_SLOT_MOMENT)
			continue;
		round_time(&time);
		slot->number = (uint64_t)time;
		slot->kind = PORCH_SLOT_DAY;
		any = true;
	}
	if (any)
		*sentence = phrase_text(r->arena, phrase);
}

static void
finish_findings(struct redaction *r)
{
	struct porch_finding *findings = (struct porch_finding *)(uintptr_t)r->doc->findings;

	for (size_t i = 0; i < r->doc->finding_count; i++) {
		findings[i].check = NULL;
		if (r->strict)
			say_days(r, &findings[i].said, &findings[i].sentence);
	}
}

/* What is gone, so that a reader knows what is not to be found. */
static void
tell_removed(struct redaction *r, const char *sha256)
{
	static const char *const what[] = {"addresses and MACs of the home",
	    "addresses of viewers and of other homes", "identifiers of records and flows",
	    "display filters", "folders of captures", "options that name addresses",
	    "names of devices", "dates, and times below the hour", "serial numbers in names"};
	size_t all = sizeof(what) / sizeof(what[0]);
	struct porch_run *run = &r->doc->run;

	run->removed = (struct porch_texts){.item = what, .count = r->strict ? all : all - 3};
	run->unredacted_sha256 = arena_text(r->arena, sha256);
}

static bool
begin(struct redaction *r)
{
	const struct porch_document *doc = r->doc;
	int64_t first = doc->summary.first;

	r->devices = copy_list(r->arena, doc->devices, doc->device_count, sizeof(*r->devices));
	r->destinations = copy_list(r->arena, doc->destinations, doc->destination_count,
	    sizeof(*r->destinations));
	r->episodes = copy_list(r->arena, doc->episodes, doc->episode_count, sizeof(*r->episodes));
	if (r->strict && first != PORCH_NO_TIME)
		r->shift = first - ((first % DAY) + DAY) % DAY;
	return r->devices && r->destinations && r->episodes && list_ids(r) && rename_devices(r);
}

bool
document_redact(struct porch_document *doc, const struct porch_rules *rules,
    enum porch_redaction level, const char *sha256)
{
	struct redaction r = {
	    .doc = doc, .arena = document_own_arena(doc), .strict = level == PORCH_REDACT_STRICT};

	if (level == PORCH_REDACT_NONE)
		return true;
	doc->run.redaction = level;
	if (!begin(&r))
		return false;
	redact_devices(&r);
	redact_destinations(&r);
	redact_episodes(&r);
	doc->devices = r.devices;
	doc->destinations = r.destinations;
	doc->episodes = r.episodes;
	if (!redact_inputs(&r) || !redact_options(&r) || !say_findings(&r, rules))
		return false;
	if (r.strict)
		round_times(&r);
	finish_findings(&r);
	tell_removed(&r, sha256);
	return true;
}
