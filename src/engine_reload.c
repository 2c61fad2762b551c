/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine_state.h"

/* Other rules for an engine that goes on: what points into the old ones is found again. */

static bool
refuse(struct porch_error *error, const char *where)
{
	memset(error, 0, sizeof(*error));
	error->offset = -1;
	strcpy(error->file, "models/thresholds.json");
	strcpy(error->where, where);
	strcpy(error->text, "cannot be changed while watching: start again");
	return false;
}

/* Makers are known by their id; one that the new rules lack is forgotten. */
static void
find_makers_again(const struct porch_rules *rules, struct device *device)
{
	uint8_t kept = 0;

	for (uint8_t i = 0; i < device->makers; i++) {
		const struct vendor *old = device->maker[i].maker;
		struct device_maker maker = device->maker[i];

		maker.maker = rules_vendor(rules, old->id);
		if (maker.maker)
			device->maker[kept++] = maker;
	}
	memset(device->maker + kept, 0, (DEVICE_MAKERS - kept) * sizeof(device->maker[0]));
	device->makers = kept;
}

bool
engine_reload(struct engine *e, const struct engine_setup *setup, struct porch_error *error)
{
	struct track_rule rule;
	int64_t idle, forward;

	if (!engine_read_rule(setup->rules, &rule, &idle, &forward, error))
		return false;
	if (!track_table_set_rule(e->tracks, &rule))
		return refuse(error, "episode.bin_us");
	flow_table_set_idle(e->flows, idle);
	e->forward_step_us = forward;
	e->setup.rules = setup->rules;
	e->setup.home = setup->home;
	e->setup.home_count = setup->home_count;
	e->parsing.open_mirrors = setup->mirror;
	e->setup.dedup = setup->dedup;
	e->setup.named = setup->named;
	e->setup.named_count = setup->named_count;
	inside_set_home(e->inside, setup->home, setup->home_count);
	memset(e->memo_of, 0, sizeof(e->memo_of));
	memset(e->introduces, INTRODUCTION_UNASKED, UINT16_MAX + 1);
	for (struct device *d = table_first(e->devices); d; d = table_next(e->devices, d))
		find_makers_again(setup->rules, d);
	for (struct watched_device *d = table_first(e->watched); d; d = table_next(e->watched, d)) {
		memset(&d->verdict, 0, sizeof(d->verdict));
		d->judged = PORCH_NO_TIME;
	}
	engine_advise_forget(e);
	return true;
}
