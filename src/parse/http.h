/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_HTTP_H
#define PARSE_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "parse/result.h"

#define HTTP_HEAD_MAX 16384 /* a longer head is refused */

/* The head of an HTTP/1.x message.  Text is lent; an absent field is empty. */
struct http {
	bool request;
	struct cursor method; /* request only */
	struct cursor target; /* request only, as sent: "/path", a URL, or host:port */
	uint16_t status;      /* response only: 100 to 599 */
	struct cursor host;   /* request only: Host, else of an absolute target; without port */
	uint16_t host_port;   /* 0 when none was given */
	struct cursor user_agent;
	struct cursor server;
	struct cursor content_type;
	bool has_content_length;
	uint64_t content_length;
	bool chunked;           /* Transfer-Encoding ends in chunked */
	bool upgrade_websocket; /* asked for, or granted (status 101) */
	struct cursor body;     /* what is there after the head */
};

/*
 * Reads the head at the start of a stream (RFC 9112).  PARSE_SHORT: all is well so far and
 * the head may still end within HTTP_HEAD_MAX; the start line and whole lines are already
 * in *http (an absent start line leaves the method empty and the status 0).  PARSE_OTHER:
 * not HTTP/1.  PARSE_MALFORMED: HTTP/1, but too long or broken.
 */
enum parse_result http_parse(struct cursor stream, struct http *http);

#endif
