/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_DIGEST_H
#define SINK_DIGEST_H

#include <porchlight/record.h>

#include "words/words.h"

/*
 * What the summaries tell of a document: a row per device and a row per receiver, added up
 * once so that every page and line shows the same numbers.
 *
 * Names are as devices and users wrote them: whoever shows them escapes them.
 */

#define DIGEST_NAME 256

struct device_row {
	const struct porch_device *device;
	char name[DIGEST_NAME];
	uint64_t uploads; /* episodes that enter the headline */
	int64_t last;     /* start of the last of them, or PORCH_NO_TIME */
	const struct porch_destination
	    *mostly; /* where most footage, else most bytes go; or NULL */
};

struct receiver_row {
	char name[DIGEST_NAME];
	enum porch_party party;
	char countries[64]; /* "US, IE", or "" */
	uint64_t sent;
	uint64_t footage;
	size_t destinations; /* how many are one row */
};

struct digest {
	struct device_row *devices; /* watched ones, or all; in the document's order */
	size_t device_count;
	struct receiver_row *receivers; /* outside ones of watched devices, most footage first */
	size_t receiver_count;
	size_t doorbells;
	size_t others_like_cameras; /* cameras and hubs */
};

/*
 * With all, unwatched devices are listed too, and every receiver has a row of its own;
 * else one organisation is one row, as are the trackers together and all that is not known.
 * NULL when out of memory.
 */
struct digest *digest_new(const struct porch_document *doc, const struct speaker *speaker,
    bool all);
void digest_free(struct digest *digest);

/* Label, name it gave itself, maker and kind, address, MAC: the first that is known. */
void digest_device_name(const struct speaker *speaker, const struct porch_device *device,
    char *text, size_t size);
/* Organisation, name or address. */
void digest_receiver_name(const struct speaker *speaker, const struct porch_destination *to,
    char *text, size_t size);
/* The short word of a party for people: "direct" for a peer. */
enum say party_said(enum porch_party party);

#endif
