/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/host_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/hash.h"
#include "base/host.h"

#define NONE UINT32_MAX

/* What ends at a node: the name itself, or it and all below. */
struct ending {
	const char *pattern; /* NULL when nothing ends here */
	uint32_t value;
	uint32_t score;
};

struct node {
	const char *label; /* points into a pattern */
	uint32_t parent;
	uint8_t len;
	bool wild;
	bool branches;       /* has literal children */
	uint8_t wilds;       /* how many children are wildcards */
	uint32_t first_wild; /* NONE, or the newest wildcard child */
	uint32_t next_wild;
	struct ending exact;
	struct ending suffix;
};

/* A literal child, by the hash of its parent and label. */
struct slot {
	uint32_t hash;
	uint32_t node; /* NONE when free */
};

struct host_index {
	struct node *node; /* 0 is the root */
	size_t count;
	size_t room;
	struct slot *slot; /* told apart by hash first: a node is far away in memory */
	size_t mask;
	size_t patterns;
};

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

struct host_index *
host_index_new(void)
{
	struct host_index *index = calloc(1, sizeof(*index));

	if (!index)
		return NULL;
	index->room = 256;
	index->mask = 1023;
	index->node = calloc(index->room, sizeof(*index->node));
	index->slot = malloc((index->mask + 1) * sizeof(*index->slot));
	if (!index->node || !index->slot) {
		host_index_free(index);
		return NULL;
	}
	memset(index->slot, 0xff, (index->mask + 1) * sizeof(*index->slot));
	index->node[0] = (struct node){.parent = NONE, .first_wild = NONE, .next_wild = NONE};
	index->count = 1;
	return index;
}

void
host_index_free(struct host_index *index)
{
	if (!index)
		return;
	free(index->node);
	free(index->slot);
	free(index);
}

static uint32_t
hash_of(uint32_t parent, const char *label, size_t len)
{
	return (uint32_t)hash_bytes(label, len, parent);
}

/* The slot that has the child, else the free one where it would go. */
static struct slot *
slot_of(const struct host_index *index, uint32_t hash, uint32_t parent, const char *label,
    size_t len)
{
	size_t at = hash & index->mask;

	for (; index->slot[at].node != NONE; at = (at + 1) & index->mask) {
		const struct node *n = &index->node[index->slot[at].node];

		if (index->slot[at].hash == hash && n->parent == parent && n->len == len &&
		    memcmp(n->label, label, len) == 0)
			break;
	}
	return &index->slot[at];
}

/* The literal child, or NONE. */
static uint32_t
literal_child(const struct host_index *index, uint32_t parent, const char *label, size_t len)
{
	if (!index->node[parent].branches)
		return NONE;
	return slot_of(index, hash_of(parent, label, len), parent, label, len)->node;
}

static bool
widen_slots(struct host_index *index)
{
	size_t before = index->mask + 1;
	struct slot *narrow = index->slot, *wider = malloc(before * 2 * sizeof(*wider));

	if (!wider)
		return false;
	memset(wider, 0xff, before * 2 * sizeof(*wider));
	index->slot = wider;
	index->mask = before * 2 - 1;
	for (size_t i = 0; i < before; i++) {
		size_t at = narrow[i].hash & index->mask;

		if (narrow[i].node == NONE)
			continue;
		while (wider[at].node != NONE)
			at = (at + 1) & index->mask;
		wider[at] = narrow[i];
	}
	free(narrow);
	return true;
}

static bool
make_room(struct host_index *index)
{
	if (index->count == index->room) {
		struct node *node = realloc(index->node, index->room * 2 * sizeof(*node));

		if (!node)
			return false;
		index->node = node;
		index->room *= 2;
	}
	return index->count * 2 <= index->mask || widen_slots(index);
}

