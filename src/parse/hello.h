/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_HELLO_H
#define PARSE_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "parse/result.h"

/*
 * The first thing a TLS, DTLS or QUIC client says, still in the clear: ClientHello
 * (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2; RFC 9147, 5.3; RFC 6347, 4.2.1).
 */

#define TLS_HELLO_MAX 16384 /* longer hellos are not read */

enum hello_transport {
	HELLO_OVER_TCP,
	HELLO_OVER_DTLS,
	HELLO_OVER_QUIC,
};

/* Every cursor is lent from what was parsed (or from the scratch it was joined in). */
struct hello {
	enum hello_transport transport;
	uint16_t legacy_version; /* the field of that name */
	uint16_t version;        /* newest of supported_versions without GREASE, else legacy */
	bool has_sni;            /* the extension is there, whatever it holds */
	bool has_host;           /* it holds a host_name */
	bool host_valid;         /* which is a DNS name: no address, no odd bytes, no empty label */
	/*
	 * encrypted_client_hello is there: host may be only the outer name.  Clients that merely
	 * pretend (GREASE ECH) cannot be told apart, which is its purpose (RFC 9849, 6.2).
	 */
	bool ech;
	struct cursor host; /* as sent; empty when none */
	struct cursor alpn; /* first protocol name; empty when none */
	/* For fingerprints: as sent, GREASE included. */
	struct cursor ciphers;    /* two bytes each */
	struct cursor extensions; /* the whole block: type(2) length(2) body, repeated */
	struct cursor signatures; /* signature_algorithms, two bytes each */
};

/* Whether a cipher, extension, version or signature is a reserved value (RFC 8701). */
bool tls_is_grease(uint16_t value);

/* The body of a ClientHello message, without the handshake header.  Also for QUIC. */
enum parse_result client_hello_parse(struct cursor body, enum hello_transport transport,
    struct hello *hello);

/*
 * A whole handshake message: type(1) length(3) body, as TLS and QUIC CRYPTO carry it.
 * PARSE_OTHER if it is no ClientHello or longer than TLS_HELLO_MAX.
 */
enum parse_result client_hello_message_parse(struct cursor message, enum hello_transport transport,
    struct hello *hello);

struct tls_record {
	uint8_t type;       /* 20 to 24 */
	uint16_t version;   /* 0x0300 to 0x0304 */
	uint16_t length;    /* as the header says */
	struct cursor body; /* what is there of it */
};

/* PARSE_OTHER if this is no TLS record header (RFC 8446, 5.1); SHORT only in the header. */
enum parse_result tls_record_header(struct cursor stream, struct tls_record *record);

/* What the first bytes of one direction of a stream are. */
enum tls_first {
	TLS_FIRST_CLIENT_HELLO,
	TLS_FIRST_SERVER_HELLO,
	TLS_FIRST_ALERT,
	TLS_FIRST_LATER, /* a record of a handshake under way, or data: begun before the capture */
};

/* Tells TLS from anything else by its first record, to call a flow TLS without a hello. */
enum parse_result tls_first_record(struct cursor stream, enum tls_first *first);

/*
 * The client's first bytes of a stream.  A hello split over records is joined in scratch,
 * which the hello then borrows from.  PARSE_SHORT while more bytes can complete it;
 * PARSE_OTHER if this is not TLS, no ClientHello, or longer than TLS_HELLO_MAX or scratch.
 */
enum parse_result tls_hello_parse(struct cursor stream, uint8_t *scratch, size_t scratch_size,
    struct hello *hello);

/* A piece of a DTLS handshake message. */
struct dtls_fragment {
	uint16_t message; /* message_seq */
	uint32_t total;   /* bytes of the whole body */
	uint32_t offset;  /* of this piece in it */
	struct cursor piece;
};

/*
 * The first ClientHello fragment of one datagram.  Later ones of the same datagram are
 * given by calling again with what datagram has left.  PARSE_OTHER: no ClientHello here
 * (nor behind what was skipped); SHORT: cut off.
 */
enum parse_result dtls_hello_fragment(struct cursor *datagram, struct dtls_fragment *fragment);

/*
 * A ClientHello that lies whole in one datagram.  PARSE_SHORT if it is only a piece: join
 * pieces with dtls_hello_fragment and give the body to client_hello_parse.
 */
enum parse_result dtls_hello_parse(struct cursor datagram, struct hello *hello);

#endif
