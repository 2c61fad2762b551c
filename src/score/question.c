/* SPDX-License-Identifier: Apache-2.0 */
#include "score/question.h"

/* Classes of the question about footage. */
enum { FOOTAGE_NO, FOOTAGE_YES };

/* What stands in place of a class. */
enum {
	NOT_ASKED = -1,   /* the label does not say */
	CANNOT_TELL = -2, /* the episode does not */
	NO_LABEL = -3,
	NO_EPISODE = -4,
};

struct asking {
	enum question question;
	const struct sheet *sheet;
	struct score *score;
	struct score_maker *maker; /* of the case at hand */
	enum porch_content label;  /* its content; unknown without a label */
};

static bool
is_footage(enum porch_content content)
{
	return content == PORCH_CONTENT_VIDEO || content == PORCH_CONTENT_PICTURE ||
	       content == PORCH_CONTENT_AUDIO || content == PORCH_CONTENT_MEDIA;
}

/* Scored by the byte, so that a message in no episode is no fault. */
static bool
by_the_byte(enum porch_content content)
{
	return content == PORCH_CONTENT_METADATA || content == PORCH_CONTENT_FIRMWARE;
}

/* A phone's call is video, and no camera's: of devices of kind other all footage is extra. */
bool
question_is_footage(const struct sheet *s, const struct truth_label *label)
{
	return is_footage(label->content) && s->device[label->device].kind != PORCH_KIND_OTHER;
}

static int
labelled(enum question question, const struct sheet *s, size_t at)
{
	const struct truth_label *l = &s->label[at];

	if (question == QUESTION_SHAPE)
		return (int)l->shape;
	if (question == QUESTION_CONTENT)
		return l->content == PORCH_CONTENT_MEDIA ? NOT_ASKED : (int)l->content;
	return question_is_footage(s, l) ? FOOTAGE_YES : FOOTAGE_NO;
}

static int
told(enum question question, const struct sheet *s, size_t at)
{
	const struct porch_episode *e = &s->doc->episodes[at];

	if (question == QUESTION_SHAPE)
		return (int)e->shape;
	if (question == QUESTION_CONTENT)
		return e->content == PORCH_CONTENT_UNKNOWN || e->content == PORCH_CONTENT_MEDIA
		           ? CANNOT_TELL
		           : (int)e->content;
	if (e->footage == PORCH_FOOTAGE_CANNOT_TELL)
		return CANNOT_TELL;
	return s->footage[at] ? FOOTAGE_YES : FOOTAGE_NO;
}

static bool
of_its_class(size_t label, size_t episode, const void *user)
{
	const struct asking *a = user;

	return labelled(a->question, a->sheet, label) == told(a->question, a->sheet, episode);
}

static bool
that_cannot_tell(size_t label, size_t episode, const void *user)
{
	const struct asking *a = user;

	(void)label;
	return told(a->question, a->sheet, episode) == CANNOT_TELL;
}

static void
count_footage(struct asking *a, int want, int came)
{
	struct score_tally one = {
	    .right = want == FOOTAGE_YES && came == FOOTAGE_YES,
	    .extra = want != FOOTAGE_YES && came == FOOTAGE_YES,
	    .missed = want == FOOTAGE_YES && (came == FOOTAGE_NO || came == NO_EPISODE),
	    .right_no = want == FOOTAGE_NO && came == FOOTAGE_NO && !by_the_byte(a->label),
	    .cannot_tell = came == CANNOT_TELL,
	};

	score_add(&a->score->footage, &one);
	score_add(&a->maker->footage, &one);
}

static bool
one_by_one(int class)
{
	return class >= 0 && score_one_by_one((enum porch_content) class);
}

static void
count_content(struct asking *a, int want, int came)
{
	int row = want < 0 ? PORCH_CONTENT_UNKNOWN : want;
	int column = came == NO_EPISODE ? PORCH_CONTENT_BACKGROUND
	             : came < 0         ? PORCH_CONTENT_UNKNOWN
	                                : came;
	struct score_tally mine = {
	    .right = want == came,
	    .missed = want != came && came != CANNOT_TELL,
	    .cannot_tell = came == CANNOT_TELL,
	};
	struct score_tally theirs = {.extra = want != came};

	a->score->confusion[row][column]++;
	if (one_by_one(want)) {
		score_add(&a->score->content[want], &mine);
		score_add(&a->maker->content, &mine);
	}
	if (one_by_one(came)) {
		score_add(&a->score->content[came], &theirs);
		score_add(&a->maker->content, &theirs);
	}
}

/* Only where there is a label is there a true shape. */
static void
count_shape(struct asking *a, int want, int came)
{
	struct score_tally mine = {.right = want == came, .missed = want != came};
	struct score_tally theirs = {.extra = want != came};

	if (want < 0 || (came == NO_EPISODE && by_the_byte(a->label)))
		return;
	score_add(&a->score->shape[want], &mine);
	score_add(&a->maker->shape, &mine);
	if (came < 0)
		return;
	score_add(&a->score->shape[came], &theirs);
	score_add(&a->maker->shape, &theirs);
}

static void
count(struct asking *a, int want, int came)
{
	if (want == NOT_ASKED)
		return;
	if (a->question == QUESTION_FOOTAGE)
		count_footage(a, want, came);
	else if (a->question == QUESTION_CONTENT)
		count_content(a, want, came);
	else
		count_shape(a, want, came);
}

static void
count_all(struct asking *a, const size_t *maker_of)
{
	const struct sheet *s = a->sheet;

	for (size_t l = 0; l < s->labels; l++) {
		size_t episode = s->matching.episode_of[l];

		a->maker = &a->score->maker[maker_of[s->label[l].device]];
		a->label = s->label[l].content;
		count(a, labelled(a->question, s, l),
		    episode == MATCH_NONE ? NO_EPISODE : told(a->question, s, episode));
	}
	a->label = PORCH_CONTENT_UNKNOWN;
	for (size_t e = 0; e < s->doc->episode_count; e++) {
		if (!sheet_counts(s, e) || s->matching.label_of[e] != MATCH_NONE)
			continue;
		a->maker = &a->score->maker[maker_of[s->who[e]]];
		count(a, NO_LABEL, told(a->question, s, e));
	}
}

void
question_ask(enum question question, struct sheet *s, struct score *score, const size_t *maker_of)
{
	struct asking a = {.question = question, .sheet = s, .score = score};

	sheet_clear(s);
	match_take(&s->matching, s->candidate, s->candidates, of_its_class, &a);
	match_take(&s->matching, s->candidate, s->candidates, that_cannot_tell, &a);
	match_take(&s->matching, s->candidate, s->candidates, NULL, NULL);
	count_all(&a, maker_of);
}
