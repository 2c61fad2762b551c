/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/finding.h"

#include <string.h>

#include "base/format.h"
#include "judge/likelihood.h"
#include "judge/phrase.h"
#include "judge/totals.h"
#include "judge/verdict.h"

#define STILL 24000 /* bytes of the smallest pictures that cameras were seen to send */

/* Findings under construction; the arena has room for the most there can be. */
struct findings {
	const struct porch_rules *rules;
	struct arena *arena;
	const struct porch_document *doc;
	const struct ends *ends; /* by episode */
	struct porch_finding *item;
	size_t count;
	size_t room;
};

static void
limit(struct findings *f, struct porch_finding *item, enum say key)
{
	const struct porch_phrase phrase = {.key = words_key(key)};

	item->limit_said = phrase;
	item->limit = phrase_text(f->arena, &phrase);
}

static struct porch_finding *
add(struct findings *f, const char *kind, uint64_t device)
{
	struct porch_finding *item;

	if (f->count == f->room)
		return NULL;
	item = &f->item[f->count++];
	item->id = arena_format(f->arena, "F%zu", f->count);
	item->kind = kind;
	item->device = device;
	limit(f, item, SAY_LIMIT_CONTENT);
	return item;
}

static void
claim(struct findings *f, struct porch_finding *item, struct porch_phrase phrase)
{
	item->said = phrase_keep(f->arena, &phrase);
	item->sentence = phrase_text(f->arena, &item->said);
}

/* The evidence of a finding that follows from counting. */
static void
observe(struct findings *f, struct porch_finding *item, const char *reason,
    struct porch_phrase phrase)
{
	struct porch_evidence *one = arena_alloc(f->arena, sizeof(*one));

	if (!one)
		return;
	item->observed_said = phrase_keep(f->arena, &phrase);
	*one = (struct porch_evidence){
	    .reason = reason, .observed = phrase_text(f->arena, &item->observed_said)};
	item->evidence = (struct porch_evidences){.item = one, .count = 1};
}

/* What the episodes of one device to one receiver come to. */
struct total {
	uint64_t *ids;
	size_t count;
	uint64_t bytes;
	uint64_t micros;
	int64_t start, end;
	int16_t p_best;
	enum porch_strength strength;
	const struct porch_episode *best;
	bool pictures_only, sound_only;
	bool video;  /* in one of them at least */
	bool viewed; /* somebody watched, in one of them at least */
};

static void
add_up(const struct findings *f, const struct porch_destination *to, struct total *t)
{
	const struct porch_document *doc = f->doc;

	memset(t, 0, sizeof(*t));
	t->ids = arena_alloc(f->arena, to->episodes * sizeof(*t->ids));
	t->pictures_only = t->sound_only = true;
	for (size_t i = 0; t->ids && i < doc->episode_count && t->count < to->episodes; i++) {
		const struct porch_episode *e = &doc->episodes[i];

		if (f->ends[i].to != to || !f->ends[i].counts)
			continue;
		if (t->count == 0)
			t->start = e->start;
		if (t->count == 0 || e->end > t->end)
			t->end = e->end;
		t->ids[t->count++] = e->id;
		t->bytes += e->bytes_up;
		t->micros += time_between(e->start, e->end);
		t->pictures_only = t->pictures_only && e->content == PORCH_CONTENT_PICTURE;
		t->sound_only = t->sound_only && e->content == PORCH_CONTENT_AUDIO;
		t->video = t->video || e->content == PORCH_CONTENT_VIDEO;
		t->viewed = t->viewed || e->live_view == PORCH_ANSWER_YES;
		if (!t->best || e->p_footage > t->p_best) {
			t->best = e;
			t->p_best = e->p_footage;
			t->strength = e->strength;
		}
	}
}

