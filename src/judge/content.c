/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/content.h"

#include <string.h>

#include "judge/features.h"
#include "judge/likelihood.h"
#include "judge/shape.h"
#include "parse/packet.h"
#include "rules/calibration.h"

#define LIMITS 6

static int64_t
number(const struct porch_rules *rules, const char *name)
{
	int64_t value;

	return rules_number(rules, name, &value, NULL) ? value : 0;
}

bool
content_is_stream(const struct porch_rules *rules, const struct track_episode *e)
{
	return shape_of(rules, e) == PORCH_SHAPE_STREAM &&
	       (int64_t)e->sums.bytes_up >= number(rules, "content.clip_bytes");
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
	enum porch_content content[MODEL_CLASSES];

	for (size_t i = 0; i < model->classes; i++) {
		content[i] = content_of_class(model->class[i]);
		r->probabilities[content[i]] = v->probability[i];
	}
	calibrate(rules_calibration(c->rules, "content"), r);
	r->content = PORCH_CONTENT_VIDEO;
	for (size_t i = 0; i < model->classes; i++)
		if (i == 0 || r->probabilities[content[i]] > r->probabilities[r->content])
			r->content = content[i];
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
	arena_keep(arena, list, r->could_be_count * sizeof(*list));
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

/*
 * One transfer at the line's rate, larger than a still: a stored clip or an archive of logs.
 * Only the receiver's purpose can tell; devices say a word before either.
 */
static bool
is_bare_burst(const struct content_context *c, const struct track_episode *e,
    const struct porch_episode *r)
{
	static const char *const telling[] = {
	    "footage", "picture", "relay", "telemetry", "firmware"};
	bool peer = c->receiver && c->receiver->party == PORCH_PARTY_PEER;

	if (r->shape != PORCH_SHAPE_BURST || peer || e->local || e->opened == OPENED_BY_DOWNLOAD)
		return false;
	for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++)
		if (features_has_purpose(c->receiver, telling[i]))
			return false;
	return (int64_t)e->sums.bytes_up >= number(c->rules, "content.bare_bytes");
}

/* What shape cannot decide (contract, footage): then the answer is that we cannot tell. */
static const char *
undecidable(const struct content_context *c, const struct track_episode *e,
    const struct porch_episode *r)
{
	bool known = features_makes_footage(c->device->kind) || c->device_named;

	if (features_through_vpn(c->rules, e))
		return "It went through a VPN port, where anything may travel.";
	if (known && is_bare_burst(c, e, r))
		return "A stored clip and an archive of logs look alike when sent in one burst.";
	if (r->p_footage < number(c->rules, "content.footage_no_milli"))
		return NULL;
	return known ? NULL : "The device is not known to be a camera.";
}

static enum porch_footage
footage_of(const struct porch_rules *rules, int16_t p_footage)
{
	if (p_footage >= number(rules, "content.footage_yes_milli"))
		return PORCH_FOOTAGE_YES;
	if (p_footage < number(rules, "content.footage_no_milli"))
		return PORCH_FOOTAGE_NO;
	return PORCH_FOOTAGE_CANNOT_TELL;
}

/*
 * Files only with evidence for them: a device that keeps some, or a host that takes them.  What
 * is paced like live media is a call or a voice rather.
 */
static bool
may_be_files(const struct content_context *c, enum porch_shape shape)
{
	if (shape == PORCH_SHAPE_STREAM)
		return false;
	return c->device->kind == PORCH_KIND_OTHER ||
	       features_has_purpose(c->receiver, "telemetry");
}

/* So is a download of new software: a television loads as much, and that is none. */
static bool
may_be_firmware(const struct content_context *c)
{
	return features_makes_footage(c->device->kind) || c->device_named ||
	       features_has_purpose(c->receiver, "firmware");
}

/* Whether what fits best can be told at all. */
static bool
has_evidence(const struct content_context *c, const struct porch_episode *r)
{
	if (r->content == PORCH_CONTENT_FILES)
		return may_be_files(c, r->shape);
	return r->content != PORCH_CONTENT_FIRMWARE || may_be_firmware(c);
}

static void
judge_footage(const struct content_context *c, const struct track_episode *e, struct arena *arena,
    struct porch_episode *r)
{
	const char *why_not = undecidable(c, e, r);
	bool known = r->probability >= number(c->rules, "content.known_milli");

