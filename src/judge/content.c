/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/content.h"

#include <string.h>

#include "judge/likelihood.h"
#include "judge/model.h"
#include "parse/packet.h"
#include "rules/calibration.h"

#define FEATURES 24
#define LIMITS   4

static int64_t
number(const struct porch_rules *rules, const char *name)
{
	int64_t value;

	return rules_number(rules, name, &value, NULL) ? value : 0;
}

static uint64_t
duration_of(const struct track_episode *e)
{
	return e->end > e->start ? (uint64_t)(e->end - e->start) : 0;
}

/* Rounded half up; over at least a quarter of a second, the finest time an episode has. */
static uint64_t
kbps(uint64_t bytes, uint64_t micros)
{
	uint64_t over = micros < 250000 ? 250000 : micros;

	return (bytes * 8 * 1000 + over / 2) / over;
}

/* Share of the time, in percent, in which bins reached the rule's lower rate. */
static int64_t
active_share(const struct track_episode *e)
{
	uint64_t whole = duration_of(e) / 250000 + 1;
	uint64_t share = e->sums.bins_up * 100 / whole;

	return share > 100 ? 100 : (int64_t)share;
}

static enum porch_shape
shape_of(const struct porch_rules *rules, const struct track_episode *e)
{
	bool steady = active_share(e) >= number(rules, "shape.stream_active_percent");
	int64_t duration = (int64_t)duration_of(e);

	if (duration >= number(rules, "shape.stream_us") && steady)
		return PORCH_SHAPE_STREAM;
	if ((int64_t)e->sums.bursts >= number(rules, "shape.series_bursts"))
		return PORCH_SHAPE_SERIES;
	if ((int64_t)e->sums.bytes_up < number(rules, "shape.trickle_bytes"))
		return PORCH_SHAPE_TRICKLE;
	return PORCH_SHAPE_BURST;
}

bool
content_is_stream(const struct porch_rules *rules, const struct track_episode *e)
{
	return shape_of(rules, e) == PORCH_SHAPE_STREAM &&
	       (int64_t)e->sums.bytes_up >= number(rules, "content.clip_bytes");
}

static bool
has_purpose(const struct porch_destination *receiver, const char *purpose)
{
	for (size_t i = 0; receiver && i < receiver->purposes.count; i++)
		if (strcmp(receiver->purposes.item[i], purpose) == 0)
			return true;
	return false;
}

/* The far end's port is that of a VPN server; a near one may be any by chance. */
static bool
through_vpn(const struct porch_rules *rules, const struct track_episode *e)
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

static bool
makes_footage(enum porch_kind kind)
{
	return kind == PORCH_KIND_DOORBELL || kind == PORCH_KIND_CAMERA || kind == PORCH_KIND_HUB;
}

static size_t
features_of(const struct content_context *c, const struct track_episode *e, enum porch_shape shape,
    struct porch_feature f[FEATURES])
{
	const struct track_sums *s = &e->sums;
	uint64_t packets = s->packets_up ? s->packets_up : 1;
	bool camera = makes_footage(c->device->kind) || c->device_named;
	bool peer = c->receiver && c->receiver->party == PORCH_PARTY_PEER;
	size_t n = 0;

	f[n++] = (struct porch_feature){"bytes_up", (int64_t)s->bytes_up, "bytes"};
	f[n++] = (struct porch_feature){"duration_ms", (int64_t)(duration_of(e) / 1000), "ms"};
	f[n++] = (struct porch_feature){
	    "mean_kbps", (int64_t)kbps(s->bytes_up, duration_of(e)), "kbit/s"};
	f[n++] = (struct porch_feature){
	    "peak_kbps", (int64_t)kbps(e->peak_second_up, 1000000), "kbit/s"};
	f[n++] = (struct porch_feature){"stream_kbps",
	    shape == PORCH_SHAPE_STREAM ? (int64_t)kbps(e->peak_second_up, 1000000) : -1, "kbit/s"};
	f[n++] = (struct porch_feature){"full_share", (int64_t)(s->full_up * 100 / packets), "%"};
	f[n++] = (struct porch_feature){"mean_packet", (int64_t)(s->bytes_up / packets), "bytes"};
	f[n++] = (struct porch_feature){
	    "up_per_down", (int64_t)(s->bytes_up / (s->bytes_down ? s->bytes_down : 1)), "times"};
	f[n++] = (struct porch_feature){"media_up", (int64_t)s->media_up, "RTP packets"};
	f[n++] = (struct porch_feature){"active_share", active_share(e), "%"};
	f[n++] = (struct porch_feature){"stream", shape == PORCH_SHAPE_STREAM, ""};
	f[n++] = (struct porch_feature){"series", shape == PORCH_SHAPE_SERIES, ""};
	f[n++] = (struct porch_feature){"bursts", (int64_t)s->bursts, "bursts"};
	f[n++] = (struct porch_feature){"camera", camera, ""};
	f[n++] = (struct porch_feature){
	    "not_camera", c->device->kind == PORCH_KIND_OTHER && !camera, ""};
	f[n++] = (struct porch_feature){"to_peer", peer, ""};
	f[n++] = (struct porch_feature){"to_local", e->local, ""};
	f[n++] = (struct porch_feature){"purpose_footage", has_purpose(c->receiver, "footage"), ""};
	f[n++] = (struct porch_feature){"purpose_picture", has_purpose(c->receiver, "picture"), ""};
	f[n++] = (struct porch_feature){"purpose_telemetry",
	    has_purpose(c->receiver, "telemetry") || has_purpose(c->receiver, "time"), ""};
	return n;
}

