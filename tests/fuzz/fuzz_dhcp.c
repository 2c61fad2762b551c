/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/dhcp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lent text lies inside the payload. */
static void
check_text(const uint8_t *data, size_t size, const struct cursor *text)
{
	if (text->at && (text->at < data || text->end > data + size || text->end < text->at))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dhcp dhcp;

	dhcp_parse(cursor_over(data, size), &dhcp);
	check_text(data, size, &dhcp.host_name);
	check_text(data, size, &dhcp.client_fqdn);
	check_text(data, size, &dhcp.vendor_class);
	check_text(data, size, &dhcp.parameters);
	if (dhcp.mask_length > 32)
		abort();
	return 0;
}
