/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORCHLIGHT_RECORD_H
#define PORCHLIGHT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The records porchlight tells: the vocabulary of every room and every sink.
 *
 * Bytes are IP bytes.  Times are microseconds since 1970 of packet time, or
 * PORCH_NO_TIME.  Probabilities and confidences are thousandths, or PORCH_NO_CHANCE.
 * Text is NUL-terminated and may hold whatever a device put on the wire: each sink
 * escapes it in its own way.  NULL text is "unknown".  A document owns all it points to;
 * what a callback is lent is good for that one call.
 */

#define PORCH_NO_TIME   INT64_MIN
#define PORCH_NO_CHANCE (-1)

enum porch_kind {
	PORCH_KIND_UNKNOWN,
	PORCH_KIND_DOORBELL,
	PORCH_KIND_CAMERA,
	PORCH_KIND_HUB, /* base station or recorder that sends for cameras */
	PORCH_KIND_OTHER,
};

/* Who receives, seen from the device's maker; also the receiver's own role. */
enum porch_party {
	PORCH_PARTY_UNKNOWN,
	PORCH_PARTY_MAKER,
	PORCH_PARTY_CLOUD,
	PORCH_PARTY_TRACKER,
	PORCH_PARTY_EVIDENCE,
	PORCH_PARTY_PEER,
	PORCH_PARTY_UTILITY,
	PORCH_PARTY_OTHER,
	PORCH_PARTY_LOCAL,
	PORCH_PARTY_RELAY, /* only ever in could_be */
	PORCH_PARTIES,
};

enum porch_content {
	PORCH_CONTENT_UNKNOWN,
	PORCH_CONTENT_VIDEO,
	PORCH_CONTENT_PICTURE,
	PORCH_CONTENT_AUDIO,
	PORCH_CONTENT_MEDIA, /* footage, kind not told */
	PORCH_CONTENT_METADATA,
	PORCH_CONTENT_FIRMWARE,
	PORCH_CONTENT_FILES,
	PORCH_CONTENT_BACKGROUND, /* ledger only: in no episode */
	PORCH_CONTENTS,
};

enum porch_shape {
	PORCH_SHAPE_STREAM,
	PORCH_SHAPE_BURST,
	PORCH_SHAPE_SERIES,
	PORCH_SHAPE_TRICKLE,
};

enum porch_footage {
	PORCH_FOOTAGE_CANNOT_TELL,
	PORCH_FOOTAGE_YES,
	PORCH_FOOTAGE_NO,
};

enum porch_strength {
	PORCH_EVIDENCE_LIMITED, /* one independent kind of evidence, or none */
	PORCH_EVIDENCE_MODERATE,
	PORCH_EVIDENCE_STRONG,
};

enum porch_name_source {
	PORCH_NAME_NONE,
	PORCH_NAME_SNI,
	PORCH_NAME_QUIC_SNI,
	PORCH_NAME_DNS,
	PORCH_NAME_DNS_EXPIRED,
	PORCH_NAME_HTTP_HOST,
	PORCH_NAME_ECH_OUTER,
};

/* Three-valued answer. */
enum porch_answer { PORCH_ANSWER_UNKNOWN, PORCH_ANSWER_YES, PORCH_ANSWER_NO };

/* The contract's words for these; never NULL. */
PORCH_EXPORT const char *porch_kind_word(enum porch_kind kind);
PORCH_EXPORT const char *porch_party_word(enum porch_party party);
PORCH_EXPORT const char *porch_content_word(enum porch_content content);
PORCH_EXPORT const char *porch_shape_word(enum porch_shape shape);
PORCH_EXPORT const char *porch_footage_word(enum porch_footage footage);
PORCH_EXPORT const char *porch_strength_word(enum porch_strength strength);
PORCH_EXPORT const char *porch_name_source_word(enum porch_name_source source);

struct porch_texts {
	const char *const *item;
	size_t count;
};

