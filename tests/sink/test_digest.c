/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/digest.h"

#include "tests/sink/fixture.h"

static const struct speaker plain = {.language = NULL};

static void
uploads_of_all_devices_are_the_headline_count(void **state)
{
	struct porch_document doc = example_document();
	struct digest *digest = digest_new(&doc, &plain, false);
	uint64_t uploads = 0, counted = 0;

	(void)state;
	assert_non_null(digest);
	for (size_t i = 0; i < digest->device_count; i++)
		uploads += digest->devices[i].uploads;
	for (size_t i = 0; i < doc.episode_count; i++)
		counted += porch_episode_counts(&doc, &doc.episodes[i]);
	assert_int_equal(uploads, counted);
	assert_int_equal(uploads, doc.summary.footage_episodes);
	digest_free(digest);
}

static void
receivers_add_up_to_the_outside_destinations(void **state)
{
	struct porch_document doc = example_document();

	(void)state;
	for (int all = 0; all < 2; all++) {
		struct digest *digest = digest_new(&doc, &plain, all != 0);
		uint64_t sent = 0, footage = 0;

		assert_non_null(digest);
		for (size_t i = 0; i < digest->receiver_count; i++) {
			sent += digest->receivers[i].sent;
			footage += digest->receivers[i].footage;
			assert_true(digest->receivers[i].footage <= digest->receivers[i].sent);
		}
		for (size_t i = 0; i < doc.destination_count; i++) {
			const struct porch_destination *to = &doc.destinations[i];

			if (to->party != PORCH_PARTY_LOCAL) {
				sent -= to->bytes_up;
				footage -= to->footage_bytes_up;
			}
		}
		assert_int_equal(sent, 0);
		assert_int_equal(footage, 0);
		digest_free(digest);
	}
}

static void
local_receivers_are_not_listed(void **state)
{
	struct porch_document doc = example_document();
	struct digest *digest = digest_new(&doc, &plain, true);

	(void)state;
	for (size_t i = 0; i < digest->receiver_count; i++)
		assert_int_not_equal(digest->receivers[i].party, PORCH_PARTY_LOCAL);
	digest_free(digest);
}

static void
trackers_and_the_unidentified_are_one_row_each(void **state)
{
	struct porch_document doc = example_document();
	struct digest *digest = digest_new(&doc, &plain, false);

	(void)state;
	assert_int_equal(digest->receiver_count, 4);
	assert_string_equal(digest->receivers[2].name, "Metricly, AdPulse");
	assert_string_equal(digest->receivers[3].name, "2 receivers, not identified");
	digest_free(digest);
}

static void
a_device_is_called_what_is_known_best(void **state)
{
	struct porch_device device = {
	    .vendor_name = "Doorvue", .kind = PORCH_KIND_DOORBELL, .mac = "02:00:5e:10:00:09"};
	char name[DIGEST_NAME];

	(void)state;
	digest_device_name(&plain, &device, name, sizeof(name));
	assert_string_equal(name, "Doorvue doorbell");
	device.hostname = "bell";
	digest_device_name(&plain, &device, name, sizeof(name));
	assert_string_equal(name, "bell");
	device.label = "Front door";
	digest_device_name(&plain, &device, name, sizeof(name));
	assert_string_equal(name, "Front door");
	device = (struct porch_device){.mac = "02:00:5e:10:00:09"};
	digest_device_name(&plain, &device, name, sizeof(name));
	assert_string_equal(name, "02:00:5e:10:00:09");
}

static void
an_empty_document_has_an_empty_digest(void **state)
{
	struct porch_document doc = {0};
	struct digest *digest = digest_new(&doc, &plain, true);

	(void)state;
	assert_non_null(digest);
	assert_int_equal(digest->device_count + digest->receiver_count, 0);
	digest_free(digest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(uploads_of_all_devices_are_the_headline_count),
	    cmocka_unit_test(receivers_add_up_to_the_outside_destinations),
	    cmocka_unit_test(local_receivers_are_not_listed),
	    cmocka_unit_test(trackers_and_the_unidentified_are_one_row_each),
	    cmocka_unit_test(a_device_is_called_what_is_known_best),
	    cmocka_unit_test(an_empty_document_has_an_empty_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
