/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_PAGE_H
#define CLI_WATCH_PAGE_H

#include "cli/options.h"

/*
 * The live page, porchlight-page: a program of its own that `watch` runs in a process beside
 * the one that counts.  The socket carries records to it (sink/event.h), one a line, and
 * commands back.
 */

#define PAGE_DEFAULT "127.0.0.1:8642"
#define PAGE_SOCKET  3 /* the descriptor that porchlight-page finds it at */

/* Where the page is: an address of this machine and a port. */
struct page_place {
	char address[64]; /* without the brackets of IPv6 */
	uint16_t port;
	bool loopback; /* nobody but this machine can ask */
};

/* "127.0.0.1:8642", "[::1]:8642", "localhost:8642"; false for what is neither. */
bool page_place_read(const char *text, struct page_place *place);

/*
 * Whether options ask for a page, by name or because none is refused.  Says what is wrong with
 * what they ask, or that this build has none, and then answers false.
 */
bool page_wanted(const struct options *options);

/*
 * Becomes porchlight-page, in a process that was made for it: nothing but the socket and
 * standard error stays open.  Returns only when that cannot be, an exit status.
 */
int page_run(const struct options *options, int socket);

#endif
