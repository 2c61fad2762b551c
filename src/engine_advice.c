/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/hash.h"
#include "engine_advice_state.h"
#include "parse/hello.h"
#include "rules/rules.h"

/*
 * Which flows an inspection library is asked about.  All that decides lies here and follows
 * from packets alone: when an answer comes does not show.
 */

#define ALIKE_READ   1  /* flows of a receiver that are alike, and that our own parsers read */
#define ALIKE_UNREAD 2  /* or do not */
#define SLICES_LEAST 2  /* a single packet is no conversation */
#define SLICES_TCP   20 /* nDPI 4.2 knows 98 of 100 flows of its test captures by then */
#define SLICES_UDP   12
#define SLICES_CUT   3  /* more of what was cut when it was captured told it nothing more */
#define CLOCK_BYTES  48 /* of NTP (RFC 5905, section 7.3) */
#define LIVE_LOOKS   20 /* of a tenth of a second: a live network does without after that */

static struct gathered *
gathered_of(struct adviser *a, const struct flow *flow)
{
	return &a->gathered[flow->gathered - 1];
}

#ifdef PORCHLIGHT_DPI_ASK_ALL
/* For tests: whatever comes is asked about. */
static unsigned
most_alike(struct adviser *a, const struct flow *flow)
{
	(void)a;
	(void)flow;
	return FLOWS_EACH;
}

static unsigned
most_slices(struct adviser *a, const struct flow *flow)
{
	(void)a;
	(void)flow;
	return WIRE_SLICES;
}

static bool
is_clock(const struct engine *e, const struct flow *flow, const struct packet *packet)
{
	(void)e;
	(void)flow;
	(void)packet;
	return false;
}

static bool
is_past_reading(const struct flow *flow, const struct packet *packet)
{
	(void)flow;
	(void)packet;
	return false;
}

static bool
is_worth_asking(const struct packet *packet)
{
	return !packet->fragment;
}

static bool
is_known_well(const struct flow *flow)
{
	(void)flow;
	return false;
}

static unsigned
least_slices(void)
{
	return 1;
}

static bool
has_said_all(struct gathered *g, const struct flow *flow, const struct packet *packet,
    unsigned sender)
{
	(void)g;
	(void)flow;
	(void)packet;
	(void)sender;
	return false;
}
#else
/* Whether a packet of those gathered of a flow was cut when it was captured. */
static bool
was_cut(struct adviser *a, const struct flow *flow)
{
	return flow->gathered && gathered_of(a, flow)->cut;
}

static unsigned
most_alike(struct adviser *a, const struct flow *flow)
{
	bool unread = flow->application == APPLICATION_UNKNOWN;

	return unread && !was_cut(a, flow) ? ALIKE_UNREAD : ALIKE_READ;
}

static unsigned
most_slices(struct adviser *a, const struct flow *flow)
{
	if (was_cut(a, flow))
		return SLICES_CUT;
	return flow->key.protocol == IP_TCP ? SLICES_TCP : SLICES_UDP;
}

/* What a clock is set by is nothing that an answer would be of use for. */
static bool
is_clock(const struct engine *e, const struct flow *flow, const struct packet *packet)
{
	uint16_t port = flow->key.port[!flow->originator];
	struct port_match match;

	return packet->payload_bytes == CLOCK_BYTES &&
	       rules_port(e->setup.rules, flow->key.protocol, port, &match) &&
	       strcmp(match.service, "time") == 0;
}

/*
 * TLS that began before the capture, or whose hello was cut when it was captured: whatever more
 * than that could be read of it is gone.
 */
static bool
is_past_reading(const struct flow *flow, const struct packet *packet)
{
	enum tls_first first;

	if (flow->application != APPLICATION_TLS || flow->ja4)
		return false;
	if (cursor_left(&packet->payload) < packet->payload_bytes)
		return true;
	return tls_first_record(packet->payload, &first) == PARSE_OK &&
	       (first == TLS_FIRST_LATER || first == TLS_FIRST_ALERT);
}

