/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FAIL_ON_H
#define CLI_FAIL_ON_H

#include <stdbool.h>

#include <porchlight/record.h>

/* What --fail-on can be asked to look for. */
enum fail_on {
	FAIL_ON_FOOTAGE = 1 << 0, /* an episode that enters the headline */
	FAIL_ON_TRACKER = 1 << 1, /* a watched device sent a byte to such a party */
	FAIL_ON_EVIDENCE = 1 << 2,
	FAIL_ON_UNKNOWN = 1 << 3,
};

/* Reads "footage,tracker"; false when a word is none of the four, or there is none. */
bool fail_on_parse(const char *list, unsigned *wanted);
bool fail_on_matches(unsigned wanted, const struct porch_document *doc);

#endif
