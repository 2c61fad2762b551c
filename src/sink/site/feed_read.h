/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_FEED_READ_H
#define SINK_SITE_FEED_READ_H

#include <jansson.h>

#include "sink/site/feed.h"

/* Reads what records tell; what is missing or of another kind is 0, "" or unknown. */

uint64_t read_u64(const json_t *object, const char *key);
/* Of tables that hold none such: 0. */
uint64_t read_id(const json_t *object, const char *key, char letter);
int64_t read_time(const json_t *object, const char *key); /* PORCH_NO_TIME */
bool read_flag(const json_t *object, const char *key);
/* NULL when it is no text; lent by the object. */
const char *read_text(const json_t *object, const char *key);
void read_likelihood(const json_t *object, struct porch_likelihood *likelihood);
enum porch_content read_content(const json_t *object);
enum porch_footage read_footage(const json_t *object);
enum porch_party read_party(const json_t *object);
enum porch_kind read_kind(const json_t *object);

/* The short form of a record of a kind; about is of that kind's type. */
void read_about(enum shelf_kind kind, const json_t *json, void *about);

/* False, with *state as it was, when it is no state. */
bool read_state(const json_t *json, struct live_state *state);

#endif
