/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "parse/ndp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The first byte is the ICMPv6 type, the rest what follows its checksum. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct packet packet = {
	    .network = NETWORK_IP,
	    .source = {.family = 6, .bytes = {0xfe, 0x80}},
	    .protocol = IP_ICMPV6,
	    .hop_limit = 255,
	    .has_ports = true,
	};
	struct ndp ndp;

	if (size < 1)
		return 0;
	packet.icmp_type = bytes[0];
	packet.payload = cursor_over(bytes + 1, size - 1);
	ndp_parse(&packet, &ndp);
	if (ndp.prefix_count > NDP_PREFIXES)
		abort();
	for (size_t i = 0; i < ndp.prefix_count; i++)
		if (!prefix_contains(&ndp.prefixes[i].prefix, &ndp.prefixes[i].prefix.addr))
			abort();
	return 0;
}
