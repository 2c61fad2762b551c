/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/model.h"

#include <string.h>

#include "rules/loading.h"

#define MILLI_MAX 100000 /* milli-logits of one weight */

static const char *const evidence_kinds[] = {
    "volume", "timing", "name", "look-up", "owner", "protocol", "user", NULL};

static bool
read_classes(struct loading *l, json_t *root, struct model *model)
{
	struct porch_texts texts = {0};

	if (!reader_texts(&l->reader, root, "class", true, &texts))
		return false;
	if (texts.count > MODEL_CLASSES)
		return reader_fail(&l->reader, "class: more than %d", MODEL_CLASSES);
	for (size_t i = 0; i < texts.count; i++) {
		for (size_t before = 0; before < i; before++)
			if (strcmp(texts.item[i], texts.item[before]) == 0)
				return reader_fail(&l->reader, "class[%zu]: named twice", i);
		model->class[i] = texts.item[i];
	}
	model->classes = texts.count;
	return true;
}

/* {"video": 1200, ...}: calls each weight's class and number, in the file's order. */
static bool
read_weights(struct loading *l, json_t *object, const char *key, const struct model *model,
    struct model_weight *weight, size_t *count)
{
	json_t *weights = json_object_get(object, key), *value;
	struct reader *r = &l->reader;
	const char *name;

	if (!json_is_object(weights))
		return reader_fail(r, "%s is no object of weights by class", key);
	json_object_foreach(weights, name, value)
	{
		size_t class = 0;

		while (class < model->classes && strcmp(model->class[class], name) != 0)
			class ++;
		if (class == model->classes)
			return reader_fail(r, "%s: unknown class \"%.60s\"", key, name);
		if (!json_is_integer(value) || json_integer_value(value) < -MILLI_MAX ||
		    json_integer_value(value) > MILLI_MAX)
			return reader_fail(r, "%s.%.60s: no integer of milli-logits", key, name);
		weight[(*count)++] = (struct model_weight){
		    .class = class, .milli_logits = (int32_t)json_integer_value(value)};
	}
	return true;
}

static bool
read_term(struct loading *l, json_t *object, struct model *model)
{
	static const char *const keys[] = {
	    FACT_KEYS, "feature", "at_least", "at_most", "weight", "reason", "kind", NULL};
	struct term_fact *fact = reader_take(&l->reader, sizeof(*fact));
	struct model_term *term = fact ? &fact->term : NULL;
	struct reader *r = &l->reader;
	unsigned kind = 0;

	if (!fact || !reader_keys(r, object, keys) ||
	    !loading_fact(l, object, FACT_TERM, &fact->fact) ||
	    !reader_text(r, object, "feature", true, &term->feature) ||
	    !reader_integer(r, object, "at_least", false, INT64_MIN, INT64_MAX, &term->at_least) ||
	    !reader_integer(r, object, "at_most", false, INT64_MIN, INT64_MAX, &term->at_most) ||
	    !read_weights(l, object, "weight", model, term->weight, &term->weights) ||
	    !reader_text(r, object, "reason", true, &term->reason) ||
	    !reader_word(r, object, "kind", true, evidence_kinds, &kind))
		return false;
	term->has_at_least = json_is_integer(json_object_get(object, "at_least"));
	term->has_at_most = json_is_integer(json_object_get(object, "at_most"));
	if (term->has_at_least && term->has_at_most && term->at_least > term->at_most)
		return reader_fail(r, "at_least is above at_most: the term never holds");
	term->kind = evidence_kinds[kind];
	term->rule = fact->fact.rule;
	fact->model = model;
	return true;
}

/* Terms of models are gathered from the facts when all folders are read. */
static bool
read_terms(struct loading *l, json_t *root, struct model *model)
{
	json_t *array = reader_array(&l->reader, root, "term"), *item;
	size_t mark = reader_enter(&l->reader, "term"), i;

	json_array_foreach(array, i, item)
	{
		size_t inner = reader_enter_item(&l->reader, i);

		if (!read_term(l, item, model))
			return false;
		reader_leave(&l->reader, inner);
	}
	reader_leave(&l->reader, mark);
	return !l->reader.failed;
}

static bool
load_number(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "value", "unit", NULL};
	struct number_fact *fact = reader_take(&l->reader, sizeof(*fact));
	const char *unit;

	if (!fact || !reader_keys(&l->reader, object, keys) ||
	    !loading_fact(l, object, FACT_NUMBER, &fact->fact) ||
	    !reader_integer(&l->reader, object, "value", true, INT64_MIN, INT64_MAX,
	        &fact->value) ||
	    !reader_text(&l->reader, object, "unit", false, &unit))
		return false;
	fact->name = strchr(fact->fact.rule.id, '#') + 1;
	return true;
}

/* A later folder's model of the same name replaces the earlier one as a whole. */
static bool
add_model(struct loading *l, struct model *model)
{
	struct list *models = &l->rules->models;

	for (size_t i = 0; i < models->count; i++) {
		const struct model *earlier = models->item[i];

		if (strcmp(earlier->name, model->name) == 0) {
			models->item[i] = model;
			return true;
		}
	}
	return list_add(models, model) == 0 || reader_fail(&l->reader, "out of memory");
}

bool
load_model(struct loading *l, json_t *root)
{
	static const char *const keys[] = {
	    FILE_KEYS, "model", "class", "bias", "term", "number", NULL};
	struct model_weight bias[MODEL_CLASSES];
	struct reader *r = &l->reader;
	struct model *model;
	size_t count = 0;

	if (json_object_get(root, "calibration"))
		return load_calibration(l, root);
	if (!reader_keys(r, root, keys) || !loading_head(l, root))
		return false;
	if (!json_object_get(root, "model"))
		return loading_each(l, root, "number", load_number);
	model = reader_take(r, sizeof(*model));
	if (!model || !reader_text(r, root, "model", true, &model->name) ||
	    !read_classes(l, root, model))
		return false;
	if (json_object_get(root, "bias") && !read_weights(l, root, "bias", model, bias, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		model->bias[bias[i].class] = bias[i].milli_logits;
	return loading_each(l, root, "number", load_number) && read_terms(l, root, model) &&
	       add_model(l, model);
}

const struct model *
rules_model(const struct porch_rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->models.count; i++) {
		const struct model *model = rules->models.item[i];

		if (strcmp(model->name, name) == 0)
			return model;
	}
	return NULL;
}

bool
rules_number(const struct porch_rules *rules, const char *name, int64_t *value, struct rule *rule)
{
	uint32_t at = map_find(rules->numbers, name, strlen(name));
	const struct number_fact *fact;

	if (at == MAP_NONE)
		return false;
	fact = rules->facts.item[at];
	*value = fact->value;
	if (rule)
		*rule = fact->fact.rule;
	return true;
}
