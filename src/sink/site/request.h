/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_REQUEST_H
#define SINK_SITE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * What somebody asked of the live page, as it stood in the request: nothing of it is
 * decoded before one of the functions below was asked to, and all of it is hostile.
 */
enum method {
	METHOD_OTHER,
	METHOD_GET, /* and HEAD */
	METHOD_POST,
};

/* A header that may be given once. */
struct header {
	const char *value; /* NULL when absent */
	unsigned count;    /* how often it was given */
};

struct request {
	enum method method;
	const char *path;  /* as sent, up to the question mark */
	const char *query; /* what follows it, or "" */
	struct header host;
	struct header origin;
	struct header fetch_site; /* Sec-Fetch-Site */
	struct header fetch_mode; /* Sec-Fetch-Mode */
	struct header cookie;
	struct header authorization;
	struct header content_type;
	struct header last_event;
	const char *body; /* of a POST, whole; or NULL */
	size_t body_len;
	struct addr peer;  /* who asks */
	struct addr local; /* the address of ours that was asked */
};

/*
 * The value of a field of application/x-www-form-urlencoded text, which a query is too (WHATWG
 * URL Standard, section 5.1).  False, and "" in out, when it is not there, is there twice, does
 * not fit, is no UTF-8 once decoded, or holds a NUL or a broken %XX.
 */
bool form_field(const char *form, size_t len, const char *name, char *out, size_t size);

/* The value of a cookie (RFC 6265, 4.2); false when it is not there, is there twice or does not
   fit. */
bool cookie_find(const char *header, const char *name, char *out, size_t size);

/* A letter and 16 lower-case hexadecimal digits, as records tell an id; false for another text. */
bool id_parse(const char *text, char letter, uint64_t *id);

#endif
