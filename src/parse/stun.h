/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_STUN_H
#define PARSE_STUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "parse/result.h"

/* What a message is (RFC 8489, 5). */
enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR };

/* Methods (IANA, "STUN Parameters"). */
#define STUN_BINDING           0x001
#define STUN_ALLOCATE          0x003
#define STUN_REFRESH           0x004
#define STUN_SEND              0x006
#define STUN_DATA              0x007
#define STUN_CREATE_PERMISSION 0x008
#define STUN_CHANNEL_BIND      0x009

/* An address with its port; the address has family 0 where the message has none. */
struct stun_address {
	struct addr addr;
	uint16_t port;
};

/* A STUN or TURN message.  Text is lent; an absent attribute is empty. */
struct stun {
	enum stun_class class;
	uint16_t method;
	bool classic;            /* without the magic cookie: RFC 3489 */
	uint8_t transaction[16]; /* cookie or not, the 16 bytes after the length */
	struct stun_address
	    mapped; /* XOR-MAPPED-ADDRESS, else MAPPED-ADDRESS: the asker from outside */
	struct stun_address peer;    /* XOR-PEER-ADDRESS, the first (TURN) */
	struct stun_address relayed; /* XOR-RELAYED-ADDRESS (TURN) */
	bool username;               /* has USERNAME: ICE, or a login */
	bool ice_controlling;
	bool ice_controlled;
	bool use_candidate;
	uint16_t error;         /* ERROR-CODE, 300 to 699, or 0 */
	struct cursor software; /* SOFTWARE */
	struct cursor data;     /* DATA: what Send and Data indications carry (TURN) */
	struct cursor after;    /* bytes after the message: another one, in a TCP stream */
};

/*
 * Reads one message at the start of a datagram or stream (RFC 8489; TURN, RFC 8656).
 * Without the magic cookie it must be a Binding that fills the datagram exactly and has
 * only attributes RFC 3489 knows.  PARSE_OTHER: not STUN.  PARSE_SHORT: cut; the
 * attributes that were whole are filled in.
 */
enum parse_result stun_parse(struct cursor datagram, struct stun *stun);

/*
 * TURN ChannelData (RFC 8656, 12.4): channel 0x4000 to 0x4FFF (RFC 5766: to 0x7FFF),
 * length, data.  True when the length fits the datagram, of on_wire bytes, but for up to 3
 * bytes of padding; *data is then the peer's packet, as far as it was captured, and *length
 * what it was on the wire.
 */
bool stun_channel_data(struct cursor datagram, size_t on_wire, uint16_t *channel,
    struct cursor *data, size_t *length);

#endif