struct porch_ports {
	const uint16_t *item;
	size_t count;
};

/* What fills a slot of a sentence's template. */
enum porch_slot_kind {
	PORCH_SLOT_NAME,  /* text, as whoever wrote it */
	PORCH_SLOT_WORD,  /* text is the key of another template, which takes `inner` */
	PORCH_SLOT_COUNT, /* the same, in the plural form of the number, its slot {n} */
	PORCH_SLOT_NUMBER,
	PORCH_SLOT_TENTHS, /* a decimal: 987 is 98.7 */
	PORCH_SLOT_BYTES,
	PORCH_SLOT_DURATION, /* microseconds */
	PORCH_SLOT_MOMENT,   /* microseconds since 1970, signed */
	PORCH_SLOT_DAY,      /* the same where dates are redacted: day from 1, and hour */
	PORCH_SLOT_RANGE,    /* low in the upper 32 bits, high in the lower */
};

struct porch_slot {
	const char *name; /* NULL ends a list */
	enum porch_slot_kind kind;
	const char *text;
	uint64_t number;
	const struct porch_slot *inner;
};

/* A sentence as its template and what fills it, so that it can be said in other languages. */
struct porch_phrase {
	const char *key; /* of the catalogue; NULL when there is none */
	const struct porch_slot *slots;
};

struct porch_evidence {
	const char *reason;
	const char *observed;
	const char *threshold; /* NULL when the reason has none */
	int32_t weight;        /* milli-logits, signed */
	const char *rule;      /* "file#id" of the rule that gave the weight, or NULL */
};

struct porch_evidences {
	const struct porch_evidence *item;
	size_t count;
};

/* A likelihood word with its range in percent; calibrated says whether it was checked. */
struct porch_likelihood {
	const char *word; /* NULL when there is none */
	uint8_t low;
	uint8_t high;
	bool calibrated;
};

/* What a live capture cannot have seen. */
struct porch_coverage {
	bool known; /* false: of a file nobody can tell */
	/*
	 * Bytes that interfaces counted, and the capture did not show: something forwards past
	 * it.  At least so many.
	 */
	uint64_t unobserved_bytes;
	struct porch_texts limits; /* of the place and the machine, a sentence each */
};

struct porch_input {
	const char *path;
	const char *sha256; /* of the file as stored; NULL for standard input that was cut */
	const char *content_sha256; /* after decompression */
	const char *format;         /* "pcap", "pcapng", "live", or NULL */
	struct porch_texts link_types;
	uint64_t packets;
	uint64_t bytes; /* on the wire, all layers, as its records say, implausible ones clamped */
	int64_t first;
	int64_t last;
	bool complete;
	const char *error; /* NULL when none */
	int64_t error_offset;
	struct porch_coverage coverage;
};

/*
 * received = processed + undecoded + filtered + deduplicated + dropped.
 * The others stand beside that sum.
 */
struct porch_counters {
	uint64_t received;
	uint64_t processed;
	uint64_t undecoded;
	uint64_t filtered;
	uint64_t deduplicated;
	uint64_t dropped;
	uint64_t implausible;       /* packets whose header claimed more than the record had */
	uint64_t implausible_bytes; /* claimed and not counted */
	uint64_t duplicates;
	uint64_t evicted;
	uint64_t undirected; /* flows with two public ends and no claim */
	uint64_t undirected_bytes;
	uint64_t refused;     /* newcomers turned away by tables full of watched devices */
	uint64_t clock_steps; /* backward or absurd packet times */
	uint64_t odd_times;   /* sub-second part of a second or more, before 1970 or past 2106 */
	uint64_t flows;
};

struct porch_library {
	const char *name;
	const char *version;
};

struct porch_option {
	const char *name;
	struct porch_texts values;
};

/* One file of the rules as it was read: its name in its folder, and what it held. */
struct porch_rule_file {
	const char *name;
	const char *sha256;
};

