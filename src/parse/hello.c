/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/hello.h"

#include "base/host.h"

/* IANA, "TLS ExtensionType Values". */
#define EXT_SERVER_NAME        0x0000
#define EXT_SIGNATURES         0x000d
#define EXT_ALPN               0x0010
#define EXT_SUPPORTED_VERSIONS 0x002b
#define EXT_ECH                0xfe0d

#define HANDSHAKE_CLIENT_HELLO 1
#define RANDOM_SIZE            32
#define ECH_OUTER              0 /* RFC 9849, 5: ECHClientHelloType */

bool
tls_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/* A list whose length(2) comes first and fills the whole body. */
static bool
list16(struct cursor body, struct cursor *list)
{
	*list = cursor_sub(&body, cursor_be16(&body));
	return !list->short_read && cursor_left(&body) == 0;
}

/* RFC 6066, 3: ServerNameList of type(1) name<1..2^16-1>; only host_name (0) exists. */
static bool
server_name(struct cursor body, struct hello *hello)
{
	char normal[HOST_TEXT];
	struct cursor list;

	hello->has_sni = true;
	if (cursor_left(&body) == 0)
		return true;
	if (!list16(body, &list))
		return false;
	while (cursor_left(&list) > 0) {
		uint8_t type = cursor_u8(&list);
		struct cursor name = cursor_sub(&list, cursor_be16(&list));

		if (name.short_read)
			return false;
		if (type != 0 || hello->has_host)
			continue;
		hello->has_host = true;
		hello->host = name;
		hello->host_valid = host_normalise_bytes(normal, name.at, cursor_left(&name));
	}
	return true;
}

/* RFC 7301, 3.1: a list of name<1..255>; the first is the client's favourite. */
static bool
alpn(struct cursor body, struct hello *hello)
{
	struct cursor list;

	if (!list16(body, &list))
		return false;
	if (cursor_left(&list) == 0)
		return true;
	hello->alpn = cursor_sub(&list, cursor_u8(&list));
	return !hello->alpn.short_read;
}

/* DTLS counts its versions downwards (RFC 6347, 4.1). */
static bool
newer(uint16_t version, uint16_t than, enum hello_transport transport)
{
	if (transport == HELLO_OVER_DTLS)
		return version >> 8 == 0xfe && (version < than || than >> 8 != 0xfe);
	return version > than;
}

/* RFC 8446, 4.2.1: versions<2..254> */
static bool
supported_versions(struct cursor body, struct hello *hello)
{
	struct cursor list = cursor_sub(&body, cursor_u8(&body));
	uint16_t newest = 0;

	if (list.short_read || cursor_left(&list) % 2 != 0)
		return false;
	while (cursor_left(&list) > 0) {
		uint16_t version = cursor_be16(&list);

		if (!tls_is_grease(version) && newer(version, newest, hello->transport))
			newest = version;
	}
	if (newest != 0)
		hello->version = newest;
	return true;
}

static bool
extension(uint16_t type, struct cursor body, struct hello *hello)
{
	uint8_t kind;

	switch (type) {
	case EXT_SERVER_NAME:
		return server_name(body, hello);
	case EXT_ALPN:
		return alpn(body, hello);
	case EXT_SUPPORTED_VERSIONS:
		return supported_versions(body, hello);
	case EXT_SIGNATURES:
		return list16(body, &hello->signatures);
	case EXT_ECH:
		hello->ech = cursor_peek(&body, 0, &kind) && kind == ECH_OUTER;
		return true;
	default:
		return true;
	}
}

static bool
extensions(struct cursor block, struct hello *hello)
{
	while (cursor_left(&block) > 0) {
		uint16_t type = cursor_be16(&block);
		struct cursor body = cursor_sub(&block, cursor_be16(&block));

		if (body.short_read || !extension(type, body, hello))
			return false;
	}
	return true;
}

/*
 * version(2) random(32) session_id<0..32> [DTLS: cookie<0..255>] cipher_suites<2..>
 *     compression<1..255> extensions<..>, which TLS 1.2 and older may leave out.
 */
enum parse_result
client_hello_parse(struct cursor body, enum hello_transport transport, struct hello *hello)
{
	*hello = (struct hello){.transport = transport};
	hello->legacy_version = cursor_be16(&body);
	hello->version = hello->legacy_version;
	cursor_take(&body, RANDOM_SIZE);
	cursor_take(&body, cursor_u8(&body));
	if (transport == HELLO_OVER_DTLS)
		cursor_take(&body, cursor_u8(&body));
	hello->ciphers = cursor_sub(&body, cursor_be16(&body));
	cursor_take(&body, cursor_u8(&body));
	if (body.short_read)
		return PARSE_SHORT;
	if (cursor_left(&hello->ciphers) % 2 != 0)
		return PARSE_MALFORMED;
	if (cursor_left(&body) == 0)
		return PARSE_OK;
	hello->extensions = cursor_sub(&body, cursor_be16(&body));
	if (hello->extensions.short_read)
		return PARSE_SHORT;
	return extensions(hello->extensions, hello) ? PARSE_OK : PARSE_MALFORMED;
}

enum parse_result
client_hello_message_parse(struct cursor message, enum hello_transport transport,
    struct hello *hello)
{
	enum parse_result result;
	struct cursor body;
	uint8_t type;
	uint32_t length;

	if (!cursor_peek(&message, 0, &type))
		return PARSE_SHORT;
	if (type != HANDSHAKE_CLIENT_HELLO)
		return PARSE_OTHER;
	cursor_take(&message, 1);
	length = cursor_be24(&message);
	if (message.short_read)
		return PARSE_SHORT;
	if (length > TLS_HELLO_MAX)
		return PARSE_OTHER;
	body = cursor_sub(&message, length);
	if (body.short_read)
		return PARSE_SHORT;
	result = client_hello_parse(body, transport, hello);
	/* The message is whole, so what is missing inside it will never come. */
	return result == PARSE_SHORT ? PARSE_MALFORMED : result;
}
