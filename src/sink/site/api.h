/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_API_H
#define SINK_SITE_API_H

#include "sink/site/feed.h"
#include "sink/writer.h"

/*
 * The JSON API (docs/openapi.json): records as the contract has them, of this run of the
 * daemon.  what is the last part of the path; false when there is none of that name.
 */
bool api_write(struct writer *w, const struct feed *feed, const char *what);

/* Figures for Prometheus (text format 0.0.4); device names are ids, so that none is a label. */
struct metrics_of_page {
	size_t streams;
	bool silent;
};
void metrics_write(struct writer *w, const struct feed *feed, const char *version,
    const struct metrics_of_page *page);

#endif
