/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_DNS_H
#define PARSE_DNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "parse/result.h"

#define DNS_NAME 254 /* 253 characters (RFC 1035, 2.3.4, as text) and a NUL */

/* Record types (IANA, "DNS Parameters"). */
#define DNS_A     1
#define DNS_CNAME 5
#define DNS_PTR   12
#define DNS_TXT   16
#define DNS_AAAA  28
#define DNS_SRV   33
#define DNS_SVCB  64
#define DNS_HTTPS 65

#define DNS_CLASS_IN 1

enum dns_section { DNS_QUESTION, DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL, DNS_SECTIONS };

struct dns_header {
	uint16_t id;
	bool response;
	uint8_t opcode;
	uint8_t rcode;
	bool truncated;
	uint16_t count[DNS_SECTIONS]; /* as the header claims */
	unsigned malformed; /* records passed over: a bad name, or data that contradicts its type */
};

/*
 * One record or question.  Names are lower-case without the final dot; the root is "".
 * Lent for the call.
 */
struct dns_record {
	enum dns_section section;
	char owner[DNS_NAME];
	uint16_t type;
	uint16_t class;        /* as on the wire; see dns_class() */
	uint32_t ttl;          /* seconds; 0 for a question */
	struct addr addr;      /* A, AAAA; else none */
	char target[DNS_NAME]; /* CNAME, PTR, SRV, SVCB, HTTPS; else "" */
	uint16_t port;         /* SRV; else 0 */
	struct cursor rdata;   /* raw: compressed names in it cannot be followed from here */
};

typedef bool dns_record_fn(const struct dns_record *record, void *user); /* false stops */

/*
 * Walks a DNS message (RFC 1035, 4) and tells each record in the order of the message,
 * at most 512.  A record whose owner or target is no printable name is counted in
 * header->malformed and passed over.  PARSE_SHORT: the message ends inside a record;
 * what came before was told.  PARSE_MALFORMED: the walk cannot go on.  PARSE_OTHER: an
 * opcode other than query, notify or update, or counts that 65,535 bytes cannot hold.  *header is
 * filled whenever twelve bytes were there.  tell may be NULL.
 */
enum parse_result dns_parse(struct cursor message, struct dns_header *header, dns_record_fn *tell,
    void *user);

/* As dns_parse, for multicast DNS (RFC 6762): labels may hold any byte
 * from 0x20 but DEL; a dot or backslash inside one is told as "\." or "\\" (RFC 6763, 4.3). */
enum parse_result mdns_parse(struct cursor message, struct dns_header *header, dns_record_fn *tell,
    void *user);

/*
 * Takes the next message from a TCP stream (RFC 1035, 4.2.2: two bytes of length before
 * each).  PARSE_SHORT: more bytes are needed, nothing was taken.  PARSE_MALFORMED: the
 * length is less than a header.
 */
enum parse_result dns_tcp_next(struct cursor *stream, struct cursor *message);
/* The first message of a TCP payload, told as dns_parse does. */
enum parse_result dns_tcp_parse(struct cursor payload, struct dns_header *header,
    dns_record_fn *tell, void *user);

/* The class without mDNS's top bit: cache-flush, unicast-response (RFC 6762, 10.2, 5.4). */
uint16_t dns_class(const struct dns_record *record);

#endif
