/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/finding.h"

#include <stdlib.h>

#include "tests/judge/rules.h"

#define SECOND  INT64_C(1000000)
#define MORNING (INT64_C(1764000000) * SECOND)

/* A doorbell that sent one clip to its maker, and nothing else. */
struct home {
	struct porch_device device[2];
	struct porch_destination to[3];
	struct porch_episode episode[3];
	struct porch_document doc;
};

static const char *const bell_address = "192.168.1.20", *const remote_address = "198.51.100.7";

static struct home *
home_new(void)
{
	struct home *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	h->device[0] = (struct porch_device){.id = 90,
	    .mac = "00:00:5e:00:53:01",
	    .label = "Front door",
	    .kind = PORCH_KIND_DOORBELL,
	    .addresses = {&bell_address, 1},
	    .watched = true,
	    .bytes_up = 5000000};
	h->to[0] = (struct porch_destination){.id = 80,
	    .device = 90,
	    .name = "media.doorvue.example",
	    .organisation = "Doorvue Inc.",
	    .addresses = {&remote_address, 1},
	    .party = PORCH_PARTY_MAKER,
	    .bytes_up = 4000000,
	    .footage_bytes_up = 4000000,
	    .episodes = 1};
	h->episode[0] = (struct porch_episode){.id = 70,
	    .device = 90,
	    .destination = 80,
	    .content = PORCH_CONTENT_VIDEO,
	    .footage = PORCH_FOOTAGE_YES,
	    .p_footage = 950,
	    .start = MORNING,
	    .end = MORNING + 25 * SECOND,
	    .bytes_up = 4000000};
	h->doc = (struct porch_document){.devices = h->device,
	    .device_count = 1,
	    .destinations = h->to,
	    .destination_count = 1,
	    .episodes = h->episode,
	    .episode_count = 1,
	    .summary = {.watched_us = 3600 * (uint64_t)SECOND}};
	return h;
}

static const struct porch_document *
make(struct home *h)
{
	assert_true(findings_make(known.rules, known.arena, &h->doc));
	return &h->doc;
}

static const struct porch_finding *
find(const struct porch_document *doc, const char *kind)
{
	for (size_t i = 0; i < doc->finding_count; i++)
		if (strcmp(doc->findings[i].kind, kind) == 0)
			return &doc->findings[i];
	return NULL;
}

static void
footage_that_left_is_the_headline(void **state)
{
	struct home *h = home_new();
	const struct porch_document *doc = make(h);

	(void)state;
	assert_string_equal(doc->summary.answer, "seen");
	assert_int_equal(doc->summary.footage_episodes, 1);
	assert_int_equal(doc->summary.footage_bytes_up, 4000000);
	assert_int_equal(doc->summary.footage_us, 25 * SECOND);
	assert_int_equal(doc->summary.doorbells, 1);
	assert_int_equal(doc->summary.bytes_up, 5000000);
	assert_string_equal(doc->summary.likelihood.word, "likely"); /* not calibrated */
	free(h);
}

static void
footage_has_a_finding_for_its_receiver(void **state)
{
	struct home *h = home_new();
	const struct porch_finding *f = find(make(h), "footage");

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->device, 90);
	assert_int_equal(f->episode_count, 1);
	assert_int_equal(f->episodes[0], 70);
	assert_int_equal(f->destination_count, 1);
	assert_int_equal(f->destinations[0], 80);
	assert_string_equal(f->check, "eth.addr == 00:00:5e:00:53:01 && ip.addr == 198.51.100.7");
	assert_non_null(strstr(f->sentence, "Front door sent what looks like video"));
	assert_non_null(strstr(f->sentence, "Doorvue Inc. (media.doorvue.example)"));
	free(h);
}

static void
footage_that_nothing_asked_for_has_a_finding(void **state)
{
	struct home *h = home_new();
	const struct porch_finding *f;

	(void)state;
	assert_null(find(make(h), "unsolicited"));
	h->episode[0].unsolicited = true;
	f = find(make(h), "unsolicited");
	assert_non_null(f);
	assert_int_equal(f->episode_count, 1);
	assert_non_null(strstr(f->sentence,
	    "Front door uploaded 1 time with no motion message, button press or viewer seen"));
	assert_non_null(strstr(f->sentence, "The cause is not known."));
	assert_true(f->evidence.count > 0 && f->limit);
	free(h);
}

static void
uploads_are_expected_by_their_likelihoods(void **state)
{
	struct home *h = home_new();
	const struct porch_summary *s = &make(h)->summary;

	(void)state; /* one that is likely, 66 to 90 % */
	assert_int_equal(s->expected_low, 0);
	assert_int_equal(s->expected, 1);
	assert_int_equal(s->expected_high, 1);
	free(h);
}

