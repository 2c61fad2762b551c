/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/traffic.h"

#include <string.h>

#include "judge/content.h"
#include "rules/model.h"

/* A host of which a rule says that footage or pictures go there. */
static bool
takes_footage(const struct porch_rules *rules, const struct destination *row)
{
	struct receiver found;

	if (!row || row->local || !row->name || row->contradicted ||
	    !rules_host(rules, row->name, &found))
		return false;
	for (size_t i = 0; i < found.purposes.count; i++)
		if (strcmp(found.purposes.item[i], "footage") == 0 ||
		    strcmp(found.purposes.item[i], "picture") == 0)
			return true;
	return false;
}

void
traffic_see(struct device_traffic *t, const struct porch_rules *rules,
    const struct track_episode *e, const struct destination *row)
{
	int64_t still = 0;

	if (content_is_stream(rules, e)) {
		if (e->sums.bytes_up >= 2 * e->sums.bytes_down)
			t->streams++;
		else if (e->sums.bytes_down >= e->sums.bytes_up / 2)
			t->calls++;
		t->peer_streams += e->after_rendezvous;
	}
	if (e->opened == OPENED_BY_UPLOAD &&
	    rules_number(rules, "content.still_bytes", &still, NULL) &&
	    (int64_t)e->sums.bytes_up >= still && takes_footage(rules, row))
		t->to_footage_hosts++;
}
