/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/features.h"

#include <string.h>

#include "judge/advice.h"
#include "judge/shape.h"
#include "parse/packet.h"

bool
features_has_purpose(const struct porch_destination *receiver, const char *purpose)
{
	for (size_t i = 0; receiver && i < receiver->purposes.count; i++)
		if (strcmp(receiver->purposes.item[i], purpose) == 0)
			return true;
	return false;
}

bool
features_makes_footage(enum porch_kind kind)
{
	return kind == PORCH_KIND_DOORBELL || kind == PORCH_KIND_CAMERA || kind == PORCH_KIND_HUB;
}

bool
features_through_vpn(const struct porch_rules *rules, const struct track_episode *e)
{
	struct port_match match;

	for (unsigned i = 0; i < e->flows; i++) {
		const struct flow_key *flow = &e->flow[i];
		unsigned far = addr_equal(&flow->end[0], &e->inside) ? 1 : 0;

		if (rules_port(rules, flow->protocol, flow->port[far], &match) &&
		    strcmp(match.service, "vpn") == 0)
			return true;
	}
	return false;
}

/* A host where a device is told what to do: somebody presses "view", and this host says so. */
static bool
gives_orders(const struct porch_destination *receiver)
{
	static const char *const purpose[] = {
	    "signalling", "control", "rendezvous", "push", "relay"};

	for (size_t i = 0; i < sizeof(purpose) / sizeof(purpose[0]); i++)
		if (features_has_purpose(receiver, purpose[i]))
			return true;
	return false;
}

bool
features_after_order(const struct content_context *c, const struct track_episode *e)
{
	const struct track_before *up = &e->message_up, *down = &e->message_down;

	if (down->time == PORCH_NO_TIME || !gives_orders(c->told_by))
		return false;
	return up->time == PORCH_NO_TIME || up->time > down->time;
}

/* The features of an episode while it is written down. */
struct sheet {
	struct porch_feature *feature;
	size_t count;
};

static void
put(struct sheet *s, const char *name, uint64_t value, const char *unit)
{
	s->feature[s->count++] = (struct porch_feature){name, (int64_t)value, unit};
}

static void
ask(struct sheet *s, const char *name, bool answer)
{
	put(s, name, answer, "");
}

static uint64_t
per(uint64_t part, uint64_t whole)
{
	return part / (whole ? whole : 1);
}

static void
put_volume(struct sheet *s, const struct track_episode *e)
{
	const struct track_sums *sums = &e->sums;
	bool download = sums->bytes_down / 8 >= sums->bytes_up;

	put(s, "bytes_up", sums->bytes_up, "bytes");
	put(s, "download_bytes", download ? sums->bytes_down : 0, "bytes");
	put(s, "up_per_down", per(sums->bytes_up, sums->bytes_down), "times");
	put(s, "full_share", (uint64_t)shape_full(e), "%");
	put(s, "mean_packet", per(sums->content_up, sums->segments_up), "bytes");
}

static void
put_timing(struct sheet *s, const struct track_episode *e, enum porch_shape shape)
{
	const struct track_sums *sums = &e->sums;
	uint64_t duration = shape_duration(e), peak = shape_kbps(e->peak_second_up, 1000000);
	bool stream = shape == PORCH_SHAPE_STREAM;

	put(s, "duration_ms", duration / 1000, "ms");
	put(s, "mean_kbps", shape_kbps(sums->bytes_up, duration), "kbit/s");
	put(s, "peak_kbps", peak, "kbit/s");
	s->feature[s->count++] =
	    (struct porch_feature){"stream_kbps", stream ? (int64_t)peak : -1, "kbit/s"};
	s->feature[s->count++] = (struct porch_feature){"stream_packet",
	    stream ? (int64_t)per(sums->content_up, sums->segments_up) : -1, "bytes"};
	s->feature[s->count++] = (struct porch_feature){
	    "burst_bytes", stream ? -1 : (int64_t)per(sums->bytes_up, sums->bursts), "bytes"};
	s->feature[s->count++] = (struct porch_feature){"series_bytes",
	    shape == PORCH_SHAPE_SERIES ? (int64_t)per(sums->bytes_up, sums->bursts) : -1, "bytes"};
	s->feature[s->count++] = (struct porch_feature){"series_kbps",
	    shape == PORCH_SHAPE_SERIES ? (int64_t)shape_kbps(sums->bytes_up, duration) : -1,
	    "kbit/s"};
	put(s, "active_share", (uint64_t)shape_active(e), "%");
	put(s, "even_share", (uint64_t)shape_even(e), "%");
	put(s, "level_share", (uint64_t)shape_level(e), "%");
	put(s, "talk_share", per(sums->talk_bins * 100, sums->bins_up), "%");
	put(s, "bursts", sums->bursts, "bursts");
	ask(s, "stream", stream);
	ask(s, "series", shape == PORCH_SHAPE_SERIES);
	ask(s, "burst", shape == PORCH_SHAPE_BURST);
	ask(s, "trickle", shape == PORCH_SHAPE_TRICKLE);
}

