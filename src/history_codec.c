/* SPDX-License-Identifier: Apache-2.0 */
#include "history_codec.h"

#include <string.h>

#include "history_fields.h"

/* Of each kind of row; a change of one is a new number, and the old one is still read. */
#define VERSION 1

#define PATH_MAX_TEXT 4096
#define LIBRARY_TEXT  64

static void
begin(struct bytes *b)
{
	bytes_number(b, VERSION);
}

static bool
is_known(struct cursor *c)
{
	return bytes_read_number(c) == VERSION && !c->short_read;
}

void
history_write_session(struct bytes *b, const struct history_session *s)
{
	begin(b);
	bytes_signed(b, s->start);
	bytes_signed(b, s->first);
	bytes_signed(b, s->last);
	bytes_number(b, s->boot);
	field_flag(b, s->seen_inside);
	field_flag(b, s->complete);
	field_flag(b, s->inspector);
	bytes_number(b, s->advice);
	bytes_number(b, s->bytes);
	bytes_text(b, s->library);
	bytes_text(b, s->interfaces);
	field_texts(b, &s->link_types);
	field_flag(b, s->coverage.known);
	bytes_number(b, s->coverage.unobserved_bytes);
	field_texts(b, &s->coverage.limits);
	bytes_text(b, s->filter ? s->filter : "");
	field_texts(b, &s->home);
	field_texts(b, &s->devices);
	field_texts(b, &s->labels);
	field_flag(b, s->all_devices);
	field_flag(b, s->mirror);
	field_flag(b, s->dedup);
	field_flag(b, s->no_dpi);
}

bool
history_read_session(struct cursor c, struct arena *arena, struct history_session *s)
{
	memset(s, 0, sizeof(*s));
	if (!is_known(&c))
		return false;
	s->start = bytes_read_signed(&c);
	s->first = bytes_read_signed(&c);
	s->last = bytes_read_signed(&c);
	s->boot = bytes_read_number(&c);
	s->seen_inside = field_read_flag(&c);
	s->complete = field_read_flag(&c);
	s->inspector = field_read_flag(&c);
	s->advice = (uint8_t)bytes_read_below(&c, DPI_STOPPED);
	s->bytes = bytes_read_number(&c);
	s->library = field_read_text(&c, arena, LIBRARY_TEXT);
	s->interfaces = field_read_text(&c, arena, PATH_MAX_TEXT);
	s->link_types = field_read_texts(&c, arena);
	s->coverage.known = field_read_flag(&c);
	s->coverage.unobserved_bytes = bytes_read_number(&c);
	s->coverage.limits = field_read_texts(&c, arena);
	s->filter = field_read_text(&c, arena, PATH_MAX_TEXT);
	if (!s->filter[0])
		s->filter = NULL;
	s->home = field_read_texts(&c, arena);
	s->devices = field_read_texts(&c, arena);
	s->labels = field_read_texts(&c, arena);
	s->all_devices = field_read_flag(&c);
	s->mirror = field_read_flag(&c);
	s->dedup = field_read_flag(&c);
	s->no_dpi = field_read_flag(&c);
	return field_end(&c);
}

/* The counters, one after the other: a new one comes last, and with a new version. */
static void
list_counters(struct porch_counters *p, uint64_t *list[static 16])
{
	uint64_t *const all[16] = {&p->received, &p->processed, &p->undecoded, &p->filtered,
	    &p->deduplicated, &p->dropped, &p->implausible, &p->implausible_bytes, &p->duplicates,
	    &p->evicted, &p->undirected, &p->undirected_bytes, &p->refused, &p->clock_steps,
	    &p->odd_times, &p->flows};

	_Static_assert(sizeof(*p) == sizeof(uint64_t[16]), "a counter is not written");
	memcpy(list, all, sizeof(all));
}

void
history_write_hour(struct bytes *b, const struct history_hour *h)
{
	struct porch_counters counters = h->counters;
	uint64_t *list[16];

	begin(b);
	list_counters(&counters, list);
	for (size_t i = 0; i < 16; i++)
		field_sum(b, *list[i]);
	field_sum(b, h->folded.rows);
	field_count(b, &h->folded.up);
	field_count(b, &h->folded.down);
	field_sum(b, h->folded.bytes_local);
	bytes_signed(b, h->folded.first_seen);
	bytes_signed(b, h->folded.last_seen);
	field_sum(b, h->advice_flows);
	field_sum(b, h->advice_quarantined);
	bytes_signed(b, h->watched_us);
	bytes_signed(b, h->first);
	bytes_signed(b, h->last);
}

