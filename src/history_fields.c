/* SPDX-License-Identifier: Apache-2.0 */
#include "history_fields.h"

#include <string.h>

#include "rules/advice.h"

#define TEXTS_MAX 1024
#define WORD_TEXT 64

/* Bits of what was heard of a word of advice. */
#define HEARD_INSPECTED 1U
#define HEARD_GUESSED   2U
#define HEARD_DISPUTED  4U

void
field_flag(struct bytes *b, bool flag)
{
	bytes_number(b, flag);
}

void
field_mac(struct bytes *b, const struct mac *mac)
{
	bytes_add(b, mac->bytes, sizeof(mac->bytes));
}

void
field_addr(struct bytes *b, const struct addr *addr)
{
	bytes_number(b, addr->family);
	bytes_add(b, addr->bytes, addr_size(addr));
}

void
field_sum(struct bytes *b, uint64_t part)
{
	bytes_signed(b, (int64_t)part);
}

void
field_count(struct bytes *b, const struct flow_count *count)
{
	field_sum(b, count->bytes);
	field_sum(b, count->packets);
}

void
field_texts(struct bytes *b, const struct porch_texts *texts)
{
	size_t count = texts->count < TEXTS_MAX ? texts->count : TEXTS_MAX;

	bytes_number(b, count);
	for (size_t i = 0; i < count; i++)
		bytes_text(b, texts->item[i]);
}

static unsigned
heard(const struct advice *advice, unsigned bit)
{
	return (advice_bit(advice->inspected, bit) ? HEARD_INSPECTED : 0) |
	       (advice_bit(advice->guessed, bit) ? HEARD_GUESSED : 0) |
	       (advice_bit(advice->disputed, bit) ? HEARD_DISPUTED : 0);
}

/* Bits are places in a ruleset: written are the words that stand there. */
void
field_advice(struct bytes *b, const struct porch_rules *rules, const struct advice *advice)
{
	const struct advice_word *word;
	unsigned count = 0;

	for (unsigned i = 0; i < ADVICE_BITS && rules_advice_at(rules, i); i++)
		count += heard(advice, i) != 0;
	bytes_number(b, count);
	for (unsigned i = 0; i < ADVICE_BITS && (word = rules_advice_at(rules, i)) != NULL; i++) {
		if (!heard(advice, i))
			continue;
		bytes_text(b, word->word);
		bytes_number(b, heard(advice, i));
	}
	bytes_number(b, advice->risks);
	bytes_signed(b, (int32_t)advice->flows);
	bytes_signed(b, (int32_t)advice->quarantined);
}

bool
field_read_flag(struct cursor *c)
{
	return bytes_read_below(c, 1) != 0;
}

struct mac
field_read_mac(struct cursor *c)
{
	const uint8_t *at = cursor_take(c, sizeof(struct mac));
	struct mac mac = {.bytes = {0}};

	if (at)
		memcpy(mac.bytes, at, sizeof(mac.bytes));
	return mac;
}

struct addr
field_read_addr(struct cursor *c)
{
	static const struct addr none;
	uint8_t family = (uint8_t)bytes_read_below(c, 6);
	const uint8_t *at;

	if (family != 0 && family != 4 && family != 6)
		c->short_read = true;
	if (family == 0)
		return none;
	at = cursor_take(c, family == 4 ? 4 : 16);
	return at ? addr_from_bytes(family, at) : none;
}

uint64_t
field_read_sum(struct cursor *c)
{
	return (uint64_t)bytes_read_signed(c);
}

struct flow_count
field_read_count(struct cursor *c)
{
	struct flow_count count;

	count.bytes = field_read_sum(c);
	count.packets = field_read_sum(c);
	return count;
}

const char *
field_read_text(struct cursor *c, struct arena *arena, size_t max)
{
	size_t len = (size_t)bytes_read_below(c, max);
	const uint8_t *at = cursor_take(c, len);
	char *text = at ? arena_alloc(arena, len + 1) : NULL;

	if (!text || (len > 0 && memchr(at, '\0', len) != NULL)) {
		c->short_read = true;
		return "";
	}
	if (len > 0)
		memcpy(text, at, len);
	return text;
}

struct porch_texts
field_read_texts(struct cursor *c, struct arena *arena)
{
	size_t count = (size_t)bytes_read_below(c, TEXTS_MAX);
	const char **list = arena_alloc(arena, (count + 1) * sizeof(*list));

	if (!list)
		c->short_read = true;
	for (size_t i = 0; i < count && !c->short_read; i++)
		list[i] = field_read_text(c, arena, cursor_left(c));
	return (struct porch_texts){.item = list, .count = c->short_read ? 0 : count};
}

/* A word that the rules do not know any more says nothing. */
static void
hear(struct advice *advice, const struct porch_rules *rules, const char *word, unsigned how)
{
	const struct advice_word *known;

	for (unsigned i = 0; i < ADVICE_BITS && (known = rules_advice_at(rules, i)) != NULL; i++) {
		if (strcmp(known->word, word) != 0)
			continue;
		if (how & HEARD_INSPECTED)
			advice_set(advice->inspected, i);
		if (how & HEARD_GUESSED)
			advice_set(advice->guessed, i);
		if (how & HEARD_DISPUTED)
			advice_set(advice->disputed, i);
	}
}

struct advice
field_read_advice(struct cursor *c, const struct porch_rules *rules)
{
	struct advice advice = {.flows = 0};
	size_t count = (size_t)bytes_read_below(c, ADVICE_BITS);

	for (size_t i = 0; i < count && !c->short_read; i++) {
		char word[WORD_TEXT];
		unsigned how;

		bytes_read_text(c, word, sizeof(word));
		how = (unsigned)bytes_read_below(c, 7);
		if (!c->short_read && rules)
			hear(&advice, rules, word, how);
	}
	advice.risks = (uint32_t)bytes_read_below(c, RISKS);
	advice.flows = (uint32_t)bytes_read_signed(c);
	advice.quarantined = (uint32_t)bytes_read_signed(c);
	return advice;
}

bool
field_end(const struct cursor *c)
{
	return !c->short_read && cursor_left(c) == 0;
}
