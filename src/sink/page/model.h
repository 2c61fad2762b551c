/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_PAGE_MODEL_H
#define SINK_PAGE_MODEL_H

#include "crypto/hash.h"
#include "sink/digest.h"
#include "sink/page/scale.h"
#include "sink/sink.h"

/*
 * The numbers of a page, added up once: what the headline, the cards, the charts, the lists
 * and the annexes say is the same because it is the same number.
 */

struct upload {
	const struct porch_episode *episode;
	const struct porch_destination *to; /* or NULL */
	size_t device;                      /* index of the device's row */
	size_t row;                         /* of the scale, where it begins; SIZE_MAX: in none */
	int64_t part;                       /* of that row */
	bool counts;                        /* enters the headline */
};

struct device_sum {
	uint64_t footage_bytes;
	uint64_t footage_us;
	uint64_t open_questions; /* uploads that may or may not hold footage */
	uint64_t open_bytes;
};

/* One organisation, or one address that has none: everything sent to it by watched devices. */
struct org {
	const struct porch_destination *first; /* names, party, country of the row */
	char name[DIGEST_NAME];
	uint64_t sent;
	uint64_t footage;
	size_t destinations;
	size_t devices;
	const char *country[2]; /* known ones, in the document's order */
	bool more_countries;    /* than these */
};

struct place {
	const char *country; /* NULL: not known */
	uint64_t sent;
	uint64_t footage;
};

struct model {
	const struct porch_document *doc;
	struct speaker speaker;
	struct digest *digest;
	struct scale scale;
	char sha256[SHA256_TEXT]; /* of the document */
	char id[9];               /* its first digits: what the report is called */
	struct device_sum *sums;  /* by row of digest->devices */
	struct upload *uploads;   /* every episode, in the document's order */
	struct org *orgs;         /* most footage first, then most bytes */
	size_t org_count;
	uint64_t *footage_to; /* by destination: bytes of uploads that count */
	size_t *org_of;       /* by destination: its org, or SIZE_MAX for what is not listed */
	struct place *places; /* in the same order */
	size_t place_count;
	size_t places_known;
	uint64_t sent;    /* all that watched devices sent out */
	uint64_t footage; /* in uploads that count */
	uint64_t footage_to_maker;
	size_t counted;
	size_t surely_low, surely_high; /* of the counted, what their ranges allow */
	size_t in_gaps;                 /* uploads that began where nothing is said to be seen */
	size_t trackers;
	uint64_t largest_to_tracker;
};

/* NULL when out of memory. */
struct model *model_new(const struct porch_document *doc, const struct sink_style *style);
void model_free(struct model *model);

#endif
