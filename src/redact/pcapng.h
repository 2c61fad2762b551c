/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDACT_PCAPNG_H
#define REDACT_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/frame.h"

/*
 * Writes pcapng (draft-ietf-opsawg-pcapng) in little-endian order with times in microseconds,
 * through whoever lends it `write`.  After a write that failed nothing more is written.
 */
struct pcapng_out {
	bool (*write)(const void *bytes, size_t len, void *user);
	void *user;
	bool failed;
};

#define PCAPNG_COMMENT_MAX 1024

void pcapng_section(struct pcapng_out *out, const char *const *comments, size_t count);
void pcapng_interface(struct pcapng_out *out, uint16_t link_type);
/* bytes in place of the frame's own, as many of them. */
void pcapng_packet(struct pcapng_out *out, uint32_t interface, const struct frame *frame,
    const uint8_t *bytes);
/* What interface 0 lost. */
void pcapng_statistics(struct pcapng_out *out, int64_t time, uint64_t dropped);

#endif