static const char *
filter_for(const struct findings *f, const struct porch_device *d,
    const struct porch_destination *r)
{
	const char *remote = r && r->addresses.count ? r->addresses.item[0] : NULL;
	const char *six = remote && strchr(remote, ':') ? "ipv6" : "ip";

	if (!remote)
		return d->mac ? arena_format(f->arena, "eth.addr == %s", d->mac) : NULL;
	if (d->mac)
		return arena_format(f->arena, "eth.addr == %s && %s.addr == %s", d->mac, six,
		    remote);
	if (d->addresses.count == 0)
		return arena_format(f->arena, "%s.addr == %s", six, remote);
	return arena_format(f->arena, "%s.addr == %s && %s.addr == %s",
	    strchr(d->addresses.item[0], ':') ? "ipv6" : "ip", d->addresses.item[0], six, remote);
}

/* A stream to somebody's own address; who watched is another question. */
static enum say
claim_of(const struct porch_destination *r, const struct total *t)
{
	if (r->party != PORCH_PARTY_PEER || t->best->shape != PORCH_SHAPE_STREAM)
		return SAY_FINDING_FOOTAGE;
	return t->viewed ? SAY_FINDING_VIEWED : SAY_FINDING_STREAMED;
}

static enum say
kind_of(const struct total *t)
{
	return t->video           ? SAY_CONTENT_VIDEO
	       : t->pictures_only ? SAY_CONTENT_PICTURES
	       : t->sound_only    ? SAY_CONTENT_AUDIO
	                          : SAY_CONTENT_FOOTAGE;
}

static void
footage_finding(struct findings *f, const struct porch_device *d, const struct porch_destination *r)
{
	struct porch_finding *item;
	struct total t;
	enum say kind;

	add_up(f, r, &t);
	if (t.count == 0 || !(item = add(f, "footage", d->id)))
		return;
	item->likelihood = likelihood_of(t.p_best, t.best->likelihood.calibrated);
	item->strength = t.strength;
	item->evidence = t.best->evidence;
	item->episodes = t.ids;
	item->episode_count = t.count;
	item->destinations = &r->id;
	item->destination_count = 1;
	item->check = filter_for(f, d, r);
	kind = kind_of(&t);
	claim(f, item,
	    PHRASE(claim_of(r, &t), WORD("likelihood", say_likelihood(item->likelihood.word)),
	        RANGE("range", item->likelihood.low, item->likelihood.high),
	        phrase_device(f->arena, "device", d), WORD("kind", kind),
	        phrase_receiver(f->arena, "receiver", r), LASTED("duration", t.micros),
	        BYTES("bytes", t.bytes), COUNT("uploads", SAY_UPLOADS, t.count),
	        MOMENT("from", t.start), MOMENT("to", t.end)));
	if (r->party == PORCH_PARTY_PEER)
		limit(f, item, SAY_LIMIT_PEER);
}

static bool
is_of_party(const struct porch_destination *r, const struct porch_device *d, enum porch_party party)
{
	return r->device == d->id && r->party == party && r->bytes_up > 0;
}

static size_t
count_receivers(const struct porch_document *doc, const struct porch_device *d,
    enum porch_party party)
{
	size_t count = 0;

	for (size_t i = 0; i < doc->destination_count; i++)
		count += is_of_party(&doc->destinations[i], d, party);
	return count;
}

/* What one device sent to receivers of one party. */
struct contact {
	uint64_t *ids;
	size_t count;
	uint64_t sent;
	uint64_t largest;     /* single upload; 0 when none was large enough to be told apart */
	uint64_t in_episodes; /* of what was sent */
};

static void
see_uploads(const struct findings *f, const struct porch_device *d, enum porch_party party,
    struct contact *c)
{
	for (size_t i = 0; i < f->doc->episode_count; i++) {
		const struct ends *ends = &f->ends[i];
		uint64_t bytes = f->doc->episodes[i].bytes_up;

		if (ends->device != d || !ends->to || ends->to->party != party)
			continue;
		c->in_episodes += bytes;
		if (bytes > c->largest)
			c->largest = bytes;
	}
}

