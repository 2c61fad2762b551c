/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_parts.h"

#include <stdio.h>
#include <string.h>

#include "judge/phrase.h"

/*
 * One device as a document of its own: the code that judges a whole recording judges it, and
 * what differs from what was told is told.
 */

struct look {
	struct watch *w;
	struct watch_device *d;
	const struct porch_document *doc;
	const struct porch_device *device;
	bool device_told;
};

static void
add_byte(struct sum *sum, uint8_t byte)
{
	sum->value = (sum->value ^ byte) * UINT64_C(0x100000001b3);
}

void
sum_begin(struct sum *sum)
{
	sum->value = UINT64_C(0xcbf29ce484222325);
}

void
sum_number(struct sum *sum, uint64_t number)
{
	for (unsigned i = 0; i < 8; i++)
		add_byte(sum, (uint8_t)(number >> 8 * i));
}

void
sum_text(struct sum *sum, const char *text)
{
	for (; text && *text; text++)
		add_byte(sum, (uint8_t)*text);
	add_byte(sum, text ? 0 : 1);
}

static void
sum_texts(struct sum *sum, const struct porch_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		sum_text(sum, texts->item[i]);
	sum_number(sum, texts->count);
}

/* What a device is; not what it sent. */
static uint64_t
sum_of_device(const struct porch_device *d)
{
	struct sum sum;

	sum_begin(&sum);
	sum_text(&sum, d->mac);
	sum_texts(&sum, &d->addresses);
	sum_number(&sum, d->was);
	sum_text(&sum, d->hostname);
	sum_text(&sum, d->label);
	sum_text(&sum, d->vendor);
	sum_text(&sum, d->product);
	sum_number(&sum, (uint64_t)d->kind << 2 | d->watched << 1 | d->named_by_user);
	return sum.value | 1;
}

/* Who a receiver is; not what it got. */
static uint64_t
sum_of_receiver(const struct porch_destination *to)
{
	struct sum sum;

	sum_begin(&sum);
	sum_text(&sum, to->name);
	sum_number(&sum, (uint64_t)to->name_source << 16 | (uint64_t)to->party << 8 | to->role);
	for (size_t i = 0; i < to->could_be_count; i++)
		sum_number(&sum, to->could_be[i]);
	sum_text(&sum, to->organisation);
	sum_text(&sum, to->on_behalf_of);
	sum_text(&sum, to->country);
	sum_text(&sum, to->region);
	sum_texts(&sum, &to->purposes);
	sum_text(&sum, to->rule.id);
	return sum.value | 1;
}

/* What is thought of an episode, and its size once that cannot change any more. */
static uint64_t
sum_of_episode(const struct porch_episode *e)
{
	struct sum sum;

	sum_begin(&sum);
	sum_number(&sum, e->destination);
	sum_number(&sum, (uint64_t)e->content << 16 | (uint64_t)e->footage << 8 | e->shape);
	sum_text(&sum, e->likelihood.word);
	sum_number(&sum, (uint64_t)e->live_view << 8 | e->strength);
	sum_number(&sum, e->sequence);
	if (!e->open) {
		sum_number(&sum, (uint64_t)e->start);
		sum_number(&sum, (uint64_t)e->end);
		sum_number(&sum, e->bytes_up);
		sum_number(&sum, e->bytes_down);
	}
	return sum.value | 1;
}

static void
keep_text(char *to, size_t size, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (length >= size) /* a character is not cut in two: what remains of it is left out */
		for (length = size - 1; length > 0 && ((uint8_t)text[length] & 0xc0) == 0x80;)
			length--;
	if (length > 0)
		memcpy(to, text, length);
	to[length] = '\0';
}

/* What the state tells of the device between two looks. */
static void
remember(struct look *l)
{
	struct watch_device *d = l->d;
	const struct porch_device *device = l->device;
	struct arena *arena = arena_new();
	struct porch_phrase name = {.key = NULL};

	d->kind = device->kind;
	keep_text(d->vendor_name, sizeof(d->vendor_name), device->vendor_name);
	if (!arena)
		return;
	name = PHRASE(SAY_ONLY, phrase_device(arena, "it", device));
	keep_text(d->name, sizeof(d->name), phrase_text(arena, &name));
	arena_free(arena);
}

static void
tell_device(struct look *l)
{
	struct porch_event event = {.kind = PORCH_EVENT_DEVICE, .device = l->device};

	if (l->device_told)
		return;
	l->device_told = true;
	l->d->told = sum_of_device(l->device);
	watch_tell(l->w, &event);
}

static void
tell_receiver(struct look *l, const struct porch_destination *to)
{
	struct porch_event event = {
	    .kind = PORCH_EVENT_DESTINATION, .device = l->device, .destination = to};
	bool created;
	struct watch_receiver *r = table_see(l->w->receivers, &to->id, &created);

	r->told = sum_of_receiver(to);
	watch_tell(l->w, &event);
	watch_notice_receiver(l->w, r, l->device, to);
}

static struct watch_episode *
told_episode(struct look *l, const struct porch_episode *episode)
{
	bool created;
	struct watch_episode *e = table_see(l->w->told, &episode->id, &created);

	if (!created)
		return e;
	e->device = l->d->id;
	e->told_at = e->looked_at = PORCH_NO_TIME;
	return e;
}

/* An open one is told when it begins, when it is known as footage, and every ten seconds. */
static bool
is_news(const struct look *l, const struct watch_episode *e, const struct porch_episode *episode,
    uint64_t sum)
{
	if (!e->told || !episode->open)
		return !e->told || e->ended != !episode->open || e->told != sum;
	if (l->w->finished || (episode->footage == PORCH_FOOTAGE_YES && !e->counts))
		return true;
	return l->w->now - e->told_at >= TELL_EVERY || l->w->now < e->told_at;
}

