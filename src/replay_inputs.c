/* SPDX-License-Identifier: Apache-2.0 */
#include "replay_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The SHA-256 of a capture's content, when two begin at the same moment. */
static void
sum_content(struct job *job)
{
	char stored[65];
	struct porch_error error;

	if (!source_hashes(job->path, stored, job->content, &error))
		job->content[0] = '\0';
}

/* Unreadable ones last, as they came; standard input first, its time is not known yet. */
static int
input_order(const void *left, const void *right)
{
	const struct job *a = left, *b = right;

	if (a->has_first != b->has_first)
		return a->has_first ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (strcmp(a->content, b->content) != 0)
		return strcmp(a->content, b->content);
	return a->order < b->order ? -1 : 1;
}

static bool
same_content(const struct job *a, const struct job *b)
{
	return a->content[0] && strcmp(a->content, b->content) == 0;
}

static void
warn_skipped(const struct replay *r, const struct job *job, const struct job *same)
{
	char line[1200];

	if (!r->options->warn)
		return;
	snprintf(line, sizeof(line), "%s: skipped, its content was already read from %s", job->path,
	    same->path);
	r->options->warn(line, r->options->user);
}

/* Order of the inputs: first packet time, then SHA-256; the same content counts once. */
void
replay_order_inputs(struct replay *r)
{
	size_t kept = 0;

	if (r->jobs > 1)
		qsort(r->job, r->jobs, sizeof(*r->job), input_order);
	for (size_t i = 0; i < r->jobs; i++) {
		bool twin = (i > 0 && r->job[i - 1].first == r->job[i].first) ||
		            (i + 1 < r->jobs && r->job[i + 1].first == r->job[i].first);

		if (twin && r->job[i].has_first && strcmp(r->job[i].path, "-") != 0)
			sum_content(&r->job[i]);
	}
	if (r->jobs > 1)
		qsort(r->job, r->jobs, sizeof(*r->job), input_order);
	for (size_t i = 0; i < r->jobs; i++) {
		if (kept > 0 && same_content(&r->job[kept - 1], &r->job[i]))
			warn_skipped(r, &r->job[i], &r->job[kept - 1]);
		else
			r->job[kept++] = r->job[i];
	}
	r->jobs = kept;
}

bool
replay_list_inputs(struct replay *r, struct inputs *inputs)
{
	r->jobs = inputs_count(inputs);
	r->job = calloc(r->jobs + 1, sizeof(*r->job));
	for (size_t i = 0; r->job && i < r->jobs; i++) {
		struct job *job = &r->job[i];
		struct porch_error unused;

		job->path = inputs_path(inputs, i);
		job->order = i;
		job->first = PORCH_NO_TIME;
		job->has_first = strcmp(job->path, "-") == 0 ||
		                 source_first_time(job->path, &job->first, &unused);
	}
	return r->job != NULL;
}

/* Files are opened once more for their size: it is only told. */
void
replay_sum_sizes(struct replay *r)
{
	for (size_t i = 0; i < r->jobs; i++) {
		FILE *file = strcmp(r->job[i].path, "-") == 0 ? NULL : fopen(r->job[i].path, "rb");

		if (!file)
			continue;
		if (fseek(file, 0, SEEK_END) == 0)
			r->total += (uint64_t)ftell(file);
		fclose(file);
	}
}
