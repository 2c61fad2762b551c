/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ONE   (INT64_C(1) << 30)
#define TERMS 64

/*
 * exp(-difference / 1000) in units of 2^-30, for difference in milli-logits: the product of
 * exp(-2^k / 1000) over the bits that are set.  Integers only, so that no libm shows.
 */
static int64_t
exp_negative(int64_t difference)
{
	static const int64_t power[15] = {1072668619, 1071596486, 1069455435, 1065186158,
	    1056698664, 1039926024, 1007175199, 944735372, 831228610, 643488952, 385640219,
	    138504783, 17866096, 297276, 82};
	int64_t value = ONE;

	if (difference >= 1 << 15)
		return 0;
	for (unsigned k = 0; k < 15; k++)
		if (difference & (INT64_C(1) << k))
			value = value * power[k] / ONE;
	return value;
}

static uint8_t
place_of(const char *name, const struct porch_feature *features, size_t count)
{
	for (size_t i = 0; i < count && i < UINT8_MAX; i++)
		if (features[i].name[0] == name[0] && strcmp(features[i].name, name) == 0)
			return (uint8_t)(i + 1);
	return 0;
}

static void
find_places(struct model_places *places, const struct model *model,
    const struct porch_feature *features, size_t count)
{
	places->model = model;
	for (size_t i = 0; i < model->terms && i < TERMS; i++)
		places->at[i] = place_of(model->term[i].feature, features, count);
}

static bool
fires(const struct model_term *term, const struct porch_feature *feature)
{
	if (term->has_at_least && feature->value < term->at_least)
		return false;
	return !term->has_at_most || feature->value <= term->at_most;
}

static void
softmax(const struct model *model, struct model_verdict *v)
{
	int64_t weight[MODEL_CLASSES], sum = 0;

	v->best = 0;
	for (size_t c = 1; c < model->classes; c++)
		if (v->logit[c] > v->logit[v->best])
			v->best = c;
	for (size_t c = 0; c < model->classes; c++) {
		weight[c] = exp_negative((int64_t)v->logit[v->best] - v->logit[c]);
		sum += weight[c];
	}
	for (size_t c = 0; c < model->classes; c++)
		v->probability[c] = (int16_t)((weight[c] * 1000 + sum / 2) / sum);
}

void
model_judge(const struct model *model, struct model_places *places,
    const struct porch_feature *features, size_t count, struct model_verdict *v)
{
	struct model_places once = {.model = NULL};

	if (!places)
		places = &once;
	memset(v, 0, sizeof(*v));
	if (places->model != model)
		find_places(places, model, features, count);
	for (size_t c = 0; c < model->classes; c++)
		v->logit[c] = model->bias[c];
	for (size_t i = 0; i < model->terms && i < TERMS; i++) {
		const struct model_term *term = &model->term[i];
		uint8_t at = places->at[i];

		if (at && fires(term, &features[at - 1]))
			v->fired[i] = at;
		for (size_t w = 0; v->fired[i] && w < term->weights; w++)
			v->logit[term->weight[w].class] += term->weight[w].milli_logits;
	}
	softmax(model, v);
}

size_t
model_class(const struct model *model, const char *name)
{
	for (size_t c = 0; c < model->classes; c++)
		if (strcmp(model->class[c], name) == 0)
			return c;
	return MODEL_CLASSES;
}

static int32_t
weight_for(const struct model_term *term, size_t class)
{
	for (size_t w = 0; w < term->weights; w++)
		if (term->weight[w].class == class)
			return term->weight[w].milli_logits;
	return 0;
}

static const char *
threshold_text(const struct model_term *term, const char *unit, struct arena *arena)
{
	const char *blank = unit[0] ? " " : "";

	if (term->has_at_least && term->has_at_most)
		return arena_format(arena, "%" PRId64 " to %" PRId64 "%s%s", term->at_least,
		    term->at_most, blank, unit);
	if (term->has_at_least)
		return arena_format(arena, "at least %" PRId64 "%s%s", term->at_least, blank, unit);
	if (term->has_at_most)
		return arena_format(arena, "at most %" PRId64 "%s%s", term->at_most, blank, unit);
	return NULL;
}

/* Without a unit a feature is a question, answered by yes or no. */
static const char *
observed_text(const struct porch_feature *f, struct arena *arena)
{
	if (!f->unit[0])
		return f->value ? "yes" : "no";
	return arena_format(arena, "%" PRId64 " %s", f->value, f->unit);
}

static int32_t
magnitude(int32_t weight)
{
	return weight < 0 ? -weight : weight;
}

/* Keeps the list heaviest first; equal weights stay in the order of the rules. */
static void
insert(struct porch_evidence *list, size_t count, struct porch_evidence item)
{
	while (count > 0 && magnitude(list[count - 1].weight) < magnitude(item.weight)) {
		list[count] = list[count - 1];
		count--;
	}
	list[count] = item;
}

static bool
first_of_its_kind(const struct model *model, const struct model_verdict *v, size_t at, size_t class)
{
	for (size_t i = 0; i < at; i++)
		if (v->fired[i] && weight_for(&model->term[i], class) > 0 &&
		    strcmp(model->term[i].kind, model->term[at].kind) == 0)
			return false;
	return true;
}

/* Terms that spoke for or against the class. */
static size_t
count_spoken(const struct model *model, const struct model_verdict *v, size_t class)
{
	size_t count = 0;

	for (size_t i = 0; i < model->terms && i < TERMS; i++)
		count += v->fired[i] && weight_for(&model->term[i], class) != 0;
	return count;
}

struct porch_evidences
model_evidence(const struct model *model, const struct model_verdict *v,
    const struct porch_feature *features, size_t class, struct arena *arena, unsigned *kinds)
{
	struct porch_evidence *list =
	    arena_alloc(arena, count_spoken(model, v, class) * sizeof(*list));
	struct porch_evidences found = {.item = list, .count = 0};

	*kinds = 0;
	for (size_t i = 0; list && i < model->terms && i < TERMS; i++) {
		const struct model_term *term = &model->term[i];
		int32_t weight = weight_for(term, class);
		const struct porch_feature *f;

		if (!v->fired[i] || weight == 0)
			continue;
		f = &features[v->fired[i] - 1];
		if (weight > 0 && first_of_its_kind(model, v, i, class))
			++*kinds;
		insert(list, found.count++,
		    (struct porch_evidence){
		        .reason = term->reason,
		        .observed = observed_text(f, arena),
		        .threshold = f->unit[0] ? threshold_text(term, f->unit, arena) : NULL,
		        .weight = weight,
		        .rule = term->rule.id,
		    });
	}
	return found;
}

enum porch_strength
strength_of(unsigned kinds)
{
	if (kinds >= 3)
		return PORCH_EVIDENCE_STRONG;
	return kinds == 2 ? PORCH_EVIDENCE_MODERATE : PORCH_EVIDENCE_LIMITED;
}
