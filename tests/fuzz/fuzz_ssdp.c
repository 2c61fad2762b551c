/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/ssdp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssdp ssdp;

	if (ssdp_parse(cursor_over(data, size), &ssdp) == PARSE_OK &&
	    ssdp.request != (ssdp.kind != SSDP_ANSWER))
		abort();
	return 0;
}
