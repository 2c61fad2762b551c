/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine_advice_state.h"
#include "rules/advice.h"

/* What an inspection library answered, and whom it is told of. */

/* A word of the library's: read, or guessed, or at odds with what our own parsers read. */
static void
take_word(const struct engine *e, const char *we_read, struct advice *advice,
    const struct wire_opinion *opinion, const char *name)
{
	unsigned bit;
	const struct advice_word *word = rules_advice(e->setup.rules, name, &bit);

	if (!word || opinion->basis == BASIS_NONE)
		return;
	if (opinion->basis != BASIS_INSPECTED) {
		advice_set(advice->guessed, bit);
		return;
	}
	advice_set(advice->inspected, bit);
	if (word->protocol && we_read && !advice_fits(word, we_read))
		advice_set(advice->disputed, bit);
}

static void
take_answer(const struct engine *e, const char *we_read, struct advice *advice,
    const struct dpi_advice *said)
{
	const struct wire_opinion *opinion = said->opinion;

	advice->quarantined += said->quarantined;
	if (!opinion)
		return;
	advice->flows++;
	advice->risks |= opinion->risks;
	take_word(e, we_read, advice, opinion, opinion->protocol);
	take_word(e, we_read, advice, opinion, opinion->application);
}

static void
take_advice(const struct dpi_advice *said, void *user)
{
	struct engine *e = user;
	struct adviser *a = e->adviser;
	const struct asked *asked = &a->asked[said->slot];
	struct alike *alike = table_at(a->alike, asked->alike);

	a->sum.flows += said->opinion != NULL;
	a->sum.quarantined += said->quarantined;
	if (alike) {
		take_answer(e, asked->we_read, &alike->advice, said);
		return;
	}
	for (unsigned end = 0; end < 2; end++) {
		struct advice_row *row =
		    asked->row[end] ? table_find(a->rows, &asked->end[end]) : NULL;

		if (row && row->number == asked->row[end])
			take_answer(e, asked->we_read, &row->advice, said);
	}
}

static void
take_loss(const struct dpi_loss *lost, void *user)
{
	struct engine *e = user;
	struct adviser *a = e->adviser;

	if (a->losses == LOSSES_MOST) {
		a->loss[LOSSES_MOST - 1].end = e->now;
		return;
	}
	a->loss[a->losses++] = (struct porch_gap){
	    .start = e->now, .end = e->now, .reason = lost->reason, .worker = true};
}

void
adviser_free(struct adviser *a)
{
	if (!a)
		return;
	table_free(a->rows);
	table_free(a->alike);
	free(a);
}

struct adviser *
adviser_new(struct engine *e, struct dpi *dpi)
{
	struct adviser *a = calloc(1, sizeof(*a));
	struct dpi_listener listener = {.advise = take_advice, .lose = take_loss, .user = e};

	if (!a)
		return NULL;
	a->dpi = dpi;
	a->rows = table_new(e->setup.sizes.destinations, sizeof(struct advice_row),
	    sizeof(struct destination_key), e->setup.seed);
	a->alike = table_new(e->setup.sizes.destinations, sizeof(struct alike), sizeof(uint64_t),
	    e->setup.seed);
	if (!a->rows || !a->alike) {
		adviser_free(a);
		return NULL;
	}
	dpi_listen(dpi, &listener);
	return a;
}

/* What came of it for one receiver. */
static struct advice
advice_of(const struct adviser *a, const struct advice_row *row)
{
	struct advice advice = row->advice;

	for (unsigned i = 0; i < row->asked; i++) {
		const struct alike *alike = table_at(a->alike, row->alike[i]);

		if (alike)
			advice_add(&advice, &alike->advice);
	}
	return advice;
}

/* It goes to the receivers it is about. */
void
engine_advise_result(const struct engine *e, struct table *destinations,
    struct engine_result *result)
{
	const struct adviser *a = e->adviser;

	if (!a)
		return;
	for (const struct advice_row *row = table_first(a->rows); row;
	     row = table_next(a->rows, row)) {
		struct destination *d = table_find(destinations, &row->key);

		if (d)
			d->advice = advice_of(a, row);
	}
	result->advice = a->sum;
	if (a->wanted)
		result->advice.state = dpi_state(a->dpi);
	if (a->wanted && dpi_greeting(a->dpi))
		result->advice.greeting = *dpi_greeting(a->dpi);
	result->losses = a->loss;
	result->loss_count = a->losses;
}

const struct porch_gap *
engine_losses(const struct engine *e, size_t *count)
{
	*count = e->adviser ? e->adviser->losses : 0;
	return e->adviser ? e->adviser->loss : NULL;
}

static void
empty(struct table *table)
{
	void *entry;

	while ((entry = table_oldest(table)) != NULL)
		table_drop(table, entry);
}

/* All are asked about anew; what is on its way is nobody's. */
void
engine_advise_forget(struct engine *e)
{
	struct adviser *a = e->adviser;

	if (!a)
		return;
	empty(a->rows);
	empty(a->alike);
	memset(a->asked, 0, sizeof(a->asked));
}
