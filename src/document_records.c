/* SPDX-License-Identifier: Apache-2.0 */
#include "document_state.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "judge/advice.h"
#include "judge/receiver.h"

static const char *
address_text(struct arena *arena, const struct addr *address)
{
	char text[ADDR_TEXT];

	return arena_text(arena, addr_format(address, text));
}

/* The addresses of a device are those its rows were seen under; kept before rows join. */
static void
list_addresses(struct document_builder *b, struct porch_device *record, size_t from, size_t to)
{
	const struct receiver_row *row = b->receivers.item;
	const char **list = arena_alloc(b->arena, (to - from) * sizeof(*list));
	struct addr last = {0};
	size_t n = 0;

	/* Selection in order of address: few addresses, many rows. */
	for (;;) {
		const struct addr *next = NULL;

		for (size_t i = from; i < to; i++) {
			const struct addr *a = &row[i].row->key.inside;

			if (!addr_is_unspecified(a) && addr_compare(a, &last) > 0 &&
			    (!next || addr_compare(a, next) < 0))
				next = a;
		}
		if (!next || !list)
			break;
		list[n] = address_text(b->arena, next);
		if (!list[n])
			break;
		n++;
		last = *next;
	}
	record->addresses = (struct porch_texts){.item = list, .count = n};
}

/* "MAC|IP" of the user, against a device. */
static bool
is_named(const struct porch_device *d, const char *name, size_t length)
{
	if (d->mac && strlen(d->mac) == length && strncasecmp(d->mac, name, length) == 0)
		return true;
	for (size_t i = 0; i < d->addresses.count; i++)
		if (strlen(d->addresses.item[i]) == length &&
		    strncasecmp(d->addresses.item[i], name, length) == 0)
			return true;
	return false;
}

static void
take_user_words(const struct porch_options *o, struct arena *arena, struct porch_device *d)
{
	for (size_t i = 0; i < o->device_count; i++)
		if (is_named(d, o->devices[i], strlen(o->devices[i])))
			d->named_by_user = true;
	for (size_t i = 0; i < o->label_count; i++) {
		const char *equals = strchr(o->labels[i], '=');

		if (equals && is_named(d, o->labels[i], (size_t)(equals - o->labels[i])))
			d->label = arena_text(arena, equals + 1);
	}
}

static void
begin_device_record(struct document_builder *b, struct device_row *row)
{
	const struct device_key *key = &row->device->key;
	struct porch_device *d = row->record;

	d->id = row->id;
	if (!mac_is_zero(&key->mac)) {
		d->mac = mac_format(&key->mac, arena_alloc(b->arena, MAC_TEXT));
		d->mac_randomised = mac_is_local(&key->mac);
		if (key->addr.family != 0) {
			struct device_key whole = device_key_mac(&key->mac);

			d->was = device_key_id(&whole);
		}
	}
	if (row->device->hostname[0])
		d->hostname = arena_text(b->arena, row->device->hostname);
	d->first_seen = row->device->first_seen;
	d->last_seen = row->device->last_seen;
	d->detection_floor_bytes = -1;
}

/* Gives every device that has receivers its record, in order of id. */
struct porch_device *
document_device_records(struct document_builder *b, size_t *count)
{
	struct porch_device *records =
	    arena_alloc(b->arena, (b->devices.count + 1) * sizeof(*records));
	const struct receiver_row *row = b->receivers.item;
	size_t from = 0, place = 0;

	*count = 0;
	while (records && from < b->receivers.count) {
		struct device_row *device = document_next_device(b, &place, row[from].device);
		size_t to = from;

		while (to < b->receivers.count && row[to].device == row[from].device)
			to++;
		if (device) {
			device->record = &records[(*count)++];
			begin_device_record(b, device);
			list_addresses(b, device->record, from, to);
			take_user_words(b->options, b->arena, device->record);
		}
		from = to;
	}
	return records;
}

static void
sum_receiver(struct device_row *device, const struct destination *d)
{
	if (d->local) {
		device->record->bytes_local += d->up.bytes + d->down.bytes;
		return; /* what is said of talks inside the home says nothing of who talks */
	}
	device->record->bytes_up += d->up.bytes;
	device->record->bytes_down += d->down.bytes;
	advice_add(&device->traffic.advice, &d->advice);
}

void
document_sum_receivers(struct document_builder *b)
{
	const struct receiver_row *row = b->receivers.item;
	size_t place = 0;

	for (size_t i = 0; i < b->receivers.count; i++) {
		struct device_row *device = document_next_device(b, &place, row[i].device);

		if (device)
			sum_receiver(device, row[i].row);
	}
}

