/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_SSDP_H
#define PARSE_SSDP_H

#include <stdbool.h>

#include "base/cursor.h"
#include "parse/result.h"

enum ssdp_kind {
	SSDP_NOTIFY, /* a device tells that it is there */
	SSDP_SEARCH, /* M-SEARCH: somebody asks */
	SSDP_ANSWER, /* 200 OK to a search */
};

/* Text is lent, without the blanks around it; an absent field is empty. */
struct ssdp {
	enum ssdp_kind kind;
	bool request;           /* NOTIFY and M-SEARCH; false for an answer */
	struct cursor server;   /* SERVER: "OS/version UPnP/1.0 product/version" */
	struct cursor agent;    /* USER-AGENT, of a search */
	struct cursor location; /* LOCATION: where the description is */
	struct cursor target;   /* ST or NT: what is asked for or announced */
	struct cursor usn;      /* USN: the unique name */
	bool bye;               /* NTS is ssdp:byebye */
};

/*
 * Reads one SSDP datagram (UPnP Device Architecture 2.0, section 1).  A datagram cut by the
 * snap length gives PARSE_SHORT with the whole lines filled in.  PARSE_OTHER: not SSDP.
 */
enum parse_result ssdp_parse(struct cursor datagram, struct ssdp *ssdp);

#endif
