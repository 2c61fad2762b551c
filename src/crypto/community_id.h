/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_COMMUNITY_ID_H
#define CRYPTO_COMMUNITY_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

#define COMMUNITY_ID_TEXT 32 /* "1:", 28 characters of base64, NUL, rounded up */

/* What Community ID v1 (github.com/corelight/community-id-spec) is made from. */
struct community_tuple {
	struct addr source;
	struct addr target;
	uint8_t protocol;
	bool has_ports;       /* TCP, UDP, SCTP, and ICMP as below */
	uint16_t source_port; /* ICMP: the type */
	uint16_t target_port; /* ICMP: the type of the answer, else the code */
	bool one_way;         /* ICMP whose type has no answer: its ends are never swapped */
};

/*
 * Writes "1:" and the base64 of the SHA-1, with seed 0.  Both directions of a flow have
 * the same text.  Returns false, with text "", if the ends are not of one family.
 */
bool community_id(const struct community_tuple *tuple, char text[static COMMUNITY_ID_TEXT]);

#endif
