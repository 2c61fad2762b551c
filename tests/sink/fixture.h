/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SINK_FIXTURE_H
#define TESTS_SINK_FIXTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink/sink.h"
#include "tests/test.h"

/* A week in a home that does not exist, with makers that do not exist. */

#define AT(day, hour, minute)                                                                      \
	(INT64_C(1794182400000000) + (((day)*24 + (hour)) * 60 + (minute)) * INT64_C(60000000))
#define TEXTS(...)                                                                                 \
	{                                                                                          \
		.item = (const char *const[]){__VA_ARGS__},                                        \
		.count = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)         \
	}

#define FRONT_DOOR UINT64_C(0x1100000000000001)
#define SIDE_GATE  UINT64_C(0x1100000000000002)
#define LAMP       UINT64_C(0x1100000000000003)
#define SKYFOLD    UINT64_C(0x2200000000000001)
#define PHONE      UINT64_C(0x2200000000000002)
#define METRICLY   UINT64_C(0x2200000000000003)
#define ADPULSE    UINT64_C(0x2200000000000004)
#define NOBODY     UINT64_C(0x2200000000000005)
#define NOBODY_2   UINT64_C(0x2200000000000006)
#define RECORDER   UINT64_C(0x2200000000000007)
#define CLIP       UINT64_C(0x3300000000000001)
#define VIEWING    UINT64_C(0x3300000000000002)
#define BLOB       UINT64_C(0x3300000000000003)
#define INDOORS    UINT64_C(0x3300000000000004)

static const struct porch_device example_devices[] = {
    {.id = FRONT_DOOR,
        .mac = "02:00:5e:10:00:01",
        .mac_randomised = true,
        .addresses = TEXTS("192.168.7.20", "fe80::5eff:fe10:1"),
        .hostname = "doorbell-1",
        .label = "Front door",
        .vendor = "doorvue",
        .vendor_name = "Doorvue",
        .product = "Doorvue One",
        .kind = PORCH_KIND_DOORBELL,
        .watched = true,
        .confidence = 930,
        .evidence = {.item = (const struct porch_evidence[]){{"host name", "doorbell-1", NULL, 1250,
                                                                 "vendors/doorvue.json#name"},
                         {"upload shape", "1,840 kbit/s", "300 kbit/s", -5, NULL}},
            .count = 2},
        .first_seen = AT(0, 7, 0),
        .last_seen = AT(6, 22, 43),
        .bytes_up = 2280000000,
        .bytes_down = 31000000,
        .detection_floor_bytes = 24000,
        .ledger = {[PORCH_CONTENT_VIDEO] = {2250000000, 21000000, 1},
            [PORCH_CONTENT_BACKGROUND] = {30000000, 10000000, 0}}},
    {.id = SIDE_GATE,
        .mac = "02:00:5e:10:00:02",
        .addresses = TEXTS("192.168.7.21"),
        .was = FRONT_DOOR,
        .hostname = "side-gate",
        .kind = PORCH_KIND_CAMERA,
        .watched = true,
        .confidence = 600,
        .first_seen = AT(0, 7, 0),
        .last_seen = AT(6, 21, 27),
        .bytes_up = 345000000,
        .bytes_local = 9000,
        .detection_floor_bytes = -1,
        .ledger = {[PORCH_CONTENT_VIDEO] = {339000000, 0, 1},
            [PORCH_CONTENT_UNKNOWN] = {5800000, 0, 1},
            [PORCH_CONTENT_BACKGROUND] = {200000, 0, 0}}},
    {.id = LAMP,
        .addresses = TEXTS("192.168.7.30"),
        .kind = PORCH_KIND_OTHER,
        .confidence = PORCH_NO_CHANCE,
        .first_seen = AT(1, 0, 0),
        .last_seen = AT(1, 0, 1),
        .bytes_up = 400,
        .detection_floor_bytes = -1},
};