static void
footage_to_the_home_itself_is_no_finding(void **state)
{
	struct home *h = home_new();
	const struct porch_document *doc;

	(void)state;
	h->to[0].party = PORCH_PARTY_LOCAL;
	doc = make(h);
	assert_null(find(doc, "footage"));
	assert_string_equal(doc->summary.answer, "not-seen");
	free(h);
}

static void
footage_of_another_device_counts_when_the_user_named_it(void **state)
{
	struct home *h = home_new();

	(void)state;
	h->device[0].kind = PORCH_KIND_OTHER;
	assert_string_equal(make(h)->summary.answer, "not-watched");
	free(h);
	h = home_new();
	h->device[0].kind = PORCH_KIND_OTHER;
	h->device[0].named_by_user = true;
	assert_string_equal(make(h)->summary.answer, "seen");
	free(h);
}

static void
footage_whose_receiver_is_not_settled_is_in_the_headline(void **state)
{
	struct home *h = home_new();
	const struct porch_document *doc;

	(void)state;
	h->episode[0].destination = 0;
	h->to[0].footage_bytes_up = 0;
	doc = make(h);
	assert_string_equal(doc->summary.answer, "seen");
	assert_null(find(doc, "footage"));
	free(h);
}

static void
what_cannot_be_told_is_said(void **state)
{
	struct home *h = home_new();
	const struct porch_document *doc;
	const struct porch_finding *f;

	(void)state;
	h->episode[0].footage = PORCH_FOOTAGE_CANNOT_TELL;
	h->to[0].footage_bytes_up = 0;
	doc = make(h);
	f = find(doc, "cannot-tell");
	assert_string_equal(doc->summary.answer, "cannot-tell");
	assert_int_equal(doc->summary.cannot_tell_episodes, 1);
	assert_non_null(f);
	assert_int_equal(f->episodes[0], 70);
	free(h);
}

static void
no_sign_of_footage_is_limited_evidence(void **state)
{
	struct home *h = home_new();
	const struct porch_document *doc;

	(void)state;
	h->doc.episode_count = 0;
	h->to[0].footage_bytes_up = 0;
	doc = make(h);
	assert_string_equal(doc->summary.answer, "not-seen");
	assert_non_null(strstr(doc->summary.advice, "limited evidence"));
	assert_null(doc->summary.likelihood.word);
	free(h);
}

static void
an_empty_document_watched_nothing(void **state)
{
	struct home *h = home_new();
	const struct porch_document *doc;

	(void)state;
	h->doc.device_count = h->doc.destination_count = h->doc.episode_count = 0;
	doc = make(h);
	assert_string_equal(doc->summary.answer, "not-watched");
	assert_int_equal(doc->finding_count, 0);
	free(h);
}

static void
outside_the_home_there_is_no_verdict(void **state)
{
	struct home *h = home_new();
	const struct porch_document *doc;

	(void)state;
	h->doc.summary.outside_view = true;
	doc = make(h);
	assert_string_equal(doc->summary.answer, "cannot-tell");
	assert_int_equal(doc->finding_count, 0);
	free(h);
}

