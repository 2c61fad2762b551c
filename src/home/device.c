/* SPDX-License-Identifier: Apache-2.0 */
#include "home/device.h"

#include <string.h>

#include "base/hash.h"

struct device_key
device_key_mac(const struct mac *mac)
{
	return (struct device_key){.mac = *mac};
}

struct device_key
device_key_addr(const struct mac *mac, const struct addr *addr)
{
	return (struct device_key){.mac = *mac, .addr = *addr};
}

uint64_t
device_key_id(const struct device_key *key)
{
	return hash_id(key, sizeof(*key));
}

static void
copy_text(char dst[static DEVICE_TEXT], const char *text)
{
	size_t len = strnlen(text, DEVICE_TEXT - 1);

	memcpy(dst, text, len);
	dst[len] = '\0';
}

void
device_add_hint(struct device *device, uint8_t kind, const char *text)
{
	struct device_hint hint = {.kind = kind};

	copy_text(hint.text, text);
	for (unsigned i = 0; i < device->hints; i++)
		if (device->hint[i].kind == kind && strcmp(device->hint[i].text, hint.text) == 0)
			return;
	if (device->hints < DEVICE_HINTS)
		device->hint[device->hints++] = hint;
}

void
device_add_site(struct device *device, uint32_t hash)
{
	for (unsigned i = 0; i < device->sites; i++)
		if (device->site[i] == hash)
			return;
	if (device->sites < DEVICE_SITES)
		device->site[device->sites++] = hash;
}

void
device_add_organisation(struct device *device, uint32_t hash)
{
	for (unsigned i = 0; i < device->organisations; i++)
		if (device->organisation[i] == hash)
			return;
	if (device->organisations < DEVICE_ORGANISATIONS)
		device->organisation[device->organisations++] = hash;
}

static struct device_maker *
maker_slot(struct device *device, const void *maker)
{
	for (unsigned i = 0; i < device->makers; i++)
		if (device->maker[i].maker == maker)
			return &device->maker[i];
	if (device->makers == DEVICE_MAKERS)
		return NULL;
	device->maker[device->makers].maker = maker;
	return &device->maker[device->makers++];
}

void
device_add_maker(struct device *device, const void *maker, bool own, uint8_t own_kind)
{
	struct device_maker *slot = maker_slot(device, maker);

	if (!slot)
		return;
	slot->asked++;
	if (own) {
		slot->own++;
		slot->own_kind = own_kind;
	}
}

static void
merge_makers(struct device *into, const struct device *from)
{
	for (unsigned i = 0; i < from->makers; i++) {
		struct device_maker *slot = maker_slot(into, from->maker[i].maker);

		if (!slot)
			continue;
		slot->asked += from->maker[i].asked;
		slot->own += from->maker[i].own;
		if (from->maker[i].own)
			slot->own_kind = from->maker[i].own_kind;
	}
}

void
device_merge(struct device *into, const struct device *from)
{
	if (from->first_seen < into->first_seen)
		into->first_seen = from->first_seen;
	if (from->last_seen > into->last_seen)
		into->last_seen = from->last_seen;
	if (!into->hostname[0])
		memcpy(into->hostname, from->hostname, sizeof(into->hostname));
	for (unsigned i = 0; i < from->hints; i++)
		device_add_hint(into, from->hint[i].kind, from->hint[i].text);
	for (unsigned i = 0; i < from->sites; i++)
		device_add_site(into, from->site[i]);
	for (unsigned i = 0; i < from->organisations; i++)
		device_add_organisation(into, from->organisation[i]);
	merge_makers(into, from);
	into->rendezvous += from->rendezvous;
	into->rtsp_served += from->rtsp_served;
	into->sent = into->sent || from->sent;
}
