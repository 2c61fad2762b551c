/* SPDX-License-Identifier: Apache-2.0 */
#include "document_scrub.h"

#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "base/serial.h"
#include "base/text.h"

#define TEXT_MAX 4096
#define WORD_MAX 64

static bool
is_of_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The name that begins here, or NULL. */
static const struct scrub_name *
name_at(const struct scrub *scrub, const char *text)
{
	for (size_t i = 0; i < scrub->count; i++) {
		const char *name = scrub->names[i].name;

		if (name[0] && strncasecmp(text, name, strlen(name)) == 0)
			return &scrub->names[i];
	}
	return NULL;
}

/* "192-0-2-7", as host names have it. */
static bool
is_dashed_address(const char *word)
{
	char dots[WORD_MAX];
	struct addr addr;
	size_t i;

	for (i = 0; word[i] && i + 1 < sizeof(dots); i++)
		dots[i] = word[i];
	dots[i] = '\0';
	for (i = 0; dots[i]; i++)
		if (dots[i] == '-')
			dots[i] = '.';
	return strchr(word, '-') && addr_parse(dots, &addr) && addr.family == 4;
}

/* How long the address or MAC is that begins here; 0 when none does. */
static size_t
address_at(const char *text)
{
	size_t len = strspn(text, "0123456789abcdefABCDEF:.-");
	char word[WORD_MAX];
	struct addr addr;
	struct mac mac;

	if (len >= sizeof(word))
		len = sizeof(word) - 1;
	/* What follows a sentence's address may be a dot or a colon. */
	for (; len >= 2; len--) {
		if (is_of_word(text[len]) && is_of_word(text[len - 1]))
			continue;
		memcpy(word, text, len);
		word[len] = '\0';
		if (addr_parse(word, &addr) || mac_parse(word, &mac) || is_dashed_address(word))
			return len;
	}
	return 0;
}

static size_t
serial_at(const struct scrub *scrub, const char *text)
{
	size_t len = 0;

	while (is_of_word(text[len]) || text[len] == '-' || text[len] == '_')
		len++;
	return scrub->serials && serial_looks_like(text, len) ? len : 0;
}

const char *
scrub_text(const struct scrub *scrub, const char *text)
{
	char line[TEXT_MAX];
	struct text out = text_over(line, sizeof(line));
	bool changed = false;

	if (!text)
		return NULL;
	for (const char *at = text; *at;) {
		bool begins = at == text || !is_of_word(at[-1]);
		const struct scrub_name *name = begins ? name_at(scrub, at) : NULL;
		size_t len = name ? strlen(name->name) : begins ? address_at(at) : 0;

		if (len == 0 && begins)
			len = serial_at(scrub, at);
		if (len == 0) {
			text_char(&out, *at++);
			continue;
		}
		text_add(&out, name ? name->instead : "*");
		at += len;
		changed = true;
	}
	return changed ? arena_text(scrub->arena, line) : text;
}
