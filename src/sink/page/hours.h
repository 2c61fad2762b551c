/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_PAGE_HOURS_H
#define SINK_PAGE_HOURS_H

#include "sink/page/chart.h"

/*
 * Bytes of uploads that look like footage, by row and bar of the model's scale; of one row of
 * devices, or of all with SIZE_MAX.  NULL when out of memory; freed by the caller.
 */
uint64_t *hours_bars(const struct model *m, size_t device);

#endif
