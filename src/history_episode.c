/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "history_codec.h"
#include "history_fields.h"

#define VERSION 1

#define SUMS 15

static void
list_sums(struct track_sums *s, uint64_t *list[static SUMS])
{
	uint64_t *const all[SUMS] = {&s->bytes_up, &s->bytes_down, &s->packets_up, &s->packets_down,
	    &s->content_up, &s->content_down, &s->contents_up, &s->segments_up, &s->full_up,
	    &s->media_up, &s->media_down, &s->bins_up, &s->bursts, &s->slots_up, &s->talk_bins};

	_Static_assert(sizeof(*s) == SUMS * sizeof(uint64_t), "a sum is not written");
	memcpy(list, all, sizeof(all));
}

static void
write_flows(struct bytes *b, const struct track_episode *e)
{
	bytes_number(b, e->flows);
	for (unsigned i = 0; i < e->flows; i++) {
		const struct flow_key *key = &e->flow[i];

		field_addr(b, &key->end[0]);
		field_addr(b, &key->end[1]);
		bytes_number(b, key->port[0]);
		bytes_number(b, key->port[1]);
		bytes_number(b, key->protocol);
		bytes_number(b, e->flow_originator[i]);
	}
	bytes_number(b, e->ssrcs);
	for (unsigned i = 0; i < e->ssrcs; i++)
		bytes_number(b, e->ssrc[i]);
}

static void
read_flows(struct cursor *c, struct track_episode *e)
{
	e->flows = (uint8_t)bytes_read_below(c, TRACK_FLOWS);
	for (unsigned i = 0; i < e->flows; i++) {
		struct flow_key *key = &e->flow[i];

		key->end[0] = field_read_addr(c);
		key->end[1] = field_read_addr(c);
		key->port[0] = (uint16_t)bytes_read_below(c, UINT16_MAX);
		key->port[1] = (uint16_t)bytes_read_below(c, UINT16_MAX);
		key->protocol = (uint8_t)bytes_read_below(c, UINT8_MAX);
		e->flow_originator[i] = (uint8_t)bytes_read_below(c, 1);
	}
	e->ssrcs = (uint8_t)bytes_read_below(c, TRACK_SSRCS);
	for (unsigned i = 0; i < e->ssrcs; i++)
		e->ssrc[i] = (uint32_t)bytes_read_below(c, UINT32_MAX);
}

static void
write_before(struct bytes *b, const struct track_before *before)
{
	field_flag(b, before->time != PORCH_NO_TIME);
	if (before->time == PORCH_NO_TIME)
		return;
	bytes_signed(b, before->time);
	bytes_number(b, before->what);
}

static struct track_before
read_before(struct cursor *c)
{
	struct track_before before = {.time = PORCH_NO_TIME};

	if (!field_read_flag(c))
		return before;
	before.time = bytes_read_signed(c);
	before.what = bytes_read_number(c);
	return before;
}

static void
list_flags(struct track_episode *e, bool *list[static 5])
{
	bool *const all[5] = {
	    &e->local, &e->open, &e->continues, &e->after_rendezvous, &e->introduced};

	memcpy(list, all, sizeof(all));
}

static void
write_measures(struct bytes *b, struct track_episode *e)
{
	uint64_t *sum[SUMS];

	list_sums(&e->sums, sum);
	for (size_t i = 0; i < SUMS; i++)
		bytes_number(b, *sum[i]);
	bytes_number(b, e->peak_bin_up);
	bytes_number(b, e->peak_second_up);
	for (unsigned i = 0; i < TRACK_RATES; i++)
		bytes_number(b, e->rate[i]);
}

void
history_write_episode(struct bytes *b, const struct track_episode *episode)
{
	struct track_episode e = *episode;
	bool *flag[5];

	bytes_number(b, VERSION);
	field_mac(b, &e.device.mac);
	field_addr(b, &e.device.addr);
	field_addr(b, &e.inside);
	bytes_number(b, e.what);
	bytes_number(b, e.id);
	bytes_number(b, e.ordinal);
	bytes_number(b, e.sequence);
	bytes_signed(b, e.start);
	bytes_signed(b, e.end);
	field_flag(b, e.known != PORCH_NO_TIME);
	if (e.known != PORCH_NO_TIME)
		bytes_signed(b, e.known);
	write_measures(b, &e);
	write_before(b, &e.message_up);
	write_before(b, &e.message_down);
	list_flags(&e, flag);
	for (size_t i = 0; i < 5; i++)
		field_flag(b, *flag[i]);
	bytes_number(b, e.opened);
	write_flows(b, &e);
	bytes_number(b, e.applications);
	bytes_number(b, e.remote_port);
}

static void
read_measures(struct cursor *c, struct track_episode *e)
{
	uint64_t *sum[SUMS];

	list_sums(&e->sums, sum);
	for (size_t i = 0; i < SUMS; i++)
		*sum[i] = bytes_read_number(c);
	e->peak_bin_up = bytes_read_number(c);
	e->peak_second_up = bytes_read_number(c);
	for (unsigned i = 0; i < TRACK_RATES; i++)
		e->rate[i] = (uint32_t)bytes_read_below(c, UINT32_MAX);
}

bool
history_read_episode(struct cursor c, struct track_episode *e)
{
	bool *flag[5];

	memset(e, 0, sizeof(*e));
	if (bytes_read_number(&c) != VERSION)
		return false;
	e->device.mac = field_read_mac(&c);
	e->device.addr = field_read_addr(&c);
	e->inside = field_read_addr(&c);
	e->what = bytes_read_number(&c);
	e->id = bytes_read_number(&c);
	e->ordinal = bytes_read_number(&c);
	e->sequence = bytes_read_number(&c);
	e->start = bytes_read_signed(&c);
	e->end = bytes_read_signed(&c);
	e->known = field_read_flag(&c) ? bytes_read_signed(&c) : PORCH_NO_TIME;
	read_measures(&c, e);
	e->message_up = read_before(&c);
	e->message_down = read_before(&c);
	list_flags(e, flag);
	for (size_t i = 0; i < 5; i++)
		*flag[i] = field_read_flag(&c);
	e->opened = (uint8_t)bytes_read_below(&c, OPENED_BY_UPLOAD);
	read_flows(&c, e);
	e->applications = (uint32_t)bytes_read_below(&c, (1U << APPLICATIONS) - 1);
	e->remote_port = (uint16_t)bytes_read_below(&c, UINT16_MAX);
	return field_end(&c) && e->start <= e->end;
}