static enum porch_content
content_of_class(const char *class)
{
	for (int i = PORCH_CONTENT_VIDEO; i < PORCH_CONTENT_BACKGROUND; i++)
		if (strcmp(class, porch_content_word((enum porch_content)i)) == 0)
			return (enum porch_content)i;
	return PORCH_CONTENT_UNKNOWN;
}

static bool
is_footage(int content)
{
	return content == PORCH_CONTENT_VIDEO || content == PORCH_CONTENT_PICTURE ||
	       content == PORCH_CONTENT_AUDIO;
}

/* Gives the classes of one side the sum `to`, each its share; what rounding left to the first. */
static void
share_out(struct porch_episode *r, bool footage, int from, int to)
{
	int best = PORCH_CONTENTS, rest = to;

	for (int i = PORCH_CONTENT_VIDEO; i < PORCH_CONTENT_BACKGROUND; i++) {
		if (is_footage(i) != footage)
			continue;
		if (best == PORCH_CONTENTS || r->probabilities[i] > r->probabilities[best])
			best = i;
	}
	for (int i = PORCH_CONTENT_VIDEO; i < PORCH_CONTENT_BACKGROUND; i++) {
		if (is_footage(i) != footage || from == 0)
			continue;
		r->probabilities[i] = (int16_t)(r->probabilities[i] * to / from);
		rest -= r->probabilities[i];
	}
	r->probabilities[best] = (int16_t)(r->probabilities[best] + rest);
}

/* What the model's number turned out to be elsewhere; the kinds keep their proportions. */
static void
calibrate(const struct calibration *calibration, struct porch_episode *r)
{
	int footage = 0, other = 0;

	for (int i = PORCH_CONTENT_VIDEO; i < PORCH_CONTENT_BACKGROUND; i++)
		*(is_footage(i) ? &footage : &other) += r->probabilities[i];
	r->raw_p_footage = r->p_footage = (int16_t)(footage > 1000 ? 1000 : footage);
	if (!calibration)
		return;
	r->p_footage = calibration_apply(calibration, r->raw_p_footage);
	share_out(r, true, footage, r->p_footage);
	share_out(r, false, other, 1000 - r->p_footage);
}

static void
take_probabilities(const struct content_context *c, const struct model *model,
    const struct model_verdict *v, struct porch_episode *r)
{
	for (size_t i = 0; i < model->classes; i++)
		r->probabilities[content_of_class(model->class[i])] = v->probability[i];
	calibrate(rules_calibration(c->rules, "content"), r);
	r->content = PORCH_CONTENT_VIDEO;
	for (size_t i = 0; i < model->classes; i++) {
		enum porch_content content = content_of_class(model->class[i]);

		if (i == 0 || r->probabilities[content] > r->probabilities[r->content])
			r->content = content;
	}
	r->probability = r->probabilities[r->content];
}

/* Everything that is not clearly improbable, when one answer cannot be given. */
static void
list_could_be(const struct porch_rules *rules, struct arena *arena, struct porch_episode *r)
{
	enum porch_content *list = arena_alloc(arena, PORCH_CONTENTS * sizeof(*list));
	int64_t least = number(rules, "content.could_be_milli");

	r->could_be = list;
	for (int i = PORCH_CONTENT_VIDEO; list && i < PORCH_CONTENT_BACKGROUND; i++)
		if (r->probabilities[i] >= least)
			list[r->could_be_count++] = (enum porch_content)i;
}

static void
add_limit(struct porch_episode *r, struct arena *arena, const char *text)
{
	const char **list = (const char **)(uintptr_t)r->limits.item;

	if (!list)
		list = arena_alloc(arena, LIMITS * sizeof(*list));
	if (!list || r->limits.count == LIMITS)
		return;
	r->limits.item = list;
	list[r->limits.count++] = text;
}

/* What shape cannot decide (contract, footage): then the answer is that we cannot tell. */
static const char *
undecidable(const struct content_context *c, const struct track_episode *e,
    const struct porch_episode *r)
{
	bool purpose = has_purpose(c->receiver, "footage") || has_purpose(c->receiver, "picture");
	bool peer = c->receiver && c->receiver->party == PORCH_PARTY_PEER;

	if (through_vpn(c->rules, e))
		return "It went through a VPN port, where anything may travel.";
	if (r->p_footage < number(c->rules, "content.footage_no_milli"))
		return NULL;
	if (!makes_footage(c->device->kind) && !c->device_named)
		return "The device is not known to be a camera.";
	if (r->shape == PORCH_SHAPE_BURST && !purpose && !peer && !e->local &&
	    (int64_t)e->sums.bytes_up >= number(c->rules, "content.clip_bytes"))
		return "A stored clip and an archive of logs look alike when sent in one burst.";
	return NULL;
}

