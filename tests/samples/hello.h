/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SAMPLES_HELLO_H
#define TESTS_SAMPLES_HELLO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Makes ClientHellos from what a fingerprint's raw text says: lists of hex values. */
struct hello_plan {
	uint16_t version;       /* legacy_version */
	const char *ciphers;    /* "1301,1302" */
	const char *extensions; /* "0000,0010"; NULL: no extension block at all */
	const char *signatures; /* for 000d */
	const char *versions;   /* for 002b */
	const char *host;       /* for 0000 */
	const char *alpn;       /* first name, for 0010; a second one follows it */
	bool dtls;
	bool ech; /* fe0d is an outer hello's, else empty */
};

#define HELLO_ROOM 4096

struct bytes {
	size_t len;
	uint8_t at[HELLO_ROOM];
};

static inline void
put(struct bytes *out, size_t size, size_t value)
{
	for (; size > 0; size--)
		out->at[out->len++] = (uint8_t)(value >> 8 * (size - 1));
}

static inline void
put_bytes(struct bytes *out, const void *bytes, size_t len)
{
	if (len > 0)
		memcpy(out->at + out->len, bytes, len);
	out->len += len;
}

static inline void
put_list(struct bytes *out, const char *list)
{
	for (char *end; *list; list = *end ? end + 1 : end)
		put(out, 2, strtoul(list, &end, 16));
}

/* Writes the length of all that came after mark, where size bytes were left for it. */
static inline void
close_length(struct bytes *out, size_t mark, size_t size)
{
	size_t end = out->len, len = end - mark - size;

	out->len = mark;
	put(out, size, len);
	out->len = end;
}

static inline size_t
open_length(struct bytes *out, size_t size)
{
	size_t mark = out->len;

	put(out, size, 0);
	return mark;
}

static inline void
put_extension(struct bytes *out, const struct hello_plan *plan, unsigned long type)
{
	size_t whole, list;

	put(out, 2, type);
	whole = open_length(out, 2);
	if (type == 0x0000) {
		list = open_length(out, 2);
		put(out, 1, 0);
		put(out, 2, strlen(plan->host));
		put_bytes(out, plan->host, strlen(plan->host));
		close_length(out, list, 2);
	} else if (type == 0x0010) {
		list = open_length(out, 2);
		put(out, 1, strlen(plan->alpn));
		put_bytes(out, plan->alpn, strlen(plan->alpn));
		put_bytes(out, "\x08http/1.0", 9);
		close_length(out, list, 2);
	} else if (type == 0x000d) {
		list = open_length(out, 2);
		put_list(out, plan->signatures);
		close_length(out, list, 2);
	} else if (type == 0x002b) {
		list = open_length(out, 1);
		put_list(out, plan->versions);
		close_length(out, list, 1);
	} else if (type == 0xfe0d && plan->ech) {
		put(out, 1, 0);
	}
	close_length(out, whole, 2);
}

/* The body of the message, without the handshake header. */
static inline struct bytes
hello_body(const struct hello_plan *plan)
{
	struct bytes out = {0};
	size_t mark;

	put(&out, 2, plan->version);
	for (unsigned i = 0; i < 32; i++)
		put(&out, 1, i);
	put(&out, 1, 0);
	if (plan->dtls)
		put_bytes(&out,
		    "\x03"
		    "abc",
		    4);
	mark = open_length(&out, 2);
	put_list(&out, plan->ciphers);
	close_length(&out, mark, 2);
	put(&out, 2, 0x0100);
	if (!plan->extensions)
		return out;
	mark = open_length(&out, 2);
	for (const char *at = plan->extensions; *at;) {
		char *end;

		put_extension(&out, plan, strtoul(at, &end, 16));
		at = *end ? end + 1 : end;
	}
	close_length(&out, mark, 2);
	return out;
}

/* With the handshake header of TLS. */
static inline struct bytes
hello_message(const struct hello_plan *plan)
{
	struct bytes body = hello_body(plan), out = {0};

	put(&out, 1, 1);
	put(&out, 3, body.len);
	put_bytes(&out, body.at, body.len);
	return out;
}

/* In TLS records of at most size bytes. */
static inline struct bytes
hello_records(const struct hello_plan *plan, size_t size)
{
	struct bytes message = hello_message(plan), out = {0};

	for (size_t at = 0; at < message.len; at += size) {
		size_t len = message.len - at < size ? message.len - at : size;

		put(&out, 1, 22);
		put(&out, 2, 0x0301);
		put(&out, 2, len);
		put_bytes(&out, message.at + at, len);
	}
	return out;
}

/* One DTLS record with the fragment [from, to) of the body. */
static inline struct bytes
hello_datagram(const struct hello_plan *plan, size_t from, size_t to)
{
	struct bytes body = hello_body(plan), out = {0};

	put(&out, 1, 22);
	put(&out, 2, 0xfeff);
	put(&out, 4, 0);
	put(&out, 4, 0);
	put(&out, 2, 12 + to - from);
	put(&out, 1, 1);
	put(&out, 3, body.len);
	put(&out, 2, 0);
	put(&out, 3, from);
	put(&out, 3, to - from);
	put_bytes(&out, body.at + from, to - from);
	return out;
}

static const struct hello_plan doorbell_plan = {
    .version = 0x0303,
    .ciphers = "1a1a,1301,1302",
    .extensions = "2a2a,0000,0010,000d,002b",
    .signatures = "0403,0804",
    .versions = "3a3a,0304,0303",
    .host = "Media.Doorbell.example",
    .alpn = "h2",
};

#endif
