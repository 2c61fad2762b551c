/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/host_index.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/hash.h"
#include "base/host.h"

#define NONE      UINT32_MAX
#define UNIT      sizeof(uint64_t) /* nodes begin at one */
#define TAG_SHIFT 24
#define UNITS     (1U << TAG_SHIFT) /* nodes fill at most 128 MiB */

/*
 * A label below its parent, with what ends there: the name itself, and it with all below.  A
 * node lies with its text in one or two lines of the cache, and a look-up needs no more of it.
 */
struct node {
	uint32_t parent; /* nodes are told by the unit they begin at */
	uint32_t suffix; /* values, or NONE */
	uint32_t exact;
	uint32_t first_wild; /* NONE, or the newest wildcard child */
	uint32_t next_wild;
	uint8_t len;
	bool branches; /* has literal children */
	char label[];  /* len characters, no NUL */
};

/*
 * Literal children are found by the hash of their parent and label.  A slot is the node with
 * eight bits of its hash above it, which tell most others apart without going to the node, far
 * away in memory; 0 is free, for the root is nobody's child.
 */
struct host_index {
	uint64_t *unit; /* nodes one after the other; the root is at 0 */
	size_t units;
	size_t room;
	size_t nodes;
	uint32_t *slot;
	size_t mask;
	size_t patterns;
};

static struct node *
node_at(const struct host_index *index, uint32_t at)
{
	return (struct node *)(void *)&index->unit[at];
}

/* The label that ends at *end, which moves to before its dot; false when none is left. */
static bool
label_before(const char *name, size_t *end, const char **label, size_t *len)
{
	size_t from = *end;

	if (from == 0)
		return false;
	while (from > 0 && name[from - 1] != '.')
		from--;
	*label = name + from;
	*len = *end - from;
	*end = from == 0 ? 0 : from - 1;
	return true;
}

static bool
has_wildcard(const char *label, size_t len)
{
	return memchr(label, '*', len) || memchr(label, '?', len);
}

const char *
host_index_fault(const char *pattern)
{
	const char *name = pattern[0] == '.' ? pattern + 1 : pattern, *label;
	char literal[HOST_TEXT], spelt[HOST_TEXT];
	size_t len = strlen(name), end = len, size, labels = 0, stars = 0;

	if (len == 0 || len >= HOST_TEXT)
		return "a host pattern has 1 to 253 characters";
	for (size_t i = 0; i <= len; i++)
		literal[i] = (char)(name[i] == '*' || name[i] == '?' ? 'x' : name[i]);
	if (!host_normalise(spelt, literal) || strcmp(spelt, literal) != 0)
		return "not a host pattern in lower case";
	while (label_before(name, &end, &label, &size)) {
		bool wild = has_wildcard(label, size);

		if (wild && labels < 1)
			return "the last label of a host pattern is literal";
		labels++;
		stars += wild;
	}
	if (labels > HOST_INDEX_LABELS)
		return "a host pattern has at most 16 labels";
	return stars > HOST_INDEX_STARS ? "a host pattern has at most 3 labels with wildcards"
	                                : NULL;
}

/* Appends a node without children and endings; there is room. */
static uint32_t
append(struct host_index *index, uint32_t parent, const char *label, size_t len)
{
	uint32_t at = (uint32_t)index->units;
	struct node *n = node_at(index, at);

	n->parent = parent;
	n->suffix = n->exact = n->first_wild = n->next_wild = NONE;
	n->len = (uint8_t)len;
	n->branches = false;
	memcpy(n->label, label, len);
	index->units += (offsetof(struct node, label) + len + UNIT - 1) / UNIT;
	index->nodes++;
	return at;
}

struct host_index *
host_index_new(void)
{
	struct host_index *index = calloc(1, sizeof(*index));

	if (!index)
		return NULL;
	index->room = 1024;
	index->mask = 1023;
	index->unit = malloc(index->room * sizeof(*index->unit));
	index->slot = calloc(index->mask + 1, sizeof(*index->slot));
	if (!index->unit || !index->slot) {
		host_index_free(index);
		return NULL;
	}
	append(index, NONE, "", 0);
	return index;
}

void
host_index_free(struct host_index *index)
{
	if (!index)
		return;
	free(index->unit);
	free(index->slot);
	free(index);
}

static uint64_t
hash_of(uint32_t parent, const char *label, size_t len)
{
	return hash_bytes(label, len, parent);
}

