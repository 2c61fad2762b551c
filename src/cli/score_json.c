/* SPDX-License-Identifier: Apache-2.0 */
#include "base/format.h"
#include "cli/score_show.h"
#include "sink/put.h"

#define SCORE_SCHEMA "porchlight.score/1"
#define CASE_SCHEMA  "porchlight.case/1"

static void
put_tally(struct json *json, const char *key, const struct score_tally *t)
{
	put_open(json, key, '{');
	put_chance(json, "precision", score_precision(t));
	put_chance(json, "recall", score_recall(t));
	put_chance(json, "f1", score_f1(t));
	put_chance(json, "coverage", score_coverage(t));
	put_u64(json, "right", t->right);
	put_u64(json, "extra", t->extra);
	put_u64(json, "missed", t->missed);
	put_u64(json, "right_no", t->right_no);
	put_u64(json, "cannot_tell", t->cannot_tell);
	put_close(json, '}');
}

static void
put_macro(struct json *json, const char *key, int16_t f1, int16_t coverage)
{
	put_open(json, key, '{');
	put_chance(json, "f1", f1);
	put_chance(json, "coverage", coverage);
	put_close(json, '}');
}

static void
put_makers(struct json *json, const struct score *s)
{
	put_open(json, "makers", '[');
	for (size_t i = 0; i < s->makers; i++) {
		put_open(json, NULL, '{');
		put_text(json, "maker", s->maker[i].maker);
		put_tally(json, "footage", &s->maker[i].footage);
		put_tally(json, "content", &s->maker[i].content);
		put_tally(json, "shape", &s->maker[i].shape);
		put_close(json, '}');
	}
	put_close(json, ']');
}

static void
put_classes(struct json *json, const struct score *s)
{
	put_open(json, "content", '{');
	for (enum porch_content c = PORCH_CONTENT_VIDEO; c < PORCH_CONTENT_BACKGROUND; c++)
		if (score_one_by_one(c))
			put_tally(json, porch_content_word(c), &s->content[c]);
	put_close(json, '}');
	put_open(json, "shape", '{');
	for (enum porch_shape c = PORCH_SHAPE_STREAM; c < SCORE_SHAPES; c++)
		put_tally(json, porch_shape_word(c), &s->shape[c]);
	put_close(json, '}');
}

static void
put_bytes(struct json *json, const struct score *s)
{
	static const enum porch_content classes[] = {
	    PORCH_CONTENT_METADATA, PORCH_CONTENT_FIRMWARE};

	put_open(json, "bytes", '{');
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		const struct score_bytes *b = &s->bytes[classes[i]];
		struct score_tally t = score_bytes_tally(b);

		put_open(json, porch_content_word(classes[i]), '{');
		put_chance(json, "precision", score_precision(&t));
		put_chance(json, "recall", score_recall(&t));
		put_chance(json, "f1", score_f1(&t));
		put_u64(json, "told", b->told);
		put_u64(json, "labelled", b->labelled);
		put_u64(json, "right", b->right);
		put_close(json, '}');
	}
	put_close(json, '}');
}

/* Rows that hold nothing are left out. */
static void
put_confusion(struct json *json, const struct score *s)
{
	put_open(json, "confusion", '{');
	for (int row = 0; row < PORCH_CONTENT_BACKGROUND; row++) {
		uint64_t sum = 0;

		for (int c = 0; c < PORCH_CONTENTS; c++)
			sum += s->confusion[row][c];
		if (sum == 0)
			continue;
		put_open(json, score_row_word(row), '{');
		for (int c = 0; c < PORCH_CONTENTS; c++)
			put_u64(json, score_column_word(c), s->confusion[row][c]);
		put_close(json, '}');
	}
	put_close(json, '}');
}

static void
put_spread(struct json *json, const char *key, const struct score_spread *spread)
{
	put_open(json, key, '{');
	put_u64(json, "count", spread->count);
	put_seconds(json, "median", spread->median);
	put_seconds(json, "percentile_95", spread->percentile_95);
	put_seconds(json, "most", spread->most);
	put_close(json, '}');
}

static void
put_errors(struct json *json, const struct score *s)
{
	put_open(json, "errors", '{');
	put_chance(json, "coverage", score_coverage(&s->footage));
	put_spread(json, "start_s", &s->start);
	put_spread(json, "end_s", &s->end);
	put_spread(json, "known_s", &s->known);
	put_spread(json, "bytes_share", &s->bytes_off);
	put_close(json, '}');
}