static void
parties_of_a_watched_device_are_told(void **state)
{
	static const struct {
		enum porch_party party;
		const char *kind;
	} expected[] = {
	    {PORCH_PARTY_TRACKER, "tracker"},
	    {PORCH_PARTY_EVIDENCE, "evidence"},
	    {PORCH_PARTY_UNKNOWN, "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct home *h = home_new();
		const struct porch_finding *f;

		h->to[1] = (struct porch_destination){
		    .id = 81, .device = 90, .party = expected[i].party, .bytes_up = 10};
		h->to[2] = h->to[1];
		h->to[2].id = 82;
		h->doc.destination_count = 3;
		f = find(make(h), expected[i].kind);
		assert_non_null(f);
		assert_int_equal(f->destination_count, 2);
		assert_int_equal(f->destinations[0], 81);
		assert_int_equal(f->destinations[1], 82);
		free(h);
	}
}

static void
a_receiver_that_got_nothing_is_no_finding(void **state)
{
	struct home *h = home_new();

	(void)state;
	h->to[1] = (struct porch_destination){.id = 81, .device = 90, .party = PORCH_PARTY_TRACKER};
	h->doc.destination_count = 2;
	assert_null(find(make(h), "tracker"));
	free(h);
}

static void
an_evidence_platform_not_seen_is_said_once(void **state)
{
	struct home *h = home_new();

	(void)state;
	assert_non_null(find(make(h), "evidence-not-seen"));
	assert_int_equal(find(&h->doc, "evidence-not-seen")->device, 0);
	free(h);
	h = home_new();
	h->to[0].party = PORCH_PARTY_EVIDENCE;
	assert_null(find(make(h), "evidence-not-seen"));
	free(h);
}

static void
what_an_inspection_library_found_wrong_is_told(void **state)
{
	static const char *const risk[] = {"clear-text-credentials"};
	struct home *h = home_new();
	const struct porch_finding *finding;

	(void)state;
	assert_null(find(make(h), "clear-text-credentials"));
	h->to[0].risks = (struct porch_texts){risk, 1};
	finding = find(make(h), "clear-text-credentials");
	assert_non_null(finding);
	assert_int_equal(finding->destinations[0], 80);
	assert_non_null(strstr(finding->sentence, "Front door sent a name or password"));
	assert_null(find(&h->doc, "obsolete-tls"));
	free(h);
}

static void
bytes_that_passed_by_unseen_are_a_finding(void **state)
{
	struct porch_input input = {.format = "live", .coverage = {.known = true}};
	const struct porch_finding *finding;
	struct home *h = home_new();

	(void)state;
	h->doc.run.inputs = &input;
	h->doc.run.input_count = 1;
	assert_null(find(make(h), "gaps"));
	input.coverage.unobserved_bytes = 28800000;
	finding = find(make(h), "gaps");
	assert_non_null(finding);
	assert_non_null(strstr(finding->sentence, "At least 28.8 MB passed the interfaces"));
	free(h);
}

/* Nothing of the capture was lost with the process that inspects, nor does it show in a hash. */
static void
a_loss_of_who_inspects_is_no_hole_in_the_capture(void **state)
{
	struct porch_gap gap = {
	    .start = MORNING, .end = MORNING, .reason = "advice", .worker = true};
	struct home *h = home_new();

	(void)state;
	h->doc.gaps = &gap;
	h->doc.gap_count = 1;
	assert_null(find(make(h), "gaps"));
	gap.worker = false;
	assert_non_null(find(make(h), "gaps"));
	free(h);
}

static void
findings_are_numbered(void **state)
{
	struct home *h = home_new();
	const struct porch_document *doc = make(h);

	(void)state;
	assert_true(doc->finding_count >= 2);
	assert_string_equal(doc->findings[0].id, "F1");
	assert_string_equal(doc->findings[1].id, "F2");
	free(h);
}

/* Memory and steps grow with what there is, not with its square. */
static void
thousands_of_receivers_and_episodes_are_no_burden(void **state)
{
	size_t receivers = 3000, episodes = 9000;
	struct porch_destination *to = calloc(receivers, sizeof(*to));
	struct porch_episode *episode = calloc(episodes, sizeof(*episode));
	struct home *h = home_new();

	(void)state;
	assert_true(to && episode);
	for (size_t i = 0; i < receivers; i++) {
		to[i] = h->to[0];
		to[i].id = 100000 - i;
		to[i].episodes = 3;
	}
	for (size_t i = 0; i < episodes; i++) {
		episode[i] = h->episode[0];
		episode[i].id = i + 1;
		episode[i].destination = to[i % receivers].id;
	}
	h->doc.destinations = to;
	h->doc.destination_count = receivers;
	h->doc.episodes = episode;
	h->doc.episode_count = episodes;
	make(h);
	assert_int_equal(h->doc.summary.footage_episodes, episodes);
	assert_int_equal(h->doc.findings[receivers - 1].episode_count, 3);
	assert_int_equal(h->doc.findings[receivers - 1].episodes[2], 3 * receivers);
	free(to);
	free(episode);
	free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(footage_that_left_is_the_headline),
	    cmocka_unit_test(footage_has_a_finding_for_its_receiver),
	    cmocka_unit_test(footage_that_nothing_asked_for_has_a_finding),
	    cmocka_unit_test(uploads_are_expected_by_their_likelihoods),
	    cmocka_unit_test(footage_to_the_home_itself_is_no_finding),
	    cmocka_unit_test(footage_of_another_device_counts_when_the_user_named_it),
	    cmocka_unit_test(footage_whose_receiver_is_not_settled_is_in_the_headline),
	    cmocka_unit_test(what_cannot_be_told_is_said),
	    cmocka_unit_test(no_sign_of_footage_is_limited_evidence),
	    cmocka_unit_test(an_empty_document_watched_nothing),
	    cmocka_unit_test(outside_the_home_there_is_no_verdict),
	    cmocka_unit_test(parties_of_a_watched_device_are_told),
	    cmocka_unit_test(a_receiver_that_got_nothing_is_no_finding),
	    cmocka_unit_test(an_evidence_platform_not_seen_is_said_once),
	    cmocka_unit_test(what_an_inspection_library_found_wrong_is_told),
	    cmocka_unit_test(bytes_that_passed_by_unseen_are_a_finding),
	    cmocka_unit_test(a_loss_of_who_inspects_is_no_hole_in_the_capture),
	    cmocka_unit_test(findings_are_numbered),
	    cmocka_unit_test(thousands_of_receivers_and_episodes_are_no_burden),
	};

	return cmocka_run_group_tests(tests, learn, forget);
}