static bool
is_worth_asking(const struct packet *packet)
{
	return !packet->fragment && cursor_left(&packet->payload) > 0;
}

/* Look-ups and announcements: our own parsers know them as well as anybody. */
static bool
is_known_well(const struct flow *flow)
{
	return flow->application == APPLICATION_DNS || flow->application == APPLICATION_MDNS ||
	       flow->application == APPLICATION_DHCP || flow->application == APPLICATION_SSDP;
}

static unsigned
least_slices(void)
{
	return SLICES_LEAST;
}

static bool
is_newer(const struct gathered *g, const struct packet *packet)
{
	return packet->protocol != IP_TCP || (int32_t)(packet->tcp_seq - g->hello) > 0;
}

/*
 * Who said hello over TLS or QUIC says more when all of the answer is there, certificates
 * too: what comes then is for those two alone, and nobody learns more of it.  DTLS may have
 * its hello said twice.
 */
static bool
has_said_all(struct gathered *g, const struct flow *flow, const struct packet *packet,
    unsigned sender)
{
	if (flow->application != APPLICATION_TLS && flow->application != APPLICATION_QUIC)
		return false;
	if (g->talk == TALK_ANSWERED && sender == g->greeter)
		return !g->partial && is_newer(g, packet);
	if (g->talk != TALK_UNREAD && sender != g->greeter) {
		g->talk = TALK_ANSWERED;
		return false;
	}
	g->talk = TALK_HELLO;
	g->greeter = (uint8_t)sender;
	g->hello = packet->tcp_seq;
	return false;
}
#endif

static void
forget(struct adviser *a, struct flow *flow)
{
	gathered_of(a, flow)->fed = 0;
	flow->gathered = 0;
	flow->asked = true;
}

/* It is not asked about. */
static void
drop(struct adviser *a, struct flow *flow)
{
	dpi_drop(a->dpi, gathered_of(a, flow)->slot);
	forget(a, flow);
}

/*
 * Flows of a receiver whose answers would be the same ones: to the same port, carrying what our
 * own parsers call the same, begun by the same program as its hello tells.
 */
static uint32_t
kind_of(const struct flow *flow)
{
	uint8_t kind[] = {flow->key.protocol, flow->application,
	    (uint8_t)(flow->key.port[!flow->originator] >> 8),
	    (uint8_t)flow->key.port[!flow->originator]};
	uint64_t program = flow->ja4 ? hash_id(flow->ja4, strlen(flow->ja4)) : 0;

	return (uint32_t)(hash_id(kind, sizeof(kind)) ^ program);
}

/* Whether this flow, of that kind, may tell something new of a receiver. */
static bool
may_tell_more(struct adviser *a, const struct advice_row *row, const struct flow *flow,
    uint32_t kind)
{
	unsigned alike = 0;

	for (unsigned i = 0; i < row->asked; i++)
		alike += row->kind[i] == kind;
	return row->asked < FLOWS_EACH && alike < most_alike(a, flow);
}

/*
 * The row of a receiver, if a flow may tell something new of it: what that is will lie there, or
 * at that place among what is alike.
 */
static uint64_t
row_to_tell(struct adviser *a, const struct destination_key *key, const struct flow *flow,
    uint16_t alike)
{
	bool created;
	struct advice_row *row = table_see(a->rows, key, &created);
	uint32_t kind = kind_of(flow);

	if (created)
		row->number = ++a->rows_made;
	if (!may_tell_more(a, row, flow, kind))
		return 0;
	row->alike[row->asked] = alike;
	row->kind[row->asked++] = kind;
	return row->number;
}

/* Whether the receivers of a flow, whose name is known, have all been told enough. */
static bool
is_told_enough(struct adviser *a, const struct flow *flow)
{
	const struct advice_row *row;
	struct destination_key key;

	for (unsigned end = 0; end < 2; end++) {
		if (!engine_has_destination(flow, end))
			continue;
		key = destination_key_of(flow, end);
		row = table_find(a->rows, &key);
		if (!row || may_tell_more(a, row, flow, kind_of(flow)))
			return false;
	}
	return true;
}