static struct contact
contact_of(const struct findings *f, const struct porch_device *d, enum porch_party party)
{
	const struct porch_document *doc = f->doc;
	struct contact c = {.sent = 0};

	c.ids = arena_alloc(f->arena, count_receivers(doc, d, party) * sizeof(*c.ids));
	for (size_t i = 0; c.ids && i < doc->destination_count; i++) {
		const struct porch_destination *r = &doc->destinations[i];

		if (!is_of_party(r, d, party))
			continue;
		c.ids[c.count++] = r->id;
		c.sent += r->bytes_up;
	}
	see_uploads(f, d, party, &c);
	return c;
}

/* Neither one upload nor all that lies in none could hold the smallest picture. */
static enum say
can_exclude_picture(const struct contact *c)
{
	uint64_t rest = c->sent > c->in_episodes ? c->sent - c->in_episodes : 0;

	return c->largest < STILL && rest < STILL ? SAY_CAN : SAY_CANNOT;
}

static void
tracker_claim(struct findings *f, struct porch_finding *item, const struct porch_device *d,
    const struct contact *c)
{
	uint64_t floor = d->detection_floor_bytes > 0 ? (uint64_t)d->detection_floor_bytes : 0;
	bool small = c->largest == 0 && floor > 0;

	claim(f, item,
	    PHRASE(small ? SAY_FINDING_TRACKER_SMALL : SAY_FINDING_TRACKER,
	        phrase_device(f->arena, "device", d), COUNT("receivers", SAY_RECEIVERS, c->count),
	        BYTES("bytes", c->sent), BYTES("largest", c->largest), BYTES("floor", floor),
	        WORD("can", can_exclude_picture(c))));
	limit(f, item, SAY_LIMIT_TRACKER);
}

/* The receivers of one party, of one device. */
static void
party_finding(struct findings *f, const struct porch_device *d, enum porch_party party)
{
	struct contact c = contact_of(f, d, party);
	struct porch_finding *item;

	if (c.count == 0 || !(item = add(f, porch_party_word(party), d->id)))
		return;
	item->destinations = c.ids;
	item->destination_count = c.count;
	observe(f, item,
	    party == PORCH_PARTY_UNKNOWN ? "no name, rule or owner says who receives"
	                                 : "a rule lists the receiver, see the destinations",
	    PHRASE(SAY_OBSERVED_RECEIVERS, COUNT("receivers", SAY_RECEIVERS, c.count),
	        BYTES("bytes", c.sent)));
	if (party == PORCH_PARTY_TRACKER) {
		tracker_claim(f, item, d, &c);
		return;
	}
	claim(f, item,
	    PHRASE(party == PORCH_PARTY_UNKNOWN ? SAY_FINDING_UNKNOWN : SAY_FINDING_EVIDENCE,
	        phrase_device(f->arena, "device", d), BYTES("bytes", c.sent),
	        COUNT("receivers", SAY_RECEIVERS, c.count),
	        COUNT("addresses", SAY_ADDRESSES, c.count)));
	if (party == PORCH_PARTY_UNKNOWN)
		limit(f, item, SAY_LIMIT_UNKNOWN);
}

