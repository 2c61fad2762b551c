/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include <porchlight/error.h>
#include <porchlight/record.h>

#include "crypto/hash.h"
#include "sink/writer.h"
#include "words/words.h"

/* How a result is shown.  Zero is plain ASCII in 80 columns, UTC. */
struct sink_style {
	unsigned columns;                /* 0: 80 */
	bool colour;                     /* bold and amber, on the terminal only */
	bool utf8;                       /* en dash and ellipsis, on the terminal only */
	bool all;                        /* every row */
	bool quiet;                      /* the verdict line only */
	bool flows;                      /* flow records too */
	const struct language *language; /* of the summary and the page; NULL: English */
	/* The terminal's time zone: its name, and seconds east of UTC at a time. NULL: UTC. */
	const char *zone;
	int32_t (*zone_offset)(int64_t time, void *user);
	void *zone_user;
};

/* Writing never fails at once: the caller asks writer_finish(). */
struct sink_ops {
	const char *name;  /* "terminal", "json", "ndjson", "csv-episodes", ... */
	bool tells_hashes; /* of the inputs */
	void (*document)(struct writer *w, const struct porch_document *doc,
	    const struct sink_style *style);
	/* One flow as it ends, before the document; NULL when the sink tells none. */
	void (*flow)(struct writer *w, const struct porch_flow *flow,
	    const struct sink_style *style);
};

/* terminal, json, ndjson, csv-episodes, csv-destinations, csv-devices; NULL for another name. */
const struct sink_ops *sink_find(const char *name);

extern const struct sink_ops sink_terminal;
extern const struct sink_ops sink_json;
extern const struct sink_ops sink_ndjson;
extern const struct sink_ops sink_csv_episodes;
extern const struct sink_ops sink_csv_destinations;
extern const struct sink_ops sink_csv_devices;
/* The report as one HTML file that fetches nothing and is whole without scripts. */
extern const struct sink_ops sink_html;

/* One picture as SVG: timeline, hours or receivers; false for another name. */
bool sink_chart(struct writer *w, const struct porch_document *doc, const char *name,
    const struct sink_style *style);

/*
 * --out DIR: report.html, report.json, records.ndjson, episodes.csv, destinations.csv, devices.csv
 * and manifest.json.  All are written under temporary names, and take their own only when every one
 * is complete.  Opened before the replay, so that flows can be told and a folder that cannot be
 * made is known at once.
 */
struct folder;
/* Makes the folder when it is not there; its parent must be.  NULL fills *error. */
struct folder *folder_open(const char *path, struct porch_error *error);
void folder_flow(struct folder *folder, const struct porch_flow *flow);
/* Writes everything and frees the folder; false fills *error and leaves nothing new behind. */
bool folder_finish(struct folder *folder, const struct porch_document *doc,
    const struct sink_style *style, struct porch_error *error);
void folder_abandon(struct folder *folder);

/* Every reason behind an episode, destination, device or finding; false when none has the id. */
bool explain_id(struct writer *w, const struct porch_document *doc, const char *id,
    const struct sink_style *style);
/* "limits" or "words"; false for another topic. */
bool explain_topic(struct writer *w, const char *topic, const struct sink_style *style);

/*
 * The hash by which a report is cited: SHA-256 of the document in schema order as compact
 * JSON, without the paths of inputs, the libraries, and gaps of advice.  False, and "", when
 * out of memory.
 */
bool report_sum(const struct porch_document *doc, char hex[static SHA256_TEXT]);

/*
 * An id as text: a letter (d, r, e) and 16 hexadecimal digits; of a redacted document a capital
 * and a number from 1, since its ids count.  That a hash is as small happens once in 2^40 times,
 * and then reads like an ordinal.
 */
#define ORDINAL_MAX ((uint64_t)1 << 24)
#define ID_TEXT     18
char *id_format(char letter, uint64_t id, char text[static ID_TEXT]);

#endif
