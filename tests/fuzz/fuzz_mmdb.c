/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "rules/geo_record.h"
#include "rules/mmdb.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The first byte is where the record begins, the rest a data section. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint64_t budget = 2 * MMDB_WALK_VALUES;
	struct geo_record record;

	if (len == 0)
		return 0;
	if (geo_record_read(&record, bytes + 1, len - 1, bytes[0], &budget) &&
	    (record.asn > UINT32_MAX || (record.access && record.hosting) ||
	        record.operator_len >= len))
		abort();
	if (budget < MMDB_WALK_VALUES)
		abort();
	return 0;
}