/* An address database of the user's. */
struct porch_geo {
	const char *file; /* its name, without the folders it lies in */
	const char *sha256;
	int64_t built; /* as it says itself; PORCH_NO_TIME unknown */
};

/* Who was asked what flows look like: advice, and never a byte or a name. */
struct porch_run_advice {
	const char *state;    /* "given", "not-needed", "stopped", "none", "off"; never NULL */
	const char *version;  /* of that library; NULL when none was heard of */
	const char *limit;    /* what is known against who gave it, or why nobody did; or NULL */
	uint64_t flows;       /* that an opinion was given on */
	uint64_t quarantined; /* that get none: the process died of them twice */
};

/* What was taken out of a document before it was told. */
enum porch_redaction {
	PORCH_REDACT_NONE,
	PORCH_REDACT_HOME,   /* addresses and MACs of the home */
	PORCH_REDACT_STRICT, /* names of devices, dates, minutes and serial numbers too */
};

/* What a report of a history tells: episodes by their start, and sums of whole UTC hours. */
struct porch_bounds {
	bool has_since, has_until;
	int64_t since, until;
};

struct porch_run {
	const char *version;
	const char *rules_sha256;
	uint32_t rules_files;
	uint32_t rules_rev;
	const struct porch_rule_file *rule_file; /* all that were read, in order; NULL: no sums */
	size_t rule_file_count;
	const struct porch_library *libraries;
	size_t library_count;
	const struct porch_input *inputs;
	size_t input_count;
	struct porch_counters counters;
	const struct porch_option
	    *options; /* those that change the result, in alphabetical order */
	size_t option_count;
	const struct porch_geo *geo; /* in the order they were named */
	size_t geo_count;
	struct porch_run_advice advice;
	struct porch_bounds bounds; /* of a history; none for captures, whose packets are bounded */
	enum porch_redaction redaction;
	struct porch_texts removed;    /* what is gone, in words */
	const char *unredacted_sha256; /* the hash of the document it was; NULL when not redacted */
};

struct porch_ledger_row {
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint64_t episodes;
};

struct porch_device {
	uint64_t id;
	const char *mac; /* "aa:bb:cc:dd:ee:ff" or NULL */
	bool mac_randomised;
	struct porch_texts addresses; /* sorted */
	uint64_t was;                 /* after a split: the MAC's device; else 0 */
	const char *hostname;         /* as the device said it */
	const char *label;            /* as the user said it */
	const char *vendor;           /* a rule's vendor id */
	const char *vendor_name;
	const char *product;
	enum porch_kind kind;
	bool watched;
	bool named_by_user; /* --device */
	int16_t confidence;
	struct porch_evidences evidence;
	int64_t first_seen;
	int64_t last_seen;
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint64_t bytes_local;
	int64_t detection_floor_bytes;                  /* -1 unknown */
	struct porch_ledger_row ledger[PORCH_CONTENTS]; /* by enum porch_content */
};

struct porch_rule_ref {
	const char *id; /* "vendors/x.json#id"; NULL when no rule spoke */
	uint32_t rev;
	const char *status;
	const char *source; /* the source's `what` */
};

/* What an inspection library makes of the flows to a receiver, in our own words. */
struct porch_opinion {
	const char *word; /* "rtp", "zoom" */
	const char
	    *use;       /* "call", "console", "streaming", "phone", "computer", "hidden", or NULL */
	bool inspected; /* payload was read; else guessed by a port or a beginning */
	enum porch_answer agrees; /* with our own parsers; unknown where they read nothing */
};

