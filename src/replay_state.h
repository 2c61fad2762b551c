/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPLAY_STATE_H
#define REPLAY_STATE_H

#include <pthread.h>

#include <porchlight/engine.h>

#include "engine.h"
#include "source/inputs.h"
#include "source/source.h"

/* What the files of a replay share: replay_inputs.c orders captures, replay.c reads them. */

/* One capture on its way through the engine. */
struct job {
	const char *path;
	size_t order;  /* in which it was given, among equals */
	int64_t first; /* time of its first frame, for the order of inputs */
	bool has_first;
	char content[65]; /* SHA-256 of its content, when it had to be known beforehand */
	struct engine *engine;
	struct engine_result result;
	bool has_result;
	struct source_facts facts;
	bool opened;
	bool refused; /* opened, but no frame of it can be decoded */
	struct porch_error error;
	bool done;
};

struct replay {
	const struct porch_rules *rules;
	const struct porch_options *options;
	struct keeper *keeper; /* lent; NULL: this process runs what inspects */
	struct prefix *home;
	struct job *job;
	size_t jobs;
	struct engine *joined; /* of all files, where they are parts of one recording */
	bool one_result; /* there is but one, and its engine stays until the document is made */
	uint64_t total, consumed; /* stored bytes, of all inputs */
	pthread_mutex_t lock;
	pthread_cond_t moved;
	size_t next;  /* job to be taken by a worker */
	size_t added; /* jobs whose result was taken over */
	bool failed;
};

void replay_order_inputs(struct replay *r);
bool replay_list_inputs(struct replay *r, struct inputs *inputs);
void replay_sum_sizes(struct replay *r);

#endif
