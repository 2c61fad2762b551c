/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What JSON escapes, a JSON parser must take; every escape is valid UTF-8 without controls. */
static void
check(enum escape escape, const char *name)
{
	size_t room = 8 + strlen(name) * ESCAPE_MAX;
	char *out = malloc(room);
	struct text text;
	uint32_t code;

	if (!out)
		abort();
	text = text_over(out, room);
	text_add(&text, "[\"");
	text_add_escaped(&text, escape, name);
	text_add(&text, "\"]");
	if (text.cut)
		abort();
	for (size_t at = 0; at < text.len;) {
		size_t size = utf8_decode(out + at, text.len - at, &code);

		if (size == 0 || (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0))
			abort();
		at += size;
	}
	if (escape == ESCAPE_JSON) {
		json_t *root = json_loads(out, 0, NULL);

		if (!root)
			abort();
		json_decref(root);
	}
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = malloc(size + 1);

	if (!name)
		abort();
	if (size > 0)
		memcpy(name, data, size);
	name[size] = '\0';
	for (enum escape escape = ESCAPE_JSON; escape <= ESCAPE_HTML; escape++)
		check(escape, name);
	(void)utf8_columns(name);
	free(name);
	return 0;
}
