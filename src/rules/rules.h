/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>
#include <porchlight/record.h>
#include <porchlight/rules.h>

#include "base/addr.h"

/*
 * What the rules say.  Everything returned is borrowed from the ruleset and lives as
 * long as it; strings are never NULL unless a comment says so.
 */

enum rule_status { RULE_STABLE, RULE_TEST, RULE_EXPERIMENTAL };

struct rule {
	const char *id; /* "vendors/examplecam.json#upload-host" */
	uint32_t rev;
	enum rule_status status;
	const char *source_kind;
	const char *source_what;
	const char *source_seen; /* "2026-11-19"; NULL for a user's list */
};

struct vendor {
	const char *id;   /* "examplecam" */
	const char *name; /* "ExampleCam" */
	const char *organisation;
	struct porch_texts
	    owners; /* other vendor ids and organisations whose services count as its own */
	enum porch_kind makes; /* what an identified device without better evidence is: camera,
	                          doorbell; OTHER for makers of anything */
};

/* Who stands behind a host name or an address. */
struct receiver {
	struct rule rule;
	const struct vendor *vendor; /* the maker whose service this is, or NULL */
	const char *organisation;    /* NULL when unknown */
	enum porch_party role;       /* maker, cloud, tracker, evidence, utility, other, unknown */
	const char *on_behalf_of;    /* vendor id whose bucket or tenant this is, or NULL */
	struct porch_texts purposes; /* "footage", "picture", "signalling", "rendezvous", "relay",
	                                "telemetry", "firmware", "time", "names", "control", ... */
	const char *region;          /* NULL when unknown */
	const char *country;         /* ISO 3166-1 alpha-2 or NULL */
	const char *country_source;  /* "region-in-name", "rule", "geo", "registration", or NULL */
	bool anycast;                /* no country can be told */
	int64_t asn;                 /* -1 unknown */
	bool shared_network; /* cloud, hosting, CDN: neither agrees with nor contradicts a name */
	bool access_network; /* households and phones: supports `peer` */
	const char *device_kind; /* a host only such a device asks for: "camera", "doorbell", "hub";
	                            or NULL */
};

/* The most specific match; false when none.  host: any spelling. */
bool rules_host(const struct porch_rules *rules, const char *host, struct receiver *found);
/*
 * The owner of an address: longest prefix, filled in by address databases.  Of an owner with the
 * role UNKNOWN no more is known than who announces the address.
 */
bool rules_address(const struct porch_rules *rules, const struct addr *addr,
    struct receiver *found);
/* A MAC prefix of 24, 28 or 36 bits, the longest. */
enum mac_scope { MAC_CAMERAS_ONLY, MAC_VENDOR_WIDE, MAC_SHARED_MODULE };
struct mac_match {
	struct rule rule;
	const struct vendor *vendor;
	enum mac_scope scope;
	enum porch_kind kind; /* UNKNOWN when the prefix says nothing of it */
};
/*
 * False also for randomised and group addresses, and for a prefix that facts give to
 * several makers: it tells none of them.
 */
bool rules_mac(const struct porch_rules *rules, const struct mac *mac, struct mac_match *found);

/* What a device says of itself. */
enum hint_kind {
	HINT_DHCP_HOSTNAME,
	HINT_DHCP_VENDOR_CLASS,
	HINT_MDNS,
	HINT_SSDP,
	HINT_CLAIM, /* a redacted capture says which rule matched: its text is that rule's id */
	HINT_HINTS,
};
struct hint_match {
	struct rule rule;
	const struct vendor *vendor; /* or NULL */
	enum porch_kind kind;
	const char *product; /* or NULL */
	int32_t weight;      /* milli-logits */
};
bool rules_hint(const struct porch_rules *rules, enum hint_kind kind, const char *text,
    struct hint_match *found);

/* A port that tells a service: P2P rendezvous, VPN, STUN, RTSP, ... */
struct port_match {
	struct rule rule;
	const struct vendor *vendor; /* or NULL: many makers */
	const char *service; /* "rendezvous", "stun", "vpn", "mqtt", "rtsp", "dns", "time", ... */
};
bool rules_port(const struct porch_rules *rules, uint8_t protocol, uint16_t port,
    struct port_match *found);

/* eTLD+1 by the public suffix list; the host itself when there is none. Points into host. */
const char *rules_registrable(const struct porch_rules *rules, const char *host);

/*
 * party is relative to the device's maker: a receiver whose vendor is the device's vendor
 * (or one of its owners) is `maker`, also where a user's list calls it a tracker; another
 * maker's is `other`; else its role.
 */
enum porch_party rules_party(const struct receiver *receiver, const struct vendor *device_vendor);
const struct vendor *rules_vendor(const struct porch_rules *rules, const char *id);
/* The index-th vendor, in the order of reading; NULL past the last. */
const struct vendor *rules_vendor_at(const struct porch_rules *rules, size_t index);

/* An organisation's owner and home jurisdiction: never the place of a server. */
struct organisation {
	struct rule rule;
	const char *name;
	const char *parent; /* or NULL */
	const char *home;   /* ISO 3166-1 alpha-2, or NULL */
};
/* By its exact name; NULL when the rules say nothing of it. */
const struct organisation *rules_organisation(const struct porch_rules *rules, const char *name);

/* The highest `rev` of any fact. */
uint32_t rules_rev(const struct porch_rules *rules);
/* The latest day a person looked at a source of any fact, "2026-11-19"; NULL when none has one. */
const char *rules_seen(const struct porch_rules *rules);
/*
 * As porch_rules_load() does.  Sums of each file are as much work as one over all: only whoever
 * asks for rules_file_sums() has them made.
 */
struct porch_rules *rules_load(const char *const *folders, size_t count, bool file_sums,
    struct porch_error *error);
/* Of all that were read, lists of addresses too, in that order; NULL when none were made. */
const struct porch_rule_file *rules_file_sums(const struct porch_rules *rules, size_t *count);
/* The version of the JSON library that reads the rules; never NULL. */
const char *rules_json_version(void);
/* Of the library that reads address databases. */
const char *rules_mmdb_version(void);
/* The index-th address database, in the order they were added; NULL past the last. */
const struct porch_geo *rules_geo(const struct porch_rules *rules, size_t index);
/* How many names and prefixes the tracker and evidence lists hold. */
size_t rules_list_size(const struct porch_rules *rules, enum porch_party role);

#endif
