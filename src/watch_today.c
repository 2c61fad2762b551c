/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_parts.h"

#include "base/day.h"

/* What a day is on the reader's clock, and what earlier runs measured of this one. */

int64_t
watch_day(const struct watch *w, int64_t time)
{
	return day_of(time, w->setup.zone_offset, NULL);
}

int64_t
watch_midnight(const struct watch *w)
{
	return day_begin(w->now, w->setup.zone_offset, NULL);
}

int64_t
watch_today_since(const struct watch *w)
{
	int64_t midnight = watch_midnight(w);

	return w->since > midnight ? w->since : midnight;
}

static void
remember_device(struct watch *w, const struct porch_device *device)
{
	struct watch_device *d;

	if (!device->watched)
		return;
	d = watch_device_of(w, device->id);
	d->remembered = true;
	d->bytes_up = device->bytes_up;
	d->day = (struct watch_day){.number = watch_day(w, w->now)};
}

static void
remember_upload(struct watch *w, const struct porch_document *doc, const struct porch_episode *e)
{
	struct watch_device *d = table_find(w->devices, &e->device);

	if (!d || !d->remembered || !porch_episode_counts(doc, e))
		return;
	d->day.footage_bytes += e->bytes_up;
	d->day.footage_episodes++;
	if (!d->last.any || e->end >= d->last.told.end)
		watch_keep_upload(&d->last, doc, e);
}

/* Since when the runs that reached into this day watched. */
static void
remember_run(struct watch *w, const struct porch_input *input)
{
	if (input->last != PORCH_NO_TIME && input->last >= watch_midnight(w) &&
	    input->first < w->since)
		w->since = input->first;
}

void
watch_remember(struct watch *w, const struct porch_document *doc)
{
	for (size_t i = 0; i < doc->run.input_count; i++)
		remember_run(w, &doc->run.inputs[i]);
	for (size_t i = 0; i < doc->device_count; i++)
		remember_device(w, &doc->devices[i]);
	for (size_t i = 0; i < doc->episode_count; i++)
		remember_upload(w, doc, &doc->episodes[i]);
}
