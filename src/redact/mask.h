/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDACT_MASK_H
#define REDACT_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/host.h"
#include "redact/pseudonym.h"

/*
 * Which host names stay.  A name stays when the rules know it, or when the capture shows that
 * it leads out of the home; of those, labels that look like a device's serial number go.  Of
 * any other name every label goes but the last, and what stands in their place has the same
 * length, so that a message keeps its shape.
 */
struct masks;

/*
 * At most max names are remembered (0: 65,536).  Rules and pseudonyms outlive the masks.  NULL
 * when out of memory.
 */
struct masks *masks_new(const struct porch_rules *rules, struct pseudonyms *pseudonyms, size_t max);
void masks_free(struct masks *masks);

/* This host, in normal form, leads out of the home. */
void masks_keep(struct masks *masks, const char *host);

/*
 * Writes what stands in place of host, which is in normal form, and returns whether anything
 * changed.  out has host's length.
 */
bool masks_host(struct masks *masks, const char *host, char out[static HOST_TEXT]);

#endif