static uint32_t
wild_child(const struct host_index *index, uint32_t parent, const char *label, size_t len)
{
	uint32_t at = index->node[parent].first_wild;

	while (at != NONE &&
	       (index->node[at].len != len || memcmp(index->node[at].label, label, len) != 0))
		at = index->node[at].next_wild;
	return at;
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
	if (wild && index->node[parent].wilds == HOST_INDEX_WILD)
		*fault = "more than 64 wildcard labels under one name";
	else if (!make_room(index))
		*fault = "out of memory";
	if (*fault)
		return NONE;
	at = (uint32_t)index->count++;
	index->node[at] = (struct node){.label = label,
	    .parent = parent,
	    .len = (uint8_t)len,
	    .wild = wild,
	    .first_wild = NONE,
	    .next_wild = NONE};
	if (wild) {
		index->node[at].next_wild = index->node[parent].first_wild;
		index->node[parent].first_wild = at;
		index->node[parent].wilds++;
	} else {
		uint32_t hash = hash_of(parent, label, len);

		*slot_of(index, hash, parent, label, len) = (struct slot){hash, at};
		index->node[parent].branches = true;
	}
	return at;
}

/* More is more specific. */
static uint32_t
score_of(const char *name, bool exact)
{
	size_t end = strlen(name), len;
	uint32_t labels = 0, literal = 0;
	const char *label;

	while (label_before(name, &end, &label, &len)) {
		labels++;
		literal += !has_wildcard(label, len);
	}
	return labels << 24 | (uint32_t)exact << 20 | literal << 12 |
	       (uint32_t)glob_literals(name, strlen(name));
}

const char *
host_index_add(struct host_index *index, const char *pattern, uint32_t value, uint32_t *before)
{
	bool below = pattern[0] == '.';
	const char *name = pattern + below, *label, *fault = NULL;
	size_t end = strlen(name), len;
	struct ending *ending;
	uint32_t at = 0;

	while (label_before(name, &end, &label, &len)) {
		at = child(index, at, label, len, &fault);
		if (fault)
			return fault;
	}
	ending = below ? &index->node[at].suffix : &index->node[at].exact;
	*before = ending->pattern ? ending->value : HOST_INDEX_NONE;
	index->patterns += ending->pattern == NULL;
	*ending =
	    (struct ending){.pattern = pattern, .value = value, .score = score_of(name, !below)};
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
	       (below ? index->node[at].suffix.pattern : index->node[at].exact.pattern) != NULL;
}

struct walk {
	const struct host_index *index;
	const char *host;
	void (*met)(const struct ending *ending, void *user);
	void *user;
};

/* As deep as the longest pattern, at most HOST_INDEX_LABELS. */
static void
walk(const struct walk *w, uint32_t at, size_t end)
{
	const struct node *node = &w->index->node[at];
	const char *label;
	size_t len;

	if (node->suffix.pattern)
		w->met(&node->suffix, w->user);
	if (!label_before(w->host, &end, &label, &len)) {
		if (node->exact.pattern)
			w->met(&node->exact, w->user);
		return;
	}
	for (uint32_t i = node->first_wild; i != NONE; i = w->index->node[i].next_wild)
		if (glob_matches(w->index->node[i].label, w->index->node[i].len, label, len))
			walk(w, i, end);
	at = literal_child(w->index, at, label, len);
	if (at != NONE)
		walk(w, at, end);
}

static void
keep_best(const struct ending *ending, void *user)
{
	const struct ending **best = user;

	if (!*best || ending->score > (*best)->score ||
	    (ending->score == (*best)->score && strcmp(ending->pattern, (*best)->pattern) < 0))
		*best = ending;
}

uint32_t
host_index_find(const struct host_index *index, const char *host)
{
	const struct ending *best = NULL;
	struct walk w = {.index = index, .host = host, .met = keep_best, .user = &best};

	walk(&w, 0, strlen(host));
	return best ? best->value : HOST_INDEX_NONE;
}

struct each {
	void (*each)(uint32_t value, const char *pattern, void *user);
	void *user;
};

static void
tell(const struct ending *ending, void *user)
{
	const struct each *e = user;

	e->each(ending->value, ending->pattern, e->user);
}

void
host_index_each(const struct host_index *index, const char *host,
    void (*each)(uint32_t value, const char *pattern, void *user), void *user)
{
	struct each e = {.each = each, .user = user};
	struct walk w = {.index = index, .host = host, .met = tell, .user = &e};

	walk(&w, 0, strlen(host));
}

size_t
host_index_count(const struct host_index *index)
{
	return index->patterns;
}
