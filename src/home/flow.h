/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_FLOW_H
#define HOME_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/record.h>

#include "base/addr.h"
#include "base/host.h"
#include "base/table.h"
#include "crypto/community_id.h"
#include "home/ja4.h"
#include "parse/packet.h"

#define FLOW_ALPN 16
#define FLOW_RTPS 4

/* Packets of several interfaces may come this much (microseconds) after what is later than they. */
#define FLOW_LATE INT64_C(1000000)

/* An RTP stream inside a flow; media once enough packets followed each other. */
struct flow_rtp {
	uint32_t ssrc;
	uint16_t sequence;
	uint8_t payload_type;
	uint8_t packets; /* that followed, saturating */
};

/* Both directions of a five-tuple; which end is inside is decided when it is told. */
struct flow_key {
	struct addr end[2]; /* the lower one first */
	uint16_t port[2];
	uint8_t protocol;
	uint8_t zero; /* no padding in a key */
};

/* What a flow carries, in our own words. */
enum flow_application {
	APPLICATION_UNKNOWN,
	APPLICATION_TLS,
	APPLICATION_QUIC,
	APPLICATION_DTLS,
	APPLICATION_HTTP,
	APPLICATION_RTSP,
	APPLICATION_STUN,
	APPLICATION_RTP,
	APPLICATION_DNS,
	APPLICATION_MDNS,
	APPLICATION_DHCP,
	APPLICATION_SSDP,
	APPLICATIONS,
};

enum flow_side {
	SIDE_UNDIRECTED, /* two outside ends */
	SIDE_FIRST,      /* end[0] is inside, end[1] outside */
	SIDE_SECOND,     /* the other way round */
	SIDE_LOCAL,      /* both inside, or one inside and a group address */
};

struct flow_count {
	uint64_t bytes;
	uint64_t packets;
};

/*
 * What is known of an end, as of flow.as_of, and where tables have what belongs to it, as of
 * flow.placed; 0 where that is not known.  The engine fills it in; it is asked of every packet.
 */
struct flow_end {
	bool split : 1;   /* its MAC fronts for several devices */
	bool inside : 1;  /* by its address, with the MAC the flow has for it */
	bool device : 1;  /* there may be somebody behind it */
	bool uploads : 1; /* and the other end is a receiver whose episodes are followed */
	bool heard : 1;   /* a packet of it was looked at, as of then */
	uint16_t device_at;
	uint16_t track_at;
	uint16_t split_at;
};

struct flow {
	struct flow_key key;
	int64_t start;
	int64_t last;
	struct flow_count from[2]; /* sent by end[0], by end[1] */
	struct mac mac[2];         /* it first sent with, else was last sent to; see flow.c */
	uint8_t originator;        /* 0 or 1: who sent the first packet */
	uint8_t side;              /* enum flow_side, by the evidence so far */
	uint8_t application;       /* enum flow_application */
	uint8_t name_source;       /* enum porch_name_source */
	uint8_t gathered;          /* handle of the packets that are kept for it, 0 for none */
	bool settled : 1;          /* its name is known, or known to be unknown */
	bool dns_agrees : 1;       /* a look-up of this device gave this address for the name */
	bool contradicted : 1;     /* the address's owner is another organisation */
	bool after_rendezvous : 1; /* its local port spoke to a rendezvous or STUN server before */
	bool introduced : 1;       /* its remote address appeared in STUN */
	bool turn : 1;             /* spoke TURN: one end of it is a relay */
	bool asked : 1;            /* an inspection library is, or will not be */
	bool websocket : 1;        /* HTTP that was upgraded */
	bool one_way : 1;          /* ICMP whose type has no answer */
	uint8_t mac_sent;          /* bit of an end that has sent with its MAC */
	uint8_t closed;            /* bit of an end a FIN was seen from; RST closes both */
	uint16_t looks;            /* packets whose payload was looked at */
	uint32_t pending;          /* handle of what waits for the name, 0 for none */
	uint32_t as_of;            /* what was known when end[] was filled in; 0: never */
	uint32_t placed;           /* what had left tables when their places were taken down */
	uint32_t ssrc;             /* of the RTP packet last seen */
	struct flow_end end[2];
	uint64_t what[2]; /* of each end's receiver, once settled and asked; else 0 */
	struct flow_rtp rtp[FLOW_RTPS];
	const char *name; /* kept among the listener's texts, as the two below; NULL for none */
	const char *alpn;
	const char *ja4;
};

struct flow_table;

/* Called once for every flow that ends, idles out or makes room, before it is gone. */
typedef void flow_end_fn(struct flow *flow, const char *why, void *user);

struct flow_table *flow_table_new(size_t max, int64_t idle, uint64_t seed);
void flow_table_free(struct flow_table *flows); /* without telling */
void flow_table_set_idle(struct flow_table *flows, int64_t idle);
void flow_table_on_end(struct flow_table *flows, flow_end_fn *end, void *user);

/*
 * The flow that this packet goes on, and in *sender the end that sent it; NULL when it begins
 * one.  Nothing changes but where the next is looked for first.
 */
struct flow *flow_table_of(struct flow_table *flows, const struct packet *packet, unsigned *sender);
/*
 * The flow of this packet; its counts include the packet on return.  found and *sender are what
 * flow_table_of() said; *sender is told again when a flow begins.  A new SYN after a close, and a
 * packet after `idle` microseconds of silence, begin a new flow.
 */
struct flow *flow_table_see(struct flow_table *flows, struct flow *found,
    const struct packet *packet, unsigned *sender);
/* Ends what has been silent for longer than `idle` at now, by packets no later than FLOW_LATE. */
void flow_table_expire(struct flow_table *flows, int64_t now);
/* Ends everything, least recently seen first. */
void flow_table_end_all(struct flow_table *flows, const char *why);
struct flow *flow_table_find(const struct flow_table *flows, const struct flow_key *key);
/* Where a flow lies until it ends, and the flow that lies there: for who is told of its end. */
uint32_t flow_table_place(const struct flow *flow);
struct flow *flow_table_at(const struct flow_table *flows, uint32_t place);
/* From least to most recently seen; NULL at the end. */
const struct flow *flow_table_first(const struct flow_table *flows);
const struct flow *flow_table_next(const struct flow_table *flows, const struct flow *flow);
uint64_t flow_table_evicted(const struct flow_table *flows);
uint64_t flow_table_count(const struct flow_table *flows); /* ever created */

/* Community ID v1 of a flow whose originator is end 0 or 1; "" when it has none. */
void flow_community_id(const struct flow_key *key, unsigned originator, bool one_way,
    char text[static COMMUNITY_ID_TEXT]);

const char *flow_application_word(enum flow_application application); /* NULL for unknown */
const char *flow_transport_word(uint8_t protocol); /* "tcp", "udp", "icmp", "icmpv6", "ip" */

#endif
