/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/cooldown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 256

struct waiting {
	bool used;
	uint64_t device;
	enum telling_kind kind;
	int64_t until;
	uint64_t held_back;
	uint64_t bytes_up;   /* of those */
	struct telling last; /* of those */
};

struct cooldown {
	int64_t wait;
	bool digest;
	struct waiting rows[ROWS];
};

struct cooldown *
cooldown_new(int64_t wait, bool digest)
{
	struct cooldown *c = calloc(1, sizeof(*c));

	if (c) {
		c->wait = wait;
		c->digest = digest;
	}
	return c;
}

void
cooldown_free(struct cooldown *c)
{
	free(c);
}

static struct waiting *
find(struct cooldown *c, const struct telling *t)
{
	for (size_t i = 0; i < ROWS; i++)
		if (c->rows[i].used && c->rows[i].device == t->device && c->rows[i].kind == t->kind)
			return &c->rows[i];
	return NULL;
}

/* A free row, or the one whose wait ends first: its count is then told by nobody else. */
static struct waiting *
take(struct cooldown *c)
{
	struct waiting *first = &c->rows[0];

	for (size_t i = 0; i < ROWS; i++) {
		if (!c->rows[i].used)
			return &c->rows[i];
		if (c->rows[i].until < first->until)
			first = &c->rows[i];
	}
	return first;
}

bool
cooldown_pass(struct cooldown *c, struct telling *t, int64_t now)
{
	struct waiting *row = find(c, t);

	if (c->wait == 0)
		return true;
	if (row && now < row->until) {
		row->held_back++;
		row->bytes_up += t->bytes_up;
		row->last = *t;
		return false;
	}
	if (!row)
		row = take(c);
	else
		t->held_back = row->held_back;
	*row = (struct waiting){
	    .used = true, .device = t->device, .kind = t->kind, .until = now + c->wait};
	return true;
}

static void
say_digest(struct telling *digest, const struct waiting *row)
{
	static const char *const what[TELLING_KINDS] = {
	    [TELLING_UPLOAD_STARTED] = "uploads that began",
	    [TELLING_UPLOAD_ENDED] = "uploads that ended",
	    [TELLING_NEW_DEVICE] = "new devices",
	    [TELLING_NEW_RECEIVER] = "new receivers",
	    [TELLING_TRACKER] = "trackers",
	    [TELLING_EVIDENCE_PLATFORM] = "evidence platforms",
	    [TELLING_UNSOLICITED_UPLOAD] = "uploads nobody was seen to ask for",
	};
	char bytes[NUMBER_TEXT];

	*digest = row->last;
	digest->kind = TELLING_DIGEST;
	digest->count = row->held_back;
	digest->bytes_up = row->bytes_up;
	digest->duration = -1;
	snprintf(digest->id, sizeof(digest->id), "%.50s-digest", row->last.id);
	snprintf(digest->sentence, sizeof(digest->sentence), "%s: %llu more (%s)%s%s.",
	    digest->name[0] ? digest->name : "A device", (unsigned long long)row->held_back,
	    what[row->kind], row->bytes_up ? ", " : "",
	    row->bytes_up ? format_bytes_short(row->bytes_up, bytes) : "");
}

bool
cooldown_due(struct cooldown *c, int64_t now, struct telling *digest)
{
	for (size_t i = 0; c->digest && i < ROWS; i++) {
		struct waiting *row = &c->rows[i];

		if (!row->used || row->held_back == 0 || row->until > now)
			continue;
		say_digest(digest, row);
		row->held_back = row->bytes_up = 0;
		/* A storm that goes on has a digest each while, not a telling and a digest. */
		row->until = now == INT64_MAX ? now : now + c->wait;
		return true;
	}
	return false;
}

int64_t
cooldown_next(const struct cooldown *c)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; c->digest && i < ROWS; i++)
		if (c->rows[i].used && c->rows[i].held_back > 0 && c->rows[i].until < next)
			next = c->rows[i].until;
	return next;
}
