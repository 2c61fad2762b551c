/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/judge/rules.h"

#define SECOND  INT64_C(1000000)
#define MORNING (INT64_C(1764000000) * SECOND)

static const char *const footage[] = {"footage"};
static const struct device_verdict camera = {.kind = PORCH_KIND_DOORBELL};
static const struct device_verdict unknown = {.kind = PORCH_KIND_UNKNOWN};
static const struct porch_destination takes_footage = {
    .party = PORCH_PARTY_MAKER, .purposes = {footage, 1}};
static const struct porch_destination unheard_of = {.party = PORCH_PARTY_UNKNOWN};

/* Half a minute of live view: every bin is busy. */
static struct track_episode
live(void)
{
	struct track_episode e = {
	    .inside = addr_from_ipv4(192, 168, 1, 20),
	    .start = MORNING,
	    .end = MORNING + 30 * SECOND,
	    .known = PORCH_NO_TIME,
	    .message_up = {.time = PORCH_NO_TIME},
	    .message_down = {.time = PORCH_NO_TIME},
	    .sums = {.bytes_up = 3750000, .packets_up = 3000, .bins_up = 121, .bursts = 1},
	    .peak_bin_up = 62500,
	    .peak_second_up = 150000,
	    .flows = 1,
	};

	e.flow[0].end[0] = e.inside;
	e.flow[0].end[1] = addr_from_ipv4(198, 51, 100, 7);
	e.flow[0].port[0] = 40000;
	e.flow[0].port[1] = 443;
	e.flow[0].protocol = IP_TCP;
	e.applications = 1U << APPLICATION_TLS;
	return e;
}

/* A megabyte at the line's rate. */
static struct track_episode
burst(void)
{
	struct track_episode e = live();

	e.end = MORNING + SECOND;
	e.sums.bytes_up = 1000000;
	e.sums.bins_up = 4;
	return e;
}

static struct porch_episode
judge(const struct track_episode *e, const struct device_verdict *device, bool device_named,
    const struct porch_destination *receiver)
{
	struct content_context context = {.rules = known.rules,
	    .device = device,
	    .device_named = device_named,
	    .receiver = receiver};
	struct porch_episode r = {.id = e->id};

	content_judge(&context, e, known.arena, &r);
	return r;
}

static void
a_live_view_of_a_doorbell_is_video(void **state)
{
	struct track_episode e = live();
	struct porch_episode r = judge(&e, &camera, false, &takes_footage);

	(void)state;
	assert_int_equal(r.shape, PORCH_SHAPE_STREAM);
	assert_int_equal(r.content, PORCH_CONTENT_VIDEO);
	assert_int_equal(r.footage, PORCH_FOOTAGE_YES);
	assert_int_equal(r.could_be_count, 0);
	assert_int_equal(r.mean_kbps_up, 1000);
	assert_int_equal(r.peak_kbps_up, 2000);
	assert_string_equal(r.transport, "tls");
	assert_true(r.evidence.count > 0 && r.limits.count > 0);
}

static void
what_was_measured_is_told_with_its_unit(void **state)
{
	struct track_episode e = live();
	struct porch_episode r = judge(&e, &camera, false, &takes_footage);

	(void)state;
	assert_true(r.feature_count > 0);
	assert_string_equal(r.features[0].name, "bytes_up");
	assert_int_equal(r.features[0].value, 3750000);
	assert_string_equal(r.features[0].unit, "bytes");
}

static int64_t
feature_of(const struct porch_episode *r, const char *name)
{
	for (size_t i = 0; i < r->feature_count; i++)
		if (strcmp(r->features[i].name, name) == 0)
			return r->features[i].value;
	fail_msg("no feature %s", name);
	return -1;
}

