/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/sink.h"

#include <string.h>

static const struct sink_ops *const sinks[] = {
    &sink_terminal,
    &sink_json,
    &sink_ndjson,
    &sink_csv_episodes,
    &sink_csv_destinations,
    &sink_csv_devices,
    &sink_html,
};

const struct sink_ops *
sink_find(const char *name)
{
	for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++) {
		if (strcmp(sinks[i]->name, name) == 0)
			return sinks[i];
	}
	return NULL;
}
