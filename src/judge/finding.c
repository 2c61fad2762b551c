/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "judge/likelihood.h"

#define LIMIT_CONTENT                                                                              \
	"Content was encrypted: sizes and timing were read, not pictures. What happens after the " \
	"first server cannot be seen from a home network."

/* Whose an episode is, looked up once: episodes and receivers may be many thousands. */
struct ends {
	const struct porch_device *device;
	const struct porch_destination *to; /* NULL while not known */
	bool counts;                        /* as porch_episode_counts() says */
};

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

static bool
makes_footage(const struct porch_device *d)
{
	return d->kind == PORCH_KIND_DOORBELL || d->kind == PORCH_KIND_CAMERA ||
	       d->kind == PORCH_KIND_HUB;
}

static const char *
name_of(const struct porch_device *d, struct arena *arena)
{
	const char *kind = makes_footage(d) ? porch_kind_word(d->kind) : "device";

	if (d->label)
		return d->label;
	if (d->hostname)
		return d->hostname;
	if (d->vendor_name && makes_footage(d))
		return arena_format(arena, "%s %s", d->vendor_name, kind);
	if (d->addresses.count > 0)
		return arena_format(arena, "The %s at %s", kind, d->addresses.item[0]);
	return arena_format(arena, "The %s %s", kind, d->mac ? d->mac : "without an address");
}

static const char *
receiver_name(const struct porch_destination *r, struct arena *arena)
{
	if (!r)
		return "a receiver whose name is not settled";
	if (r->party == PORCH_PARTY_PEER)
		return arena_format(arena, "an address that is probably a phone or a relay (%s)",
		    r->addresses.count ? r->addresses.item[0] : "unknown");
	if (r->organisation && r->name)
		return arena_format(arena, "%s (%s)", r->organisation, r->name);
	if (r->organisation)
		return r->organisation;
	if (r->name)
		return r->name;
	return r->addresses.count ? r->addresses.item[0] : "an unknown address";
}

static const char *
range_text(const struct porch_likelihood *l, struct arena *arena)
{
	char first = (char)(l->word[0] - 'a' + 'A');

	return arena_format(arena, "%c%s (%u-%u%%)", first, l->word + 1, l->low, l->high);
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
	item->limit = LIMIT_CONTENT;
	return item;
}

/* The evidence of a finding that follows from counting. */
static struct porch_evidences
one_reason(struct arena *arena, const char *reason, const char *observed)
{
	struct porch_evidence *item = arena_alloc(arena, sizeof(*item));

	if (!item)
		return (struct porch_evidences){.count = 0};
	*item = (struct porch_evidence){.reason = reason, .observed = observed};
	return (struct porch_evidences){.item = item, .count = 1};
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
	bool pictures_only;
};

