/* SPDX-License-Identifier: Apache-2.0 */

/* What is told while it happens, one record a line, for whoever reads along. */

#include "sink/event.h"

#include "sink/put.h"
#include "sink/sink.h"

/* The name of this run of the daemon: sixteen hexadecimal digits. */
static void
put_boot(struct json *json, uint64_t boot)
{
	char text[17];

	for (int i = 0; i < 16; i++)
		text[i] = "0123456789abcdef"[boot >> (60 - 4 * i) & 15];
	text[16] = '\0';
	put_text(json, "boot", text);
}

static void
put_notice(struct json *json, const struct porch_notice *notice, int64_t time)
{
	put_time(json, "time", time);
	put_text(json, "kind", notice->kind);
	put_id(json, "device", 'd', notice->device);
	put_id(json, "destination", 'r', notice->destination);
	put_id(json, "episode", 'e', notice->episode);
	put_text(json, "sentence", notice->sentence);
}

static void
put_upload(struct json *json, const char *key, const struct porch_upload *upload)
{
	if (!upload) {
		put_null(json, key);
		return;
	}
	put_open(json, key, '{');
	put_id(json, "id", 'e', upload->id);
	put_time(json, "start", upload->start);
	put_time(json, "end", upload->end);
	put_u64(json, "bytes_up", upload->bytes_up);
	put_text(json, "content", porch_content_word(upload->content));
	put_text(json, "footage", porch_footage_word(upload->footage));
	put_likelihood(json, &upload->likelihood);
	put_text(json, "organisation", upload->organisation);
	put_text(json, "party", porch_party_word(upload->party));
	put_id(json, "destination", 'r', upload->destination);
	put_close(json, '}');
}

static void
put_device_state(struct json *json, const struct porch_device_state *device)
{
	put_open(json, NULL, '{');
	put_id(json, "id", 'd', device->id);
	put_text(json, "name", device->name);
	put_text(json, "kind", porch_kind_word(device->kind));
	put_text(json, "vendor_name", device->vendor_name);
	put_text(json, "state", porch_activity_word(device->activity));
	put_text(json, "sentence", device->sentence);
	put_u64(json, "bytes_up_today", device->bytes_up_today);
	put_u64(json, "footage_bytes_today", device->footage_bytes_today);
	put_u64(json, "footage_episodes_today", device->footage_episodes_today);
	put_open(json, "rate_kbps", '[');
	for (unsigned i = 0; i < PORCH_RATES; i++)
		put_u64(json, NULL, device->rate_kbps[i]);
	put_close(json, ']');
	put_upload(json, "open", device->open);
	put_upload(json, "last", device->last);
	put_close(json, '}');
}

static void
put_state_parts(struct json *json, const struct porch_state *state)
{
	put_open(json, "interfaces", '[');
	for (size_t i = 0; i < state->interface_count; i++) {
		put_open(json, NULL, '{');
		put_text(json, "name", state->interfaces[i].name);
		put_bool(json, "up", state->interfaces[i].up);
		put_close(json, '}');
	}
	put_close(json, ']');
	put_texts(json, "limits", &state->limits);
	put_open(json, "devices", '[');
	for (size_t i = 0; i < state->device_count; i++)
		put_device_state(json, &state->devices[i]);
	put_close(json, ']');
}

static void
put_state(struct json *json, const struct porch_state *state, int64_t time)
{
	put_time(json, "time", time);
	put_text(json, "state", porch_activity_word(state->activity));
	put_text(json, "sentence", state->sentence);
	put_time(json, "watched_since", state->watched_since);
	put_time(json, "today_since", state->today_since);
	put_u64(json, "bytes_up_today", state->bytes_up_today);
	put_u64(json, "footage_bytes_today", state->footage_bytes_today);
	put_u64(json, "footage_episodes_today", state->footage_episodes_today);
	put_counters(json, &state->counters);
	put_u64(json, "gaps", state->gaps);
	put_u64(json, "rules_rev", state->rules_rev);
	put_text(json, "rules_seen", state->rules_seen);
	put_state_parts(json, state);
}

static void
put_record(struct json *json, const struct porch_event *event)
{
	switch (event->kind) {
	case PORCH_EVENT_RUN:
		put_run(json, event->run);
		break;
	case PORCH_EVENT_DEVICE:
		put_device(json, event->device);
		break;
	case PORCH_EVENT_DESTINATION:
		put_destination(json, event->destination);
		break;
	case PORCH_EVENT_EPISODE:
		put_episode(json, event->episode);
		if (event->mark)
			put_text(json, "mark", event->mark);
		break;
	case PORCH_EVENT_GAP:
		put_gap(json, event->gap);
		break;
	case PORCH_EVENT_NOTICE:
		put_notice(json, event->notice, event->time);
		break;
	case PORCH_EVENT_STATE:
		put_state(json, event->state, event->time);
		break;
	case PORCH_EVENT_FINDING:
		put_finding(json, event->finding);
		break;
	case PORCH_EVENT_SUMMARY:
		put_summary(json, event->summary);
		break;
	}
}

void
event_line(struct writer *w, const struct porch_event *event)
{
	struct json json = {.w = w};

	put_open(&json, NULL, '{');
	put_text(&json, "schema", RECORD_SCHEMA);
	put_text(&json, "type", porch_event_word(event->kind));
	put_boot(&json, event->boot);
	if (event->kind != PORCH_EVENT_STATE)
		put_u64(&json, "event", event->sequence);
	put_record(&json, event);
	put_close(&json, '}');
	write_char(w, '\n');
}
