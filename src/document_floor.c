/* SPDX-License-Identifier: Apache-2.0 */
#include "document_state.h"

#include "judge/features.h"

/* Who could be sent footage: no tracker, no service that only names or times are asked of. */
static bool
could_receive(const struct porch_destination *to)
{
	return to->party != PORCH_PARTY_LOCAL && to->party != PORCH_PARTY_UTILITY &&
	       to->party != PORCH_PARTY_TRACKER && to->bytes_up > 0;
}

/* The first receiver row of a device, or the count of all. */
static size_t
first_receiver(const struct document_builder *b, uint64_t device)
{
	const struct receiver_row *row = b->receivers.item;
	size_t low = 0, high = b->receivers.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row[middle].device < device)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int64_t
document_floor_of(struct document_builder *b, const struct porch_device *d)
{
	const struct device_row *device = document_find_device(b, d->id);
	struct receiver_row *row = b->receivers.item;
	struct content_context context = {
	    .rules = b->rules, .device_named = d->named_by_user, .places = &b->places_of_content};
	struct arena *arena = arena_new();
	int64_t floor = -1;

	if (!device || !arena || !(features_makes_footage(d->kind) || d->named_by_user)) {
		arena_free(arena);
		return -1;
	}
	context.device = &device->verdict;
	for (size_t i = first_receiver(b, d->id); i < b->receivers.count && row[i].device == d->id;
	     i++) {
		int64_t one;

		context.receiver = document_record_of(b, &row[i]);
		if (!context.receiver || !could_receive(context.receiver))
			continue;
		one = floor_recall(&b->floors, &context, arena);
		floor = one > floor ? one : floor;
	}
	if (floor < 0) { /* it spoke to nobody who could: then of somebody nobody knows */
		context.receiver = NULL;
		floor = floor_recall(&b->floors, &context, arena);
	}
	arena_free(arena);
	return floor;
}