static void
video_that_comes_back_is_a_call_unless_a_known_camera_sent_it(void **state)
{
	struct track_episode both_ways = live(), one_way = live(), at_once = burst();
	struct porch_episode r;

	(void)state;
	both_ways.sums.bytes_down = 3000000;
	one_way.sums.bytes_down = 1800000;
	at_once.sums.bytes_down = 1000000;
	r = judge(&both_ways, &unknown, false, &unheard_of);
	assert_int_equal(feature_of(&r, "call_kbps"), 800);
	r = judge(&both_ways, &camera, false, &unheard_of);
	assert_int_equal(feature_of(&r, "call_kbps"), 0);
	r = judge(&both_ways, &unknown, true, &unheard_of);
	assert_int_equal(feature_of(&r, "call_kbps"), 0);
	r = judge(&one_way, &unknown, false, &unheard_of);
	assert_int_equal(feature_of(&r, "call_kbps"), 0);
	r = judge(&at_once, &unknown, false, &unheard_of);
	assert_int_equal(feature_of(&r, "call_kbps"), 0);
}

static void
a_host_that_takes_media_is_no_host_for_orders(void **state)
{
	static const char *const orders[] = {"control", "relay"};
	const struct porch_destination link = {.purposes = {orders, 1}};
	const struct porch_destination relay = {.purposes = {orders, 2}};
	struct track_episode e = burst();
	struct porch_episode r = judge(&e, &camera, false, &link);

	(void)state;
	assert_int_equal(feature_of(&r, "purpose_control"), 1);
	r = judge(&e, &camera, false, &relay);
	assert_int_equal(feature_of(&r, "purpose_control"), 0);
	assert_int_equal(feature_of(&r, "purpose_relay"), 1);
}

static void
p_footage_is_that_of_video_picture_and_audio(void **state)
{
	struct track_episode e = burst();
	struct porch_episode r = judge(&e, &camera, false, &takes_footage);

	(void)state;
	assert_int_equal(r.p_footage, r.probabilities[PORCH_CONTENT_VIDEO] +
	                                  r.probabilities[PORCH_CONTENT_PICTURE] +
	                                  r.probabilities[PORCH_CONTENT_AUDIO]);
}

static void
no_likelihood_is_above_likely_while_not_calibrated(void **state)
{
	struct track_episode e = live();
	struct porch_episode r = judge(&e, &camera, false, &takes_footage);

	(void)state;
	assert_true(r.p_footage >= 990);
	assert_string_equal(r.likelihood.word, "likely");
	assert_false(r.likelihood.calibrated);
}

/* Rules of the tests with a calibration beside them. */
static const char calibrated[] =
    "{\"format\":\"porchlight-rules/1\",\"source\":{\"kind\":\"capture\",\"what\":\"a test\","
    "\"seen\":\"2026-11-19\"},\"calibration\":\"content\",\"vendors\":[\"doorvue\"],"
    "\"point\":[{\"raw\":0,\"is\":10},{\"raw\":1000,\"is\":940}]}";

static struct porch_rules *
calibrated_rules(void)
{
	char folder[] = "/tmp/porchlight-test-XXXXXX", models[64], path[96];
	const char *folders[] = {SOURCE_DIR "/tests/judge/rules", folder};
	struct porch_error error;
	struct porch_rules *rules;
	FILE *file;

	assert_non_null(mkdtemp(folder));
	snprintf(models, sizeof(models), "%s/models", folder);
	snprintf(path, sizeof(path), "%s/calibration.json", models);
	assert_int_equal(mkdir(models, 0700), 0);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(calibrated, file) >= 0);
	assert_int_equal(fclose(file), 0);
	rules = porch_rules_load(folders, 2, &error);
	assert_non_null(rules);
	unlink(path);
	rmdir(models);
	rmdir(folder);
	return rules;
}