bool
history_read_hour(struct cursor c, struct history_hour *h)
{
	uint64_t *list[16];

	memset(h, 0, sizeof(*h));
	if (!is_known(&c))
		return false;
	list_counters(&h->counters, list);
	for (size_t i = 0; i < 16; i++)
		*list[i] = field_read_sum(&c);
	h->folded.rows = field_read_sum(&c);
	h->folded.up = field_read_count(&c);
	h->folded.down = field_read_count(&c);
	h->folded.bytes_local = field_read_sum(&c);
	h->folded.first_seen = bytes_read_signed(&c);
	h->folded.last_seen = bytes_read_signed(&c);
	h->advice_flows = field_read_sum(&c);
	h->advice_quarantined = field_read_sum(&c);
	h->watched_us = bytes_read_signed(&c);
	h->first = bytes_read_signed(&c);
	h->last = bytes_read_signed(&c);
	return field_end(&c);
}

static void
write_makers(struct bytes *b, const struct device *d)
{
	bytes_number(b, d->makers);
	for (unsigned i = 0; i < d->makers; i++) {
		const struct vendor *vendor = d->maker[i].maker;

		bytes_text(b, vendor->id);
		bytes_number(b, d->maker[i].asked);
		bytes_number(b, d->maker[i].own);
		bytes_number(b, d->maker[i].own_kind);
	}
}

void
history_write_device(struct bytes *b, const struct device *d)
{
	begin(b);
	field_mac(b, &d->key.mac);
	field_addr(b, &d->key.addr);
	bytes_signed(b, d->first_seen);
	bytes_signed(b, d->last_seen);
	bytes_text(b, d->hostname);
	field_flag(b, d->sent);
	bytes_number(b, d->rendezvous);
	bytes_number(b, d->rtsp_served);
	bytes_number(b, d->hints);
	for (unsigned i = 0; i < d->hints; i++) {
		bytes_number(b, d->hint[i].kind);
		bytes_text(b, d->hint[i].text);
	}
	write_makers(b, d);
	bytes_number(b, d->sites);
	for (unsigned i = 0; i < d->sites; i++)
		bytes_number(b, d->site[i]);
	bytes_number(b, d->organisations);
	for (unsigned i = 0; i < d->organisations; i++)
		bytes_number(b, d->organisation[i]);
}

/* A maker that the rules do not know any more is left out. */
static void
read_makers(struct cursor *c, const struct porch_rules *rules, struct device *d)
{
	size_t count = (size_t)bytes_read_below(c, DEVICE_MAKERS);

	for (size_t i = 0; i < count && !c->short_read; i++) {
		struct device_maker *maker = &d->maker[d->makers];
		char id[DEVICE_TEXT];

		bytes_read_text(c, id, sizeof(id));
		maker->asked = (uint32_t)bytes_read_below(c, UINT32_MAX);
		maker->own = (uint32_t)bytes_read_below(c, UINT32_MAX);
		maker->own_kind = (uint8_t)bytes_read_below(c, PORCH_KIND_OTHER);
		maker->maker = rules ? rules_vendor(rules, id) : NULL;
		if (maker->maker)
			d->makers++;
		else
			*maker = (struct device_maker){.maker = NULL};
	}
}

static void
read_hashes(struct cursor *c, uint32_t *hash, uint8_t *count, uint8_t max)
{
	*count = (uint8_t)bytes_read_below(c, max);
	for (unsigned i = 0; i < *count; i++)
		hash[i] = (uint32_t)bytes_read_below(c, UINT32_MAX);
}

bool
history_read_device(struct cursor c, const struct porch_rules *rules, struct device *d)
{
	memset(d, 0, sizeof(*d));
	if (!is_known(&c))
		return false;
	d->key.mac = field_read_mac(&c);
	d->key.addr = field_read_addr(&c);
	d->first_seen = bytes_read_signed(&c);
	d->last_seen = bytes_read_signed(&c);
	bytes_read_text(&c, d->hostname, sizeof(d->hostname));
	d->sent = field_read_flag(&c);
	d->rendezvous = (uint32_t)bytes_read_below(&c, UINT32_MAX);
	d->rtsp_served = (uint32_t)bytes_read_below(&c, UINT32_MAX);
	d->hints = (uint8_t)bytes_read_below(&c, DEVICE_HINTS);
	for (unsigned i = 0; i < d->hints; i++) {
		d->hint[i].kind = (uint8_t)bytes_read_below(&c, HINT_HINTS - 1);
		bytes_read_text(&c, d->hint[i].text, sizeof(d->hint[i].text));
	}
	read_makers(&c, rules, d);
	read_hashes(&c, d->site, &d->sites, DEVICE_SITES);
	read_hashes(&c, d->organisation, &d->organisations, DEVICE_ORGANISATIONS);
	return field_end(&c);
}