static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) & ~(UNITS - 1);
}

static bool
is_label(const struct node *n, uint32_t parent, const char *label, size_t len)
{
	return n->parent == parent && n->len == len && memcmp(n->label, label, len) == 0;
}

/* The slot that has the child, else the free one where it would go. */
static uint32_t *
slot_of(const struct host_index *index, uint64_t hash, uint32_t parent, const char *label,
    size_t len)
{
	size_t at = hash & index->mask;
	uint32_t tag = tag_of(hash), slot;

	while ((slot = index->slot[at]) != 0 &&
	       ((slot ^ tag) >= UNITS || !is_label(node_at(index, slot ^ tag), parent, label, len)))
		at = (at + 1) & index->mask;
	return &index->slot[at];
}

/* The literal child, or NONE. */
static uint32_t
literal_child(const struct host_index *index, uint32_t parent, const char *label, size_t len)
{
	uint32_t slot;

	if (!node_at(index, parent)->branches)
		return NONE;
	slot = *slot_of(index, hash_of(parent, label, len), parent, label, len);
	return slot ? slot & (UNITS - 1) : NONE;
}

static bool
widen_slots(struct host_index *index)
{
	size_t before = index->mask + 1;
	uint32_t *narrow = index->slot, *wider = calloc(before * 2, sizeof(*wider));

	if (!wider)
		return false;
	index->slot = wider;
	index->mask = before * 2 - 1;
	for (size_t i = 0; i < before; i++) {
		const struct node *n = node_at(index, narrow[i] & (UNITS - 1));
		size_t at;

		if (narrow[i] == 0)
			continue;
		at = hash_of(n->parent, n->label, n->len) & index->mask;
		while (wider[at] != 0)
			at = (at + 1) & index->mask;
		wider[at] = narrow[i];
	}
	free(narrow);
	return true;
}

/* For one more node with a label of any length; what is wrong, or NULL. */
static const char *
make_room(struct host_index *index)
{
	size_t most = (sizeof(struct node) + HOST_TEXT) / UNIT + 1;

	if (index->units + most > UNITS)
		return "too many host patterns";
	if (index->units + most > index->room) {
		size_t room = index->room + index->room / 2;
		uint64_t *unit = realloc(index->unit, room * sizeof(*unit));

		if (!unit)
			return "out of memory";
		index->unit = unit;
		index->room = room;
	}
	if (index->nodes * 5 > index->mask * 4 && !widen_slots(index))
		return "out of memory";
	return NULL;
}

static uint32_t
wild_child(const struct host_index *index, uint32_t parent, const char *label, size_t len)
{
	uint32_t at = node_at(index, parent)->first_wild;

	while (at != NONE && !is_label(node_at(index, at), parent, label, len))
		at = node_at(index, at)->next_wild;
	return at;
}

static unsigned
count_wild(const struct host_index *index, uint32_t parent)
{
	unsigned count = 0;

	for (uint32_t at = node_at(index, parent)->first_wild; at != NONE;
	     at = node_at(index, at)->next_wild)
		count++;
	return count;
}

/* Finds or makes the child; NONE with *fault set when it cannot. */
static uint32_t
child(struct host_index *index, uint32_t parent, const char *label, size_t len, const char **fault)
{
	bool wild = has_wildcard(label, len);
	uint32_t at =
	    wild ? wild_child(index, parent, label, len) : literal_child(index, parent, label, len);

	if (at != NONE)
		return at;
	if (wild && count_wild(index, parent) == HOST_INDEX_WILD)
		*fault = "more than 64 wildcard labels under one name";
	else
		*fault = make_room(index);
	if (*fault)
		return NONE;
	at = append(index, parent, label, len);
	if (wild) {
		node_at(index, at)->next_wild = node_at(index, parent)->first_wild;
		node_at(index, parent)->first_wild = at;
	} else {
		uint64_t hash = hash_of(parent, label, len);

		*slot_of(index, hash, parent, label, len) = tag_of(hash) | at;
		node_at(index, parent)->branches = true;
	}
	return at;
}

const char *
host_index_add(struct host_index *index, const char *pattern, uint32_t value, uint32_t *before)
{
	bool below = pattern[0] == '.';
	const char *name = pattern + below, *label, *fault = NULL;
	size_t end = strlen(name), len;
	uint32_t at = 0, *ending;

	while (label_before(name, &end, &label, &len)) {
		at = child(index, at, label, len, &fault);
		if (fault)
			return fault;
	}
	ending = below ? &node_at(index, at)->suffix : &node_at(index, at)->exact;
	*before = *ending;
	index->patterns += *ending == NONE;
	*ending = value;
	return NULL;
}

