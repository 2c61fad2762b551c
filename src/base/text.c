/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text
text_over(char *at, size_t size)
{
	at[0] = '\0';
	return (struct text){.at = at, .size = size};
}

void
text_bytes(struct text *text, const char *more, size_t len)
{
	size_t room = text->size - 1 - text->len;

	if (len > room) {
		len = room;
		text->cut = true;
	}
	memcpy(text->at + text->len, more, len);
	text->len += len;
	text->at[text->len] = '\0';
}

void
text_char(struct text *text, char c)
{
	if (text->len + 1 < text->size) {
		text->at[text->len++] = c;
		text->at[text->len] = '\0';
	} else {
		text->cut = true;
	}
}

void
text_add(struct text *text, const char *more)
{
	text_bytes(text, more, strlen(more));
}

void
text_addf(struct text *text, const char *format, ...)
{
	size_t room = text->size - text->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text->at + text->len, room, format, args);
	va_end(args);
	if (len < 0) {
		text->at[text->len] = '\0';
		text->cut = true;
	} else if ((size_t)len >= room) {
		text->len = text->size - 1;
		text->cut = true;
	} else {
		text->len += (size_t)len;
	}
}
