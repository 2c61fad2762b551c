/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_DIFFERENCE_H
#define SINK_DIFFERENCE_H

#include "sink/report.h"
#include "sink/writer.h"

/*
 * What changed from one report to another: devices and receivers that are new, gone or
 * different, by what stays the same about them: a device's MAC, else its address, and a
 * receiver's name, else its address.  In redacted reports, where those are gone, devices go by
 * their names and receivers by theirs.
 */
void difference_text(struct writer *w, const struct report *before, const struct report *after);
void difference_json(struct writer *w, const struct report *before, const struct report *after);

#endif
