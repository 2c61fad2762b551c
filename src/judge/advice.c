/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/advice.h"

#include <string.h>

#include "rules/advice.h"

/* The first bit at or after one that is set, or ADVICE_BITS: few are. */
static unsigned
next_bit(const uint64_t bits[static ADVICE_BITS / 64], unsigned bit)
{
	while (bit < ADVICE_BITS && !advice_bit(bits, bit))
		bit = bits[bit / 64] >> bit % 64 ? bit + 1 : (bit / 64 + 1) * 64;
	return bit;
}

/* The word of the first bit at or after *bit that is set, which *bit becomes; NULL for none. */
static const struct advice_word *
next_word(const struct porch_rules *rules, const uint64_t bits[static ADVICE_BITS / 64],
    unsigned *bit)
{
	*bit = next_bit(bits, *bit);
	return *bit < ADVICE_BITS ? rules_advice_at(rules, *bit) : NULL;
}

size_t
advice_features(const struct porch_rules *rules, const struct advice *advice,
    struct porch_feature f[static ADVICE_FEATURES])
{
	int64_t heard[ADVICE_USES] = {0};
	const struct advice_word *word;
	size_t n = 0;

	for (unsigned bit = 0; (word = next_word(rules, advice->inspected, &bit)) != NULL; bit++)
		heard[word->use]++;
	f[n++] = (struct porch_feature){"advice_calls", heard[ADVICE_USE_CALL], "applications"};
	f[n++] =
	    (struct porch_feature){"advice_consoles", heard[ADVICE_USE_CONSOLE], "applications"};
	f[n++] =
	    (struct porch_feature){"advice_streaming", heard[ADVICE_USE_STREAMING], "applications"};
	f[n++] = (struct porch_feature){"advice_phone", heard[ADVICE_USE_PHONE], "applications"};
	f[n++] =
	    (struct porch_feature){"advice_computer", heard[ADVICE_USE_COMPUTER], "applications"};
	f[n++] = (struct porch_feature){"advice_hidden", heard[ADVICE_USE_HIDDEN], "protocols"};
	return n;
}

static bool
is_listed(const struct porch_texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->item[i], text) == 0)
			return true;
	return false;
}

/* Words that were said of it, for a reason or by a guess; how many. */
static size_t
words_of(const struct advice *advice, uint64_t said[static ADVICE_BITS / 64])
{
	size_t count = 0;

	for (unsigned i = 0; i < ADVICE_BITS / 64; i++)
		said[i] = advice->inspected[i] | advice->guessed[i];
	for (unsigned bit = 0; (bit = next_bit(said, bit)) < ADVICE_BITS; bit++)
		count++;
	return count;
}

/* Ours stand first; the library's that are not among them follow. */
static void
add_protocols(const struct porch_rules *rules, const struct advice *advice, size_t words,
    struct arena *arena, struct porch_destination *d)
{
	struct porch_texts ours = d->protocols;
	const char **list = arena_alloc(arena, (ours.count + words) * sizeof(*list));
	const struct advice_word *word;

	if (!list)
		return;
	for (size_t i = 0; i < ours.count; i++)
		list[i] = ours.item[i];
	d->protocols.item = list;
	for (unsigned bit = 0; (word = next_word(rules, advice->inspected, &bit)) != NULL; bit++)
		if (word->protocol && !is_listed(&ours, word->word))
			list[d->protocols.count++] = word->word;
}

static enum porch_answer
agrees(const struct advice_word *word, const struct advice *advice, unsigned bit,
    const struct porch_texts *ours)
{
	if (advice_bit(advice->disputed, bit))
		return PORCH_ANSWER_NO;
	for (size_t i = 0; word->protocol && i < ours->count; i++)
		if (advice_fits(word, ours->item[i]))
			return PORCH_ANSWER_YES;
	return PORCH_ANSWER_UNKNOWN;
}

/* What is not right about flows to it, in the words of findings. */
static struct porch_texts
risks_of(const struct advice *advice, struct arena *arena)
{
	static const char *const words[] = {
	    "clear-text-credentials", "obsolete-tls", "self-signed"};
	const char **list = arena_alloc(arena, sizeof(words));
	struct porch_texts risks = {.item = list};

	for (unsigned i = 0; list && i < sizeof(words) / sizeof(words[0]); i++)
		if (advice->risks >> i & 1)
			list[risks.count++] = words[i];
	arena_keep(arena, list, risks.count * sizeof(*list));
	return risks;
}

void
advice_tell(const struct porch_rules *rules, const struct destination *row, struct arena *arena,
    struct porch_destination *d)
{
	const struct advice *advice = &row->advice;
	uint64_t said[ADVICE_BITS / 64];
	size_t words = words_of(advice, said);
	struct porch_opinion *list = arena_alloc(arena, words * sizeof(*list));
	struct porch_texts ours = d->protocols;
	const struct advice_word *word;

	d->advice = list;
	for (unsigned bit = 0; list && (word = next_word(rules, said, &bit)) != NULL; bit++) {
		bool inspected = advice_bit(advice->inspected, bit);

		list[d->advice_count++] = (struct porch_opinion){
		    .word = word->word,
		    .use = advice_use_word(word->use),
		    .inspected = inspected,
		    .agrees = inspected ? agrees(word, advice, bit, &ours) : PORCH_ANSWER_UNKNOWN,
		};
	}
	add_protocols(rules, advice, words, arena, d);
	d->risks = risks_of(advice, arena);
}
