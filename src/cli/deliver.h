/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DELIVER_H
#define CLI_DELIVER_H

#include "cli/analysis.h"

/* Where a document goes: standard output, and a folder and a picture if they were asked for. */
struct delivery {
	struct analysis *analysis;
	const struct sink_ops *sink;
	struct folder *folder;
	struct writer writer;
};

/* Opens the folder, before there is a document; false says why, and the outcome has it. */
bool deliver_begin(struct delivery *to, struct analysis *analysis);
/* Writes the document of the analysis everywhere. */
void deliver(struct delivery *to);
/* Leaves nothing behind of what was begun and not written. */
void deliver_end(struct delivery *to);

#endif
