/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_state.h"

/*
 * "porchlight claim 1 MAC ADDRESS RULE", with - for what is not known.  Nobody vouches for
 * it, as nobody does for the name that a device gives itself: it weighs the same.
 */
static bool
claim_parse(const char *comment, struct engine_claim *claim)
{
	char mac[MAC_TEXT], addr[ADDR_TEXT], rule[DEVICE_TEXT];
	int end = 0;

	_Static_assert(MAC_TEXT == 18 && ADDR_TEXT == 46 && DEVICE_TEXT == 64, "widths below");
	if (sscanf(comment, "porchlight claim 1 %17s %45s %63s%n", mac, addr, rule, &end) != 3 ||
	    comment[end] != '\0')
		return false;
	*claim = (struct engine_claim){0};
	if (strcmp(mac, "-") != 0 && !mac_parse(mac, &claim->device.mac))
		return false;
	if (strcmp(addr, "-") != 0 && !addr_parse(addr, &claim->device.addr))
		return false;
	memcpy(claim->rule, rule, sizeof(claim->rule));
	return true;
}

void
engine_comment(struct engine *e, const char *comment)
{
	struct engine_claim claim;

	if (!claim_parse(comment, &claim) || e->claims == CLAIMS_MAX)
		return;
	if (!e->claim)
		e->claim = calloc(CLAIMS_MAX, sizeof(*e->claim));
	if (e->claim)
		e->claim[e->claims++] = claim;
	else
		e->out_of_memory = true;
}

void
engine_apply_claims(struct engine *e)
{
	for (size_t i = 0; i < e->claims; i++) {
		struct device *device = table_find(e->devices, &e->claim[i].device);

		if (device)
			device_add_hint(device, HINT_CLAIM, e->claim[i].rule);
	}
}