static void
calibration_lifts_the_cap_for_makers_it_covers(void **state)
{
	struct porch_rules *rules = calibrated_rules();
	struct device_verdict bell = camera;
	struct content_context context = {
	    .rules = rules, .device = &bell, .receiver = &takes_footage};
	struct track_episode e = live();
	struct porch_episode r = {.id = 1}, other = {.id = 1};
	int sum = 0;

	(void)state;
	bell.vendor = rules_vendor(rules, "doorvue");
	content_judge(&context, &e, known.arena, &r);
	assert_true(r.raw_p_footage >= 990);
	assert_in_range(r.p_footage, 930, 940);
	assert_string_equal(r.likelihood.word, "very likely");
	assert_true(r.likelihood.calibrated);
	for (int i = 0; i < PORCH_CONTENTS; i++)
		sum += r.probabilities[i];
	assert_int_equal(sum, 1000);
	assert_int_equal(r.p_footage, r.probabilities[PORCH_CONTENT_VIDEO] +
	                                  r.probabilities[PORCH_CONTENT_PICTURE] +
	                                  r.probabilities[PORCH_CONTENT_AUDIO]);
	bell.vendor = rules_vendor(rules, "gatecam");
	content_judge(&context, &e, known.arena, &other);
	assert_int_equal(other.p_footage, r.p_footage);
	assert_string_equal(other.likelihood.word, "likely");
	assert_false(other.likelihood.calibrated);
	porch_rules_free(rules);
}

static void
through_a_vpn_port_one_cannot_tell(void **state)
{
	struct track_episode e = live();
	struct porch_episode r;

	(void)state;
	e.flow[0].protocol = IP_UDP;
	e.flow[0].port[1] = 51820;
	r = judge(&e, &camera, false, &takes_footage);
	assert_int_equal(r.footage, PORCH_FOOTAGE_CANNOT_TELL);
	assert_int_equal(r.content, PORCH_CONTENT_UNKNOWN);
	assert_string_equal(r.transport, "vpn");
	assert_true(r.could_be_count > 0);
	assert_int_equal(r.limits.count, 2);
}

static void
a_port_of_its_own_makes_no_vpn(void **state)
{
	struct track_episode e = live();

	(void)state;
	e.flow[0].protocol = IP_UDP;
	e.flow[0].port[0] = 51820;
	assert_int_equal(judge(&e, &camera, false, &takes_footage).footage, PORCH_FOOTAGE_YES);
}

static void
one_burst_to_an_unknown_purpose_may_be_logs(void **state)
{
	struct track_episode e = burst();
	struct porch_episode r = judge(&e, &camera, false, &unheard_of);

	(void)state;
	assert_int_equal(r.shape, PORCH_SHAPE_BURST);
	assert_int_equal(r.footage, PORCH_FOOTAGE_CANNOT_TELL);
	assert_int_equal(r.content, PORCH_CONTENT_UNKNOWN);
	assert_true(r.could_be_count > 0);
	assert_int_equal(judge(&e, &camera, false, NULL).footage, PORCH_FOOTAGE_CANNOT_TELL);
	assert_int_equal(judge(&e, &camera, false, &takes_footage).footage, PORCH_FOOTAGE_YES);
}

static void
of_a_device_not_known_to_be_a_camera_one_cannot_tell(void **state)
{
	struct track_episode e = live();

	(void)state;
	assert_int_equal(judge(&e, &unknown, false, &takes_footage).footage,
	    PORCH_FOOTAGE_CANNOT_TELL);
	assert_int_equal(judge(&e, &unknown, true, &takes_footage).footage, PORCH_FOOTAGE_YES);
}

static void
what_a_phone_streams_is_no_file(void **state)
{
	static const struct device_verdict phone = {.kind = PORCH_KIND_OTHER};
	struct track_episode call = live(), backup = burst();
	struct porch_episode r;

	(void)state;
	backup.sums.bytes_up = 4000000;
	r = judge(&backup, &phone, false, &unheard_of);
	assert_int_equal(r.content, PORCH_CONTENT_FILES);
	call.sums.bytes_down = 3000000;
	r = judge(&call, &phone, false, &unheard_of);
	assert_int_equal(r.content, PORCH_CONTENT_UNKNOWN);
	assert_int_not_equal(r.footage, PORCH_FOOTAGE_YES);
}

