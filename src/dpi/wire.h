/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_WIRE_H
#define DPI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "home/advice.h"

/*
 * What goes between the process that counts and the one that advises.  Slices of packets
 * lie in memory that the adviser can only read; questions and answers are records of one
 * size each over a stream socket.  Every length is checked on both sides: the adviser
 * reads hostile packets, and an adviser that was taken over writes hostile answers.
 *
 * Numbers are little-endian.  Texts are ASCII without blanks, filled up with NULs.
 */

#define WIRE_SLOTS  64 /* flows that can be outstanding */
#define WIRE_SLICES 32 /* first packets of a flow */

#define WIRE_HEADERS 60 /* IPv6 and TCP, as the adviser writes them */
/* With its guards off, for tests only, whole datagrams are passed on. */
#ifdef PORCHLIGHT_DPI_UNGUARDED
#define WIRE_PACKET (65507 + WIRE_HEADERS)
#else
#define WIRE_PACKET 2048 /* bytes of an IP packet that are passed on at most */
#endif
#define WIRE_PAYLOAD (WIRE_PACKET - WIRE_HEADERS)
#define WIRE_CELL    (24 + (WIRE_PAYLOAD + 7) / 8 * 8) /* a slice in memory, at most */
#define WIRE_MEMORY  ((size_t)WIRE_SLOTS * WIRE_SLICES * WIRE_CELL)

#define WIRE_QUESTION 24  /* bytes of a record that asks */
#define WIRE_ANSWER   128 /* of one that answers */

#define WIRE_VERSION_TEXT  24
#define WIRE_PROTOCOL_TEXT 24
#define WIRE_JA4_TEXT      37

/* The first bytes of one packet's transport payload. */
struct wire_slice {
	int64_t time; /* microseconds of packet time */
	const uint8_t *payload;
	uint16_t length; /* at most WIRE_PAYLOAD */
	bool from_originator;
	uint8_t tcp_flags;
	uint32_t tcp_seq;
	uint32_t tcp_ack;
};

/*
 * A flow to be looked at: all its slices lie in its slot.  Whose addresses it lies between is not
 * told: what the adviser's lists have of them was true on the day they were made, and what it reads
 * does not depend on them.
 */
struct wire_question {
	uint64_t number; /* of asking, from 1; told back in the answer */
	uint8_t slot;
	uint8_t slices;
	uint8_t protocol; /* IP_TCP or IP_UDP */
	uint8_t family;   /* 4 or 6 */
	uint16_t originator_port;
	uint16_t responder_port;
};

/* How an opinion came about, weakest first. */
enum wire_basis {
	BASIS_NONE,      /* no opinion */
	BASIS_PORT,      /* ports only */
	BASIS_PARTIAL,   /* the beginning of what would have been read */
	BASIS_INSPECTED, /* payload was read */
	BASES,
};

struct wire_opinion {
	uint64_t number;
	uint8_t basis;                        /* enum wire_basis */
	uint32_t risks;                       /* bits of home/advice.h */
	char protocol[WIRE_PROTOCOL_TEXT];    /* the library's own name, "" when it has none */
	char application[WIRE_PROTOCOL_TEXT]; /* of what the protocol carries, or "" */
	char ja4[WIRE_JA4_TEXT];              /* "" when that library makes none */
};

/* Bits of how the adviser is shut in. */
#define SHUT_IN_USER     1U /* runs as nobody, or never was root */
#define SHUT_IN_LIMITS   2U /* no files, processes, core dumps; bounded memory */
#define SHUT_IN_LANDLOCK 4U
#define SHUT_IN_SECCOMP  8U
#define SHUT_IN_ALL      15U

/* Said once, when the adviser is ready. */
struct wire_greeting {
	char library[WIRE_VERSION_TEXT]; /* "4.2.0"; "" when none is built in */
	uint8_t shut_in;                 /* bits */
	uint8_t landlock;                /* its ABI, 0 for none */
	bool dtls;                       /* DTLS is looked into */
};

enum wire_kind { WIRE_GREETS, WIRE_ANSWERS };

struct wire_said {
	enum wire_kind kind;
	struct wire_greeting greeting;
	struct wire_opinion opinion;
};

/*
 * Where the slices of a slot lie in the memory, one behind the other: what is not written takes
 * no memory, and most packets are short.
 */
size_t wire_slot(unsigned slot);

/* The bytes it takes there, at most WIRE_CELL; 0 when it is no slice: the adviser's side. */
size_t wire_read_slice(const uint8_t cell[static WIRE_CELL], struct wire_slice *slice);
size_t wire_write_slice(uint8_t cell[static WIRE_CELL], const struct wire_slice *slice);

bool wire_read_question(const uint8_t record[static WIRE_QUESTION], struct wire_question *question);
void wire_write_question(uint8_t record[static WIRE_QUESTION],
    const struct wire_question *question);

/* False for whatever this room's adviser would not have written. */
bool wire_read_said(const uint8_t record[static WIRE_ANSWER], struct wire_said *said);
void wire_write_greeting(uint8_t record[static WIRE_ANSWER], const struct wire_greeting *greeting);
void wire_write_opinion(uint8_t record[static WIRE_ANSWER], const struct wire_opinion *opinion);

#endif
