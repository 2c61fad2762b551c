/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_PUT_H
#define SINK_PUT_H

#include <porchlight/record.h>

#include "sink/writer.h"

#define RECORD_SCHEMA "porchlight/1" /* of each line that is a record */

/*
 * Compact JSON (RFC 8259) as a stream: nothing is kept but whether a comma is due.  The
 * key is NULL for an element of an array.  Unknown values (NULL text, PORCH_NO_TIME,
 * PORCH_NO_CHANCE, id 0) become null.
 */
struct json {
	struct writer *w;
	bool comma;
	bool summed;         /* w is what a report's hash covers, */
	struct writer *past; /* and this takes, in its place, what the hash does not; or NULL */
	unsigned depth;      /* of put_past() */
};

/*
 * What lies between these a report's hash does not cover: it goes past what is summed.  False when
 * only that is wanted: then neither it nor put_past_end() is called.  They nest.
 */
bool put_past(struct json *json);
void put_past_end(struct json *json);
/* The comma before the next member, where it belongs to what is past the hash. */
void put_comma(struct json *json);

void put_open(struct json *json, const char *key, char bracket);
void put_close(struct json *json, char bracket);
void put_null(struct json *json, const char *key);
void put_text(struct json *json, const char *key, const char *text);
void put_u64(struct json *json, const char *key, uint64_t number);
void put_i64(struct json *json, const char *key, int64_t number);
void put_bool(struct json *json, const char *key, bool value);
void put_time(struct json *json, const char *key, int64_t time);
void put_seconds(struct json *json, const char *key, uint64_t micros);
void put_chance(struct json *json, const char *key, int16_t thousandths);
void put_id(struct json *json, const char *key, char letter, uint64_t id);
void put_texts(struct json *json, const char *key, const struct porch_texts *texts);
void put_likelihood(struct json *json, const struct porch_likelihood *likelihood);

/* The members of each record, without the braces around them. */
void put_run(struct json *json, const struct porch_run *run);
void put_device(struct json *json, const struct porch_device *device);
void put_destination(struct json *json, const struct porch_destination *to);
void put_episode(struct json *json, const struct porch_episode *episode);
void put_finding(struct json *json, const struct porch_finding *finding);
void put_gap(struct json *json, const struct porch_gap *gap);
void put_summary(struct json *json, const struct porch_summary *summary);
void put_flow(struct json *json, const struct porch_flow *flow);

/* Parts of the run that the manifest repeats. */
void put_rules(struct json *json, const struct porch_run *run);
void put_inputs(struct json *json, const struct porch_run *run);
void put_counters(struct json *json, const struct porch_counters *counters);
void put_options(struct json *json, const struct porch_run *run);
void put_geo(struct json *json, const struct porch_run *run);

#endif
