/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SINK_EVENT_FIXTURE_H
#define TESTS_SINK_EVENT_FIXTURE_H

#include "sink/event.h"
#include "tests/sink/fixture.h"

/* The home of the fixture while it is watched: an event of each kind. */

#define BOOT UINT64_C(0x00c0ffee00c0ffee)

static const struct porch_notice example_notice = {.kind = "unsolicited-upload",
    .device = FRONT_DOOR,
    .destination = SKYFOLD,
    .episode = CLIP,
    .sentence = "Front door sends what looks like footage, and nothing was seen to ask for it."};

static const struct porch_upload example_upload = {.id = CLIP,
    .start = AT(6, 22, 43),
    .end = PORCH_NO_TIME,
    .bytes_up = 7400000,
    .content = PORCH_CONTENT_VIDEO,
    .footage = PORCH_FOOTAGE_YES,
    .likelihood = {"very likely", 90, 99, true},
    .organisation = "Skyfold Cloud",
    .party = PORCH_PARTY_CLOUD,
    .destination = SKYFOLD};

static const struct porch_state example_state = {.activity = PORCH_ACTIVITY_SENDING,
    .sentence = "Front door is sending what looks like video to Skyfold Cloud.",
    .watched_since = AT(0, 0, 0),
    .today_since = AT(6, 0, 0),
    .bytes_up_today = 9000000,
    .footage_bytes_today = 7400000,
    .footage_episodes_today = 1,
    .counters = {.received = 100, .processed = 97, .dropped = 3},
    .gaps = 1,
    .rules_rev = 4,
    .rules_seen = "2026-11-01",
    .interfaces = (const struct porch_interface[]){{"br-lan", true}, {"eth1\x1b[2J", false}},
    .interface_count = 2,
    .limits = TEXTS("Nobody advises."),
    .devices = (const struct porch_device_state[]){{.id = FRONT_DOOR,
                                                       .name = "Front door",
                                                       .kind = PORCH_KIND_DOORBELL,
                                                       .vendor_name = "Doorvue",
                                                       .activity = PORCH_ACTIVITY_SENDING,
                                                       .sentence = "Sending what looks like video.",
                                                       .bytes_up_today = 9000000,
                                                       .footage_bytes_today = 7400000,
                                                       .footage_episodes_today = 1,
                                                       .rate_kbps = {0, 1800, 2100, 1900},
                                                       .open = &example_upload},
        {.id = SIDE_GATE,
            .name = "Side gate",
            .kind = PORCH_KIND_CAMERA,
            .activity = PORCH_ACTIVITY_QUIET,
            .sentence = "Nothing is leaving."}},
    .device_count = 2};

#define EXAMPLE_EVENTS 9

static inline void
example_events(const struct porch_document *doc, struct porch_event events[static EXAMPLE_EVENTS])
{
	for (unsigned i = 0; i < EXAMPLE_EVENTS; i++)
		events[i] = (struct porch_event){.kind = (enum porch_event_kind)i,
		    .boot = BOOT,
		    .sequence = i + 1,
		    .time = AT(6, 22, 43) + 1,
		    .run = &doc->run,
		    .device = &doc->devices[0],
		    .destination = &doc->destinations[0],
		    .episode = &doc->episodes[3],
		    .gap = &doc->gaps[0],
		    .notice = &example_notice,
		    .state = &example_state,
		    .finding = &doc->findings[0],
		    .summary = &doc->summary};
	events[PORCH_EVENT_STATE].sequence = 0;
}

#endif
