/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/say.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/escape.h"
#include "base/text.h"

#define LINE_MAX_LEN 2048

void
say(const char *format, ...)
{
	char raw[LINE_MAX_LEN];
	char line[LINE_MAX_LEN * 2];
	struct text text = text_over(line, sizeof(line));
	va_list values;

	va_start(values, format);
	vsnprintf(raw, sizeof(raw), format, values);
	va_end(values);
	text_add(&text, "porchlight: ");
	text_add_escaped(&text, ESCAPE_TERMINAL, raw);
	fprintf(stderr, "%s\n", line);
}

void
say_error(const struct porch_error *error)
{
	char place[64] = "";

	if (error->offset >= 0)
		snprintf(place, sizeof(place), "byte %lld: ", (long long)error->offset);
	say("%s%s%s%s%s%s", error->file, error->file[0] ? ": " : "", error->where,
	    error->where[0] ? ": " : "", place, error->text);
}
