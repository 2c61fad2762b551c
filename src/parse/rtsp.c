/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/rtsp.h"

#include "parse/text.h"

#define HEAD_MAX 16384
#define DOLLAR   0x24 /* RFC 2326, 10.12 */

/* RFC 2326, 10 and RFC 7826, 13. */
static const char *const methods[] = {
    "ANNOUNCE",
    "DESCRIBE",
    "GET_PARAMETER",
    "OPTIONS",
    "PAUSE",
    "PLAY",
    "PLAY_NOTIFY",
    "RECORD",
    "REDIRECT",
    "SET_PARAMETER",
    "SETUP",
    "TEARDOWN",
};

static bool
known_method(const struct cursor *method)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (text_is(method, methods[i]))
			return true;
	return false;
}

/* The start line of either version. */
static enum parse_result
start_line(struct cursor *head, struct text_start *start)
{
	enum parse_result result = text_next_start(head, "RTSP/1.", start);

	if (result == PARSE_OTHER)
		result = text_next_start(head, "RTSP/2.", start);
	if (result == PARSE_OK && start->request && !known_method(&start->method))
		return PARSE_OTHER;
	return result;
}

/* Of a field that comes twice, the first counts. */
static void
keep_first(struct cursor *kept, struct cursor value)
{
	if (!kept->at)
		*kept = value;
}

static void
note_field(struct rtsp *rtsp, const struct text_field *field)
{
	const struct cursor *name = &field->name;
	uint64_t number;

	if (text_is(name, "cseq") && text_number(field->value, UINT32_MAX, &number)) {
		rtsp->has_cseq = true;
		rtsp->cseq = (uint32_t)number;
	} else if (text_is(name, "transport")) {
		keep_first(&rtsp->transport, field->value);
	} else if (text_is(name, "server")) {
		keep_first(&rtsp->server, field->value);
	} else if (text_is(name, "user-agent")) {
		keep_first(&rtsp->user_agent, field->value);
	} else if (text_is(name, "content-type")) {
		keep_first(&rtsp->content_type, field->value);
	} else if (text_is(name, "content-length") &&
	           text_number(field->value, UINT32_MAX, &number)) {
		rtsp->content_length = (uint32_t)number;
	}
}

static enum parse_result
fields(struct cursor *head, struct rtsp *rtsp)
{
	struct text_field field;
	enum parse_result result;

	while ((result = text_next_field(head, &field)) == PARSE_OK)
		note_field(rtsp, &field);
	return result == PARSE_OTHER ? PARSE_OK : result;
}

enum parse_result
rtsp_parse(struct cursor stream, struct rtsp *rtsp)
{
	struct cursor rest = stream;
	struct cursor head = cursor_sub_clamped(&rest, HEAD_MAX);
	size_t head_size = cursor_left(&head);
	struct text_start start;
	enum parse_result result;

	*rtsp = (struct rtsp){0};
	result = start_line(&head, &start);
	if (result == PARSE_SHORT && head_size == HEAD_MAX)
		return PARSE_OTHER;
	if (result != PARSE_OK)
		return result;
	rtsp->request = start.request;
	rtsp->method = start.method;
	rtsp->target = start.target;
	rtsp->status = start.status;
	result = fields(&head, rtsp);
	if (result == PARSE_SHORT && head_size == HEAD_MAX)
		return PARSE_MALFORMED;
	cursor_take(&stream, head_size - cursor_left(&head));
	rtsp->body = stream;
	return result;
}

enum parse_result
rtsp_next_frame(struct cursor *stream, struct rtsp_frame *frame)
{
	struct cursor c = *stream;
	uint8_t first;

	*frame = (struct rtsp_frame){0};
	if (!cursor_peek(&c, 0, &first))
		return PARSE_SHORT;
	if (first != DOLLAR)
		return PARSE_OTHER;
	cursor_take(&c, 1);
	frame->channel = cursor_u8(&c);
	frame->length = cursor_be16(&c);
	frame->packet = cursor_sub_clamped(&c, frame->length);
	if (c.short_read || cursor_left(&frame->packet) < frame->length)
		return PARSE_SHORT;
	*stream = c;
	return PARSE_OK;
}
