/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SINK_RANDOM_REPORT_H
#define TESTS_SINK_RANDOM_REPORT_H

#include <stdlib.h>
#include <string.h>

#include <porchlight/rules.h>

#include "base/arena.h"
#include "judge/finding.h"

/*
 * Reports of homes that do not exist, by a seed: whatever its size, one is as consistent as
 * those the engine makes.  Its findings and its verdict are the judge's own.
 */
struct home_plan {
	uint64_t seed;
	size_t devices, receivers, episodes;
	unsigned days;
	bool hostile; /* names are what an attacker would choose */
	bool gap;
	bool astray; /* one upload begins within the gap */
};

struct random_report {
	struct arena *arena;
	struct porch_document doc;
};

#define WEEK_START (INT64_C(1794182400) * 1000000) /* Monday 9 November 2026, 00:00 UTC */
#define MINUTE     (INT64_C(60) * 1000000)
#define DAY        (1440 * MINUTE)

static inline uint64_t
roll(uint64_t *state, uint64_t sides)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state % (sides ? sides : 1);
}

struct made_receiver {
	const char *name, *organisation, *country, *on_behalf_of;
	enum porch_party party;
	bool footage;
};

static const struct made_receiver known_receivers[] = {
    {"clips-use1.skyfold.example", "Skyfold Cloud", "US", "exampla", PORCH_PARTY_CLOUD, true},
    {"media.exampla.example", "Exampla Inc.", "US", NULL, PORCH_PARTY_MAKER, true},
    {"relay.doorvue.example", "Doorvue Relay", "SG", NULL, PORCH_PARTY_MAKER, true},
    {NULL, NULL, "NL", NULL, PORCH_PARTY_PEER, true},
    {"clips-euw1.skyfold.example", "Skyfold Cloud", "IE", "nordlys", PORCH_PARTY_CLOUD, true},
    {"cam.nordlys.example", "Nordlys Home AS", "NO", NULL, PORCH_PARTY_MAKER, true},
    {"ingest.metricly.example", "Metricly Analytics", "US", NULL, PORCH_PARTY_TRACKER, false},
    {NULL, NULL, "HK", NULL, PORCH_PARTY_UNKNOWN, false},
    {"px.adpulse.example", "AdPulse", "US", NULL, PORCH_PARTY_TRACKER, false},
    {"ntp.public.example", "Public Time", "DE", NULL, PORCH_PARTY_UTILITY, false},
    {NULL, NULL, NULL, NULL, PORCH_PARTY_UNKNOWN, false},
};

static const char *const hostile_names[] = {"</script><script>alert(1)</script>",
    "\x1b]0;owned\x07", "=cmd|' /C calc'!A0",
    "a\xe2\x80\xae"
    "b\xe2\x80\xac",
    "\xff\xfe\xc0\x80", "\"><img src=x onerror=alert(1)>", "&amp;lt;", "' onmouseover='alert(1)",
    "xn--pple-43d.example", "\xd0\xb0pple.example"};

static inline const char *
hostile(const struct home_plan *plan, size_t i)
{
	return hostile_names[(plan->seed + i) % (sizeof(hostile_names) / sizeof(hostile_names[0]))];
}

static inline struct porch_texts
one_text(struct arena *arena, const char *text)
{
	const char **item = arena_alloc(arena, sizeof(*item));

	*item = text;
	return (struct porch_texts){.item = item, .count = 1};
}

static inline void
make_device(struct random_report *r, const struct home_plan *plan, struct porch_device *d, size_t i)
{
	static const char *const labels[] = {"Front door", "Studio entrance", "Side gate"};
	static const char *const products[] = {"Exampla Chime Pro", "Nordlys Bell 2", "Doorvue P2"};
	static const char *const ids[] = {"exampla", "nordlys", "doorvue"};
	static const char *const makers[] = {"Exampla", "Nordlys", "Doorvue"};
	const char *label = i < 3 ? labels[i] : arena_format(r->arena, "Doorbell %zu", i + 1);

	*d = (struct porch_device){
	    .id = 0xd000 + i,
	    .mac = arena_format(r->arena, "02:00:5e:10:00:%02x", (unsigned)i & 255),
	    .addresses = one_text(r->arena, arena_format(r->arena, "192.168.7.%zu", 20 + i % 200)),
	    .label = plan->hostile ? hostile(plan, i) : label,
	    .vendor = ids[i % 3],
	    .vendor_name = makers[i % 3],
	    .product = products[i % 3],
	    .kind = i % 4 == 3 ? PORCH_KIND_CAMERA : PORCH_KIND_DOORBELL,
	    .watched = true,
	    .confidence = 950,
	    .first_seen = WEEK_START,
	    .last_seen = WEEK_START + (int64_t)plan->days * DAY,
	    .detection_floor_bytes = 4000,
	};
}

