/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/host.h"
#include "rules/host_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Lines: the first is a host, the others are patterns.  What wins must match. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct host_index *index = host_index_new();
	char *text = malloc(len + 1), *save = NULL, *line, host[HOST_TEXT];
	const char *pattern[256];
	uint32_t count = 0, before, found;

	memcpy(text, bytes, len);
	text[len] = '\0';
	line = strtok_r(text, "\n", &save);
	if (line && host_normalise(host, line)) {
		while ((line = strtok_r(NULL, "\n", &save)) && count < 256)
			if (!host_index_fault(line) && !host_index_add(index, line, count, &before))
				pattern[count++] = line;
		found = host_index_find(index, host);
		if (found != HOST_INDEX_NONE && pattern[found][0] != '.' &&
		    !glob_matches(pattern[found], strlen(pattern[found]), host, strlen(host)))
			abort();
	}
	free(text);
	host_index_free(index);
	return 0;
}
