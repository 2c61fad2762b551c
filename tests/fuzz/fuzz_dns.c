/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/dns.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads a name to its end: it has one within its bounds, and no capitals. */
static void
check_name(const char name[static DNS_NAME])
{
	size_t len = strnlen(name, DNS_NAME);

	if (len == DNS_NAME)
		abort();
	for (size_t i = 0; i < len; i++)
		if ((uint8_t)name[i] < 0x20 || (name[i] >= 0x41 && name[i] <= 0x5a))
			abort();
}

static bool
check(const struct dns_record *record, void *user)
{
	unsigned *records = user;

	check_name(record->owner);
	check_name(record->target);
	if (++*records > 512)
		abort();
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_header header;
	unsigned records = 0;

	dns_parse(cursor_over(data, size), &header, check, &records);
	records = 0;
	mdns_parse(cursor_over(data, size), &header, check, &records);
	records = 0;
	dns_tcp_parse(cursor_over(data, size), &header, check, &records);
	return 0;
}