static inline void
make_receiver(struct random_report *r, const struct home_plan *plan, struct porch_destination *to,
    size_t i, uint64_t *state)
{
	size_t known = sizeof(known_receivers) / sizeof(known_receivers[0]);
	const struct made_receiver *k = &known_receivers[i % known];
	const char *more = i < known ? "" : arena_format(r->arena, "%zu.", i / known);

	*to = (struct porch_destination){
	    .id = 0xe000 + i,
	    .device = 0xd000 + roll(state, plan->devices),
	    .name = k->name ? arena_format(r->arena, "%s%s", more, k->name) : NULL,
	    .name_source = k->name ? PORCH_NAME_SNI : PORCH_NAME_NONE,
	    .addresses = one_text(r->arena, arena_format(r->arena, "203.0.113.%zu", i % 254 + 1)),
	    .party = k->party,
	    .role = k->party,
	    .organisation = k->organisation,
	    .on_behalf_of = k->on_behalf_of,
	    .asn = k->organisation ? 64496 + (int64_t)(i % known) : -1,
	    .country = k->country,
	    .confidence = 900,
	    .bytes_up = 200 + roll(state, 60000), /* background */
	    .first_seen = WEEK_START,
	    .last_seen = WEEK_START + (int64_t)plan->days * DAY,
	};
	if (plan->hostile && to->name)
		to->name = hostile(plan, i);
	if (plan->hostile && to->organisation)
		to->organisation = hostile(plan, i + 3);
}

static const struct porch_evidence made_evidence[] = {
    {"sent as much as a clip or a view of video", "4303060 bytes", "at least 300000 bytes", 2000,
        "models/content.json#clip-sized"},
    {"went to a host that receives footage", "yes", NULL, 2000, "models/content.json#footage-host"},
    {"ran at a rate that cameras encode video at", "1716 kbit/s", "200 to 8000 kbit/s", 700,
        "models/content.json#video-rate"},
    {"sent at least five times what it received", "52 times", "at least 5 times", 500,
        "models/content.json#one-way"},
};

/* Mostly by day; never within the gap. */
static inline int64_t
made_start(const struct home_plan *plan, uint64_t *state)
{
	for (;;) {
		int64_t day = (int64_t)roll(state, plan->days), hour = 6 + (int64_t)roll(state, 17);
		int64_t at =
		    WEEK_START + day * DAY + hour * 60 * MINUTE + (int64_t)roll(state, 3600000000U);

		if (roll(state, 12) == 0)
			at -= 5 * 60 * MINUTE;
		if (!plan->gap || at < WEEK_START + 2 * DAY + 170 * MINUTE ||
		    at > WEEK_START + 2 * DAY + 340 * MINUTE)
			return at;
	}
}

static inline void
make_content(struct porch_episode *e, const struct porch_destination *to, uint64_t *state)
{
	uint64_t kind = roll(state, 10);
	const struct made_receiver *k =
	    &known_receivers[(to->id - 0xe000) %
	                     (sizeof(known_receivers) / sizeof(known_receivers[0]))];

	e->content = kind < 7 ? PORCH_CONTENT_VIDEO : PORCH_CONTENT_PICTURE;
	e->footage = PORCH_FOOTAGE_YES;
	e->bytes_up = e->content == PORCH_CONTENT_VIDEO ? 3000000 + roll(state, 25000000)
	                                                : 24000 + roll(state, 300000);
	if (!k->footage) {
		e->content = kind == 9 ? PORCH_CONTENT_UNKNOWN : PORCH_CONTENT_METADATA;
		e->footage = kind == 9 ? PORCH_FOOTAGE_CANNOT_TELL : PORCH_FOOTAGE_NO;
		e->bytes_up = 4000 + roll(state, 200000);
	}
	if (k->party == PORCH_PARTY_PEER)
		e->live_view = kind < 5 ? PORCH_ANSWER_YES : PORCH_ANSWER_UNKNOWN;
}

static inline void
make_episode(const struct home_plan *plan, struct porch_episode *e, struct porch_destination *to,
    struct porch_device *d, uint64_t *state)
{
	int64_t start = made_start(plan, state);