/*
 * What a flow has in common with all that are answered alike, whoever sends them: the same program
 * at home says the same hello to the same name at the same address outside.  0: its answer is for
 * its own receiver.
 */
static uint64_t
alike_key(const struct flow *flow)
{
	bool named =
	    flow->name_source == PORCH_NAME_SNI || flow->name_source == PORCH_NAME_QUIC_SNI;
	uint64_t of[3];

	if (flow->application != APPLICATION_TLS && flow->application != APPLICATION_QUIC)
		return 0;
	if (!named || !flow->name || flow->contradicted || !flow->ja4)
		return 0;
	if (flow->side == SIDE_LOCAL || !engine_has_destination(flow, flow->originator))
		return 0;
	of[0] = hash_id(flow->name, strlen(flow->name));
	of[1] = hash_id(&flow->key.end[!flow->originator], sizeof(struct addr));
	of[2] = kind_of(flow);
	return hash_id(of, sizeof(of));
}

/*
 * Its receivers, whose name is known, are told what is known of flows that are answered alike.
 * False: they are not told enough without this flow.
 */
static bool
tell_what_is_known(struct adviser *a, const struct flow *flow)
{
	struct destination_key receiver;
	struct alike *alike;
	uint64_t key;

	if (is_told_enough(a, flow))
		return true;
	key = alike_key(flow);
	alike = key ? table_find(a->alike, &key) : NULL;
	if (!alike)
		return false;
	receiver = destination_key_of(flow, flow->originator);
	row_to_tell(a, &receiver, flow, table_short_place(alike));
	return true;
}

/* Rows of alike flows: a place of one has 16 bits. */
static size_t
alike_most(const struct engine *e)
{
	size_t most = e->setup.sizes.destinations;

	return most < UINT16_MAX ? most : UINT16_MAX;
}

/* Where the answer of the first such flow will lie; 0: it has no such place, or all are taken. */
static uint16_t
begin_alike(struct engine *e, const struct flow *flow)
{
	struct table *alike = e->adviser->alike;
	uint64_t key = alike_key(flow);
	bool created;

	if (!key || table_count(alike) == alike_most(e))
		return 0;
	return table_short_place(table_see(alike, &key, &created));
}

/* whole: all was gathered that both ends say in the clear. */
static void
ask(struct engine *e, struct flow *flow, bool whole)
{
	struct adviser *a = e->adviser;
	unsigned slot = gathered_of(a, flow)->slot;
	struct asked *asked = &a->asked[slot];
	struct wire_question question = {
	    .protocol = flow->key.protocol,
	    .family = flow->key.end[0].family,
	    .originator_port = flow->key.port[flow->originator],
	    .responder_port = flow->key.port[!flow->originator],
	};

	if (dpi_slices(a->dpi, slot) < least_slices() || is_known_well(flow) ||
	    tell_what_is_known(a, flow)) {
		drop(a, flow);
		return;
	}
	memset(asked, 0, sizeof(*asked));
	asked->we_read = flow_application_word((enum flow_application)flow->application);
	asked->alike = whole ? begin_alike(e, flow) : 0;
	for (unsigned end = 0; end < 2; end++) {
		if (!engine_has_destination(flow, end))
			continue;
		asked->end[end] = destination_key_of(flow, end);
		asked->row[end] = row_to_tell(a, &asked->end[end], flow, asked->alike);
	}
	forget(a, flow);
	dpi_ask(a->dpi, slot, &question);
}

/* Room for one more: the one that was silent longest is asked about with what it has. */
static struct gathered *
make_room(struct engine *e)
{
	struct adviser *a = e->adviser;
	struct gathered *oldest = &a->gathered[0];

	for (unsigned i = 0; i < GATHERED && oldest->fed; i++)
		if (a->gathered[i].fed < oldest->fed)
			oldest = &a->gathered[i];
	if (oldest->fed)
		ask(e, flow_table_at(e->flows, oldest->flow), false);
	return oldest;
}

