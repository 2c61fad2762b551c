/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/advice.h"

#include <string.h>

#include "rules/loading.h"

static const char *const uses[] = {
    "none", "call", "console", "streaming", "phone", "computer", "hidden", NULL};

static bool
load_word(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "protocol", "fits", "use", "names", NULL};
	struct advice_fact *fact = reader_take(&l->reader, sizeof(*fact));
	struct advice_word *word = fact ? &fact->word : NULL;
	struct reader *r = &l->reader;
	unsigned use = ADVICE_USE_NONE;

	if (!fact || !reader_keys(r, object, keys) ||
	    !loading_fact(l, object, FACT_ADVICE, &fact->fact) ||
	    !reader_flag(r, object, "protocol", &word->protocol) ||
	    !reader_texts(r, object, "fits", false, &word->fits) ||
	    !reader_word(r, object, "use", false, uses, &use) ||
	    !reader_texts(r, object, "names", true, &word->names))
		return false;
	word->use = (enum advice_use)use;
	word->word = strchr(fact->fact.rule.id, '#') + 1;
	word->rule = fact->fact.rule;
	return true;
}

bool
load_advice(struct loading *l, json_t *root)
{
	static const char *const keys[] = {FILE_KEYS, "advice", NULL};

	return reader_keys(&l->reader, root, keys) && loading_head(l, root) &&
	       loading_each(l, root, "advice", load_word);
}

bool
advice_index(struct porch_rules *rules, struct reader *r, const struct advice_fact *fact)
{
	const struct porch_texts *names = &fact->word.names;
	uint32_t bit = (uint32_t)rules->advice.count;

	if (bit == ADVICE_WORDS)
		return reader_fail(r, "more than %d words of advice", ADVICE_WORDS);
	if (list_add(&rules->advice, (void *)(uintptr_t)&fact->word) != 0)
		return reader_fail(r, "out of memory");
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->item[i];

		if (map_find(rules->advice_names, name, strlen(name)) != MAP_NONE)
			return reader_fail(r, "names[%zu]: another word has it too", i);
		if (map_put(rules->advice_names, name, strlen(name), bit) != 0)
			return reader_fail(r, "out of memory");
	}
	return true;
}

const struct advice_word *
rules_advice(const struct porch_rules *rules, const char *name, unsigned *bit)
{
	uint32_t at = map_find(rules->advice_names, name, strlen(name));

	if (at == MAP_NONE)
		return NULL;
	*bit = at;
	return rules->advice.item[at];
}

const struct advice_word *
rules_advice_at(const struct porch_rules *rules, unsigned bit)
{
	return bit < rules->advice.count ? rules->advice.item[bit] : NULL;
}

bool
advice_fits(const struct advice_word *word, const char *other)
{
	bool fits = strcmp(word->word, other) == 0;

	for (size_t i = 0; i < word->fits.count; i++)
		fits = fits || strcmp(word->fits.item[i], other) == 0;
	return fits;
}

const char *
advice_use_word(enum advice_use use)
{
	return use == ADVICE_USE_NONE ? NULL : uses[use];
}