struct porch_destination {
	uint64_t id;
	uint64_t device;
	const char *name;
	enum porch_name_source name_source;
	struct porch_texts candidates;
	struct porch_texts aliases;
	struct porch_texts addresses;
	struct porch_ports ports;
	struct porch_texts transports; /* "tcp", "udp", "icmp", ... */
	struct porch_texts protocols;  /* "tls", "quic", "dns", "rtp", ... */
	const struct porch_opinion *advice;
	size_t advice_count;
	struct porch_texts risks; /* "clear-text-credentials", "obsolete-tls", "self-signed" */
	enum porch_party party;
	const enum porch_party *could_be;
	size_t could_be_count;
	enum porch_party role;
	const char *organisation;
	const char *on_behalf_of;
	int64_t asn; /* -1 unknown */
	const char *country;
	const char *country_source;
	const char *region;
	struct porch_texts purposes;
	struct porch_rule_ref rule;
	int16_t confidence;
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint64_t packets_up;
	uint64_t packets_down;
	int64_t first_seen;
	int64_t last_seen;
	uint64_t footage_bytes_up;
	uint64_t episodes;
	uint64_t folded;
	enum porch_answer is_new; /* first seen in the time that is told; unknown without history */
};

/* What was measured of an episode and a model looked at, with its unit; "" for yes or no. */
struct porch_feature {
	const char *name;
	int64_t value;
	const char *unit;
};

struct porch_episode {
	uint64_t id;
	uint64_t device;
	uint64_t destination; /* 0 while its name is not settled */
	uint32_t input;       /* index into run.inputs */
	enum porch_shape shape;
	enum porch_content content;
	const enum porch_content *could_be;
	size_t could_be_count;
	enum porch_footage footage;
	int16_t probability;                   /* of content */
	int16_t p_footage;                     /* video + picture + audio */
	int16_t raw_p_footage;                 /* the same before calibration; not told by sinks */
	int16_t probabilities[PORCH_CONTENTS]; /* by content; background unused */
	struct porch_likelihood likelihood;
	enum porch_strength strength;
	int64_t start;
	int64_t end;
	int64_t known; /* when it was first known as footage, or PORCH_NO_TIME; not told by sinks */
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint64_t packets_up;
	uint64_t mean_kbps_up;
	uint64_t peak_kbps_up;
	uint64_t duration_us; /* where redaction rounded start and end; else 0: from them */
	const char *transport;
	enum porch_answer live_view;
	struct porch_texts parts;
	uint64_t sequence;        /* id of the first of the series it goes on, or 0 */
	struct porch_texts flows; /* Community ID v1 */
	struct porch_evidences evidence;
	struct porch_texts limits;
	const struct porch_feature *features; /* of the model "content"; not told by sinks */
	size_t feature_count;
	bool unsolicited; /* footage that nothing was seen to ask for; not told by sinks */
	bool open;
};

struct porch_finding {
	const char *id; /* "F1" */
	const char *kind;
	uint64_t device; /* 0 when about the whole home */
	const char *sentence;
	struct porch_likelihood likelihood;
	enum porch_strength strength;
	struct porch_evidences evidence;
	const char *limit;
	const char *check;                 /* a Wireshark display filter, or NULL */
	struct porch_phrase said;          /* the sentence */
	struct porch_phrase limit_said;    /* the limit */
	struct porch_phrase observed_said; /* of a reason that follows from counting */
	const uint64_t *episodes;
	size_t episode_count;
	const uint64_t *destinations;
	size_t destination_count;
};

struct porch_gap {
	int64_t start;
	int64_t end;
	const char *reason;
	bool worker; /* advice was lost and no packet: in no report's hash */
};

