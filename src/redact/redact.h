/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDACT_REDACT_H
#define REDACT_REDACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/record.h>

#include "base/addr.h"
#include "base/frame.h"
#include "rules/rules.h"

/*
 * Makes a capture that can be given away: pcapng with the same frames, times and lengths,
 * that is analysed to the same verdicts.  It is read twice.  First what it shows is learned:
 * frames, flows, and what devices said of themselves.  Then each frame is written again.
 *
 * Addresses, MACs and names become pseudonyms (pseudonym.h, names.h).  Of payloads stay hellos,
 * DNS, and the headers of TLS, DTLS, RTP, RTCP, STUN, HTTP and RTSP; all else is zero.
 */
struct redactor;

#define REDACT_KEY 32

struct redactor_setup {
	const struct porch_rules *rules;
	uint8_t key[REDACT_KEY];
	size_t max; /* addresses, MACs, names and flows remembered, each; 0: the default */
	/* Gets the capture piece by piece; false ends it. */
	bool (*write)(const void *bytes, size_t len, void *user);
	void *user;
};

/* The rules outlive the redactor.  NULL when out of memory. */
struct redactor *redactor_new(const struct redactor_setup *setup);
void redactor_free(struct redactor *redactor);

/* The first reading. */
void redactor_learn(struct redactor *redactor, const struct frame *frame);
void redactor_learn_flow(struct redactor *redactor, const struct porch_flow *flow);
/*
 * What a device said of itself matched this rule: it is told in a comment, since what it said
 * goes.  mac is zero and addr has family 0 where there is none.
 */
void redactor_claim(struct redactor *redactor, const struct mac *mac, const struct addr *addr,
    const char *rule);

/* The second reading.  False when the capture could not be written. */
bool redactor_begin(struct redactor *redactor);
bool redactor_frame(struct redactor *redactor, const struct frame *frame);
/* dropped: frames that the first capture says it lost. */
bool redactor_finish(struct redactor *redactor, uint64_t dropped);

/* Addresses that had to share a pseudonym: more were seen than there is room for. */
uint64_t redactor_shared(const struct redactor *redactor);

#endif