static const struct porch_destination example_destinations[] = {
    {.id = SKYFOLD,
        .device = FRONT_DOOR,
        .name = "clips.skyfold.example",
        .name_source = PORCH_NAME_SNI,
        .aliases = TEXTS("edge.skyfold.example"),
        .addresses = TEXTS("198.51.100.7", "2001:db8::7"),
        .ports = {.item = (const uint16_t[]){443, 8443}, .count = 2},
        .transports = TEXTS("tcp"),
        .protocols = TEXTS("tls"),
        .advice = (const struct porch_opinion[]){{"tls", NULL, true, PORCH_ANSWER_YES}},
        .advice_count = 1,
        .party = PORCH_PARTY_CLOUD,
        .role = PORCH_PARTY_CLOUD,
        .organisation = "Skyfold Cloud",
        .on_behalf_of = "doorvue",
        .asn = 64500,
        .country = "US",
        .country_source = "registration",
        .region = "us-fictional-1",
        .purposes = TEXTS("footage"),
        .rule = {"clouds/skyfold.json#bucket", 3, "stable", "the maker's own help page"},
        .confidence = 900,
        .bytes_up = 2270000000,
        .bytes_down = 30000000,
        .packets_up = 1600000,
        .packets_down = 400000,
        .first_seen = AT(0, 7, 0),
        .last_seen = AT(6, 22, 43),
        .footage_bytes_up = 2250000000,
        .episodes = 1},
    {.id = METRICLY,
        .device = FRONT_DOOR,
        .name = "t.metricly.example",
        .name_source = PORCH_NAME_DNS,
        .addresses = TEXTS("203.0.113.5"),
        .party = PORCH_PARTY_TRACKER,
        .role = PORCH_PARTY_TRACKER,
        .organisation = "Metricly",
        .asn = -1,
        .country = "US",
        .confidence = 800,
        .bytes_up = 9000000,
        .first_seen = AT(0, 8, 0),
        .last_seen = AT(6, 8, 0)},
    {.id = ADPULSE,
        .device = FRONT_DOOR,
        .party = PORCH_PARTY_TRACKER,
        .role = PORCH_PARTY_TRACKER,
        .organisation = "AdPulse",
        .asn = -1,
        .country = "US",
        .confidence = 800,
        .bytes_up = 1000000,
        .first_seen = AT(0, 8, 0),
        .last_seen = AT(6, 8, 0)},
    {.id = PHONE,
        .device = SIDE_GATE,
        .addresses = TEXTS("192.0.2.77"),
        .party = PORCH_PARTY_PEER,
        .could_be = (const enum porch_party[]){PORCH_PARTY_PEER, PORCH_PARTY_RELAY},
        .could_be_count = 2,
        .asn = -1,
        .country = "NL",
        .confidence = 600,
        .bytes_up = 339200000,
        .footage_bytes_up = 339000000,
        .first_seen = AT(2, 12, 0),
        .last_seen = AT(2, 12, 9),
        .episodes = 1},
    {.id = NOBODY,
        .device = SIDE_GATE,
        .addresses = TEXTS("203.0.113.200"),
        .asn = -1,
        .country = "HK",
        .confidence = PORCH_NO_CHANCE,
        .bytes_up = 5800000,
        .first_seen = AT(3, 0, 0),
        .last_seen = AT(3, 0, 1),
        .episodes = 1},
    {.id = NOBODY_2,
        .device = SIDE_GATE,
        .addresses = TEXTS("203.0.113.201"),
        .asn = -1,
        .confidence = PORCH_NO_CHANCE,
        .first_seen = PORCH_NO_TIME,
        .last_seen = PORCH_NO_TIME},
    {.id = RECORDER,
        .device = SIDE_GATE,
        .addresses = TEXTS("192.168.7.2"),
        .party = PORCH_PARTY_LOCAL,
        .role = PORCH_PARTY_LOCAL,
        .asn = -1,
        .confidence = 990,
        .bytes_up = 9000,
        .first_seen = AT(3, 0, 0),
        .last_seen = AT(3, 0, 1),
        .episodes = 1},
};

