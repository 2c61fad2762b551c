/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/mmdb.h"

#include <string.h>

#include "base/cursor.h"

/* MaxMind DB File Format Specification 2.0, "Data Field Format". */
enum type {
	TYPE_EXTENDED = 0,
	TYPE_POINTER = 1,
	TYPE_TEXT = 2,
	TYPE_UINT16 = 5,
	TYPE_UINT32 = 6,
	TYPE_MAP = 7,
	TYPE_UINT64 = 9,
	TYPE_ARRAY = 11,
	TYPE_BOOLEAN = 14,
	TYPES = 16,
};

/* How long other values may be; a value of a type that is not here is an error. */
static const struct {
	bool known;
	bool exact; /* just so long */
	uint32_t most;
} sizes[TYPES] = {
    [TYPE_TEXT] = {true, false, UINT32_MAX},
    [3] = {true, true, 8},           /* double */
    [4] = {true, false, UINT32_MAX}, /* bytes */
    [TYPE_UINT16] = {true, false, 2},
    [TYPE_UINT32] = {true, false, 4},
    [8] = {true, false, 4}, /* int32 */
    [TYPE_UINT64] = {true, false, 8},
    [10] = {true, false, 16}, /* uint128 */
    [15] = {true, true, 4},   /* float */
};

struct head {
	unsigned type;
	uint32_t size; /* bytes, pairs, elements or the flag itself; of a pointer, where it leads */
};

struct walk {
	const uint8_t *section;
	size_t len;
	uint64_t budget;
	char path[MMDB_WALK_PATH];
	size_t path_len;
	unsigned muted; /* within arrays, or below keys that did not fit */
	void (*each)(const struct mmdb_leaf *leaf, void *user);
	void *user;
};

static struct cursor
section_at(const struct walk *w, size_t offset)
{
	struct cursor c = cursor_over(w->section, w->len);

	cursor_take(&c, offset);
	return c;
}

static uint32_t
pointer_of(struct cursor *c, uint8_t control)
{
	uint32_t high = control & 7U;

	switch (control >> 3 & 3) {
	case 0:
		return high << 8 | cursor_u8(c);
	case 1:
		return (high << 16 | cursor_be16(c)) + 2048;
	case 2:
		return (high << 24 | cursor_be24(c)) + 526336;
	default:
		return cursor_be32(c);
	}
}

static uint32_t
size_of(struct cursor *c, uint8_t control)
{
	uint32_t size = control & 31U;

	if (size == 29)
		return 29 + cursor_u8(c);
	if (size == 30)
		return 285 + cursor_be16(c);
	return size == 31 ? 65821 + cursor_be24(c) : size;
}

static bool
read_head(struct cursor *c, struct head *head)
{
	uint8_t control = cursor_u8(c);

	head->type = control >> 5;
	if (head->type == TYPE_EXTENDED)
		head->type = 7U + cursor_u8(c);
	head->size = head->type == TYPE_POINTER ? pointer_of(c, control) : size_of(c, control);
	return !c->short_read && head->type < TYPES;
}

/* Reads a head, and where it is a pointer that of what it leads to; *at is where to go on. */
static bool
read_through(const struct walk *w, struct cursor *c, struct cursor *elsewhere, struct head *head,
    struct cursor **at)
{
	*at = c;
	if (!read_head(c, head))
		return false;
	if (head->type != TYPE_POINTER)
		return true;
	*elsewhere = section_at(w, head->size);
	*at = elsewhere;
	return read_head(elsewhere, head) && head->type != TYPE_POINTER;
}

static bool
read_key(const struct walk *w, struct cursor *c, const char **key, size_t *len)
{
	struct cursor elsewhere, *at;
	struct head head;

	if (!read_through(w, c, &elsewhere, &head, &at) || head.type != TYPE_TEXT)
		return false;
	*key = (const char *)cursor_take(at, head.size);
	*len = head.size;
	return *key != NULL;
}

static void
tell(const struct walk *w, const struct mmdb_leaf *leaf)
{
	if (w->muted == 0)
		w->each(leaf, w->user);
}

static bool
read_scalar(const struct walk *w, struct cursor *c, const struct head *head)
{
	struct mmdb_leaf leaf = {.path = w->path, .len = head->size};
	const uint8_t *bytes;

	if (head->type == TYPE_BOOLEAN) {
		leaf.number = head->size;
		if (head->size > 1)
			return false;
		tell(w, &leaf);
		return true;
	}
	if (!sizes[head->type].known || head->size > sizes[head->type].most ||
	    (sizes[head->type].exact && head->size != sizes[head->type].most))
		return false;
	bytes = cursor_take(c, head->size);
	if (!bytes)
		return false;
	if (head->type == TYPE_TEXT)
		leaf.text = (const char *)bytes;
	else if (head->type != TYPE_UINT16 && head->type != TYPE_UINT32 &&
	         head->type != TYPE_UINT64)
		return true;
	for (uint32_t i = 0; !leaf.text && i < head->size; i++)
		leaf.number = leaf.number << 8 | bytes[i];
	tell(w, &leaf);
	return true;
}

static bool walk_value(struct walk *w, struct cursor *c, unsigned depth);

/* Goes to what is below a key; gives what leave() needs to come back. */
static size_t
enter(struct walk *w, const char *key, size_t len)
{
	size_t mark = w->path_len, dot = mark > 0;

	if (w->muted > 0 || mark + dot + len >= sizeof(w->path)) {
		w->muted++;
		return mark;
	}
	if (dot)
		w->path[w->path_len++] = '.';
	memcpy(w->path + w->path_len, key, len);
	w->path_len += len;
	w->path[w->path_len] = '\0';
	return mark;
}

static void
leave(struct walk *w, size_t mark)
{
	if (w->muted > 0)
		w->muted--;
	w->path_len = mark;
	w->path[mark] = '\0';
}

static bool
walk_map(struct walk *w, struct cursor *c, uint32_t pairs, unsigned depth)
{
	for (uint32_t i = 0; i < pairs; i++) {
		const char *key;
		size_t len, mark;

		if (!read_key(w, c, &key, &len))
			return false;
		mark = enter(w, key, len);
		if (!walk_value(w, c, depth))
			return false;
		leave(w, mark);
	}
	return true;
}

static bool
walk_array(struct walk *w, struct cursor *c, uint32_t elements, unsigned depth)
{
	w->muted++;
	for (uint32_t i = 0; i < elements; i++)
		if (!walk_value(w, c, depth))
			return false;
	w->muted--;
	return true;
}

static bool
walk_value(struct walk *w, struct cursor *c, unsigned depth)
{
	struct cursor elsewhere, *at;
	struct head head;

	if (depth == MMDB_WALK_DEPTH || w->budget == 0)
		return false;
	w->budget--;
	if (!read_through(w, c, &elsewhere, &head, &at))
		return false;
	if (head.type == TYPE_MAP)
		return walk_map(w, at, head.size, depth + 1);
	if (head.type == TYPE_ARRAY)
		return walk_array(w, at, head.size, depth + 1);
	return read_scalar(w, at, &head);
}

bool
mmdb_walk(const uint8_t *section, size_t len, size_t offset, uint64_t *budget,
    void (*each)(const struct mmdb_leaf *leaf, void *user), void *user)
{
	uint64_t most = *budget < MMDB_WALK_VALUES ? *budget : MMDB_WALK_VALUES;
	struct walk w = {
	    .section = section, .len = len, .budget = most, .each = each, .user = user};
	struct cursor c = section_at(&w, offset);
	bool fine = walk_value(&w, &c, 0);

	*budget -= most - w.budget;
	return fine;
}
