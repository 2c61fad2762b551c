/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/phrase.h"

#include <string.h>

#define SENTENCE_MAX 4096

static const struct porch_slot *
keep_slots(struct arena *arena, const struct porch_slot *slots)
{
	struct porch_slot *copy;
	size_t count = 0;

	while (slots && slots[count].name)
		count++;
	copy = arena_alloc(arena, (count + 1) * sizeof(*copy));
	if (copy && count > 0)
		memcpy(copy, slots, count * sizeof(*copy));
	return copy;
}

struct porch_phrase
phrase_keep(struct arena *arena, const struct porch_phrase *phrase)
{
	struct porch_phrase kept = {.key = phrase->key, .slots = keep_slots(arena, phrase->slots)};

	if (!kept.slots)
		kept.key = NULL;
	return kept;
}

const char *
phrase_text(struct arena *arena, const struct porch_phrase *phrase)
{
	static const struct speaker plain = {.language = NULL};
	char line[SENTENCE_MAX];
	struct text text = text_over(line, sizeof(line));

	words_add(&plain, phrase, &text);
	return arena_text(arena, line);
}

static struct porch_slot
word(struct arena *arena, const char *name, enum say key, const struct porch_slot *inner)
{
	struct porch_slot slot = WORD(name, key);

	slot.inner = keep_slots(arena, inner);
	return slot;
}

static bool
makes_footage(const struct porch_device *d)
{
	return d->kind == PORCH_KIND_DOORBELL || d->kind == PORCH_KIND_CAMERA ||
	       d->kind == PORCH_KIND_HUB;
}

struct porch_slot
phrase_device(struct arena *arena, const char *name, const struct porch_device *d)
{
	const char *address = d->addresses.count > 0 ? d->addresses.item[0] : d->mac;
	const struct porch_slot slots[] = {WORD("kind", say_kind(d->kind)),
	    NAMED("maker", d->vendor_name), NAMED("address", address), NO_SLOT};
	enum say key = d->addresses.count > 0 ? SAY_DEVICE_AT
	               : d->mac               ? SAY_DEVICE_MAC
	                                      : SAY_DEVICE_NOWHERE;

	if (d->label || d->hostname)
		return (struct porch_slot)NAMED(name, d->label ? d->label : d->hostname);
	if (d->vendor_name && makes_footage(d))
		key = SAY_DEVICE_OF_MAKER;
	return word(arena, name, key, slots);
}

struct porch_slot
phrase_receiver(struct arena *arena, const char *name, const struct porch_destination *to)
{
	const char *address = to && to->addresses.count > 0 ? to->addresses.item[0] : NULL;
	const struct porch_slot both[] = {NAMED("organisation", to ? to->organisation : NULL),
	    NAMED("host", to ? to->name : NULL), NO_SLOT};
	const struct porch_slot where[] = {
	    address ? (struct porch_slot)NAMED("address", address)
	            : (struct porch_slot)WORD("address", SAY_ADDRESS_UNKNOWN),
	    NO_SLOT};

	if (!to)
		return word(arena, name, SAY_RECEIVER_UNSETTLED, NULL);
	if (to->party == PORCH_PARTY_PEER)
		return word(arena, name, SAY_RECEIVER_PEER, where);
	if (to->organisation && to->name)
		return word(arena, name, SAY_RECEIVER_BOTH, both);
	if (to->organisation || to->name)
		return (struct porch_slot)NAMED(name,
		    to->organisation ? to->organisation : to->name);
	if (address)
		return (struct porch_slot)NAMED(name, address);
	return word(arena, name, SAY_RECEIVER_NONE, NULL);
}
