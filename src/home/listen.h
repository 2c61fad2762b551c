/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_LISTEN_H
#define HOME_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/texts.h"
#include "home/device.h"
#include "home/flow.h"
#include "home/hello_reader.h"
#include "home/inside.h"
#include "home/introductions.h"
#include "home/names.h"
#include "home/pending.h"
#include "parse/packet.h"

/*
 * Listens to what is said in the clear at the beginning of a flow and in look-ups, and
 * remembers it: names, introductions, what a device calls itself.
 */
struct listener {
	struct texts *texts; /* of flows, of receivers and of look-ups */
	struct names *names;
	struct introductions *introductions;
	struct hello_reader *hellos;
	struct inside *inside;
};

enum heard_name {
	HEARD_NOTHING,
	HEARD_NAME, /* the flow's name is complete: in the flow */
};

/* What a device says of itself; the order of enum hint_kind in rules/. */
enum heard_hint { HEARD_DHCP_HOSTNAME, HEARD_DHCP_VENDOR_CLASS, HEARD_MDNS, HEARD_SSDP };

/* What one packet told beyond its counts. */
struct heard {
	enum heard_name name;
	bool media;                 /* carries RTP of a stream already known */
	bool overhead;              /* a bare acknowledgement, handshake, close, look-up or check of
	                               the way: it carries no content */
	bool rtsp_server;           /* its sender answers as an RTSP server */
	uint8_t hints;              /* how many, below */
	uint16_t sequence;          /* of that RTP packet; its SSRC is the flow's */
	char asked[HOST_TEXT];      /* a host its sender looks up, or "" */
	char called[DEVICE_TEXT];   /* what its sender calls itself, or "" */
	struct device_hint hint[4]; /* of its sender */
};

#define LISTEN_ANSWERS 53 /* the port whose packets alone need an asker */

/*
 * asker is the device at the packet's target: answers it receives are its own names.
 * pending is NULL when the flow is settled.
 */
void listen_packet(struct listener *listener, const struct packet *packet, struct flow *flow,
    unsigned sender, const struct device_key *asker, struct pending *pending, struct heard *heard);

/* Gives a flow another text, or with NULL none. */
void listen_hold(struct listener *listener, const char **held, const char *text);
/* A flow that ends holds no text any more. */
void listen_forget(struct listener *listener, struct flow *flow);

#endif
