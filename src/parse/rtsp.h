/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_RTSP_H
#define PARSE_RTSP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "parse/result.h"

/* The head of an RTSP message.  Text is lent; an absent field is empty. */
struct rtsp {
	bool request;
	struct cursor method; /* request only: one of RFC 2326's and RFC 7826's */
	struct cursor target; /* request only: the URL */
	uint16_t status;      /* response only: 100 to 599 */
	bool has_cseq;
	uint32_t cseq;
	struct cursor transport; /* Transport: how media will travel */
	struct cursor server;
	struct cursor user_agent;
	struct cursor content_type;
	uint32_t content_length; /* 0 when absent */
	struct cursor
	    body; /* what is there after the head; content_length of it is this message's */
};

/*
 * Reads the head of an RTSP 1.0 or 2.0 message (RFC 2326, RFC 7826).  PARSE_SHORT: well so
 * far; whole lines are already in *rtsp.  PARSE_OTHER: not RTSP.  PARSE_MALFORMED: RTSP,
 * but the head is broken or longer than 16 KiB.
 */
enum parse_result rtsp_parse(struct cursor stream, struct rtsp *rtsp);

/* Interleaved data (RFC 2326, 10.12): '$', channel, length(2), then a packet. */
struct rtsp_frame {
	uint8_t channel;      /* by custom even: RTP, odd: RTCP */
	uint16_t length;      /* bytes the frame has */
	struct cursor packet; /* what is there of them */
};

/*
 * Takes the next interleaved frame.  PARSE_OTHER: the stream goes on with something else
 * (a message), nothing was taken.  PARSE_SHORT: fewer bytes are there than the frame has;
 * *frame holds what is there, nothing was taken.
 */
enum parse_result rtsp_next_frame(struct cursor *stream, struct rtsp_frame *frame);

#endif
