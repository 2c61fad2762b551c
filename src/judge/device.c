/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/device.h"

#include <string.h>

#include "judge/advice.h"

#define FEATURES (24 + ADVICE_FEATURES)
#define MUCH     300000 /* bytes after which a proportion means something */
#define MAKERS   (DEVICE_MAKERS + DEVICE_HINTS + 2)

/* How much speaks for each maker; points, not evidence. */
struct maker_score {
	const struct vendor *vendor;
	unsigned points;
};

struct clues {
	struct maker_score maker[MAKERS];
	unsigned makers;
	struct mac_match mac;
	bool has_mac;
	const struct device *device;
	int64_t hint_weight[PORCH_KIND_OTHER + 1];
	const char *product;
	uint32_t own[PORCH_KIND_OTHER + 1]; /* hosts only such a device asks for */
	uint32_t asked;                     /* other hosts of makers of cameras */
};

static void
score(struct clues *c, const struct vendor *vendor, unsigned points)
{
	if (!vendor)
		return;
	for (unsigned i = 0; i < c->makers; i++) {
		if (c->maker[i].vendor == vendor) {
			c->maker[i].points += points;
			return;
		}
	}
	if (c->makers < MAKERS)
		c->maker[c->makers++] = (struct maker_score){.vendor = vendor, .points = points};
}

static void
see_mac(const struct porch_rules *rules, struct clues *c)
{
	const struct mac *mac = &c->device->key.mac;

	c->has_mac = !mac_is_zero(mac) && !mac_is_local(mac) && rules_mac(rules, mac, &c->mac);
	if (!c->has_mac)
		return;
	score(c, c->mac.vendor, c->mac.scope == MAC_CAMERAS_ONLY ? 3 : 1);
}

static void
see_hints(const struct porch_rules *rules, struct clues *c)
{
	struct hint_match match;

	for (unsigned i = 0; i < c->device->hints; i++) {
		const struct device_hint *hint = &c->device->hint[i];

		if (!rules_hint(rules, (enum hint_kind)hint->kind, hint->text, &match))
			continue;
		score(c, match.vendor, 2);
		c->hint_weight[match.kind] += match.weight;
		if (!c->product)
			c->product = match.product;
	}
}

static void
see_hosts(struct clues *c)
{
	for (unsigned i = 0; i < c->device->makers; i++) {
		const struct device_maker *m = &c->device->maker[i];
		const struct vendor *vendor = m->maker;

		score(c, vendor, m->own ? 3 : 1);
		c->own[m->own_kind] += m->own;
		if (vendor->makes != PORCH_KIND_OTHER)
			c->asked += m->asked - m->own;
	}
}

/* The maker most speaks for; among equals the first by id, so that order does not matter. */
static const struct vendor *
best_maker(const struct clues *c)
{
	const struct maker_score *best = NULL;

	for (const struct maker_score *m = c->maker; m < c->maker + c->makers; m++)
		if (!best || m->points > best->points ||
		    (m->points == best->points && strcmp(m->vendor->id, best->vendor->id) < 0))
			best = m;
	return best ? best->vendor : NULL;
}

static int64_t
percent(uint64_t part, uint64_t whole)
{
	uint64_t capped = part > UINT64_MAX / 100 ? UINT64_MAX / 100 : part;

	if (whole == 0)
		return part ? 10000 : 0;
	return capped * 100 / whole > 10000 ? 10000 : (int64_t)(capped * 100 / whole);
}