static void
write_key(struct bytes *b, const struct destination_key *key)
{
	field_mac(b, &key->mac);
	field_addr(b, &key->inside);
	bytes_number(b, key->what);
}

/* Sums, times and advice: all that is written of receivers that are not told apart. */
static void
write_sums(struct bytes *b, const struct porch_rules *rules, const struct destination *d)
{
	field_count(b, &d->up);
	field_count(b, &d->down);
	field_sum(b, d->flows);
	bytes_signed(b, d->first_seen);
	bytes_signed(b, d->last_seen);
	field_advice(b, rules, &d->advice);
}

static void
read_sums(struct cursor *c, const struct porch_rules *rules, struct destination *d)
{
	d->up = field_read_count(c);
	d->down = field_read_count(c);
	d->flows = field_read_sum(c);
	d->first_seen = bytes_read_signed(c);
	d->last_seen = bytes_read_signed(c);
	d->advice = field_read_advice(c, rules);
}

/* What is known of a receiver by yes or no. */
static void
list_flags(struct destination *d, bool *list[static 7])
{
	bool *const all[7] = {&d->local, &d->dns_agrees, &d->contradicted, &d->after_rendezvous,
	    &d->introduced, &d->turn, &d->stun_or_vpn_port};

	memcpy(list, all, sizeof(all));
}

void
history_write_receiver(struct bytes *b, const struct porch_rules *rules,
    const struct history_receiver *r)
{
	struct destination d = r->row;
	bool *flag[7];

	begin(b);
	write_key(b, &d.key);
	field_flag(b, r->split);
	bytes_number(b, r->order);
	list_flags(&d, flag);
	for (size_t i = 0; i < 7; i++)
		field_flag(b, *flag[i]);
	bytes_number(b, d.name_source);
	bytes_number(b, d.addresses);
	for (unsigned i = 0; i < d.addresses; i++)
		field_addr(b, &d.address[i]);
	bytes_number(b, d.ports);
	for (unsigned i = 0; i < d.ports; i++)
		bytes_number(b, d.port[i]);
	bytes_number(b, d.transports);
	bytes_number(b, d.applications);
	write_sums(b, rules, &d);
	bytes_text(b, destination_text(d.name));
	bytes_text(b, destination_text(d.aliases));
	bytes_text(b, destination_text(d.candidates));
}

/* Both lists are in order, each value once, as whoever adds to them takes for granted. */
static void
read_places(struct cursor *c, struct destination *d)
{
	d->addresses = (uint8_t)bytes_read_below(c, DESTINATION_ADDRESSES);
	for (unsigned i = 0; i < d->addresses; i++) {
		d->address[i] = field_read_addr(c);
		if (i > 0 && addr_compare(&d->address[i - 1], &d->address[i]) >= 0)
			c->short_read = true;
	}
	d->ports = (uint8_t)bytes_read_below(c, DESTINATION_PORTS);
	for (unsigned i = 0; i < d->ports; i++) {
		d->port[i] = (uint16_t)bytes_read_below(c, UINT16_MAX);
		if (i > 0 && d->port[i - 1] >= d->port[i])
			c->short_read = true;
	}
}

static const char *
read_name(struct cursor *c, char *name, size_t size)
{
	bytes_read_text(c, name, size);
	return name[0] ? name : NULL;
}

bool
history_read_receiver(struct cursor c, const struct porch_rules *rules, struct history_names *names,
    struct history_receiver *r)
{
	struct destination *d = &r->row;
	bool *flag[7];

