/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/page/html.h"

#include <string.h>

#include "base/text.h"
#include "sink/sink.h"
#include "words/numbers.h"

#define ELLIPSIS   "\xe2\x80\xa6"
#define GLOSS_TEXT 1024

void
html_markup(struct html *h, const char *literal, size_t len)
{
	write_bytes(h->w, literal, len);
}

void
html_text(struct html *h, const char *text)
{
	write_escaped(h->w, ESCAPE_HTML, text ? text : "");
}

void
html_name(struct html *h, const char *text)
{
	markup(h, "<bdi>");
	html_text(h, text);
	markup(h, "</bdi>");
}

void
html_short(struct html *h, const char *text, size_t columns)
{
	const char *at = text;

	for (size_t shown = 0; *at; shown++) {
		uint32_t code;
		size_t size = utf8_decode(at, strnlen(at, 4), &code);
		char out[ESCAPE_MAX];

		if (shown + 1 >= columns && at[size ? size : 1] != '\0') {
			markup(h, ELLIPSIS);
			return;
		}
		write_bytes(h->w, out, escape_next(ESCAPE_HTML, &at, out));
	}
}

void
html_u64(struct html *h, uint64_t number)
{
	write_u64(h->w, number);
}

void
html_tenths(struct html *h, int64_t tenths)
{
	if (tenths < 0)
		write_char(h->w, '-');
	write_u64(h->w, (uint64_t)(tenths < 0 ? -tenths : tenths) / 10);
	if (tenths % 10 != 0) {
		write_char(h->w, '.');
		write_u64(h->w, (uint64_t)(tenths < 0 ? -tenths : tenths) % 10);
	}
}

void
html_id(struct html *h, char letter, uint64_t id)
{
	char text[ID_TEXT];

	write_text(h->w, id_format(letter, id, text));
}

/* Pieces come as they are filled: a text may hold NULs of none. */
static void
escape_piece(struct html *h, const char *text, size_t len)
{
	char line[512];

	while (len > 0) {
		size_t part = len < sizeof(line) ? len : sizeof(line) - 1;

		while (part > 1 && part < len && ((unsigned char)text[part] & 0xc0) == 0x80)
			part--;
		memcpy(line, text, part);
		line[part] = '\0';
		html_text(h, line);
		text += part;
		len -= part;
	}
}

/* "165 h 50 min" is read from left to right wherever it stands. */
static bool
is_mirrored(const struct html *h)
{
	return strcmp(language_direction(h->speaker.language), "rtl") == 0;
}

static void
element_piece(enum piece piece, const char *text, size_t len, void *user)
{
	struct html *h = user;

	bool apart = piece == PIECE_NAME || (piece == PIECE_NUMBER && is_mirrored(h));

	if (apart)
		markup(h, "<bdi>");
	escape_piece(h, text, len);
	if (apart)
		markup(h, "</bdi>");
}

static void
attribute_piece(enum piece piece, const char *text, size_t len, void *user)
{
	(void)piece;
	escape_piece(user, text, len);
}

void
html_say(struct html *h, const struct porch_phrase *phrase)
{
	words_say(&h->speaker, phrase, element_piece, h);
}

void
html_label(struct html *h, const struct porch_phrase *phrase)
{
	words_say(&h->speaker, phrase, attribute_piece, h);
}

void
html_gloss(struct html *h, const char *english)
{
	char room[GLOSS_TEXT];
	struct text text = text_over(room, sizeof(room));
	bool known = words_retell(&h->speaker, english, &text) && !text.cut;

	if (!known)
		markup(h, "<span lang=\"en\">");
	html_text(h, known ? room : english);
	if (!known)
		markup(h, "</span>");
}

static void
number_of(struct html *h, const struct porch_slot *slot)
{
	char text[WORDS_NUMBER];

	words_number(&h->speaker, slot, text);
	element_piece(PIECE_NUMBER, text, strlen(text), h);
}

void
html_bytes(struct html *h, uint64_t bytes)
{
	const struct porch_slot slot = BYTES("bytes", bytes);

	number_of(h, &slot);
}

void
html_number(struct html *h, uint64_t number)
{
	const struct porch_slot slot = NUMBER("number", number);

	number_of(h, &slot);
}

void
html_duration(struct html *h, uint64_t micros)
{
	const struct porch_slot slot = LASTED("duration", micros);

	number_of(h, &slot);
}

void
html_count(struct html *h, enum say key, uint64_t count)
{
	say(h, SAY_ONLY, COUNT("it", key, count));
}

void
word(struct html *h, enum say key)
{
	const struct porch_phrase phrase = {.key = words_key(key)};

	html_label(h, &phrase);
}

void
html_row_begin(struct html *h, enum say name)
{
	markup(h, "<div><dt>");
	word(h, name);
	markup(h, "</dt><dd>");
}

void
html_row_end(struct html *h)
{
	markup(h, "</dd></div>\n");
}
