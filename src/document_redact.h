/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCUMENT_REDACT_H
#define DOCUMENT_REDACT_H

#include <porchlight/engine.h>

/*
 * Takes out of a document what its reader need not know (--redact), and has its findings said
 * anew from what is left, so that no sentence tells more than the records.
 *
 * `home` takes addresses and MACs of the home and of its viewers, Community IDs, display
 * filters, paths of inputs and the options that name any of these; ids become ordinals.
 * `strict` also takes names of devices, serial numbers, dates and minutes: the first day is
 * told as 1 January 1970, and times are rounded down to the hour.
 *
 * sha256 is the hash of the document as it was.  False when out of memory: the document must
 * not be told then.
 */
bool document_redact(struct porch_document *document, const struct porch_rules *rules,
    enum porch_redaction level, const char *sha256);

#endif
