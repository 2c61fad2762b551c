/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCORE_QUESTION_H
#define SCORE_QUESTION_H

#include "score/score.h"
#include "score/sheet.h"

/*
 * What is asked of every label and episode.  A label is answered first by an episode of its
 * own class; what is left, by one that cannot tell; what is left then, by one that says
 * something else, so that a wrong answer is told apart from none.
 */
enum question { QUESTION_FOOTAGE, QUESTION_CONTENT, QUESTION_SHAPE };

/* Whether a label is of footage that a camera, doorbell or hub sent. */
bool question_is_footage(const struct sheet *sheet, const struct truth_label *label);

/* Leaves its matching in the sheet and its counts in the score. */
void question_ask(enum question question, struct sheet *sheet, struct score *score,
    const size_t *maker_of_device);

#endif