/* The day's footage follows what is thought of an episode by now. */
static void
count_footage(struct look *l, struct watch_episode *e, const struct porch_episode *episode)
{
	struct watch_day *day = &l->d->day;
	int64_t today = watch_day(l->w, episode->start);

	if (e->counts && e->day == day->number) {
		day->footage_bytes -= e->counted;
		day->footage_episodes--;
	}
	e->counts = porch_episode_counts(l->doc, episode);
	e->day = today;
	e->counted = episode->bytes_up;
	if (e->counts && today == day->number) {
		day->footage_bytes += e->counted;
		day->footage_episodes++;
	}
}

/*
 * At the end of a watch, as of a capture, what ends less than its silence before the last frame
 * is open.  Time went on without frames, though: what was told as ended has ended.
 */
static struct porch_episode
as_it_was_told(const struct look *l, const struct watch_episode *e,
    const struct porch_episode *episode)
{
	struct porch_episode told = *episode;

	told.open = episode->open && !(l->w->finished && e->ended);
	return told;
}

static void
tell_episode(struct look *l, const struct porch_episode *found)
{
	const struct porch_destination *to = porch_document_destination(l->doc, found->destination);
	struct watch_episode *e = told_episode(l, found);
	const struct porch_episode now = as_it_was_told(l, e, found), *episode = &now;
	uint64_t sum = sum_of_episode(episode);
	bool ends = !episode->open && !e->ended;
	struct porch_event event = {.kind = PORCH_EVENT_EPISODE,
	    .device = l->device,
	    .destination = to,
	    .episode = episode,
	    .mark = e->mark[0] ? e->mark : NULL};

	if (!is_news(l, e, episode, sum))
		return;
	if (ends) {
		tell_device(l);
		if (to)
			tell_receiver(l, to);
	}
	count_footage(l, e, episode);
	e->told = sum;
	e->told_at = l->w->now;
	e->ended = !episode->open;
	watch_tell(l->w, &event);
	if (episode->unsolicited && (e->ended || episode->end - episode->start >= TELL_EVERY))
		watch_notice_upload(l->w, e, l->device, to, episode);
}

void
watch_keep_upload(struct watch_upload *upload, const struct porch_document *doc,
    const struct porch_episode *e)
{
	const struct porch_destination *to = porch_document_destination(doc, e->destination);
	const char *who = to && to->organisation ? to->organisation : to ? to->name : NULL;

	keep_text(upload->organisation, sizeof(upload->organisation), who);
	upload->any = true;
	upload->told = (struct porch_upload){
	    .id = e->id,
	    .start = e->start,
	    .end = e->open ? PORCH_NO_TIME : e->end,
	    .bytes_up = e->bytes_up,
	    .content = e->content,
	    .footage = e->footage,
	    .likelihood = e->likelihood,
	    .organisation = who ? upload->organisation : NULL,
	    .party = to ? to->party : PORCH_PARTY_UNKNOWN,
	    .destination = e->destination,
	};
}

/* The open upload that a person wants to hear of first. */
static bool
is_foremost(const struct watch_upload *than, const struct porch_episode *e)
{
	if (!than->any || e->footage != than->told.footage)
		return !than->any || e->footage == PORCH_FOOTAGE_YES;
	return e->bytes_up > than->told.bytes_up;
}

static void
keep_uploads(struct look *l)
{
	struct watch_device *d = l->d;

	d->open.any = false;
	for (size_t i = 0; i < l->doc->episode_count; i++) {
		const struct porch_episode *e = &l->doc->episodes[i];
		const struct porch_destination *to =
		    porch_document_destination(l->doc, e->destination);

		if ((to && to->party == PORCH_PARTY_LOCAL) || e->footage == PORCH_FOOTAGE_NO)
			continue;
		if (e->open && is_foremost(&d->open, e))
			watch_keep_upload(&d->open, l->doc, e);
		else if (!e->open && e->footage == PORCH_FOOTAGE_YES &&
		         (!d->last.any || e->end >= d->last.told.end))
			watch_keep_upload(&d->last, l->doc, e);
	}
	if (!d->open.any)
		d->last_good = PORCH_NO_TIME;
}

static void
tell_changes(struct look *l)
{
	if (l->d->told != sum_of_device(l->device))
		tell_device(l);
	if (l->device->watched)
		watch_notice_device(l->w, l->d, l->device);
	for (size_t i = 0; i < l->doc->destination_count; i++) {
		const struct porch_destination *to = &l->doc->destinations[i];
		const struct watch_receiver *r = table_find(l->w->receivers, &to->id);

		if (!r || r->told != sum_of_receiver(to))
			tell_receiver(l, to);
	}
	for (size_t i = 0; i < l->doc->episode_count; i++)
		tell_episode(l, &l->doc->episodes[i]);
	keep_uploads(l);
}

bool
watch_look(struct watch *w, struct watch_device *d)
{
	struct porch_document *doc = watch_document_of(w, &d->id);
	struct look look = {.w = w, .d = d, .doc = doc};
	bool was_watched = d->watched;

	d->due = false;
	d->looked = w->now;
	if (!doc)
		return false;
	look.device = porch_document_device(doc, d->id);
	d->blank = !look.device;
	if (look.device) {
		remember(&look);
		d->watched = look.device->watched;
		table_set_tier(w->devices, d, d->watched);
		if ((d->watched || was_watched) && !w->finished)
			engine_hold(w->engine, d->id, d->watched);
		if (d->watched && !was_watched && !watch_take_backlog(w, d))
			w->out_of_memory = true;
		if (d->watched || was_watched)
			tell_changes(&look);
	}
	porch_document_free(doc);
	return true;
}
