/* SPDX-License-Identifier: Apache-2.0 */
#include "document.h"

#include "tests/engine/desk.h"

/* Several devices, receivers and captures, in an order that is no order. */
static void
write_crowd(struct desk *d, int files, int packets)
{
	uint32_t random = 3;

	for (int f = 0; f < files; f++) {
		char name[2] = {(char)('a' + f), '\0'};

		begin_file(d, name);
		for (int i = 0; i < packets; i++) {
			char mac[32], from[32], to[32];
			struct sent s =
			    from_bell(to, MORNING + (files - f) * 1000 * SECOND + i * 7000);

			random = random * 1664525 + 1013904223;
			snprintf(mac, sizeof(mac), "00:00:5e:00:53:%02x", (random >> 8) % 30);
			snprintf(from, sizeof(from), "192.168.1.%u", (random >> 8) % 30 + 1);
			snprintf(to, sizeof(to), "198.51.100.%u", (random >> 20) % 9 + 1);
			s.from_mac = mac;
			s.from = from;
			put_frame(d, &s);
		}
		end_file(d);
	}
	d->options.all_devices = true;
}

static void
side_by_side_gives_the_same_document(void **state)
{
	struct desk *d = desk_new();
	char *one, *four;

	(void)state;
	write_crowd(d, 6, 400);
	d->options.jobs = 1;
	must(d);
	one = as_json(d->doc);
	d->options.jobs = 4;
	must(d);
	four = as_json(d->doc);
	assert_string_equal(one, four);
	free(one);
	free(four);
	desk_free(d);
}

static void
the_seed_never_shows(void **state)
{
	struct desk *d = desk_new();
	char *first = NULL;

	(void)state;
	write_crowd(d, 2, 400);
	d->options.max_flows = 16;
	d->options.max_devices = 8;
	for (uint64_t seed = 0; seed < 20; seed++) {
		char *text;

		d->options.seed = seed * UINT64_C(0x9e3779b97f4a7c15);
		must(d);
		text = as_json(d->doc);
		if (!first)
			first = text;
		assert_string_equal(first, text);
		if (text != first)
			free(text);
	}
	free(first);
	desk_free(d);
}

static size_t
place_of(const struct porch_document *doc, uint64_t device)
{
	size_t i = 0;

	while (i < doc->device_count && doc->devices[i].id != device)
		i++;
	assert_true(i < doc->device_count);
	return i;
}

static void
expect_order(const struct porch_document *doc)
{
	for (size_t i = 1; i < doc->device_count; i++) {
		const struct porch_device *a = &doc->devices[i - 1], *b = a + 1;

		assert_true(a->first_seen < b->first_seen ||
		            (a->first_seen == b->first_seen && a->id < b->id));
	}
	for (size_t i = 1; i < doc->destination_count; i++) {
		const struct porch_destination *a = &doc->destinations[i - 1], *b = a + 1;
		size_t left = place_of(doc, a->device), right = place_of(doc, b->device);

		assert_true(left < right || (left == right && a->first_seen < b->first_seen) ||
		            (left == right && a->first_seen == b->first_seen && a->id < b->id));
	}
	for (size_t i = 1; i < doc->episode_count; i++) {
		const struct porch_episode *a = &doc->episodes[i - 1], *b = a + 1;

		assert_true(a->start < b->start || (a->start == b->start && a->input < b->input) ||
		            (a->start == b->start && a->input == b->input && a->id < b->id));
	}
}

static void
expect_sums(const struct porch_document *doc, uint64_t bytes)
{
	uint64_t devices = 0, destinations = 0;

	for (size_t i = 0; i < doc->device_count; i++) {
		uint64_t ledger = 0;

		for (int c = 0; c < PORCH_CONTENTS; c++)
			ledger += doc->devices[i].ledger[c].bytes_up;
		assert_int_equal(ledger, doc->devices[i].bytes_up);
		devices += doc->devices[i].bytes_up;
	}
	for (size_t i = 0; i < doc->destination_count; i++)
		destinations += doc->destinations[i].bytes_up;
	assert_int_equal(devices, bytes);
	assert_int_equal(destinations, bytes);
}

static void
records_are_in_the_order_of_the_contract(void **state)
{
	struct desk *d = desk_new();

	(void)state;
	write_crowd(d, 3, 600);
	must(d);
	assert_true(d->doc->device_count == 30 && d->doc->destination_count > 100);
	expect_order(d->doc);
	expect_sums(d->doc, 3 * 600 * 1028);
	desk_free(d);
}

static void
sums_stay_exact_when_devices_leave_full_tables(void **state)
{
	struct desk *d = desk_new();
	const struct porch_destination *folded = NULL;

	(void)state;
	write_crowd(d, 2, 600);
	d->options.max_flows = 16;
	d->options.max_devices = 4;
	must(d);
	assert_true(d->doc->run.counters.evicted > 0);
	expect_order(d->doc);
	expect_sums(d->doc, 2 * 600 * 1028);
	for (size_t i = 0; i < d->doc->destination_count; i++)
		if (d->doc->destinations[i].folded > 0)
			folded = &d->doc->destinations[i];
	assert_non_null(folded);
	assert_true(folded->first_seen >= MORNING);
	assert_int_equal(d->doc->devices[place_of(d->doc, folded->device)].kind, PORCH_KIND_OTHER);
	desk_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(side_by_side_gives_the_same_document),
	    cmocka_unit_test(the_seed_never_shows),
	    cmocka_unit_test(records_are_in_the_order_of_the_contract),
	    cmocka_unit_test(sums_stay_exact_when_devices_leave_full_tables),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