	r->footage = why_not ? PORCH_FOOTAGE_CANNOT_TELL : footage_of(c->rules, r->p_footage);
	if (why_not)
		add_limit(r, arena, why_not);
	if (r->footage == PORCH_FOOTAGE_YES) {
		if (!known || !is_footage((int)r->content)) {
			r->content = PORCH_CONTENT_MEDIA;
			r->probability = r->p_footage;
		}
	} else if (r->footage == PORCH_FOOTAGE_CANNOT_TELL || !known ||
	           is_footage((int)r->content) || !has_evidence(c, r)) {
		r->content = PORCH_CONTENT_UNKNOWN;
		list_could_be(c->rules, arena, r);
	}
}

/* Whether somebody watched meanwhile: a viewer's address, sound that came back, an order. */
static enum porch_answer
live_view_of(const struct content_context *c, const struct track_episode *e,
    const struct porch_episode *r)
{
	const struct track_sums *s = &e->sums;
	bool peer = c->receiver && c->receiver->party == PORCH_PARTY_PEER;
	bool talk = (int64_t)s->talk_bins >= number(c->rules, "content.talk_bins") &&
	            (int64_t)(s->talk_bins * 100) >=
	                (int64_t)s->bins_up * number(c->rules, "content.talk_percent");

	if (r->footage != PORCH_FOOTAGE_YES)
		return PORCH_ANSWER_UNKNOWN;
	if (r->shape != PORCH_SHAPE_STREAM) /* what was stored before is not live */
		return peer || s->media_up > 0 ? PORCH_ANSWER_UNKNOWN : PORCH_ANSWER_NO;
	return peer || talk || e->continues || features_after_order(c, e) ? PORCH_ANSWER_YES
	                                                                  : PORCH_ANSWER_UNKNOWN;
}

static const char *
transport_of(const struct porch_rules *rules, const struct track_episode *e)
{
	uint32_t a = e->applications;
	bool rtp = a & 1U << APPLICATION_RTP || e->sums.media_up > 0;
	bool webrtc = a & (1U << APPLICATION_DTLS | 1U << APPLICATION_STUN);

	if (features_through_vpn(rules, e))
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
	r->mean_kbps_up = shape_kbps(e->sums.bytes_up, shape_duration(e));
	r->peak_kbps_up = shape_kbps(e->peak_bin_up, 250000);
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

/* What the model weighs, and what follows from that. */
static void
weigh(const struct content_context *c, const struct track_episode *e, const struct model *model,
    struct porch_feature feature[static FEATURES], struct model_verdict *v, struct porch_episode *r)
{
	r->feature_count = features_of(c, e, r->shape, feature);
	model_judge(model, c->places, feature, r->feature_count, v);
	take_probabilities(c, model, v, r);
}

static void
begin(const struct content_context *c, const struct track_episode *e, struct arena *arena,
    struct porch_episode *r)
{
	take_measures(e, r);
	r->shape = shape_of(c->rules, e);
	r->transport = transport_of(c->rules, e);
	r->probability = r->p_footage = r->raw_p_footage = PORCH_NO_CHANCE;
	add_limit(r, arena, "Content was not read: this follows from sizes, timing and names.");
	if (c->advice_limit)
		add_limit(r, arena, c->advice_limit);
}

static void
conclude(const struct content_context *c, const struct track_episode *e, struct arena *arena,
    struct porch_episode *r)
{
	judge_footage(c, e, arena, r);
	say_likelihood(c, r);
	r->live_view = live_view_of(c, e, r);
}

void
content_weigh(const struct content_context *c, const struct track_episode *e, struct arena *arena,
    struct porch_episode *r)
{
	const struct model *model = rules_model(c->rules, "content");
	struct porch_feature feature[FEATURES];
	struct model_verdict v;

	begin(c, e, arena, r);
	if (!model)
		return;
	weigh(c, e, model, feature, &v, r);
	r->feature_count = 0;
	conclude(c, e, arena, r);
}

void
content_judge(const struct content_context *c, const struct track_episode *e, struct arena *arena,
    struct porch_episode *r)
{
	const struct model *model = rules_model(c->rules, "content");
	struct porch_feature feature[FEATURES], *kept;
	struct model_verdict v;
	unsigned kinds;
	size_t class;

	begin(c, e, arena, r);
	if (!model)
		return;
	weigh(c, e, model, feature, &v, r);
	kept = arena_alloc(arena, r->feature_count * sizeof(*kept));
	if (kept)
		memcpy(kept, feature, r->feature_count * sizeof(*kept));
	r->feature_count = kept ? r->feature_count : 0;
	r->features = kept;
	class = model_class(model, porch_content_word(r->content));
	r->evidence = model_evidence(model, &v, feature, class, arena, &kinds);
	r->strength = strength_of(kinds);
	conclude(c, e, arena, r);
}
