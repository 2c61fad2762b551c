/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "score/question.h"
#include "score/sheet.h"

#define NO_MAKER "unknown"

static const char *
maker_name(const struct truth_device *device)
{
	return device->maker ? device->maker : NO_MAKER;
}

static int
by_name(const void *left, const void *right)
{
	const struct score_maker *a = left, *b = right;

	return strcmp(a->maker, b->maker);
}

static size_t
find_maker(const struct score *score, const char *name)
{
	size_t i = 0;

	while (i < score->makers && strcmp(score->maker[i].maker, name) != 0)
		i++;
	return i;
}

/* Lists the makers by name; gives each labelled device its own, or NULL without memory. */
static size_t *
list_makers(struct score *score, const struct sheet *s, struct arena *arena)
{
	size_t *maker_of = arena_alloc(arena, (s->devices + 1) * sizeof(*maker_of));

	score->maker = arena_alloc(arena, (s->devices + 1) * sizeof(*score->maker));
	if (!score->maker || !maker_of)
		return NULL;
	for (size_t i = 0; i < s->devices; i++)
		if (find_maker(score, maker_name(&s->device[i])) == score->makers)
			score->maker[score->makers++].maker = maker_name(&s->device[i]);
	if (score->makers > 1)
		qsort(score->maker, score->makers, sizeof(*score->maker), by_name);
	for (size_t i = 0; i < s->devices; i++)
		maker_of[i] = find_maker(score, maker_name(&s->device[i]));
	return maker_of;
}

static int
by_receiver(const void *left, const void *right)
{
	const struct truth_label *const *a = left, *const *b = right;

	if ((*a)->device != (*b)->device)
		return (*a)->device < (*b)->device ? -1 : 1;
	return strcmp((*a)->to, (*b)->to);
}

static uint64_t
told_bytes(const struct sheet *s, const struct truth_label *like)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < s->doc->episode_count; i++) {
		const struct porch_episode *e = &s->doc->episodes[i];

		if (s->who[i] == like->device && s->spoken_of[i] && e->content == like->content &&
		    sheet_receiver(s->to[i], like->to))
			bytes += e->bytes_up;
	}
	return bytes;
}

/* One class by the byte: of every device and receiver, what is both labelled and told. */
static bool
weigh(struct score_bytes *bytes, const struct sheet *s, enum porch_content content,
    struct arena *arena)
{
	const struct truth_label **list = arena_alloc(arena, (s->labels + 1) * sizeof(*list));
	size_t n = 0;

	if (!list)
		return false;
	for (size_t i = 0; i < s->doc->device_count; i++) {
		size_t who = sheet_device(s, &s->doc->devices[i]);

		if (who != MATCH_NONE && !s->device[who].partial)
			bytes->told += s->doc->devices[i].ledger[content].bytes_up;
	}
	for (size_t i = 0; i < s->labels; i++)
		if (s->label[i].content == content)
			list[n++] = &s->label[i];
	if (n > 1)
		qsort(list, n, sizeof(struct truth_label *), by_receiver);
	for (size_t i = 0, next; i < n; i = next) {
		uint64_t labelled = 0, told = told_bytes(s, list[i]);

		for (next = i; next < n && by_receiver(&list[i], &list[next]) == 0; next++)
			labelled += list[next]->bytes;
		if (s->device[list[i]->device].partial)
			bytes->told += told;
		bytes->labelled += labelled;
		bytes->right += labelled < told ? labelled : told;
	}
	return true;
}

static uint64_t
distance(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)(a - b) : (uint64_t)(b - a);
}

static uint64_t
millionths(uint64_t bytes, uint64_t labelled)
{
	uint64_t off = bytes > labelled ? bytes - labelled : labelled - bytes;

	return labelled ? (off * 1000000 + labelled / 2) / labelled : 0;
}

