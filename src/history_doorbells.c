/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "history_state.h"
#include "judge/device.h"
#include "judge/traffic.h"

/*
 * How many doorbells, cameras and hubs were seen, of the rows of devices and of episodes alone: a
 * document would read all receivers of all hours for it.
 */

struct seen_device {
	struct device device; /* first: its key is the table's */
	struct device_traffic traffic;
};

struct seeing {
	struct history *h;
	struct table *devices; /* of struct seen_device */
};

static void
see_device(struct seeing *seeing, struct cursor c)
{
	struct device device;
	struct seen_device *seen;
	bool created;

	if (!history_read_device(c, seeing->h->setup.rules, &device))
		return;
	seen = table_see(seeing->devices, &device.key, &created);
	if (created)
		seen->device = device;
	else
		device_merge(&seen->device, &device);
}

/* The one of a MAC, or the one that this MAC has at an address. */
static struct seen_device *
find_device(const struct seeing *seeing, const struct mac *mac, const struct addr *inside)
{
	struct device_key whole = device_key_mac(mac), part = device_key_addr(mac, inside);
	struct seen_device *seen = mac_is_zero(mac) ? NULL : table_find(seeing->devices, &whole);

	return seen ? seen : table_find(seeing->devices, &part);
}

static void
see_episode(const struct seeing *seeing, struct cursor c)
{
	struct track_episode episode;
	struct seen_device *seen;

	if (!history_read_episode(c, &episode))
		return;
	seen = find_device(seeing, &episode.device.mac, &episode.inside);
	if (seen)
		traffic_see(&seen->traffic, seeing->h->setup.rules, &episode, NULL);
}

/* Of a device that was not watched then. */
static void
see_ledger(const struct seeing *seeing, struct cursor c)
{
	struct history_ledger ledger;
	struct seen_device *seen;

	if (!history_read_ledger(c, &ledger))
		return;
	seen = find_device(seeing, &ledger.mac, &ledger.inside);
	if (!seen)
		return;
	seen->traffic.streams += ledger.traffic.streams;
	seen->traffic.calls += ledger.traffic.calls;
	seen->traffic.peer_streams += ledger.traffic.peer_streams;
	seen->traffic.to_footage_hosts += ledger.traffic.to_footage_hosts;
}

static bool
see_device_row(const struct store_row *row, void *user)
{
	see_device(user, cursor_over(row->bytes, row->len));
	return true;
}

static bool
see_other_row(const struct store_row *row, void *user)
{
	struct cursor c = cursor_over(row->bytes, row->len);

	if (row->kind == HISTORY_EPISODE)
		see_episode(user, c);
	else
		see_ledger(user, c);
	return true;
}

static bool
makes_footage(const struct history *h, const struct seen_device *seen)
{
	struct device_verdict verdict;

	device_judge(h->setup.rules, NULL, &seen->device, &seen->traffic, NULL, &verdict);
	return verdict.kind == PORCH_KIND_DOORBELL || verdict.kind == PORCH_KIND_CAMERA ||
	       verdict.kind == PORCH_KIND_HUB;
}

size_t
history_doorbells(struct history *h, int64_t since)
{
	struct seeing seeing = {.h = h,
	    .devices = table_new(HISTORY_DEVICES, sizeof(struct seen_device),
	        sizeof(struct device_key), 0)};
	struct store_query query = {
	    .kinds = 1U << HISTORY_DEVICE, .since = history_hour(since), .until = STORE_NO_TIME};
	size_t count = 0;

	if (h->store && seeing.devices) {
		store_each(h->store, &query, see_device_row, &seeing);
		query.kinds = 1U << HISTORY_EPISODE | 1U << HISTORY_LEDGER;
		store_each(h->store, &query, see_other_row, &seeing);
		for (const struct seen_device *seen = table_first(seeing.devices); seen;
		     seen = table_next(seeing.devices, seen))
			count += makes_footage(h, seen);
	}
	table_free(seeing.devices);
	return count;
}
