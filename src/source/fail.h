/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_FAIL_H
#define SOURCE_FAIL_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <porchlight/error.h>

/* Says where (-1: nowhere) and why; the file is named by whoever knows it. */
__attribute__((format(printf, 3, 4))) static inline void
fail(struct porch_error *error, int64_t offset, const char *why, ...)
{
	va_list arguments;

	error->offset = offset;
	error->where[0] = '\0';
	va_start(arguments, why);
	vsnprintf(error->text, sizeof(error->text), why, arguments);
	va_end(arguments);
}

#endif