static void
a_message_is_metadata_and_no_footage(void **state)
{
	struct track_episode e = burst();
	struct porch_episode r;

	(void)state;
	e.sums.bytes_up = 6000;
	r = judge(&e, &camera, false, &unheard_of);
	assert_int_equal(r.shape, PORCH_SHAPE_TRICKLE);
	assert_int_equal(r.content, PORCH_CONTENT_METADATA);
	assert_int_equal(r.footage, PORCH_FOOTAGE_NO);
	assert_int_equal(r.limits.count, 1);
}

static void
bursts_again_and_again_are_a_series(void **state)
{
	struct track_episode e = live();

	(void)state;
	e.sums.bins_up = 10;
	e.sums.bursts = 4;
	assert_int_equal(judge(&e, &camera, false, NULL).shape, PORCH_SHAPE_SERIES);
}

static void
a_stream_to_a_peer_is_a_live_view(void **state)
{
	struct porch_destination peer = {.party = PORCH_PARTY_PEER};
	struct track_episode e = live();

	(void)state;
	assert_int_equal(judge(&e, &camera, false, &peer).live_view, PORCH_ANSWER_YES);
	assert_int_equal(judge(&e, &camera, false, NULL).live_view, PORCH_ANSWER_UNKNOWN);
}

static void
sound_that_comes_back_makes_a_live_view(void **state)
{
	struct track_episode e = live();

	(void)state;
	e.sums.talk_bins = 60;
	assert_int_equal(judge(&e, &camera, false, &takes_footage).live_view, PORCH_ANSWER_YES);
	e.sums.talk_bins = 7; /* less than two seconds of it */
	assert_int_equal(judge(&e, &camera, false, &takes_footage).live_view, PORCH_ANSWER_UNKNOWN);
}

static void
an_order_before_it_makes_a_live_view(void **state)
{
	static const char *const signalling[] = {"signalling"};
	struct porch_destination orders = {.party = PORCH_PARTY_MAKER, .purposes = {signalling, 1}};
	struct content_context context = {.rules = known.rules,
	    .device = &camera,
	    .receiver = &takes_footage,
	    .told_by = &orders};
	struct track_episode e = live();
	struct porch_episode r = {.id = 1}, answered = {.id = 1};

	(void)state;
	e.message_down.time = MORNING - SECOND;
	content_judge(&context, &e, known.arena, &r);
	assert_int_equal(r.live_view, PORCH_ANSWER_YES);
	e.message_up.time = MORNING - 2 * SECOND; /* the device spoke first: that was an answer */
	content_judge(&context, &e, known.arena, &answered);
	assert_int_equal(answered.live_view, PORCH_ANSWER_UNKNOWN);
}

static void
what_was_stored_before_is_no_live_view(void **state)
{
	struct track_episode e = burst();

	(void)state;
	assert_int_equal(judge(&e, &camera, false, &takes_footage).live_view, PORCH_ANSWER_NO);
}

static void
a_large_download_is_firmware_of_a_camera_only(void **state)
{
	static const struct device_verdict television = {.kind = PORCH_KIND_OTHER};
	const char *folders[] = {SOURCE_DIR "/rules"};
	struct porch_error error;
	struct porch_rules *shipped = porch_rules_load(folders, 1, &error);
	struct content_context context = {
	    .rules = shipped, .device = &camera, .receiver = &unheard_of};
	struct track_episode e = burst();
	struct porch_episode r = {.id = 1}, other = {.id = 1};

	(void)state;
	assert_non_null(shipped);
	e.opened = OPENED_BY_DOWNLOAD;
	e.end = MORNING + 13 * SECOND;
	e.sums.bytes_up = 40000;
	e.sums.bytes_down = 4300000;
	content_judge(&context, &e, known.arena, &r);
	assert_int_equal(r.content, PORCH_CONTENT_FIRMWARE);
	assert_int_equal(r.footage, PORCH_FOOTAGE_NO);
	context.device = &television;
	content_judge(&context, &e, known.arena, &other);
	assert_int_equal(other.content, PORCH_CONTENT_UNKNOWN);
	assert_true(other.could_be_count > 0);
	porch_rules_free(shipped);
}