void
document_judge_devices(struct document_builder *b)
{
	struct device_row *row = b->devices.item;

	for (size_t i = 0; i < b->devices.count; i++) {
		struct porch_device *d = row[i].record;

		if (!d)
			continue;
		row[i].traffic.bytes_up += d->bytes_up;
		row[i].traffic.bytes_down += d->bytes_down;
		device_judge(b->rules, &b->places_of_device, row[i].device, &row[i].traffic,
		    b->arena, &row[i].verdict);
		d->kind = row[i].verdict.kind;
		d->confidence = row[i].verdict.confidence;
		d->evidence = row[i].verdict.evidence;
		d->product = row[i].verdict.product;
		if (row[i].verdict.vendor) {
			d->vendor = row[i].verdict.vendor->id;
			d->vendor_name = row[i].verdict.vendor->name;
		}
	}
}

static struct porch_texts
split_words(struct arena *arena, const char *words)
{
	struct porch_texts texts = {.count = 0};
	const char **list;
	char *copy;

	if (!*words)
		return texts;
	copy = arena_text(arena, words);
	texts.item = list = arena_alloc(arena, (strlen(words) / 2 + 1) * sizeof(*list));
	while (copy && list && *copy) {
		size_t length = strcspn(copy, " ");

		list[texts.count++] = copy;
		copy += length;
		if (*copy)
			*copy++ = '\0';
	}
	arena_keep(arena, list, texts.count * sizeof(*list));
	return texts;
}

static void
list_protocols(struct arena *arena, const struct destination *row, struct porch_destination *d)
{
	static const char *const transport[] = {"tcp", "udp", "icmp", "icmpv6", "ip"};
	const char **transports = arena_alloc(arena, 5 * sizeof(*transports)), **protocols;

	for (unsigned i = 0; transports && i < 5; i++)
		if (row->transports & 1U << i)
			transports[d->transports.count++] = transport[i];
	arena_keep(arena, transports, d->transports.count * sizeof(*transports));
	protocols = arena_alloc(arena, APPLICATIONS * sizeof(*protocols));
	for (unsigned i = 1; protocols && i < APPLICATIONS; i++)
		if (row->applications & 1U << i)
			protocols[d->protocols.count++] =
			    flow_application_word((enum flow_application)i);
	arena_keep(arena, protocols, d->protocols.count * sizeof(*protocols));
	d->transports.item = transports;
	d->protocols.item = protocols;
}

static void
list_places(struct arena *arena, const struct destination *row, struct porch_destination *d)
{
	const char **addresses = arena_alloc(arena, row->addresses * sizeof(*addresses));
	uint16_t *ports = arena_alloc(arena, sizeof(row->port));

	for (unsigned i = 0; addresses && i < row->addresses; i++) {
		const char *text = address_text(arena, &row->address[i]);

		if (text)
			addresses[d->addresses.count++] = text;
	}
	d->addresses.item = addresses;
	if (!ports)
		return;
	memcpy(ports, row->port, sizeof(row->port));
	d->ports = (struct porch_ports){.item = ports, .count = row->ports};
}

static int
by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static enum porch_answer
is_new(const struct document_builder *b, uint64_t id)
{
	if (!b->known)
		return PORCH_ANSWER_UNKNOWN;
	return b->known_count > 0 && bsearch(&id, b->known, b->known_count, sizeof(id), by_number)
	           ? PORCH_ANSWER_NO
	           : PORCH_ANSWER_YES;
}

static void
make_receiver_record(const struct document_builder *b, struct receiver_row *r,
    const struct device_row *device)
{
	struct porch_destination *d = r->record;
	const struct destination *row = r->row;

	d->id = destination_id(r->device, row->key.what);
	d->device = r->device;
	d->is_new = is_new(b, d->id);
	if (row->name) {
		d->name = arena_text(b->arena, row->name);
		d->name_source = (enum porch_name_source)row->name_source;
	}
	d->candidates = split_words(b->arena, destination_text(row->candidates));
	d->aliases = split_words(b->arena, destination_text(row->aliases));
	list_places(b->arena, row, d);
	list_protocols(b->arena, row, d);
	advice_tell(b->rules, row, b->arena, d);
	d->bytes_up = row->up.bytes;
	d->bytes_down = row->down.bytes;
	d->packets_up = row->up.packets;
	d->packets_down = row->down.packets;
	d->first_seen = row->first_seen;
	d->last_seen = row->last_seen;
	if (row->key.what == DESTINATION_REST || row->key.what == DESTINATION_REST_LOCAL) {
		d->folded = row->flows;
		d->is_new = PORCH_ANSWER_UNKNOWN;
	}
	receiver_judge(b->rules, row, device ? device->verdict.vendor : NULL, b->arena, d);
}

struct porch_destination *
document_record_of(const struct document_builder *b, struct receiver_row *r)
{
	if (r->record)
		return r->record;
	r->record = arena_alloc(b->arena, sizeof(*r->record));
	if (r->record)
		make_receiver_record(b, r, document_find_device(b, r->device));
	return r->record;
}