static void
cannot_tell_finding(struct findings *f, const struct porch_device *d)
{
	const struct porch_document *doc = f->doc;
	struct porch_finding *item;
	uint64_t *ids, sent = 0;
	size_t n = 0;

	for (size_t i = 0; i < doc->episode_count; i++)
		n += f->ends[i].device == d &&
		     totals_is_open_question(&doc->episodes[i], &f->ends[i]);
	ids = arena_alloc(f->arena, n * sizeof(*ids));
	n = 0;
	for (size_t i = 0; ids && i < doc->episode_count; i++) {
		const struct porch_episode *e = &doc->episodes[i];

		if (f->ends[i].device != d || !totals_is_open_question(e, &f->ends[i]))
			continue;
		ids[n++] = e->id;
		sent += e->bytes_up;
	}
	if (n == 0 || !(item = add(f, "cannot-tell", d->id)))
		return;
	item->episodes = ids;
	item->episode_count = n;
	observe(f, item, "size, timing and receiver allow more than one answer",
	    PHRASE(SAY_OBSERVED_UPLOADS, COUNT("uploads", SAY_UPLOADS, n), BYTES("bytes", sent)));
	claim(f, item,
	    PHRASE(SAY_FINDING_CANNOT_TELL, phrase_device(f->arena, "device", d),
	        BYTES("bytes", sent), COUNT("uploads", SAY_UPLOADS, n)));
	limit(f, item, SAY_LIMIT_CANNOT_TELL);
}

/* Uploads that nothing was seen to cause; at a random moment nobody presses. */
static void
unsolicited_finding(struct findings *f, const struct porch_device *d)
{
	const struct porch_document *doc = f->doc;
	const struct porch_episode *first = NULL, *last = NULL;
	struct porch_finding *item;
	uint64_t *ids, bytes = 0;
	size_t n = 0;

	ids = arena_alloc(f->arena, doc->episode_count * sizeof(*ids));
	for (size_t i = 0; ids && i < doc->episode_count; i++) {
		const struct porch_episode *e = &doc->episodes[i];

		if (f->ends[i].device != d || !f->ends[i].counts || !e->unsolicited)
			continue;
		first = first ? first : e;
		last = e;
		ids[n++] = e->id;
		bytes += e->bytes_up;
	}
	arena_keep(f->arena, ids, n * sizeof(*ids));
	if (n == 0 || !(item = add(f, "unsolicited", d->id)))
		return;
	item->episodes = ids;
	item->episode_count = n;
	item->check = filter_for(f, d, NULL);
	observe(f, item,
	    "no message of the device, order to it or viewer was seen in the ten seconds before",
	    PHRASE(SAY_OBSERVED_UPLOADS, COUNT("uploads", SAY_UPLOADS, n), BYTES("bytes", bytes)));
	claim(f, item,
	    PHRASE(SAY_FINDING_UNSOLICITED, phrase_device(f->arena, "device", d),
	        COUNT("times", SAY_TIMES, n), MOMENT("from", first->start),
	        MOMENT("to", last->end)));
	limit(f, item, SAY_LIMIT_UNSOLICITED);
}

static void
no_evidence_platform(struct findings *f)
{
	const struct porch_document *doc = f->doc;
	size_t listed = rules_list_size(f->rules, PORCH_PARTY_EVIDENCE);
	struct porch_finding *item;

	for (size_t i = 0; i < doc->destination_count; i++)
		if (doc->destinations[i].party == PORCH_PARTY_EVIDENCE &&
		    doc->destinations[i].bytes_up > 0)
			return;
	item = add(f, "evidence-not-seen", 0);
	if (!item)
		return;
	observe(f, item, "no receiver is on the list",
	    PHRASE(SAY_OBSERVED_LISTED, NUMBER("listed", listed)));
	claim(f, item,
	    PHRASE(SAY_FINDING_NO_EVIDENCE, NUMBER("listed", listed),
	        LASTED("watched", doc->summary.watched_us)));
	limit(f, item, SAY_LIMIT_SHARING);
}

