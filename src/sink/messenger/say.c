/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/text.h"
#include "sink/messenger/outlet.h"

void
outlet_say(const char *outlet, const char *format, ...)
{
	char said[768];
	char line[1024];
	struct text text = text_over(line, sizeof(line) - 1);
	va_list args;

	va_start(args, format);
	vsnprintf(said, sizeof(said), format, args);
	va_end(args);
	text_addf(&text, "porchlight: %s: ", outlet);
	text_add_escaped(&text, ESCAPE_TERMINAL, said);
	line[text.len++] = '\n';
	if (write(STDERR_FILENO, line, text.len) < 0)
		return; /* nobody is left to say it to */
}
