/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/check.h"

#include <stdio.h>
#include <string.h>

#include "rules/ruleset.h"

struct search {
	const struct porch_rules *rules;
	struct map *seen; /* pattern -> the fact's place */
	struct pool *pool;
	void (*each)(const struct overlap *overlap, void *user);
	void *user;
};

static void
tell(const struct search *s, const char *pattern, const struct fact *first,
    const struct fact *second)
{
	struct overlap overlap = {.pattern = pattern,
	    .first = first->rule,
	    .second = second->rule,
	    .path = second->path,
	    .overrides = second->folder > first->folder};

	s->each(&overlap, s->user);
}

static bool
see(struct search *s, const char *pattern, size_t at)
{
	size_t len = strlen(pattern);
	uint32_t before = map_find(s->seen, pattern, len);
	const char *key = before == MAP_NONE ? pool_text(s->pool, pattern, len) : pattern;

	if (before != MAP_NONE)
		tell(s, pattern, s->rules->facts.item[before], s->rules->facts.item[at]);
	return before != MAP_NONE || (key && map_put(s->seen, key, len, (uint32_t)at) == 0);
}

static bool
see_receiver(struct search *s, const struct receiver_fact *fact, size_t at)
{
	for (size_t i = 0; i < fact->hosts.count; i++)
		if (!see(s, fact->hosts.item[i], at))
			return false;
	for (size_t i = 0; i < fact->prefixes; i++) {
		char addr[ADDR_TEXT], text[ADDR_TEXT + 8];

		snprintf(text, sizeof(text), "%s/%u", addr_format(&fact->prefix[i].addr, addr),
		    (unsigned)fact->prefix[i].length);
		if (!see(s, text, at))
			return false;
	}
	return true;
}

bool
rules_overlaps(const struct porch_rules *rules,
    void (*each)(const struct overlap *overlap, void *user), void *user)
{
	struct search s = {.rules = rules, .each = each, .user = user};
	bool fine;

	s.seen = map_new();
	s.pool = pool_new();
	fine = s.seen && s.pool;
	for (size_t i = 0; fine && i < rules->facts.count; i++) {
		const struct fact *fact = rules->facts.item[i];

		if (!fact->dead && (fact->kind == FACT_DESTINATION || fact->kind == FACT_ADDRESS))
			fine = see_receiver(&s, rules->facts.item[i], i);
	}
	map_free(s.seen);
	pool_free(s.pool);
	return fine;
}
