/* SPDX-License-Identifier: Apache-2.0 */
#include "redact/redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redact/learn.h"
#include "redact/pcapng.h"
#include "redact/rewrite.h"

#define FLOWS      65536
#define INTERFACES 1024 /* beyond, frames of one link type share an interface */
#define CLAIMS     1024
#define FRAME_MAX  262144 /* a source gives no more of one frame */

struct interface {
	uint16_t number;
	uint16_t link_type;
};

struct redactor {
	struct rewriter rewriter;
	struct pcapng_out out;
	struct interface interface[INTERFACES];
	size_t interfaces;
	char claim[CLAIMS][PCAPNG_COMMENT_MAX / 4];
	size_t claims;
	int64_t last;
	uint8_t frame[FRAME_MAX];
};

struct redactor *
redactor_new(const struct redactor_setup *setup)
{
	struct redactor *redactor = calloc(1, sizeof(*redactor));
	struct rewriter *r;

	if (!redactor)
		return NULL;
	redactor->out = (struct pcapng_out){.write = setup->write, .user = setup->user};
	r = &redactor->rewriter;
	r->rules = setup->rules;
	r->pseudonyms = pseudonyms_new(setup->key, setup->rules, setup->max);
	r->masks = r->pseudonyms ? masks_new(setup->rules, r->pseudonyms, setup->max) : NULL;
	r->flows = table_new(setup->max ? setup->max : FLOWS, sizeof(struct flow_row),
	    sizeof(struct flow_key), 0);
	r->streams = tls_streams_new(setup->max ? setup->max : FLOWS);
	if (!r->masks || !r->flows || !r->streams) {
		redactor_free(redactor);
		return NULL;
	}
	r->seed = pseudonym_number(r->pseudonyms, "seed", 4);
	return redactor;
}

void
redactor_free(struct redactor *redactor)
{
	if (!redactor)
		return;
	pseudonyms_free(redactor->rewriter.pseudonyms);
	masks_free(redactor->rewriter.masks);
	table_free(redactor->rewriter.flows);
	table_free(redactor->rewriter.streams);
	free(redactor);
}

void
redactor_learn(struct redactor *redactor, const struct frame *frame)
{
	learn_frame(&redactor->rewriter, frame);
}

void
redactor_learn_flow(struct redactor *redactor, const struct porch_flow *flow)
{
	learn_flow(&redactor->rewriter, flow);
}

void
redactor_claim(struct redactor *redactor, const struct mac *mac, const struct addr *addr,
    const char *rule)
{
	struct pseudonyms *p = redactor->rewriter.pseudonyms;
	char mac_text[MAC_TEXT] = "-", addr_text[ADDR_TEXT] = "-";
	struct addr addr_image;
	struct mac mac_image;

	if (redactor->claims == CLAIMS)
		return;
	if (!mac_is_zero(mac)) {
		mac_image = pseudonym_mac(p, mac);
		mac_format(&mac_image, mac_text);
	}
	if (addr->family != 0) {
		addr_image = pseudonym_addr(p, addr);
		addr_format(&addr_image, addr_text);
	}
	snprintf(redactor->claim[redactor->claims++], sizeof(redactor->claim[0]),
	    "porchlight claim 1 %s %s %s", mac_text, addr_text, rule);
}

bool
redactor_begin(struct redactor *redactor)
{
	const char *comments[CLAIMS + 1] = {
	    "Redacted by porchlight: addresses, MACs and names are pseudonyms, and most payload is "
	    "zero. Claims are what devices said of themselves, as rules that matched it."};

	for (size_t i = 0; i < redactor->claims; i++)
		comments[i + 1] = redactor->claim[i];
	pcapng_section(&redactor->out, comments, redactor->claims + 1);
	return !redactor->out.failed;
}

static uint32_t
interface_of(struct redactor *redactor, const struct frame *frame)
{
	size_t i = 0;

	while (i < redactor->interfaces &&
	       (redactor->interface[i].number != frame->interface ||
	           redactor->interface[i].link_type != frame->link_type))
		i++;
	if (i == INTERFACES)
		for (i = 0; i < INTERFACES - 1; i++)
			if (redactor->interface[i].link_type == frame->link_type)
				break;
	if (i == redactor->interfaces) {
		redactor->interface[redactor->interfaces++] =
		    (struct interface){frame->interface, frame->link_type};
		pcapng_interface(&redactor->out, frame->link_type);
	}
	return (uint32_t)i;
}

bool
redactor_frame(struct redactor *redactor, const struct frame *frame)
{
	struct span span = {
	    .in = frame->bytes,
	    .out = redactor->frame,
	    .len = frame->captured < FRAME_MAX ? frame->captured : FRAME_MAX,
	};
	struct frame written = *frame;

	memset(redactor->frame, 0, span.len);
	written.captured = (uint32_t)span.len;
	if (span.len > 0)
		rewrite_frame(&redactor->rewriter, &span, frame->link_type, frame->on_wire);
	pcapng_packet(&redactor->out, interface_of(redactor, frame), &written, redactor->frame);
	if (frame->time > redactor->last)
		redactor->last = frame->time;
	return !redactor->out.failed;
}

bool
redactor_finish(struct redactor *redactor, uint64_t dropped)
{
	if (redactor->interfaces == 0)
		pcapng_interface(&redactor->out, 1);
	if (dropped > 0)
		pcapng_statistics(&redactor->out, redactor->last, dropped);
	return !redactor->out.failed;
}

uint64_t
redactor_shared(const struct redactor *redactor)
{
	return pseudonyms_shared(redactor->rewriter.pseudonyms);
}
