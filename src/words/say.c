/* SPDX-License-Identifier: Apache-2.0 */

/* Fills templates: literal text, then a slot, each in pieces to whoever writes them. */

#include <string.h>

#include "base/escape.h"
#include "base/format.h"
#include "words/catalogue.h"
#include "words/numbers.h"

#define PIECE_MAX 512
#define DEPTH     4 /* phrases within phrases */

struct voice {
	const struct speaker *speaker;
	const struct language *language;
	words_out *out;
	void *user;
	unsigned depth;
};

static void say_form(struct voice *v, const char *form, const struct porch_slot *slots,
    bool capital);

/* Letters that look foreign and take more room: English grows by two fifths. */
static const char *
stretch(char c)
{
	static const char letters[] = "aeiouystAEIOUY";
	static const char *const longer[] = {"\xc3\xa5\xc3\xa0", "\xc3\xa9\xc3\xab",
	    "\xc3\xae\xc3\xac", "\xc3\xb8\xc3\xb6", "\xc3\xbb\xc3\xbc", "\xc3\xbd",
	    "\xc5\xa1\xc5\x9f", "\xc5\xa5\xc5\xa3", "\xc3\x85", "\xc3\x89", "\xc3\x8e", "\xc3\x98",
	    "\xc3\x9b", "\xc3\x9d"};
	const char *at = c ? strchr(letters, c) : NULL;

	return at ? longer[at - letters] : NULL;
}

/* What a terminal without UTF-8 shows instead. */
static const char *
plain_letters(uint32_t code)
{
	static const struct {
		uint32_t code;
		const char *text;
	} table[] = {{0xa0, " "}, {0xa9, "(c)"}, {0xc4, "Ae"}, {0xd6, "Oe"}, {0xdc, "Ue"},
	    {0xdf, "ss"}, {0xe4, "ae"}, {0xe9, "e"}, {0xf6, "oe"}, {0xfc, "ue"}, {0x2013, "-"},
	    {0x2019, "'"}, {0x201c, "\""}, {0x201d, "\""}, {0x201e, "\""}, {0x2026, "..."}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].code == code)
			return table[i].text;
	return code < 0x80 ? NULL : "?";
}

static void
tell(const struct voice *v, enum piece piece, struct text *text)
{
	if (text->len > 0)
		v->out(piece, text->at, text->len, v->user);
	*text = text_over(text->at, text->size);
}

/* One character of ours, as this speaker writes it. */
static void
add_letter(const struct voice *v, struct text *text, const char **at)
{
	uint32_t code = 0;
	size_t size = utf8_decode(*at, strnlen(*at, 4), &code);
	const char *other = NULL;

	if (size == 0)
		size = 1;
	if (v->speaker->ascii)
		other = plain_letters(code);
	else if (v->language->stretched && size == 1)
		other = stretch(**at);
	if (other)
		text_add(text, other);
	else
		text_bytes(text, *at, size);
	*at += size;
}

static void
say_words(const struct voice *v, enum piece piece, const char *from, size_t len)
{
	char line[PIECE_MAX];
	struct text text = text_over(line, sizeof(line));
	const struct voice same = {.speaker = v->speaker, .language = &language_english};
	const char *at = from;

	while (at < from + len) {
		if (text.len + 8 > sizeof(line))
			tell(v, piece, &text);
		add_letter(piece == PIECE_WORDS ? v : &same, &text, &at);
	}
	tell(v, piece, &text);
}

/* The first letter as a capital; the languages there are have no other first letters. */
static void
say_capital(struct voice *v, const char *form, const struct porch_slot *slots)
{
	char first[3] = {form[0], form[1], '\0'};
	size_t size = 1;

	if (form[0] >= 'a' && form[0] <= 'z')
		first[0] = (char)(form[0] - 'a' + 'A');
	if ((unsigned char)form[0] == 0xc3 && (unsigned char)form[1] >= 0xa0) {
		first[1] = (char)(form[1] - 0x20);
		size = 2;
	}
	if (form[0] == '{') {
		say_form(v, form, slots, true);
		return;
	}
	say_words(v, PIECE_WORDS, first, size);
	say_form(v, form + size, slots, false);
}

static void
say_saying(struct voice *v, const char *key, uint64_t count, const struct porch_slot *slots,
    bool capital)
{
	enum say found = words_find(key);
	const char *form;

	if (found == SAYINGS || v->depth == DEPTH)
		return;
	form = v->language->sayings[found].form[v->language->plural(count)];
	v->depth++;
	if (capital)
		say_capital(v, form, slots);
	else
		say_form(v, form, slots, false);
	v->depth--;
}

static void
say_number(const struct voice *v, const struct porch_slot *slot)
{
	char number[WORDS_NUMBER];

	words_number(v->speaker, slot, number);
	say_words(v, PIECE_NUMBER, number, strlen(number));
}

static void
say_slot(struct voice *v, const struct porch_slot *slot, bool capital)
{
	const struct porch_slot count[] = {NUMBER("n", slot->number), NO_SLOT};

	switch (slot->kind) {
	case PORCH_SLOT_NAME:
		if (slot->text)
			v->out(PIECE_NAME, slot->text, strlen(slot->text), v->user);
		break;
	case PORCH_SLOT_WORD:
		say_saying(v, slot->text, 1, slot->inner, capital);
		break;
	case PORCH_SLOT_COUNT:
		say_saying(v, slot->text, slot->number, count, capital);
		break;
	default:
		say_number(v, slot);
	}
}

static bool
same_name(const char *name, const char *asked, size_t len)
{
	char first = asked[0];

	if (first >= 'A' && first <= 'Z')
		first = (char)(first - 'A' + 'a');
	return name[0] == first && strlen(name) == len && memcmp(name + 1, asked + 1, len - 1) == 0;
}

/* Of "{device} sent {bytes}": words, a slot, words, a slot. */
static void
say_form(struct voice *v, const char *form, const struct porch_slot *slots, bool capital)
{
	while (*form) {
		size_t plain = strcspn(form, "{");
		size_t len = form[plain] ? strcspn(form + plain, "}") - 1 : 0;
		const char *asked = form + plain + 1;
		const struct porch_slot *slot = slots;

		say_words(v, PIECE_WORDS, form, plain);
		if (!form[plain])
			return;
		while (slot && slot->name && !same_name(slot->name, asked, len))
			slot++;
		if (slot && slot->name)
			say_slot(v, slot, capital || (asked[0] >= 'A' && asked[0] <= 'Z'));
		else
			say_words(v, PIECE_WORDS, form + plain, len + 2);
		capital = false;
		form = asked + len + 1;
	}
}

void
words_say(const struct speaker *speaker, const struct porch_phrase *phrase, words_out *out,
    void *user)
{
	struct voice v = {.speaker = speaker,
	    .language = speaker->language ? speaker->language : &language_english,
	    .out = out,
	    .user = user};

	say_saying(&v, phrase->key, 1, phrase->slots, false);
}

static void
add_piece(enum piece piece, const char *text, size_t len, void *user)
{
	(void)piece;
	text_bytes(user, text, len);
}

void
words_add(const struct speaker *speaker, const struct porch_phrase *phrase, struct text *text)
{
	words_say(speaker, phrase, add_piece, text);
}