static void
add_up(const struct findings *f, const struct porch_destination *to, struct total *t)
{
	const struct porch_document *doc = f->doc;

	memset(t, 0, sizeof(*t));
	t->ids = arena_alloc(f->arena, to->episodes * sizeof(*t->ids));
	t->pictures_only = true;
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

static void
footage_finding(struct findings *f, const struct porch_device *d, const struct porch_destination *r)
{
	char bytes[NUMBER_TEXT], duration[NUMBER_TEXT], count[64], from[TIME_TEXT], to[TIME_TEXT];
	struct porch_finding *item;
	struct total t;

	add_up(f, r, &t);
	if (t.count == 0 || !(item = add(f, "footage", d->id)))
		return;
	item->likelihood = likelihood_of(t.p_best, false);
	item->strength = t.strength;
	item->evidence = t.best->evidence;
	item->episodes = t.ids;
	item->episode_count = t.count;
	item->destinations = &r->id;
	item->destination_count = 1;
	item->check = filter_for(f, d, r);
	item->sentence = arena_format(f->arena,
	    "%s: %s sent what looks like %s to %s for %s in all, %s, in %s between %s and %s "
	    "(pauses under 8 s joined).",
	    range_text(&item->likelihood, f->arena), name_of(d, f->arena),
	    t.pictures_only ? "pictures" : porch_content_word(t.best->content),
	    receiver_name(r, f->arena), format_duration(t.micros, duration),
	    format_bytes_short(t.bytes, bytes),
	    format_count(t.count, "upload", "uploads", count, sizeof(count)),
	    format_moment(t.start, from), format_moment(t.end, to));
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

/* The receivers of one party, of one device. */
static void
party_finding(struct findings *f, const struct porch_device *d, enum porch_party party)
{
	const struct porch_document *doc = f->doc;
	size_t n = count_receivers(doc, d, party);
	uint64_t *ids = arena_alloc(f->arena, n * sizeof(*ids));
	uint64_t sent = 0;
	struct porch_finding *item;
	char bytes[NUMBER_TEXT];

	n = 0;
	for (size_t i = 0; ids && i < doc->destination_count; i++) {
		const struct porch_destination *r = &doc->destinations[i];

		if (!is_of_party(r, d, party))
			continue;
		ids[n++] = r->id;
		sent += r->bytes_up;
	}
	if (n == 0 || !(item = add(f, porch_party_word(party), d->id)))
		return;
	item->destinations = ids;
	item->destination_count = n;
	format_bytes_short(sent, bytes);
	item->evidence = one_reason(f->arena,
	    party == PORCH_PARTY_UNKNOWN ? "no name, rule or owner says who receives"
	                                 : "a rule lists the receiver, see the destinations",
	    arena_format(f->arena, "%zu %s, %s", n, n == 1 ? "receiver" : "receivers", bytes));
	if (party == PORCH_PARTY_UNKNOWN)
		item->sentence = arena_format(f->arena,
		    "%s sent %s to %zu %s that could not be identified. This is a gap in what is "
		    "known, not a sign of wrongdoing.",
		    name_of(d, f->arena), bytes, n, n == 1 ? "address" : "addresses");
	else if (party == PORCH_PARTY_TRACKER)
		item->sentence = arena_format(f->arena,
		    "%s contacts %zu %s on the tracker list. It sent them %s; a picture %s be "
		    "excluded (stills as small as 24 kB exist).",
		    name_of(d, f->arena), n, n == 1 ? "receiver" : "receivers", bytes,
		    sent < 24000 ? "can" : "cannot");
	else
		item->sentence = arena_format(f->arena,
		    "%s sent %s to %zu %s listed as a police or evidence platform.",
		    name_of(d, f->arena), bytes, n, n == 1 ? "receiver" : "receivers");
}

/* Whether an upload could have been footage, and was not to the home itself. */
static bool
is_open_question(const struct porch_episode *e, const struct ends *ends)
{
	if (ends->to && ends->to->party == PORCH_PARTY_LOCAL)
		return false;
	return ends->device && e->footage == PORCH_FOOTAGE_CANNOT_TELL;
}

static void
cannot_tell_finding(struct findings *f, const struct porch_device *d)
{
	const struct porch_document *doc = f->doc;
	struct porch_finding *item;
	char bytes[NUMBER_TEXT], count[64];
	uint64_t *ids, sent = 0;
	size_t n = 0;

	for (size_t i = 0; i < doc->episode_count; i++)
		n += f->ends[i].device == d && is_open_question(&doc->episodes[i], &f->ends[i]);
	ids = arena_alloc(f->arena, n * sizeof(*ids));
	n = 0;
	for (size_t i = 0; ids && i < doc->episode_count; i++) {
		const struct porch_episode *e = &doc->episodes[i];

		if (f->ends[i].device != d || !is_open_question(e, &f->ends[i]))
			continue;
		ids[n++] = e->id;
		sent += e->bytes_up;
	}
	if (n == 0 || !(item = add(f, "cannot-tell", d->id)))
		return;
	item->episodes = ids;
	item->episode_count = n;
	item->evidence =
	    one_reason(f->arena, "size, timing and receiver allow more than one answer",
	        arena_format(f->arena, "%zu %s, %s", n, n == 1 ? "upload" : "uploads",
	            format_bytes_short(sent, bytes)));
	item->sentence = arena_format(f->arena,
	    "Cannot tell: %s sent %s in %s that may or may not hold footage.", name_of(d, f->arena),
	    format_bytes_short(sent, bytes),
	    format_count(n, "upload", "uploads", count, sizeof(count)));
}

static void
no_evidence_platform(struct findings *f)
{
	const struct porch_document *doc = f->doc;
	size_t listed = rules_list_size(f->rules, PORCH_PARTY_EVIDENCE);
	struct porch_finding *item;
	char watched[NUMBER_TEXT];

	for (size_t i = 0; i < doc->destination_count; i++)
		if (doc->destinations[i].party == PORCH_PARTY_EVIDENCE &&
		    doc->destinations[i].bytes_up > 0)
			return;
	item = add(f, "evidence-not-seen", 0);
	if (!item)
		return;
	item->evidence = one_reason(f->arena, "no receiver is on the list",
	    arena_format(f->arena, "%zu names and prefixes checked", listed));
	item->limit = "Sharing between companies' own servers would not be visible here.";
	item->sentence = arena_format(f->arena,
	    "No contact with any of %zu listed police or evidence platforms was seen in %s. "
	    "Sharing between companies' own servers would not be visible here.",
	    listed, format_duration(doc->summary.watched_us, watched));
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
	for (size_t i = 0; i < doc->device_count; i++) {
		const struct porch_device *d = &doc->devices[i];

		if (!d->watched || (!makes_footage(d) && !d->named_by_user))
			continue;
		watched = true;
		party_finding(f, d, PORCH_PARTY_TRACKER);
		party_finding(f, d, PORCH_PARTY_EVIDENCE);
		cannot_tell_finding(f, d);
		party_finding(f, d, PORCH_PARTY_UNKNOWN);
	}
	if (watched)
		no_evidence_platform(f);
}

static void
sum_devices(struct porch_document *doc)
{
	struct porch_summary *s = &doc->summary;

	s->devices = (uint32_t)doc->device_count;
	for (size_t i = 0; i < doc->device_count; i++) {
		s->doorbells += makes_footage(&doc->devices[i]);
		if (doc->devices[i].watched)
			s->bytes_up += doc->devices[i].bytes_up;
	}
	for (size_t i = 0; i < doc->destination_count; i++) {
		const struct porch_destination *r = &doc->destinations[i];

		if (r->party == PORCH_PARTY_TRACKER)
			s->tracker_bytes_up += r->bytes_up;
		if (r->party == PORCH_PARTY_EVIDENCE)
			s->evidence_bytes_up += r->bytes_up;
		if (r->party == PORCH_PARTY_UNKNOWN)
			s->unknown_bytes_up += r->bytes_up;
	}
}

/* The same of a camera's: it enters the headline. */
static bool
could_count(const struct porch_episode *e, const struct ends *ends)
{
	return is_open_question(e, ends) &&
	       (makes_footage(ends->device) || ends->device->named_by_user);
}

static int16_t
sum_episodes(struct porch_document *doc, const struct ends *ends)
{
	struct porch_summary *s = &doc->summary;
	int16_t best = PORCH_NO_CHANCE;

	for (size_t i = 0; i < doc->episode_count; i++) {
		const struct porch_episode *e = &doc->episodes[i];

		s->cannot_tell_episodes += could_count(e, &ends[i]);
		if (!ends[i].counts)
			continue;
		s->footage_episodes++;
		s->footage_bytes_up += e->bytes_up;
		s->footage_us += time_between(e->start, e->end);
		if (e->p_footage > best)
			best = e->p_footage;
	}
	return best;
}

static void
say_nothing_seen(struct porch_summary *s, bool watched, struct arena *arena)
{
	char span[NUMBER_TEXT], sent[NUMBER_TEXT];

	format_duration(s->watched_us, span);
	if (!watched) {
		s->answer = "not-watched";
		s->verdict =
		    arena_format(arena, "No doorbell or camera was recognised in %s.", span);
		s->advice = "If there is one, name it with --device MAC or IP; what it sent is "
		            "counted with --all-devices.";
		return;
	}
	s->answer = "not-seen";
	s->verdict = arena_format(arena, "No sign of footage leaving in %s.", span);
	s->advice = arena_format(arena,
	    "This is limited evidence: %s was sent in all, and the doorbell may not have been "
	    "triggered. Press the button, wait a minute, and run this again.",
	    format_bytes_short(s->bytes_up, sent));
}

static void
say_verdict(struct porch_document *doc, int16_t best, struct arena *arena)
{
	struct porch_summary *s = &doc->summary;
	char bytes[NUMBER_TEXT], duration[NUMBER_TEXT], span[NUMBER_TEXT], count[64];
	bool watched = s->doorbells > 0;

	for (size_t i = 0; i < doc->device_count; i++)
		watched = watched || doc->devices[i].named_by_user;
	if (s->outside_view) {
		s->answer = "cannot-tell";
		s->verdict =
		    "Taken outside the home: no address of the home is in it, so no verdict "
		    "is given.";
		s->advice = "Capture inside, on the router's bridge or a mirror port; or name the "
		            "home's addresses with --home PREFIX.";
	} else if (s->footage_episodes > 0) {
		s->answer = "seen";
		s->likelihood = likelihood_of(best, false);
		s->verdict = arena_format(arena, "%s: footage left this home, %s in %s over %s.",
		    range_text(&s->likelihood, arena),
		    format_bytes_short(s->footage_bytes_up, bytes),
		    format_duration(s->footage_us, duration), format_duration(s->watched_us, span));
	} else if (s->cannot_tell_episodes > 0) {
		s->answer = "cannot-tell";
		s->verdict = arena_format(arena,
		    "Cannot tell whether footage left this home: %s may or may not hold it.",
		    format_count(s->cannot_tell_episodes, "upload", "uploads", count,
		        sizeof(count)));
	} else {
		say_nothing_seen(s, watched, arena);
	}
}

static int
device_by_id(const void *left, const void *right)
{
	const struct porch_device *const *a = left, *const *b = right;

	return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static int
destination_by_id(const void *left, const void *right)
{
	const struct porch_destination *const *a = left, *const *b = right;

	return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static bool
counts(const struct porch_episode *e, const struct ends *ends)
{
	if (e->footage != PORCH_FOOTAGE_YES || !ends->device)
		return false;
	if (ends->to && ends->to->party == PORCH_PARTY_LOCAL)
		return false;
	return ends->device->kind != PORCH_KIND_OTHER || ends->device->named_by_user;
}

/* Finds the ends of every episode, through records sorted by id; NULL when out of memory. */
static const struct ends *
find_ends(const struct porch_document *doc, struct arena *arena)
{
	struct ends *ends = arena_alloc(arena, doc->episode_count * sizeof(*ends));
	const struct porch_device **device =
	    arena_alloc(arena, doc->device_count * sizeof(struct porch_device *));
	const struct porch_destination **to =
	    arena_alloc(arena, doc->destination_count * sizeof(struct porch_destination *));

	if (!ends || !device || !to)
		return NULL;
	for (size_t i = 0; i < doc->device_count; i++)
		device[i] = &doc->devices[i];
	for (size_t i = 0; i < doc->destination_count; i++)
		to[i] = &doc->destinations[i];
	qsort(device, doc->device_count, sizeof(struct porch_device *), device_by_id);
	qsort(to, doc->destination_count, sizeof(struct porch_destination *), destination_by_id);
	for (size_t i = 0; i < doc->episode_count; i++) {
		const struct porch_device key = {.id = doc->episodes[i].device}, *a = &key;
		const struct porch_destination name = {.id = doc->episodes[i].destination},
		                               *b = &name;
		const struct porch_device *const *from = bsearch(&a, device, doc->device_count,
		    sizeof(struct porch_device *), device_by_id);
		const struct porch_destination *const *into = bsearch(&b, to,
		    doc->destination_count, sizeof(struct porch_destination *), destination_by_id);

		ends[i].device = from ? *from : NULL;
		ends[i].to = into && name.id ? *into : NULL;
		ends[i].counts = counts(&doc->episodes[i], &ends[i]);
	}
	return ends;
}

bool
findings_make(const struct porch_rules *rules, struct arena *arena, struct porch_document *doc)
{
	struct findings f = {.rules = rules, .arena = arena, .doc = doc};
	int16_t best;

	sum_devices(doc);
	f.ends = find_ends(doc, arena);
	if (!f.ends)
		return false;
	best = sum_episodes(doc, f.ends);
	f.room = doc->destination_count + 4 * doc->device_count + 1;
	f.item = arena_alloc(arena, f.room * sizeof(*f.item));
	if (f.item && !doc->summary.outside_view)
		make_all(&f);
	doc->findings = f.item;
	doc->finding_count = f.count;
	say_verdict(doc, best, arena);
	return f.item != NULL;
}
