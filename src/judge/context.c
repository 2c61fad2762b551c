/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/context.h"

#include <string.h>

#include "rules/context.h"

static struct porch_statement
tell(const struct statement *s)
{
	const struct statement *by = s->superseded_by;

	return (struct porch_statement){
	    .stated = s->stated,
	    .said_by = s->said_by,
	    .text = s->text,
	    .quote = s->quote,
	    .answer = s->answer_of_the_maker,
	    .superseded_on = by ? by->stated : NULL,
	    .withdraws = s->withdraws ? s->withdraws->stated : NULL,
	    .withdrawn = by && by->withdraws == s,
	    .source = s->rule.source_what,
	    .source_seen = s->rule.source_seen,
	};
}

/* False when out of memory; a maker nothing was said of has no context. */
static bool
add_maker(const struct porch_rules *rules, struct arena *arena, const struct vendor *vendor,
    struct porch_context *context)
{
	struct porch_statement *list;
	size_t count = 0;

	while (rules_statement(rules, vendor, count))
		count++;
	list = arena_alloc(arena, (count + 1) * sizeof(*list));
	if (!list)
		return false;
	for (size_t i = 0; i < count; i++)
		list[i] = tell(rules_statement(rules, vendor, i));
	*context = (struct porch_context){
	    .maker = vendor->name,
	    .limit = rules_statement_limit(rules, vendor),
	    .statements = list,
	    .statement_count = count,
	};
	return true;
}

bool
contexts_make(const struct porch_rules *rules, struct arena *arena, struct porch_document *doc)
{
	struct porch_context *list = arena_alloc(arena, (doc->device_count + 1) * sizeof(*list));

	doc->contexts = list;
	for (size_t i = 0; list && i < doc->device_count; i++) {
		const struct porch_device *d = &doc->devices[i];
		const struct vendor *vendor =
		    d->watched && d->vendor ? rules_vendor(rules, d->vendor) : NULL;
		bool told = !vendor || !rules_statement(rules, vendor, 0);

		for (size_t k = 0; vendor && k < doc->context_count; k++)
			told = told || strcmp(list[k].maker, vendor->name) == 0;
		if (told)
			continue;
		if (!add_maker(rules, arena, vendor, &list[doc->context_count]))
			return false;
		doc->context_count++;
	}
	return list != NULL;
}