static void
an_instant_has_a_rate(void **state)
{
	struct track_episode e = burst();
	struct porch_episode r;

	(void)state;
	e.end = e.start;
	r = judge(&e, &camera, false, NULL);
	assert_int_equal(r.mean_kbps_up, 32000); /* over a quarter of a second */
	assert_true(r.peak_kbps_up >= r.mean_kbps_up);
}

static void
transports_have_words(void **state)
{
	static const struct {
		enum flow_application application;
		uint64_t media;
		const char *word;
	} expected[] = {
	    {APPLICATION_QUIC, 0, "quic"},
	    {APPLICATION_DTLS, 5, "dtls-srtp"},
	    {APPLICATION_RTP, 5, "rtp"},
	    {APPLICATION_RTSP, 0, "rtsp"},
	    {APPLICATION_HTTP, 0, "http"},
	    {APPLICATION_UNKNOWN, 0, "tcp-other"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		struct track_episode e = live();

		e.applications = 1U << expected[i].application;
		e.sums.media_up = expected[i].media;
		assert_string_equal(judge(&e, &camera, false, NULL).transport, expected[i].word);
	}
}

static void
without_a_model_there_is_no_opinion(void **state)
{
	struct porch_error error;
	struct porch_rules *none = porch_rules_load(NULL, 0, &error);
	struct content_context context = {.rules = none, .device = &camera};
	struct track_episode e = live();
	struct porch_episode r = {.id = 1};

	(void)state;
	content_judge(&context, &e, known.arena, &r);
	assert_int_equal(r.content, PORCH_CONTENT_UNKNOWN);
	assert_int_equal(r.footage, PORCH_FOOTAGE_CANNOT_TELL);
	assert_int_equal(r.probability, PORCH_NO_CHANCE);
	assert_int_equal(r.bytes_up, 3750000);
	porch_rules_free(none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_live_view_of_a_doorbell_is_video),
	    cmocka_unit_test(what_was_measured_is_told_with_its_unit),
	    cmocka_unit_test(video_that_comes_back_is_a_call_unless_a_known_camera_sent_it),
	    cmocka_unit_test(a_host_that_takes_media_is_no_host_for_orders),
	    cmocka_unit_test(p_footage_is_that_of_video_picture_and_audio),
	    cmocka_unit_test(no_likelihood_is_above_likely_while_not_calibrated),
	    cmocka_unit_test(calibration_lifts_the_cap_for_makers_it_covers),
	    cmocka_unit_test(through_a_vpn_port_one_cannot_tell),
	    cmocka_unit_test(a_port_of_its_own_makes_no_vpn),
	    cmocka_unit_test(one_burst_to_an_unknown_purpose_may_be_logs),
	    cmocka_unit_test(of_a_device_not_known_to_be_a_camera_one_cannot_tell),
	    cmocka_unit_test(what_a_phone_streams_is_no_file),
	    cmocka_unit_test(a_message_is_metadata_and_no_footage),
	    cmocka_unit_test(bursts_again_and_again_are_a_series),
	    cmocka_unit_test(a_stream_to_a_peer_is_a_live_view),
	    cmocka_unit_test(sound_that_comes_back_makes_a_live_view),
	    cmocka_unit_test(an_order_before_it_makes_a_live_view),
	    cmocka_unit_test(what_was_stored_before_is_no_live_view),
	    cmocka_unit_test(a_large_download_is_firmware_of_a_camera_only),
	    cmocka_unit_test(an_instant_has_a_rate),
	    cmocka_unit_test(transports_have_words),
	    cmocka_unit_test(without_a_model_there_is_no_opinion),
	};

	return cmocka_run_group_tests(tests, learn, forget);
}