bool
host_index_has(const struct host_index *index, const char *pattern)
{
	bool below = pattern[0] == '.';
	const char *name = pattern + below, *label;
	size_t end = strlen(name), len;
	uint32_t at = 0;

	while (at != NONE && label_before(name, &end, &label, &len))
		at = has_wildcard(label, len) ? wild_child(index, at, label, len)
		                              : literal_child(index, at, label, len);
	return at != NONE &&
	       (below ? node_at(index, at)->suffix : node_at(index, at)->exact) != NONE;
}

/* What ends at a node, as it was added. */
static void
spell(const struct host_index *index, uint32_t at, bool exact, char out[static HOST_TEXT + 1])
{
	size_t used = 0;

	if (!exact)
		out[used++] = '.';
	for (; at != 0; at = node_at(index, at)->parent) {
		const struct node *n = node_at(index, at);

		memcpy(out + used, n->label, n->len);
		used += n->len;
		out[used++] = '.';
	}
	out[used - 1] = '\0';
}

/* A pattern that matches: where it ends, and how specific it is (more is more). */
struct match {
	uint32_t value;
	uint32_t at;
	uint32_t score;
	bool exact;
};

struct walk {
	const struct host_index *index;
	const char *host;
	struct match best;
	void (*each)(uint32_t value, const char *pattern, void *user); /* NULL: only the best */
	void *user;
};

/* Labels, then a whole name over a suffix, then literal labels, then literal characters. */
#define SCORE_LABEL   (1U << 24)
#define SCORE_EXACT   (1U << 20)
#define SCORE_LITERAL (1U << 12)

/* Between equals the order of the patterns' texts decides. */
static bool
is_spelt_first(const struct host_index *index, const struct match *a, const struct match *b)
{
	char one[HOST_TEXT + 1], other[HOST_TEXT + 1];

	spell(index, a->at, a->exact, one);
	spell(index, b->at, b->exact, other);
	return strcmp(one, other) < 0;
}

static void
tell(const struct walk *w, const struct match *match)
{
	char pattern[HOST_TEXT + 1];

	spell(w->index, match->at, match->exact, pattern);
	w->each(match->value, pattern, w->user);
}

/* The texts are left to functions of their own: few look-ups need one. */
static void
meet(struct walk *w, struct match match)
{
	const struct match *best = &w->best;

	if (match.value == NONE)
		return;
	match.score += match.exact ? SCORE_EXACT : 0;
	if (w->each)
		tell(w, &match);
	else if (best->value == NONE || match.score > best->score ||
	         (match.score == best->score && is_spelt_first(w->index, &match, best)))
		w->best = match;
}

/* As deep as the longest pattern, at most HOST_INDEX_LABELS. */
static void
walk(struct walk *w, uint32_t at, size_t end, uint32_t score)
{
	const struct node *node = node_at(w->index, at);
	const char *label;
	size_t len;

	meet(w, (struct match){node->suffix, at, score, false});
	if (!label_before(w->host, &end, &label, &len)) {
		meet(w, (struct match){node->exact, at, score, true});
		return;
	}
	for (uint32_t i = node->first_wild; i != NONE; i = node_at(w->index, i)->next_wild) {
		const struct node *wild = node_at(w->index, i);

		if (glob_matches(wild->label, wild->len, label, len))
			walk(w, i, end,
			    score + SCORE_LABEL + (uint32_t)glob_literals(wild->label, wild->len));
	}
	at = literal_child(w->index, at, label, len);
	if (at != NONE)
		walk(w, at, end, score + SCORE_LABEL + SCORE_LITERAL + (uint32_t)len);
}

uint32_t
host_index_find(const struct host_index *index, const char *host)
{
	struct walk w = {.index = index, .host = host, .best = {.value = NONE}};

	walk(&w, 0, strlen(host), 0);
	return w.best.value;
}

void
host_index_each(const struct host_index *index, const char *host,
    void (*each)(uint32_t value, const char *pattern, void *user), void *user)
{
	struct walk w = {.index = index, .host = host, .each = each, .user = user};

	walk(&w, 0, strlen(host), 0);
}

size_t
host_index_count(const struct host_index *index)
{
	return index->patterns;
}
