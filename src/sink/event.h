/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_EVENT_H
#define SINK_EVENT_H

#include <porchlight/event.h>

#include "sink/writer.h"

/*
 * One event as one line of NDJSON: the record of its kind as docs/schema/record.schema.json
 * has it, with `boot` and `event`, its number, after `type`; a state has no number.
 */
void event_line(struct writer *w, const struct porch_event *event);

#endif