static const struct porch_episode example_episodes[] = {
    {.id = VIEWING,
        .device = SIDE_GATE,
        .destination = PHONE,
        .shape = PORCH_SHAPE_STREAM,
        .content = PORCH_CONTENT_VIDEO,
        .footage = PORCH_FOOTAGE_YES,
        .probability = 810,
        .p_footage = 850,
        .probabilities = {100, 810, 20, 20, 0, 30, 0, 20},
        .likelihood = {"likely", 66, 90, false},
        .strength = PORCH_EVIDENCE_LIMITED,
        .start = AT(2, 12, 0),
        .end = AT(2, 12, 9) + 1,
        .bytes_up = 339000000,
        .packets_up = 240000,
        .mean_kbps_up = 5022,
        .peak_kbps_up = 6100,
        .transport = "udp-other",
        .live_view = PORCH_ANSWER_YES,
        .parts = TEXTS("ssrc 1"),
        .evidence = {.item = (const struct porch_evidence[]){{"rate", "5,022 kbit/s", "200 kbit/s",
                         2100, "shapes/stream.json#live"}},
            .count = 1},
        .limits = TEXTS("The far end is an address that is probably a phone or a relay.")},
    {.id = BLOB,
        .device = SIDE_GATE,
        .destination = NOBODY,
        .shape = PORCH_SHAPE_BURST,
        .could_be = (const enum porch_content[]){PORCH_CONTENT_PICTURE, PORCH_CONTENT_FILES},
        .could_be_count = 2,
        .probability = 400,
        .p_footage = 500,
        .probabilities = {400, 200, 200, 100, 0, 0, 0, 100},
        .start = AT(3, 0, 0),
        .end = AT(3, 0, 0) + 11400000,
        .bytes_up = 5800000,
        .transport = "tls"},
    {.id = INDOORS,
        .device = SIDE_GATE,
        .destination = RECORDER,
        .content = PORCH_CONTENT_VIDEO,
        .footage = PORCH_FOOTAGE_YES,
        .probability = 900,
        .p_footage = 900,
        .probabilities = {100, 900},
        .start = AT(3, 1, 0),
        .end = AT(3, 1, 1),
        .bytes_up = 9000,
        .transport = "tls",
        .live_view = PORCH_ANSWER_NO},
    {.id = CLIP,
        .device = FRONT_DOOR,
        .destination = SKYFOLD,
        .shape = PORCH_SHAPE_SERIES,
        .content = PORCH_CONTENT_VIDEO,
        .footage = PORCH_FOOTAGE_YES,
        .probability = 930,
        .p_footage = 950,
        .probabilities = {50, 930, 10, 10},
        .likelihood = {"very likely", 90, 99, true},
        .strength = PORCH_EVIDENCE_STRONG,
        .start = AT(6, 22, 43),
        .end = AT(6, 22, 46) + 10000000,
        .bytes_up = 2250000000,
        .bytes_down = 21000000,
        .transport = "tls",
        .sequence = CLIP,
        .flows = TEXTS("1:wCb3OG7yAFWelaUydu0D+125CLM="),
        .open = true},
};

static const struct porch_finding example_findings[] = {
    {.id = "F1",
        .kind = "footage",
        .device = FRONT_DOOR,
        .sentence = "Very likely (90-99%): Front door sent what looks like video 1 time",
        .likelihood = {"very likely", 90, 99, true},
        .strength = PORCH_EVIDENCE_STRONG,
        .evidence = {.item = (const struct porch_evidence[]){{"uploads", "1", "1", 2000, NULL}},
            .count = 1},
        .limit = "Encrypted: sizes and timing were read.",
        .check = "ip.addr == 198.51.100.7",
        .episodes = (const uint64_t[]){CLIP},
        .episode_count = 1,
        .destinations = (const uint64_t[]){SKYFOLD},
        .destination_count = 1},
    {.id = "F2",
        .kind = "evidence-not-seen",
        .sentence =
            "No contact with any of 43 listed police or evidence platforms was seen in 165 h"
            " 50 min",
        .limit = "Sharing between companies' own servers would not be visible here."},
    {.id = "F3",
        .kind = "unknown",
        .device = SIDE_GATE,
        .sentence = "Side gate sent 5.8 MB to 2 addresses that could not be identified",
        .limit = "This is a gap in what is known, not a sign of wrongdoing.",
        .destinations = (const uint64_t[]){NOBODY, NOBODY_2},
        .destination_count = 2},
};

static const struct porch_library example_libraries[] = {{"libpcap", "1.10.3"}};
static const struct porch_option example_options[] = {
    {.name = "all-devices"}, {.name = "home", .values = TEXTS("2001:db8:1::/48")}};
static const struct porch_input example_inputs[] = {
    {.path = "week46.pcapng",
        .sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .content_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .format = "pcapng",
        .link_types = TEXTS("ethernet"),
        .packets = 2400000,
        .bytes = 2700000000,
        .first = AT(0, 0, 0),
        .last = AT(7, 0, 0),
        .error = "the file ends inside a block",
        .error_offset = 2699999999},
};
static const struct porch_gap example_gaps[] = {
    {.start = AT(4, 1, 0), .end = AT(4, 3, 10), .reason = "packets dropped"}};

