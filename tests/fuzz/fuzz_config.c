/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/config.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What was refused says why, and what was read are texts that end. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *argv[] = {(char[]){"replay"}, NULL};
	struct porch_error error;
	struct options options;

	if (!options_read(&options, FOR_REPLAY, 1, argv, &error))
		abort();
	if (!config_parse("fuzz", (const char *)bytes, len, &options, &error) && !error.text[0])
		abort();
	for (size_t i = 0; i < options.arguments.count; i++)
		if (!options.arguments.item[i])
			break; /* the one that was refused */
		else if (!options.arguments.item[i][0])
			abort();
	options_free(&options);
	return 0;
}