static bool
can_be_asked(const struct flow *flow)
{
	if (flow->key.protocol != IP_TCP && flow->key.protocol != IP_UDP)
		return false;
	for (unsigned end = 0; end < 2; end++)
		if (addr_is_multicast(&flow->key.end[end]) ||
		    addr_is_broadcast(&flow->key.end[end]))
			return false;
	return flow->side != SIDE_UNDIRECTED;
}

static bool
gather(struct engine *e, struct flow *flow)
{
	struct adviser *a = e->adviser;
	struct gathered *g = make_room(e);
	int slot = dpi_begin(a->dpi);

	a->wanted = true;
	if (slot < 0)
		return false;
	*g = (struct gathered){
	    .flow = flow_table_place(flow), .slot = (uint8_t)slot, .settled = flow->settled};
	flow->gathered = (uint8_t)(g - a->gathered + 1);
	return true;
}

/* Whether the packets of a flow are gathered from now on. */
static bool
begin(struct engine *e, const struct packet *packet, struct flow *flow)
{
	if (is_known_well(flow))
		flow->asked = true;
	if (flow->asked || !can_be_asked(flow))
		return false;
	flow->asked = is_clock(e, flow, packet) || is_past_reading(flow, packet) ||
	              (flow->settled && tell_what_is_known(e->adviser, flow)) || !gather(e, flow);
	return !flow->asked;
}

/* The same, when its name came to be known since it was last looked. */
static bool
tell_once_named(struct adviser *a, const struct flow *flow)
{
	struct gathered *g = gathered_of(a, flow);
	bool was_settled = g->settled;

	g->settled = flow->settled;
	return flow->settled && !was_settled && tell_what_is_known(a, flow);
}

static bool
is_full(struct adviser *a, const struct flow *flow)
{
	return dpi_slices(a->dpi, gathered_of(a, flow)->slot) >= most_slices(a, flow);
}

static void
add_slice(struct adviser *a, struct flow *flow, const struct packet *packet, unsigned sender)
{
	struct gathered *g = gathered_of(a, flow);
	size_t length = cursor_left(&packet->payload);
	struct wire_slice slice = {
	    .time = packet->time,
	    .payload = packet->payload.at,
	    .length = (uint16_t)(length > WIRE_PAYLOAD ? WIRE_PAYLOAD : length),
	    .from_originator = sender == flow->originator,
	    .tcp_flags = packet->tcp_flags,
	    .tcp_seq = packet->tcp_seq,
	    .tcp_ack = packet->tcp_ack,
	};

	g->fed = ++a->fed;
	g->cut = g->cut || length < packet->payload_bytes;
	g->partial = g->partial || slice.length < packet->payload_bytes;
	dpi_add(a->dpi, g->slot, &slice);
}

void
engine_advise(struct engine *e, const struct packet *packet, struct flow *flow, unsigned sender)
{
	struct adviser *a = e->adviser;
	struct gathered *g;
	bool enough;

	if (!a || flow->asked || !is_worth_asking(packet) ||
	    (!flow->gathered && !begin(e, packet, flow)))
		return;
	if (tell_once_named(a, flow)) {
		drop(a, flow);
		return;
	}
	g = gathered_of(a, flow);
	enough = has_said_all(g, flow, packet, sender);
	if (!enough && !is_full(a, flow))
		add_slice(a, flow, packet, sender);
	if ((enough || is_full(a, flow)) && flow->settled)
		ask(e, flow, enough);
}

void
engine_advise_end(struct engine *e, struct flow *flow)
{
	if (e->adviser && flow->gathered)
		ask(e, flow, false);
}

void
engine_advise_finish(struct engine *e)
{
	if (!e->adviser)
		return;
	if (e->setup.live)
		dpi_finish_within(e->adviser->dpi, LIVE_LOOKS);
	else
		dpi_finish(e->adviser->dpi);
}
