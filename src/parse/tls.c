/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/hello.h"

#define TYPE_ALERT     21
#define TYPE_HANDSHAKE 22
#define TYPE_DATA      23

#define HANDSHAKE_CLIENT_HELLO 1
#define HANDSHAKE_SERVER_HELLO 2

#define BODY_MAX (16384 + 2048) /* RFC 5246, 6.2.3: the longest ciphertext */

/* type(1) version(2) length(2): RFC 8446, 5.1 */
enum parse_result
tls_record_header(struct cursor stream, struct tls_record *record)
{
	uint8_t byte;

	*record = (struct tls_record){0};
	if (cursor_peek(&stream, 0, &byte) && (byte < 20 || byte > 24))
		return PARSE_OTHER;
	if (cursor_peek(&stream, 1, &byte) && byte != 3)
		return PARSE_OTHER;
	if (cursor_peek(&stream, 2, &byte) && byte > 4)
		return PARSE_OTHER;
	record->type = cursor_u8(&stream);
	record->version = cursor_be16(&stream);
	record->length = cursor_be16(&stream);
	if (stream.short_read)
		return PARSE_SHORT;
	if (record->length > BODY_MAX || (record->length == 0 && record->type != TYPE_DATA))
		return PARSE_OTHER;
	record->body = cursor_sub_clamped(&stream, record->length);
	return PARSE_OK;
}

enum parse_result
tls_first_record(struct cursor stream, enum tls_first *first)
{
	struct tls_record record;
	enum parse_result result = tls_record_header(stream, &record);
	uint8_t message;

	if (result != PARSE_OK)
		return result;
	*first = TLS_FIRST_LATER;
	if (record.type == TYPE_ALERT)
		*first = TLS_FIRST_ALERT;
	if (record.type != TYPE_HANDSHAKE)
		return PARSE_OK;
	if (!cursor_peek(&record.body, 0, &message))
		return PARSE_SHORT;
	if (message == HANDSHAKE_CLIENT_HELLO)
		*first = TLS_FIRST_CLIENT_HELLO;
	else if (message == HANDSHAKE_SERVER_HELLO)
		*first = TLS_FIRST_SERVER_HELLO;
	return PARSE_OK;
}

/* Appends what is there of each handshake record until the message is whole. */
static enum parse_result
join_records(struct cursor stream, uint8_t *scratch, size_t scratch_size, struct hello *hello)
{
	enum parse_result result = PARSE_SHORT;
	struct tls_record record;
	size_t joined = 0;

	while (result == PARSE_SHORT) {
		size_t here;

		result = tls_record_header(stream, &record);
		if (result == PARSE_OTHER || (result == PARSE_OK && record.type != TYPE_HANDSHAKE))
			return PARSE_MALFORMED; /* RFC 8446, 5.1: nothing may come in between */
		if (result == PARSE_SHORT)
			return PARSE_SHORT;
		here = cursor_left(&record.body);
		if (here > scratch_size - joined)
			return PARSE_OTHER;
		memcpy(scratch + joined, record.body.at, here);
		joined += here;
		cursor_take(&stream, 5 + here);
		result =
		    client_hello_message_parse(cursor_over(scratch, joined), HELLO_OVER_TCP, hello);
		if (here < record.length)
			return result;
	}
	return result;
}

enum parse_result
tls_hello_parse(struct cursor stream, uint8_t *scratch, size_t scratch_size, struct hello *hello)
{
	struct tls_record record;
	enum parse_result result = tls_record_header(stream, &record);

	if (result != PARSE_OK)
		return result;
	if (record.type != TYPE_HANDSHAKE)
		return PARSE_OTHER;
	result = client_hello_message_parse(record.body, HELLO_OVER_TCP, hello);
	if (result != PARSE_SHORT || cursor_left(&record.body) < record.length)
		return result;
	return join_records(stream, scratch, scratch_size, hello);
}
