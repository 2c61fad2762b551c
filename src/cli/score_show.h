/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SCORE_SHOW_H
#define CLI_SCORE_SHOW_H

#include "score/score.h"
#include "sink/writer.h"

/* What is shown of one scoring; all of it borrowed. */
struct scored {
	const struct porch_document *doc;
	const struct truth *truth;
	const struct score *score;
};

/* For people; brief is one line about footage. */
void score_show_table(struct writer *w, const struct scored *scored, bool brief);
/* One JSON document, porchlight.score/1. */
void score_show_json(struct writer *w, const struct scored *scored);
/* One JSON line for each label and each episode without one, porchlight.case/1. */
void score_show_features(struct writer *w, const struct scored *scored);

#endif