struct porch_summary {
	const char *verdict; /* one sentence */
	const char *advice;  /* what limits it and what to do, or NULL */
	const char *answer;  /* "seen", "not-seen", "not-watched", "cannot-tell" */
	struct porch_phrase verdict_said;
	struct porch_phrase advice_said;
	struct porch_likelihood likelihood;
	uint64_t footage_bytes_up;
	uint64_t footage_episodes;
	uint64_t footage_us; /* sum of durations */
	/* How many of these and of those that cannot be told hold footage, by their chances. */
	uint64_t expected_low, expected, expected_high;
	uint64_t cannot_tell_episodes;
	uint32_t doorbells; /* devices of kind doorbell, camera or hub */
	uint32_t devices;
	int64_t first;
	int64_t last;
	uint64_t watched_us; /* first to last, less gaps, over all inputs */
	uint64_t bytes_up;   /* of watched devices */
	uint64_t tracker_bytes_up;
	uint64_t evidence_bytes_up;
	uint64_t unknown_bytes_up;
	bool outside_view;        /* taken outside the home: no verdict is given */
	uint64_t trackers_listed; /* names and prefixes that were looked for; in no record */
	uint64_t evidence_listed;
};

/* Both directions of a five-tuple until it ended, timed out or was evicted. */
struct porch_flow {
	const char *community_id;
	uint32_t input;
	uint64_t device;      /* 0 when undirected */
	uint64_t destination; /* 0 when none */
	uint64_t peer_device; /* of a local flow: the device at the other end, else 0 */
	uint64_t peer_destination;
	const char *originator;
	const char *responder;
	uint16_t originator_port;
	uint16_t responder_port;
	uint8_t protocol;
	uint64_t originator_bytes;
	uint64_t responder_bytes;
	uint64_t originator_packets;
	uint64_t responder_packets;
	int64_t start;
	int64_t end;
	const char *name;
	enum porch_name_source name_source;
	const char *ja4;
	const char *alpn;
	const char *application; /* "tls", "quic", "dns", "rtp", ..., NULL unknown */
	const char *ended;       /* "end", "idle", "evicted", "clock", "input-end" */
};

/* What was said in public about a maker: never measured, with its date and source. */
struct porch_statement {
	const char *stated;  /* "2019", "2019-08" or "2019-08-21" */
	const char *said_by; /* NULL when the source itself says it */
	const char *text;
	const char *quote;
	const char *answer;        /* of the maker, or NULL */
	const char *superseded_on; /* the day of what changed it, or NULL */
	const char *withdraws;     /* the day of what it takes back, or NULL */
	bool withdrawn;            /* by what superseded it */
	const char *source;
	const char *source_seen; /* the day somebody looked, or NULL */
};

/* All statements about one maker, oldest first; every one of them is shown, or none. */
struct porch_context {
	const char *maker;
	const char *limit;
	const struct porch_statement *statements;
	size_t statement_count;
};

struct porch_document {
	struct porch_run run;
	const struct porch_device *devices;
	size_t device_count;
	const struct porch_destination *destinations;
	size_t destination_count;
	const struct porch_episode *episodes;
	size_t episode_count;
	const struct porch_finding *findings;
	size_t finding_count;
	const struct porch_gap *gaps;
	size_t gap_count;
	struct porch_summary summary;
	/* Of the makers of watched devices; knowledge of the rules, so in no record. */
	const struct porch_context *contexts;
	size_t context_count;
};

/* NULL when the document has none with that id. */
PORCH_EXPORT const struct porch_device *porch_document_device(const struct porch_document *doc,
    uint64_t id);
PORCH_EXPORT const struct porch_destination *
porch_document_destination(const struct porch_document *doc, uint64_t id);

/* How long an episode lasted, in microseconds. */
PORCH_EXPORT uint64_t porch_episode_duration(const struct porch_episode *episode);

/* The words of --redact; never NULL. */
PORCH_EXPORT const char *porch_redaction_word(enum porch_redaction redaction);

/*
 * Whether an episode enters the headline: footage `yes`, to a party that is not local,
 * from a device that is not of kind `other` unless the user named it.
 */
PORCH_EXPORT bool porch_episode_counts(const struct porch_document *doc,
    const struct porch_episode *episode);

/* How many gaps hide packets: all but those in which only advice was lost. */
PORCH_EXPORT size_t porch_document_holes(const struct porch_document *doc);

#ifdef __cplusplus
}
#endif

#endif
