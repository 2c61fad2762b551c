/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/loading.h"

#include <string.h>

#include "base/text.h"

#define SOURCES 8 /* of one fact */

static const char *const statuses[] = {"stable", "test", "experimental", NULL};
static const char *const source_kinds[] = {"registry", "capture", "vendor-documentation", "paper",
    "court-or-public-record", "observation", "source-code", "press", NULL};

const char *const loading_kinds[] = {"unknown", "doorbell", "camera", "hub", "other", NULL};
const char *const loading_parties[] = {
    "unknown", "maker", "cloud", "tracker", "evidence", "peer", "utility", "other", NULL};

static bool
read_source(struct loading *l, json_t *object, struct rule *rule)
{
	static const char *const keys[] = {"kind", "what", "seen", "note", NULL};
	struct reader *r = &l->reader;
	const char *seen = "", *note;
	unsigned kind = 0;

	if (!reader_keys(r, object, keys) ||
	    !reader_word(r, object, "kind", true, source_kinds, &kind) ||
	    !reader_text(r, object, "what", true, &rule->source_what) ||
	    !reader_text(r, object, "seen", true, &seen) ||
	    !reader_text(r, object, "note", false, &note))
		return false;
	if (!reader_is_date(seen))
		return reader_fail(r, "seen is no day (\"2026-11-19\"), month or year");
	rule->source_kind = source_kinds[kind];
	rule->source_seen = seen;
	if (!l->rules->seen || strcmp(seen, l->rules->seen) > 0)
		l->rules->seen = seen;
	return true;
}

/* One source or an array of them; the first one is told with the fact. */
static bool
read_sources(struct loading *l, json_t *object, struct rule *rule)
{
	json_t *source = json_object_get(object, "source");
	size_t mark = reader_enter(&l->reader, "source");

	if (source && json_is_array(source)) {
		size_t count = json_array_size(source);

		if (count == 0 || count > SOURCES)
			return reader_fail(&l->reader, "a fact has 1 to %d sources", SOURCES);
		for (size_t i = count; i-- > 0;) {
			size_t inner = reader_enter_item(&l->reader, i);

			if (!read_source(l, json_array_get(source, i), rule))
				return false;
			reader_leave(&l->reader, inner);
		}
	} else if (source && !read_source(l, source, rule)) {
		return false;
	}
	reader_leave(&l->reader, mark);
	return true;
}

static bool
read_common(struct loading *l, json_t *object, struct rule *rule)
{
	int64_t rev = rule->rev;
	unsigned status = rule->status;
	const char *note;

	if (!reader_integer(&l->reader, object, "rev", false, 1, INT32_MAX, &rev) ||
	    !reader_word(&l->reader, object, "status", false, statuses, &status) ||
	    !reader_text(&l->reader, object, "note", false, &note) ||
	    !read_sources(l, object, rule))
		return false;
	rule->rev = (uint32_t)rev;
	rule->status = (enum rule_status)status;
	if (rule->rev > l->rules->rev)
		l->rules->rev = rule->rev;
	return true;
}

bool
loading_head(struct loading *l, json_t *root)
{
	const char *format = "", *reviewed = NULL, *schema;

	l->head = (struct rule){.rev = 1, .status = RULE_STABLE};
	if (!reader_text(&l->reader, root, "format", true, &format) ||
	    !reader_text(&l->reader, root, "$schema", false, &schema) ||
	    !reader_text(&l->reader, root, "reviewed", false, &reviewed))
		return false;
	if (strcmp(format, "porchlight-rules/1") != 0)
		return reader_fail(&l->reader, "format is not \"porchlight-rules/1\"");
	if (reviewed && !reader_is_date(reviewed))
		return reader_fail(&l->reader, "reviewed is no day (\"2026-11-19\")");
	return read_common(l, root, &l->head);
}

static bool
name_fact(struct loading *l, struct fact *fact, const char *id)
{
	char full[512];
	struct text name = text_over(full, sizeof(full));

	text_add(&name, l->name);
	text_char(&name, '#');
	text_add(&name, id);
	if (name.cut)
		return reader_fail(&l->reader, "the rule's name is too long");
	fact->rule.id = reader_copy(&l->reader, full, name.len);
	fact->path = l->reader.path;
	fact->folder = l->folder;
	return fact->rule.id != NULL;
}

/* A fact with the same id in an earlier folder is overridden. */
static bool
add_fact(struct loading *l, struct fact *fact)
{
	struct porch_rules *rules = l->rules;
	size_t len = strlen(fact->rule.id);
	uint32_t before = map_find(rules->ids, fact->rule.id, len);

	if (rules->facts.count >= FACTS_MAX)
		return reader_fail(&l->reader, "more than %d facts", FACTS_MAX);
	if (before != MAP_NONE) {
		struct fact *earlier = rules->facts.item[before];

		if (earlier->folder == fact->folder)
			return reader_fail(&l->reader, "the id is used twice");
		earlier->dead = true;
	}
	if (map_put(rules->ids, fact->rule.id, len, (uint32_t)rules->facts.count) != 0 ||
	    list_add(&rules->facts, fact) != 0)
		return reader_fail(&l->reader, "out of memory");
	return true;
}

bool
loading_fact(struct loading *l, json_t *object, enum fact_kind kind, struct fact *fact)
{
	const char *id = "";

	fact->kind = kind;
	fact->rule = l->head;
	if (!reader_text(&l->reader, object, "id", true, &id))
		return false;
	if (!reader_is_id(id))
		return reader_fail(&l->reader, "id is not a word of a-z, 0-9, dot, hyphen");
	if (!read_common(l, object, &fact->rule))
		return false;
	if (!fact->rule.source_what)
		return reader_fail(&l->reader, "source is missing, here and for the whole file");
	return name_fact(l, fact, id) && add_fact(l, fact);
}

bool
loading_each(struct loading *l, json_t *root, const char *section,
    bool (*one)(struct loading *l, json_t *object))
{
	json_t *array = reader_array(&l->reader, root, section), *item;
	size_t mark = reader_enter(&l->reader, section), i;

	json_array_foreach(array, i, item)
	{
		size_t inner = reader_enter_item(&l->reader, i);

		if (!one(l, item))
			return false;
		reader_leave(&l->reader, inner);
	}
	reader_leave(&l->reader, mark);
	return !l->reader.failed;
}
