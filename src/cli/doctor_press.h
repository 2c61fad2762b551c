/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DOCTOR_PRESS_H
#define CLI_DOCTOR_PRESS_H

#include "base/frame.h"
#include "cli/doctor_checks.h"
#include "cli/options.h"

/*
 * Somebody presses the doorbell's button while this watches: what it saw of that, or why it saw
 * nothing, in the speaker's words.
 */
struct doctor_press;

struct doctor_answer {
	bool asked;
	enum doctor_grade grade;
	char found[1024];
	char advice[DOCTOR_TEXT]; /* or "" */
};

/* All is lent until doctor_press_free().  start: packet time.  NULL fills *error. */
struct doctor_press *doctor_press_new(const struct porch_rules *rules,
    const struct options *options, const struct addr *own, size_t own_count, int64_t start,
    struct porch_error *error);
void doctor_press_free(struct doctor_press *press);

void doctor_press_see(struct doctor_press *press, const struct frame *frame);
/* True once an upload that looks like footage has ended: there is nothing more to wait for. */
bool doctor_press_over(struct doctor_press *press, int64_t now);
/* Once, at the end. */
void doctor_press_answer(struct doctor_press *press, const struct speaker *speaker,
    struct doctor_answer *answer);

#endif