/* How far off the right answers about footage are; the sheet still has that matching. */
static bool
spread(struct score *score, const struct sheet *s, struct arena *arena)
{
	uint64_t *start = arena_alloc(arena, (s->labels + 1) * sizeof(*start));
	uint64_t *end = arena_alloc(arena, (s->labels + 1) * sizeof(*end));
	uint64_t *bytes = arena_alloc(arena, (s->labels + 1) * sizeof(*bytes));
	uint64_t *known = arena_alloc(arena, (s->labels + 1) * sizeof(*known));
	size_t n = 0, timed = 0;

	if (!start || !end || !bytes || !known)
		return false;
	for (size_t i = 0; i < s->labels; i++) {
		const struct truth_label *l = &s->label[i];
		size_t at = s->matching.episode_of[i];
		const struct porch_episode *e;

		if (at == MATCH_NONE || !s->footage[at] || !question_is_footage(s, l))
			continue;
		e = &s->doc->episodes[at];
		start[n] = distance(e->start, l->start);
		end[n] = distance(e->end, l->end);
		if (e->known != PORCH_NO_TIME)
			known[timed++] = time_between(l->start, e->known);
		bytes[n++] = millionths(e->bytes_up, l->bytes);
	}
	score->start = score_spread_of(start, n);
	score->end = score_spread_of(end, n);
	score->known = score_spread_of(known, timed);
	score->bytes_off = score_spread_of(bytes, n);
	return true;
}

/* Who answers whom whatever is told: what a model can be taught by. */
static bool
list_cases(struct score *score, struct sheet *s, struct arena *arena)
{
	size_t n = 0;

	score->cases =
	    arena_alloc(arena, (s->labels + s->doc->episode_count + 1) * sizeof(*score->cases));
	if (!score->cases)
		return false;
	sheet_clear(s);
	match_take(&s->matching, s->candidate, s->candidates, NULL, NULL);
	for (size_t i = 0; i < s->labels; i++)
		score->cases[n++] =
		    (struct score_case){i, s->matching.episode_of[i], s->label[i].device};
	for (size_t i = 0; i < s->doc->episode_count; i++)
		if (sheet_counts(s, i) && s->matching.label_of[i] == MATCH_NONE)
			score->cases[n++] = (struct score_case){SCORE_NONE, i, s->who[i]};
	score->case_count = n;
	return true;
}

static void
count_scope(struct score *score, const struct sheet *s)
{
	score->labels = s->labels;
	for (size_t i = 0; i < s->doc->episode_count; i++) {
		score->episodes += s->spoken_of[i];
		score->left_out += !s->spoken_of[i];
	}
	for (size_t i = 0; i < s->devices; i++)
		score->devices_never_met += !s->met[i];
}

static int16_t
macro_of_makers(const struct score *score)
{
	struct score_mean mean = {.count = 0};

	for (size_t i = 0; i < score->makers; i++)
		score_mean_add(&mean, score_f1(&score->maker[i].footage));
	return score_mean(&mean);
}

const struct score *
score_compare(const struct porch_document *doc, const struct truth *truth, struct arena *arena)
{
	struct score *score = arena_alloc(arena, sizeof(*score));
	size_t *maker_of;
	struct sheet s;

	if (!score || !sheet_lay(&s, doc, truth, arena) ||
	    !(maker_of = list_makers(score, &s, arena)))
		return NULL;
	count_scope(score, &s);
	question_ask(QUESTION_CONTENT, &s, score, maker_of);
	question_ask(QUESTION_SHAPE, &s, score, maker_of);
	question_ask(QUESTION_FOOTAGE, &s, score, maker_of);
	score->macro_footage = macro_of_makers(score);
	if (!spread(score, &s, arena) || !list_cases(score, &s, arena) ||
	    !weigh(&score->bytes[PORCH_CONTENT_METADATA], &s, PORCH_CONTENT_METADATA, arena) ||
	    !weigh(&score->bytes[PORCH_CONTENT_FIRMWARE], &s, PORCH_CONTENT_FIRMWARE, arena))
		return NULL;
	return score;
}

bool
score_one_by_one(enum porch_content content)
{
	return content == PORCH_CONTENT_VIDEO || content == PORCH_CONTENT_PICTURE ||
	       content == PORCH_CONTENT_AUDIO || content == PORCH_CONTENT_FILES;
}

struct score_tally
score_bytes_tally(const struct score_bytes *b)
{
	return (struct score_tally){
	    .right = b->right,
	    .extra = b->told > b->right ? b->told - b->right : 0,
	    .missed = b->labelled - b->right,
	};
}

const char *
score_row_word(int row)
{
	return row == PORCH_CONTENT_UNKNOWN ? "no-label"
	                                    : porch_content_word((enum porch_content)row);
}

const char *
score_column_word(int column)
{
	if (column == PORCH_CONTENT_UNKNOWN)
		return "unsure";
	if (column == PORCH_CONTENT_BACKGROUND)
		return "untold";
	return porch_content_word((enum porch_content)column);
}
