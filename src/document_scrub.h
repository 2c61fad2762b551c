/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCUMENT_SCRUB_H
#define DOCUMENT_SCRUB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Texts of a document without what a redaction takes out of them. */

/* What stands for a name, wherever the name stands. */
struct scrub_name {
	const char *name;
	const char *instead;
};

struct scrub {
	struct arena *arena;
	const struct scrub_name *names; /* longest first */
	size_t count;
	bool serials; /* labels that look like serial numbers go too */
};

/*
 * A copy in which IP addresses, MACs and, of the names, each is replaced; `*` stands for an
 * address.  NULL for NULL text.  The text itself when nothing of it goes.
 */
const char *scrub_text(const struct scrub *scrub, const char *text);

#endif