static inline struct porch_document
example_document(void)
{
	return (struct porch_document){
	    .run = {.version = "0.1.0",
	        .rules_sha256 = "0000000000000000000000000000000000000000000000000000000000000001",
	        .rules_files = 12,
	        .rules_rev = 4,
	        .advice = {.state = "given", .flows = 12},
	        .libraries = example_libraries,
	        .library_count = 1,
	        .inputs = example_inputs,
	        .input_count = 1,
	        .counters = {.received = 2400000,
	            .processed = 2399990,
	            .undecoded = 7,
	            .dropped = 3,
	            .duplicates = 1,
	            .flows = 900},
	        .options = example_options,
	        .option_count = 2},
	    .devices = example_devices,
	    .device_count = sizeof(example_devices) / sizeof(example_devices[0]),
	    .destinations = example_destinations,
	    .destination_count = sizeof(example_destinations) / sizeof(example_destinations[0]),
	    .episodes = example_episodes,
	    .episode_count = sizeof(example_episodes) / sizeof(example_episodes[0]),
	    .findings = example_findings,
	    .finding_count = sizeof(example_findings) / sizeof(example_findings[0]),
	    .gaps = example_gaps,
	    .gap_count = 1,
	    .summary = {.verdict =
	                    "Very likely (90-99%): footage left this home, 2.6 GB in 12 min 10 s "
	                    "over 7 days.",
	        .answer = "seen",
	        .likelihood = {"very likely", 90, 99, true},
	        .footage_bytes_up = 2589000000,
	        .footage_episodes = 2,
	        .footage_us = 730000001,
	        .cannot_tell_episodes = 1,
	        .doorbells = 2,
	        .devices = 3,
	        .first = AT(0, 0, 0),
	        .last = AT(7, 0, 0),
	        .watched_us = UINT64_C(597000000000),
	        .bytes_up = 2625000000,
	        .tracker_bytes_up = 10000000,
	        .unknown_bytes_up = 5800000},
	};
}

static const struct porch_flow example_flow = {
    .community_id = "1:wCb3OG7yAFWelaUydu0D+125CLM=",
    .device = FRONT_DOOR,
    .destination = SKYFOLD,
    .originator = "192.168.7.20",
    .responder = "198.51.100.7",
    .originator_port = 50000,
    .responder_port = 443,
    .protocol = 6,
    .originator_bytes = 2250000000,
    .start = AT(6, 22, 43),
    .end = AT(6, 22, 46),
    .name = "clips.skyfold.example",
    .name_source = PORCH_NAME_SNI,
    .application = "tls",
    .ended = "end",
};

/* All that a sink writes, NUL-terminated; the caller frees it. */
static inline char *
written_by(void (*tell)(struct writer *w, const void *what, const struct sink_style *style),
    const void *what, const struct sink_style *style, size_t *len)
{
	FILE *file = tmpfile();
	struct writer *w = malloc(sizeof(*w));
	char *text;
	long size;

	assert_non_null(file);
	assert_non_null(w);
	writer_init(w, fileno(file));
	tell(w, what, style);
	assert_int_equal(writer_finish(w), WRITER_DONE);
	free(w);
	size = lseek(fileno(file), 0, SEEK_END);
	text = malloc((size_t)size + 1);
	assert_non_null(text);
	assert_int_equal(pread(fileno(file), text, (size_t)size, 0), size);
	text[size] = '\0';
	fclose(file);
	if (len)
		*len = (size_t)size;
	return text;
}

struct telling {
	const struct sink_ops *sink;
	const struct porch_document *doc;
};

static inline void
tell_document(struct writer *w, const void *what, const struct sink_style *style)
{
	const struct telling *telling = what;

	telling->sink->document(w, telling->doc, style);
}

static inline char *
document_by(const char *sink, const struct porch_document *doc, const struct sink_style *style)
{
	struct telling telling = {sink_find(sink), doc};

	assert_non_null(telling.sink);
	return written_by(tell_document, &telling, style, NULL);
}

static inline char *
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);
	size_t len;

	assert_non_null(text);
	if (!file)
		fail_msg("cannot open %s", path);
	len = fread(text, 1, (1 << 20) - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

/* With PORCHLIGHT_WRITE_GOLDEN set, the golden file is written instead. */
static inline void
assert_golden(const char *name, const char *text)
{
	char path[512], *golden;

	snprintf(path, sizeof(path), SOURCE_DIR "/tests/sink/golden/%s", name);
	if (getenv("PORCHLIGHT_WRITE_GOLDEN")) {
		FILE *file = fopen(path, "wb");

		assert_non_null(file);
		fputs(text, file);
		fclose(file);
	}
	golden = read_file(path);
	assert_string_equal(text, golden);
	free(golden);
}

/* The example as it would be of a live capture that something passed by. */
static inline struct porch_document
example_live(struct porch_input *input)
{
	static const char *const limits[] = {"br-lan is one port of a bridge."};
	struct porch_document doc = example_document();

	*input = doc.run.inputs[0];
	input->format = "live";
	input->coverage = (struct porch_coverage){
	    .known = true, .unobserved_bytes = 28800000, .limits = {limits, 1}};
	doc.run.inputs = input;
	doc.run.input_count = 1;
	return doc;
}

#endif