/* What was not seen because nobody watched, or because the capture lost it. */
static void
gaps_finding(struct findings *f)
{
	const struct porch_document *doc = f->doc;
	uint64_t micros = 0, lost = doc->run.counters.dropped;
	int64_t from = PORCH_NO_TIME, to = PORCH_NO_TIME;
	struct porch_finding *item;
	size_t gaps = porch_document_holes(doc);

	for (size_t i = 0; i < doc->gap_count; i++) {
		const struct porch_gap *gap = &doc->gaps[i];

		if (gap->worker) /* no packet was lost: advice at most */
			continue;
		micros += time_between(gap->start, gap->end);
		if (from == PORCH_NO_TIME || gap->start < from)
			from = gap->start;
		if (gap->end > to)
			to = gap->end;
	}
	if ((gaps == 0 && lost == 0) || !(item = add(f, "gaps", 0)))
		return;
	if (gaps > 0) {
		observe(f, item, "the capture has holes",
		    PHRASE(SAY_OBSERVED_GAPS, COUNT("gaps", SAY_GAPS, gaps),
		        LASTED("duration", micros)));
		claim(f, item,
		    PHRASE(SAY_FINDING_GAPS, MOMENT("from", from), MOMENT("to", to),
		        LASTED("duration", micros), COUNT("gaps", SAY_GAPS, gaps)));
	} else {
		observe(f, item, "the capture says that packets were lost",
		    PHRASE(SAY_OBSERVED_LOST, COUNT("lost", SAY_LOST, lost)));
		claim(f, item, PHRASE(SAY_FINDING_LOST, COUNT("lost", SAY_LOST, lost)));
	}
	limit(f, item, SAY_LIMIT_GAPS);
}

/* What an interface counted and no capture shows: a short cut through the router. */
static void
unobserved_finding(struct findings *f)
{
	const struct porch_run *run = &f->doc->run;
	struct porch_finding *item;
	uint64_t bytes = 0;

	for (size_t i = 0; i < run->input_count; i++)
		bytes += run->inputs[i].coverage.unobserved_bytes;
	if (bytes == 0 || !(item = add(f, "gaps", 0)))
		return;
	observe(f, item, "interfaces counted more than was captured",
	    PHRASE(SAY_OBSERVED_UNSEEN, BYTES("bytes", bytes)));
	claim(f, item, PHRASE(SAY_FINDING_UNSEEN, BYTES("bytes", bytes)));
	limit(f, item, SAY_LIMIT_GAPS);
}

/* What an inspection library found wrong with how a device talks to receivers. */
static void
risk_finding(struct findings *f, const struct porch_device *d, const char *risk, enum say say)
{
	const struct porch_document *doc = f->doc;
	uint64_t *ids = arena_alloc(f->arena, doc->destination_count * sizeof(*ids));
	struct porch_finding *item;
	uint64_t sent = 0;
	size_t n = 0;

	for (size_t i = 0; ids && i < doc->destination_count; i++) {
		const struct porch_destination *r = &doc->destinations[i];

		for (size_t k = 0; r->device == d->id && k < r->risks.count; k++) {
			if (strcmp(r->risks.item[k], risk) != 0)
				continue;
			ids[n++] = r->id;
			sent += r->bytes_up;
		}
	}
	arena_keep(f->arena, ids, n * sizeof(*ids));
	if (n == 0 || !(item = add(f, risk, d->id)))
		return;
	item->destinations = ids;
	item->destination_count = n;
	observe(f, item, "an inspection library read it in the beginning of a flow",
	    PHRASE(SAY_OBSERVED_RECEIVERS, COUNT("receivers", SAY_RECEIVERS, n),
	        BYTES("bytes", sent)));
	claim(f, item,
	    PHRASE(say, phrase_device(f->arena, "device", d),
	        COUNT("receivers", SAY_RECEIVERS, n)));
	limit(f, item, SAY_LIMIT_RISK);
}