	memset(r, 0, sizeof(*r));
	if (!is_known(&c))
		return false;
	d->key.mac = field_read_mac(&c);
	d->key.inside = field_read_addr(&c);
	d->key.what = bytes_read_number(&c);
	r->split = field_read_flag(&c);
	r->order = bytes_read_number(&c);
	list_flags(d, flag);
	for (size_t i = 0; i < 7; i++)
		*flag[i] = field_read_flag(&c);
	d->name_source = (uint8_t)bytes_read_below(&c, PORCH_NAME_ECH_OUTER);
	read_places(&c, d);
	d->transports = (uint16_t)bytes_read_below(&c, 2 * TRANSPORT_OTHER - 1);
	d->applications = (uint32_t)bytes_read_below(&c, (1U << APPLICATIONS) - 1);
	read_sums(&c, rules, d);
	d->name = read_name(&c, names->name, sizeof(names->name));
	d->aliases = read_name(&c, names->aliases, sizeof(names->aliases));
	d->candidates = read_name(&c, names->candidates, sizeof(names->candidates));
	return field_end(&c);
}

void
history_write_rest(struct bytes *b, const struct porch_rules *rules, const struct history_rest *r)
{
	begin(b);
	field_mac(b, &r->mac);
	field_addr(b, &r->inside);
	field_flag(b, r->split);
	write_sums(b, rules, &r->outside);
	write_sums(b, rules, &r->local);
}

bool
history_read_rest(struct cursor c, const struct porch_rules *rules, struct history_rest *r)
{
	memset(r, 0, sizeof(*r));
	if (!is_known(&c))
		return false;
	r->mac = field_read_mac(&c);
	r->inside = field_read_addr(&c);
	r->split = field_read_flag(&c);
	read_sums(&c, rules, &r->outside);
	read_sums(&c, rules, &r->local);
	return field_end(&c);
}

void
history_write_ledger(struct bytes *b, const struct history_ledger *l)
{
	begin(b);
	field_mac(b, &l->mac);
	field_addr(b, &l->inside);
	bytes_number(b, PORCH_CONTENT_BACKGROUND);
	for (int i = 0; i < PORCH_CONTENT_BACKGROUND; i++) {
		field_sum(b, l->row[i].bytes_up);
		field_sum(b, l->row[i].bytes_down);
		field_sum(b, l->row[i].episodes);
	}
	field_sum(b, l->traffic.streams);
	field_sum(b, l->traffic.calls);
	field_sum(b, l->traffic.peer_streams);
	field_sum(b, l->traffic.to_footage_hosts);
}

bool
history_read_ledger(struct cursor c, struct history_ledger *l)
{
	int count;

	memset(l, 0, sizeof(*l));
	if (!is_known(&c))
		return false;
	l->mac = field_read_mac(&c);
	l->inside = field_read_addr(&c);
	count = (int)bytes_read_below(&c, PORCH_CONTENT_BACKGROUND);
	for (int i = 0; i < count; i++) {
		l->row[i].bytes_up = field_read_sum(&c);
		l->row[i].bytes_down = field_read_sum(&c);
		l->row[i].episodes = field_read_sum(&c);
	}
	l->traffic.streams = field_read_sum(&c);
	l->traffic.calls = field_read_sum(&c);
	l->traffic.peer_streams = field_read_sum(&c);
	l->traffic.to_footage_hosts = field_read_sum(&c);
	return field_end(&c);
}

void
history_write_gap(struct bytes *b, const struct history_gap *g)
{
	begin(b);
	bytes_number(b, g->index);
	bytes_signed(b, g->gap.start);
	bytes_signed(b, g->gap.end);
	bytes_text(b, g->gap.reason);
	field_flag(b, g->gap.worker);
}

bool
history_read_gap(struct cursor c, struct arena *arena, struct history_gap *g)
{
	memset(g, 0, sizeof(*g));
	if (!is_known(&c))
		return false;
	g->index = bytes_read_number(&c);
	g->gap.start = bytes_read_signed(&c);
	g->gap.end = bytes_read_signed(&c);
	g->gap.reason = field_read_text(&c, arena, PATH_MAX_TEXT);
	g->gap.worker = field_read_flag(&c);
	return field_end(&c);
}

void
history_write_word(struct bytes *b, const struct history_word *word)
{
	begin(b);
	bytes_number(b, word->id);
	bytes_text(b, word->text);
}

bool
history_read_word(struct cursor c, struct history_word *word)
{
	memset(word, 0, sizeof(*word));
	if (!is_known(&c))
		return false;
	word->id = bytes_read_number(&c);
	bytes_read_text(&c, word->text, sizeof(word->text));
	return field_end(&c);
}
