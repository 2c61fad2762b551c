/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_parts.h"

#include <string.h>

#include "base/hash.h"

/* Who is to be looked at: cheap enough for every tick, and for every device once a second. */

#define LOOKS_MOST 8 /* at devices that are not watched, in a second */

static struct watch_episode *
told_of(struct watch *w, uint64_t episode, uint64_t device)
{
	bool created;
	struct watch_episode *e = table_see(w->told, &episode, &created);

	if (created) {
		e->looked_at = e->told_at = PORCH_NO_TIME;
		e->device = device;
	}
	return e;
}

/* The bytes of its last bins, summed over what is open; the bin at hand is not whole yet. */
static void
add_rates(const struct watch *w, struct watch_device *d, const struct track_pace *pace)
{
	int64_t now = w->now / RATE_BIN;

	for (int64_t i = 0; i < PORCH_RATES; i++) {
		int64_t bin = pace->bin - i;
		size_t at = (size_t)bin % WATCH_BINS;

		if (bin < 0 || bin > now || now - bin >= PORCH_RATES)
			continue;
		if (d->bin[at] != bin || d->bin_pass[at] != w->pass) {
			d->bin[at] = bin;
			d->bin_pass[at] = w->pass;
			d->bin_up[at] = 0;
		}
		d->bin_up[at] += pace->recent_up[i];
	}
}

static bool
is_time_to_look(const struct watch *w, const struct watch_episode *e, bool known, bool silent)
{
	if (e->looked_at == PORCH_NO_TIME || (known && !e->known) || (silent && !e->ended))
		return true;
	return w->now - e->looked_at >= TELL_EVERY || w->now < e->looked_at;
}

static void
see_open(const struct track_episode *episode, const struct track_pace *pace, void *user)
{
	struct watch *w = user;
	uint64_t id = watch_episode_device(w, episode);
	struct watch_device *d = table_find(w->devices, &id);
	bool known = episode->known != PORCH_NO_TIME;
	bool silent = w->now - pace->last_good > SILENT;
	struct watch_episode *e;

	if (!d && known)
		d = watch_device_of(w, id);
	if (!d || (!d->watched && !known))
		return;
	add_rates(w, d, pace);
	if (known && pace->last_good > d->last_good)
		d->last_good = pace->last_good;
	e = told_of(w, episode->id, id);
	if (!is_time_to_look(w, e, known, silent))
		return;
	e->looked_at = w->now;
	e->known = known;
	d->due = true;
}

void
watch_scan_open(struct watch *w)
{
	w->pass++;
	engine_each_open(w->engine, see_open, w);
}

static uint32_t
magnitude(uint32_t number)
{
	uint32_t digits = 0;

	for (; number > 0; number /= 2)
		digits++;
	return digits;
}

/* What is known of a device, without what every packet changes. */
static uint64_t
evidence_of(const struct device *device)
{
	struct device d = *device;

	d.first_seen = d.last_seen = 0;
	d.rendezvous = magnitude(d.rendezvous);
	d.rtsp_served = magnitude(d.rtsp_served);
	for (unsigned i = 0; i < d.makers; i++) {
		d.maker[i].asked = magnitude(d.maker[i].asked);
		d.maker[i].own = magnitude(d.maker[i].own);
	}
	return hash_id(&d, sizeof(d));
}

static bool
may_be_told(const struct watch *w, const struct device *device)
{
	static const struct device_traffic none;
	const struct watched_device *seen = table_find(w->engine->watched, &device->key);
	struct device_verdict verdict;

	if (w->options.all_devices || w->options.device_count > 0)
		return true;
	device_judge(w->setup.rules, NULL, device, seen ? &seen->traffic : &none, NULL, &verdict);
	return verdict.kind == PORCH_KIND_DOORBELL || verdict.kind == PORCH_KIND_CAMERA ||
	       verdict.kind == PORCH_KIND_HUB;
}

/* What its receivers and all its traffic say of a device shows only when it is looked at. */
static bool
is_worth_a_look(const struct watch *w, const struct watch_device *d, unsigned *looks)
{
	int64_t every = d->blank ? LOOK_AGAIN : LOOK_EVERY;

	if (d->watched || (d->looked != 0 && w->now - d->looked < every) || *looks == LOOKS_MOST)
		return false;
	++*looks;
	return true;
}

static void
scan_devices(struct watch *w)
{
	const struct table *devices = w->engine->devices;
	unsigned looks = 0;

	for (const struct device *row = table_first(devices); row; row = table_next(devices, row)) {
		uint64_t id = device_key_id(&row->key), evidence;
		struct watch_device *d = table_find(w->devices, &id);

		if (d && d->last_seen == row->last_seen && !d->blank)
			continue;
		evidence = evidence_of(row);
		if (!d)
			d = watch_device_of(w, id);
		d->last_seen = row->last_seen;
		d->due = d->due || is_worth_a_look(w, d, &looks);
		if (evidence == d->evidence)
			continue;
		d->evidence = evidence;
		d->due = d->due || d->watched || may_be_told(w, row);
	}
}

/* Receivers of watched devices that were not told yet. */
static void
scan_receivers(struct watch *w)
{
	const struct table *rows = w->engine->destinations;

	for (const struct destination *row = table_first(rows); row; row = table_next(rows, row)) {
		struct device_key key =
		    engine_device_key(w->engine->splits, &row->key.mac, &row->key.inside);
		uint64_t id = device_key_id(&key), to;
		struct watch_device *d = table_find(w->devices, &id);

		if (!d || !d->watched || d->due)
			continue;
		to = destination_id(id, row->key.what);
		d->due = !table_find(w->receivers, &to);
	}
}

void
watch_scan_known(struct watch *w)
{
	scan_devices(w);
	scan_receivers(w);
}