static void
judge_footage(const struct content_context *c, const struct track_episode *e, struct arena *arena,
    struct porch_episode *r)
{
	const char *why_not = undecidable(c, e, r);

	if (why_not) {
		r->footage = PORCH_FOOTAGE_CANNOT_TELL;
		r->content = PORCH_CONTENT_UNKNOWN;
		add_limit(r, arena, why_not);
	} else if (r->p_footage >= number(c->rules, "content.footage_yes_milli")) {
		r->footage = PORCH_FOOTAGE_YES;
		if (r->probability < number(c->rules, "content.known_milli"))
			r->content = PORCH_CONTENT_MEDIA;
	} else if (r->p_footage < number(c->rules, "content.footage_no_milli")) {
		r->footage = PORCH_FOOTAGE_NO;
		if (r->probability < number(c->rules, "content.known_milli"))
			r->content = PORCH_CONTENT_UNKNOWN;
	} else {
		r->footage = PORCH_FOOTAGE_CANNOT_TELL;
		r->content = PORCH_CONTENT_UNKNOWN;
	}
	if (r->content == PORCH_CONTENT_MEDIA)
		r->probability = r->p_footage;
	if (r->content == PORCH_CONTENT_UNKNOWN)
		list_could_be(c->rules, arena, r);
}

static const char *
transport_of(const struct porch_rules *rules, const struct track_episode *e)
{
	uint32_t a = e->applications;
	bool rtp = a & 1U << APPLICATION_RTP || e->sums.media_up > 0;
	bool webrtc = a & (1U << APPLICATION_DTLS | 1U << APPLICATION_STUN);

	if (through_vpn(rules, e))
		return "vpn";
	if (a & 1U << APPLICATION_HTTP)
		return "http";
	if (rtp)
		return webrtc ? "dtls-srtp" : "rtp";
	if (a & 1U << APPLICATION_RTSP)
		return "rtsp";
	if (a & 1U << APPLICATION_QUIC)
		return "quic";
	if (a & 1U << APPLICATION_TLS)
		return "tls";
	if (e->flows > 0 && e->flow[0].protocol == IP_TCP)
		return "tcp-other";
	return "udp-other";
}

static void
take_measures(const struct track_episode *e, struct porch_episode *r)
{
	r->start = e->start;
	r->end = e->end;
	r->bytes_up = e->sums.bytes_up;
	r->bytes_down = e->sums.bytes_down;
	r->packets_up = e->sums.packets_up;
	r->mean_kbps_up = kbps(e->sums.bytes_up, duration_of(e));
	r->peak_kbps_up = kbps(e->peak_bin_up, 250000);
	if (r->peak_kbps_up < r->mean_kbps_up)
		r->peak_kbps_up = r->mean_kbps_up;
	r->open = e->open;
}

/* The word for it; beyond "likely" only for makers that the calibration covers. */
static void
say_likelihood(const struct content_context *c, struct porch_episode *r)
{
	const struct calibration *calibration = rules_calibration(c->rules, "content");
	const struct vendor *maker = c->device->vendor;
	bool covered = calibration_covers(calibration, maker ? maker->id : NULL);

	r->likelihood =
	    likelihood_of(r->footage == PORCH_FOOTAGE_YES ? r->p_footage : r->probability, covered);
}

void
content_judge(const struct content_context *c, const struct track_episode *e, struct arena *arena,
    struct porch_episode *r)
{
	const struct model *model = rules_model(c->rules, "content");
	struct porch_feature *feature = arena_alloc(arena, FEATURES * sizeof(*feature));
	struct model_verdict v;
	unsigned kinds;
	size_t class;

	take_measures(e, r);
	r->shape = shape_of(c->rules, e);
	r->transport = transport_of(c->rules, e);
	r->probability = r->p_footage = r->raw_p_footage = PORCH_NO_CHANCE;
	add_limit(r, arena, "Content was not read: this follows from sizes, timing and names.");
	if (!feature || !model)
		return;
	r->features = feature;
	r->feature_count = features_of(c, e, r->shape, feature);
	model_judge(model, feature, r->feature_count, &v);
	take_probabilities(c, model, &v, r);
	class = model_class(model, porch_content_word(r->content));
	r->evidence = model_evidence(model, &v, feature, r->feature_count, class, arena, &kinds);
	r->strength = strength_of(kinds);
	judge_footage(c, e, arena, r);
	say_likelihood(c, r);
	if (c->receiver && c->receiver->party == PORCH_PARTY_PEER &&
	    r->footage == PORCH_FOOTAGE_YES && r->shape == PORCH_SHAPE_STREAM)
		r->live_view = PORCH_ANSWER_YES;
}
