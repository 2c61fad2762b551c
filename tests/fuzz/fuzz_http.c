/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/http.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More bytes never turn a refused head into a good one. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http half, whole;
	enum parse_result early = http_parse(cursor_over(data, size / 2), &half);
	enum parse_result late = http_parse(cursor_over(data, size), &whole);

	if (early == PARSE_OTHER && late != PARSE_OTHER)
		abort();
	if (early == PARSE_OK && late != PARSE_OK)
		abort();
	return 0;
}