/* A receiver that the history before this time does not know. */
static void
new_finding(struct findings *f, const struct porch_destination *r)
{
	const struct porch_device *d;
	struct porch_finding *item;

	if (r->is_new != PORCH_ANSWER_YES || r->party == PORCH_PARTY_LOCAL || r->bytes_up == 0 ||
	    !(item = add(f, "new", r->device)))
		return;
	d = porch_document_device(f->doc, r->device);
	item->destinations = &r->id;
	item->destination_count = 1;
	item->check = filter_for(f, d, r);
	observe(f, item, "the history before this time has no such receiver of the device",
	    PHRASE(SAY_OBSERVED_RECEIVERS, COUNT("receivers", SAY_RECEIVERS, 1),
	        BYTES("bytes", r->bytes_up)));
	claim(f, item,
	    PHRASE(SAY_FINDING_NEW, MOMENT("since", f->doc->run.bounds.since),
	        phrase_device(f->arena, "device", d), phrase_receiver(f->arena, "receiver", r),
	        MOMENT("time", r->first_seen)));
}

/* What part of a history this is. */
static void
bounds_finding(struct findings *f)
{
	const struct porch_bounds *b = &f->doc->run.bounds;
	int64_t from = b->has_since ? b->since : f->doc->summary.first;
	int64_t to = b->has_until ? b->until : f->doc->summary.last;
	struct porch_finding *item;

	if ((!b->has_since && !b->has_until) || from == PORCH_NO_TIME || to == PORCH_NO_TIME ||
	    !(item = add(f, "bounds", 0)))
		return;
	observe(f, item, "a report of part of a history was asked for",
	    PHRASE(SAY_OBSERVED_UPLOADS, COUNT("uploads", SAY_UPLOADS, f->doc->episode_count),
	        BYTES("bytes", f->doc->summary.bytes_up)));
	claim(f, item, PHRASE(SAY_FINDING_BOUNDS, MOMENT("from", from), MOMENT("to", to)));
}

static void
make_all(struct findings *f)
{
	const struct porch_document *doc = f->doc;
	bool watched = false;

	for (size_t i = 0; i < doc->destination_count; i++) {
		const struct porch_destination *r = &doc->destinations[i];

		if (r->footage_bytes_up > 0)
			footage_finding(f, porch_document_device(doc, r->device), r);
	}
	for (size_t i = 0; i < doc->destination_count; i++)
		new_finding(f, &doc->destinations[i]);
	for (size_t i = 0; i < doc->device_count; i++) {
		const struct porch_device *d = &doc->devices[i];

		if (!d->watched || (!totals_makes_footage(d) && !d->named_by_user))
			continue;
		watched = true;
		party_finding(f, d, PORCH_PARTY_TRACKER);
		party_finding(f, d, PORCH_PARTY_EVIDENCE);
		unsolicited_finding(f, d);
		cannot_tell_finding(f, d);
		party_finding(f, d, PORCH_PARTY_UNKNOWN);
		risk_finding(f, d, "clear-text-credentials", SAY_FINDING_CLEAR_TEXT);
		risk_finding(f, d, "obsolete-tls", SAY_FINDING_OBSOLETE_TLS);
		risk_finding(f, d, "self-signed", SAY_FINDING_SELF_SIGNED);
	}
	if (watched) {
		no_evidence_platform(f);
		gaps_finding(f);
		unobserved_finding(f);
	}
	bounds_finding(f);
}

bool
findings_make(const struct porch_rules *rules, struct arena *arena, struct porch_document *doc)
{
	struct findings f = {.rules = rules, .arena = arena, .doc = doc};
	const struct porch_episode *best;

	doc->summary.trackers_listed = rules_list_size(rules, PORCH_PARTY_TRACKER);
	doc->summary.evidence_listed = rules_list_size(rules, PORCH_PARTY_EVIDENCE);
	f.ends = totals_ends(doc, arena);
	if (!f.ends)
		return false;
	best = totals_sum(doc, f.ends);
	f.room = 2 * doc->destination_count + 8 * doc->device_count + 3;
	f.item = arena_alloc(arena, f.room * sizeof(*f.item));
	if (f.item && !doc->summary.outside_view)
		make_all(&f);
	doc->findings = f.item;
	doc->finding_count = f.count;
	verdict_say(doc, best, arena);
	return f.item != NULL;
}
