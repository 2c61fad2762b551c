/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_INSPECTOR_H
#define DPI_INSPECTOR_H

#include <stdbool.h>

#include "dpi/wire.h"

/*
 * The library that inspects, one flow at a time: dpi_ndpi.c, or dpi_none.c where there is
 * none.  Only the process that may die knows it.
 */
struct inspector;

/* NULL when there is no library, or when it cannot be used as it should. */
struct inspector *inspector_new(void);
/* "4.2.0", or "" */
const char *inspector_library(void);
/* Whether DTLS is looked into. */
bool inspector_reads_dtls(void);

void inspector_begin(struct inspector *inspector, const struct wire_question *flow);
/* True when further slices would change nothing. */
bool inspector_see(struct inspector *inspector, const struct wire_slice *slice);
/* Fills all of *opinion but its number. */
void inspector_end(struct inspector *inspector, struct wire_opinion *opinion);

#endif
