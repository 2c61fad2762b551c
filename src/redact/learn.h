/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDACT_LEARN_H
#define REDACT_LEARN_H

#include "base/frame.h"
#include "redact/rewrite.h"

/* The first reading: which addresses are the home's own, and which had a name. */
void learn_frame(struct rewriter *r, const struct frame *frame);
void learn_flow(struct rewriter *r, const struct porch_flow *flow);

#endif