static void
put_protocol(struct sheet *s, const struct track_episode *e, enum porch_shape shape)
{
	bool udp = e->flows > 0 && e->flow[0].protocol == IP_UDP;
	bool quic = e->applications & 1U << APPLICATION_QUIC;

	put(s, "media_up", e->sums.media_up, "RTP packets");
	ask(s, "udp_stream", udp && !quic && shape == PORCH_SHAPE_STREAM);
	ask(s, "continues", e->continues);
	ask(s, "introduced", e->after_rendezvous || e->introduced);
}

static bool
is_known_camera(const struct content_context *c)
{
	return features_makes_footage(c->device->kind) || c->device_named;
}

static bool
takes_media(const struct porch_destination *to)
{
	return features_has_purpose(to, "footage") || features_has_purpose(to, "picture") ||
	       features_has_purpose(to, "relay") || features_has_purpose(to, "rendezvous");
}

static bool
is_control(const struct porch_destination *to)
{
	return features_has_purpose(to, "control") || features_has_purpose(to, "signalling") ||
	       features_has_purpose(to, "push") || features_has_purpose(to, "api");
}

static void
put_ends(struct sheet *s, const struct content_context *c, const struct track_episode *e)
{
	const struct porch_destination *to = c->receiver;
	bool camera = is_known_camera(c);

	ask(s, "camera", camera);
	ask(s, "not_camera", c->device->kind == PORCH_KIND_OTHER && !camera);
	ask(s, "to_peer", to && to->party == PORCH_PARTY_PEER);
	ask(s, "to_local", e->local);
	ask(s, "to_maker", to && (to->party == PORCH_PARTY_MAKER || to->on_behalf_of));
	ask(s, "purpose_footage", features_has_purpose(to, "footage"));
	ask(s, "purpose_picture", features_has_purpose(to, "picture"));
	ask(s, "purpose_telemetry",
	    features_has_purpose(to, "telemetry") || features_has_purpose(to, "time"));
	ask(s, "purpose_firmware", features_has_purpose(to, "firmware"));
	ask(s, "purpose_relay",
	    features_has_purpose(to, "relay") || features_has_purpose(to, "rendezvous"));
	ask(s, "purpose_control", is_control(to) && !takes_media(to));
}

/*
 * What comes back at half the rate or more, as in a call: a camera shows nobody, and is sent
 * sound at most.  A known camera is not asked; some have a screen.
 */
static uint64_t
call_kbps(const struct content_context *c, const struct track_episode *e, enum porch_shape shape)
{
	if (is_known_camera(c) || shape != PORCH_SHAPE_STREAM ||
	    e->sums.bytes_down < e->sums.bytes_up / 2)
		return 0;
	return shape_kbps(e->sums.bytes_down, shape_duration(e));
}

static void
put_before(struct sheet *s, const struct content_context *c, const struct track_episode *e)
{
	ask(s, "after_message", e->message_up.time != PORCH_NO_TIME);
	ask(s, "after_order", features_after_order(c, e));
	ask(s, "in_sequence", e->sequence != 0 && !e->continues);
}

/*
 * A camera's live view goes by the relays that calls go by: advice never speaks against what
 * a known camera sends.
 */
static void
put_advice(struct sheet *s, const struct content_context *c)
{
	static const struct advice none;

	s->count += advice_features(c->rules, c->advice && !is_known_camera(c) ? c->advice : &none,
	    s->feature + s->count);
}

size_t
features_of(const struct content_context *c, const struct track_episode *e, enum porch_shape shape,
    struct porch_feature feature[static FEATURES])
{
	struct sheet s = {.feature = feature};

	put_volume(&s, e);
	put_timing(&s, e, shape);
	put_protocol(&s, e, shape);
	put_ends(&s, c, e);
	put(&s, "call_kbps", call_kbps(c, e, shape), "kbit/s");
	put_before(&s, c, e);
	put_advice(&s, c);
	return s.count;
}
