/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHART_H
#define CLI_CHART_H

#include "sink/sink.h"

/*
 * Writes one picture to a file, which takes its name only when it is complete.  False fills
 * *error, and leaves what was there.
 */
bool chart_write(const char *path, const struct porch_document *doc, const char *name,
    const struct sink_style *style, struct porch_error *error);

#endif