static void
put_scope(struct json *json, const struct scored *scored)
{
	size_t devices;

	truth_devices(scored->truth, &devices);
	put_open(json, "scope", '{');
	put_u64(json, "devices", devices);
	put_u64(json, "devices_never_met", scored->score->devices_never_met);
	put_u64(json, "labels", scored->score->labels);
	put_u64(json, "episodes", scored->score->episodes);
	put_u64(json, "episodes_left_out", scored->score->left_out);
	put_close(json, '}');
}

void
score_show_json(struct writer *w, const struct scored *scored)
{
	const struct score *s = scored->score;
	struct json json = {.w = w};

	put_open(&json, NULL, '{');
	put_text(&json, "schema", SCORE_SCHEMA);
	put_text(&json, "version", scored->doc->run.version);
	put_rules(&json, &scored->doc->run);
	put_inputs(&json, &scored->doc->run);
	put_scope(&json, scored);
	put_tally(&json, "footage", &s->footage);
	put_makers(&json, s);
	put_open(&json, "macro", '{');
	put_macro(&json, "footage", s->macro_footage, score_coverage(&s->footage));
	put_macro(&json, "content", score_macro(s->content, PORCH_CONTENTS),
	    score_coverage_of(s->content, PORCH_CONTENTS));
	put_macro(&json, "shape", score_macro(s->shape, SCORE_SHAPES),
	    score_coverage_of(s->shape, SCORE_SHAPES));
	put_close(&json, '}');
	put_classes(&json, s);
	put_bytes(&json, s);
	put_confusion(&json, s);
	put_errors(&json, s);
	put_close(&json, '}');
	write_char(w, '\n');
}

static void
put_label(struct json *json, const struct truth_label *label)
{
	if (!label) {
		put_null(json, "label");
		return;
	}
	put_open(json, "label", '{');
	put_text(json, "content", porch_content_word(label->content));
	put_text(json, "shape", porch_shape_word(label->shape));
	put_time(json, "start", label->start);
	put_time(json, "end", label->end);
	put_u64(json, "bytes", label->bytes);
	put_text(json, "to", label->to);
	put_close(json, '}');
}

static void
put_told(struct json *json, const struct porch_document *doc, const struct porch_episode *e)
{
	const struct porch_destination *to = porch_document_destination(doc, e->destination);
	const struct porch_device *device = porch_document_device(doc, e->device);

	put_id(json, "id", 'e', e->id);
	put_u64(json, "input", e->input);
	put_text(json, "kind", porch_kind_word(device ? device->kind : PORCH_KIND_UNKNOWN));
	put_text(json, "vendor", device ? device->vendor : NULL);
	put_text(json, "to", to ? to->name ? to->name : to->addresses.item[0] : NULL);
	put_text(json, "party", porch_party_word(to ? to->party : PORCH_PARTY_UNKNOWN));
	put_text(json, "shape", porch_shape_word(e->shape));
	put_text(json, "content", porch_content_word(e->content));
	put_text(json, "footage", porch_footage_word(e->footage));
	put_chance(json, "probability", e->probability);
	put_chance(json, "p_footage", e->p_footage);
	put_text(json, "transport", e->transport);
	put_time(json, "start", e->start);
	put_time(json, "end", e->end);
	put_time(json, "known", e->known);
	put_u64(json, "bytes_up", e->bytes_up);
	put_u64(json, "bytes_down", e->bytes_down);
	put_u64(json, "packets_up", e->packets_up);
}

static void
put_features(struct json *json, const struct porch_episode *e)
{
	put_open(json, "features", '{');
	for (size_t i = 0; i < e->feature_count; i++)
		put_i64(json, e->features[i].name, e->features[i].value);
	put_close(json, '}');
}

static void
put_case(struct json *json, const struct scored *scored, const struct score_case *c)
{
	size_t devices, labels;
	const struct truth_device *device = truth_devices(scored->truth, &devices);
	const struct truth_label *label = truth_labels(scored->truth, &labels);
	const struct porch_episode *e =
	    c->episode == SCORE_NONE ? NULL : &scored->doc->episodes[c->episode];

	put_text(json, "device", device[c->device].id);
	put_text(json, "kind", porch_kind_word(device[c->device].kind));
	put_text(json, "maker", device[c->device].maker);
	put_label(json, c->label == SCORE_NONE ? NULL : &label[c->label]);
	if (!e) {
		put_null(json, "episode");
		return;
	}
	put_open(json, "episode", '{');
	put_told(json, scored->doc, e);
	put_features(json, e);
	put_close(json, '}');
}

void
score_show_features(struct writer *w, const struct scored *scored)
{
	for (size_t i = 0; i < scored->score->case_count; i++) {
		struct json json = {.w = w};

		put_open(&json, NULL, '{');
		put_text(&json, "schema", CASE_SCHEMA);
		put_case(&json, scored, &scored->score->cases[i]);
		put_close(&json, '}');
		write_char(w, '\n');
	}
}