	*e = (struct porch_episode){
	    .device = d->id,
	    .destination = to->id,
	    .shape = PORCH_SHAPE_STREAM,
	    .probability = 900,
	    .p_footage = 950,
	    .strength = PORCH_EVIDENCE_STRONG,
	    .start = start,
	    .end = start + 2000000 + (int64_t)roll(state, 90000000),
	    .transport = "tls",
	    .evidence = {.item = made_evidence, .count = 4},
	};
	make_content(e, to, state);
	if (e->footage == PORCH_FOOTAGE_YES)
		e->likelihood = (struct porch_likelihood){"likely", 66, 90, false};
	e->bytes_down = e->bytes_up / 50;
	to->bytes_up += e->bytes_up;
	to->episodes++;
	if (e->footage == PORCH_FOOTAGE_YES)
		to->footage_bytes_up += e->bytes_up;
	d->ledger[e->content].bytes_up += e->bytes_up;
	d->ledger[e->content].episodes++;
}

static inline int
made_order(const void *left, const void *right)
{
	const struct porch_episode *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

static inline void
make_run(struct random_report *r, const struct home_plan *plan)
{
	struct porch_input *input = arena_alloc(r->arena, sizeof(*input));
	struct porch_gap *gap = arena_alloc(r->arena, sizeof(*gap));
	int64_t end = WEEK_START + (int64_t)plan->days * DAY - 1000000;
	uint64_t missed = plan->gap ? 130 * MINUTE : 0;

	*input = (struct porch_input){
	    .path = plan->hostile ? hostile(plan, 7) : "captures/week46.pcapng",
	    .sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	    .content_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	    .format = "pcapng",
	    .packets = 5213007,
	    .first = WEEK_START,
	    .last = end,
	    .complete = true,
	};
	*gap = (struct porch_gap){.start = WEEK_START + 2 * DAY + 180 * MINUTE,
	    .end = WEEK_START + 2 * DAY + 310 * MINUTE,
	    .reason = "hole between joined files"};
	r->doc.run = (struct porch_run){.version = "0.1.0",
	    .rules_sha256 = "0000000000000000000000000000000000000000000000000000000000000001",
	    .rules_files = 41,
	    .rules_rev = 4,
	    .inputs = input,
	    .input_count = 1,
	    .counters = {.received = 5213007, .processed = 5212000, .undecoded = 1007}};
	r->doc.gaps = gap;
	r->doc.gap_count = plan->gap;
	r->doc.summary.first = WEEK_START;
	r->doc.summary.last = end;
	r->doc.summary.watched_us = (uint64_t)(end - WEEK_START) - missed;
}

static inline void
add_to_devices(struct random_report *r, struct porch_device *devices)
{
	for (size_t i = 0; i < r->doc.destination_count; i++) {
		const struct porch_destination *to = &r->doc.destinations[i];

		devices[to->device - 0xd000].bytes_up += to->bytes_up;
	}
}

static inline bool
random_report(struct random_report *r, const struct porch_rules *rules,
    const struct home_plan *plan)
{
	uint64_t state = plan->seed * 2654435761U + 88172645463325252U;
	struct porch_device *devices;
	struct porch_destination *to;
	struct porch_episode *episodes;

	memset(r, 0, sizeof(*r));
	r->arena = arena_new();
	devices = arena_alloc(r->arena, (plan->devices + 1) * sizeof(*devices));
	to = arena_alloc(r->arena, (plan->receivers + 1) * sizeof(*to));
	episodes = arena_alloc(r->arena, (plan->episodes + 1) * sizeof(*episodes));
	for (size_t i = 0; i < plan->devices; i++)
		make_device(r, plan, &devices[i], i);
	for (size_t i = 0; i < plan->receivers; i++)
		make_receiver(r, plan, &to[i], i, &state);
	for (size_t i = 0; i < plan->episodes; i++) {
		struct porch_destination *into =
		    &to[roll(&state, 3) ? roll(&state, plan->receivers < 6 ? plan->receivers : 6)
		                        : roll(&state, plan->receivers)];

		make_episode(plan, &episodes[i], into, &devices[into->device - 0xd000], &state);
	}
	if (plan->astray) {
		episodes[0].start = WEEK_START + 2 * DAY + 200 * MINUTE;
		episodes[0].end = episodes[0].start + MINUTE;
	}
	qsort(episodes, plan->episodes, sizeof(*episodes), made_order);
	for (size_t i = 0; i < plan->episodes; i++)
		episodes[i].id = 0xe0000000 + i;
	r->doc.devices = devices;
	r->doc.device_count = plan->devices;
	r->doc.destinations = to;
	r->doc.destination_count = plan->receivers;
	r->doc.episodes = episodes;
	r->doc.episode_count = plan->episodes;
	make_run(r, plan);
	add_to_devices(r, devices);
	return findings_make(rules, r->arena, &r->doc);
}

static inline void
random_report_free(struct random_report *r)
{
	arena_free(r->arena);
}

#endif