static size_t
features_of(const struct clues *c, const struct device_traffic *t, struct porch_feature f[FEATURES])
{
	bool cameras = c->has_mac && c->mac.scope == MAC_CAMERAS_ONLY;
	size_t n = 0;

	f[n++] = (struct porch_feature){"mac_cameras_only", cameras, ""};
	f[n++] = (struct porch_feature){
	    "mac_doorbells_only", cameras && c->mac.kind == PORCH_KIND_DOORBELL, ""};
	f[n++] =
	    (struct porch_feature){"mac_maker", c->has_mac && c->mac.scope == MAC_VENDOR_WIDE, ""};
	f[n++] = (struct porch_feature){
	    "hint_doorbell", c->hint_weight[PORCH_KIND_DOORBELL], "milli-logits"};
	f[n++] = (struct porch_feature){
	    "hint_camera", c->hint_weight[PORCH_KIND_CAMERA], "milli-logits"};
	f[n++] = (struct porch_feature){"hint_hub", c->hint_weight[PORCH_KIND_HUB], "milli-logits"};
	f[n++] =
	    (struct porch_feature){"hint_other", c->hint_weight[PORCH_KIND_OTHER], "milli-logits"};
	f[n++] = (struct porch_feature){"hosts_doorbell", c->own[PORCH_KIND_DOORBELL], "names"};
	f[n++] = (struct porch_feature){"hosts_camera", c->own[PORCH_KIND_CAMERA], "names"};
	f[n++] = (struct porch_feature){"hosts_hub", c->own[PORCH_KIND_HUB], "names"};
	f[n++] = (struct porch_feature){"hosts_maker", c->asked, "names"};
	f[n++] = (struct porch_feature){"sites", c->device->sites, "sites"};
	f[n++] = (struct porch_feature){"rendezvous", c->device->rendezvous, "packets"};
	f[n++] = (struct porch_feature){"rtsp_served", c->device->rtsp_served, "answers"};
	f[n++] = (struct porch_feature){"streams", (int64_t)t->streams, "streams"};
	f[n++] = (struct porch_feature){"calls", (int64_t)t->calls, "streams both ways"};
	f[n++] =
	    (struct porch_feature){"to_footage_hosts", (int64_t)t->to_footage_hosts, "uploads"};
	f[n++] = (struct porch_feature){"peer_streams", (int64_t)t->peer_streams, "streams"};
	f[n++] = (struct porch_feature){"organisations", c->device->organisations, "organisations"};
	f[n++] = (struct porch_feature){
	    "balance", t->bytes_down >= MUCH ? percent(t->bytes_down, t->bytes_up) : 0, "%"};
	f[n++] = (struct porch_feature){
	    "up_per_down", t->bytes_up >= MUCH ? percent(t->bytes_up, t->bytes_down) : 0, "%"};
	f[n++] = (struct porch_feature){"down_per_up", percent(t->bytes_down, t->bytes_up), "%"};
	return n;
}

static enum porch_kind
kind_of_class(const char *class)
{
	for (int kind = PORCH_KIND_DOORBELL; kind <= PORCH_KIND_OTHER; kind++)
		if (strcmp(class, porch_kind_word((enum porch_kind)kind)) == 0)
			return (enum porch_kind)kind;
	return PORCH_KIND_UNKNOWN;
}

void
device_judge(const struct porch_rules *rules, struct model_places *places,
    const struct device *device, const struct device_traffic *traffic, struct arena *arena,
    struct device_verdict *verdict)
{
	const struct model *model = rules_model(rules, "device");
	struct clues clues = {.device = device};
	struct porch_feature feature[FEATURES];
	struct model_verdict v;
	unsigned kinds;
	size_t n;

	memset(verdict, 0, sizeof(*verdict));
	see_mac(rules, &clues);
	see_hints(rules, &clues);
	see_hosts(&clues);
	verdict->vendor = best_maker(&clues);
	verdict->product = clues.product;
	if (!model)
		return;
	n = features_of(&clues, traffic, feature);
	n += advice_features(rules, &traffic->advice, feature + n);
	model_judge(model, places, feature, n, &v);
	verdict->kind = kind_of_class(model->class[v.best]);
	if (verdict->kind == PORCH_KIND_OTHER) /* the hosts it asks for are those of its apps */
		verdict->vendor = clues.has_mac ? clues.mac.vendor : NULL;
	verdict->confidence = v.probability[v.best];
	if (!arena)
		return;
	verdict->evidence = model_evidence(model, &v, feature, v.best, arena, &kinds);
	verdict->strength = strength_of(kinds);
}
