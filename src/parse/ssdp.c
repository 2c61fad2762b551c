/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/ssdp.h"

#include "parse/text.h"

#define STATUS_OK 200

static enum parse_result
start_line(struct cursor *datagram, struct ssdp *ssdp)
{
	struct text_start start;
	enum parse_result result = text_next_start(datagram, "HTTP/1.", &start);

	if (result != PARSE_OK)
		return result;
	ssdp->request = start.request;
	if (!start.request) {
		ssdp->kind = SSDP_ANSWER;
		return start.status == STATUS_OK ? PARSE_OK : PARSE_OTHER;
	}
	if (!text_is(&start.target, "*"))
		return PARSE_OTHER;
	ssdp->kind = text_is(&start.method, "m-search") ? SSDP_SEARCH : SSDP_NOTIFY;
	if (ssdp->kind == SSDP_NOTIFY && !text_is(&start.method, "notify"))
		return PARSE_OTHER;
	return PARSE_OK;
}

/* Of a field that comes twice, the first counts. */
static void
keep_first(struct cursor *kept, struct cursor value)
{
	if (!kept->at)
		*kept = value;
}

static void
note_field(struct ssdp *ssdp, const struct text_field *field)
{
	const struct cursor *name = &field->name;

	if (text_is(name, "server"))
		keep_first(&ssdp->server, field->value);
	else if (text_is(name, "user-agent"))
		keep_first(&ssdp->agent, field->value);
	else if (text_is(name, "location"))
		keep_first(&ssdp->location, field->value);
	else if (text_is(name, "st") || text_is(name, "nt"))
		keep_first(&ssdp->target, field->value);
	else if (text_is(name, "usn"))
		keep_first(&ssdp->usn, field->value);
	else if (text_is(name, "nts"))
		ssdp->bye = text_is(&field->value, "ssdp:byebye");
}

enum parse_result
ssdp_parse(struct cursor datagram, struct ssdp *ssdp)
{
	struct text_field field;
	enum parse_result result;

	*ssdp = (struct ssdp){0};
	result = start_line(&datagram, ssdp);
	if (result != PARSE_OK)
		return result;
	/* Devices write odd lines; one of them does not spoil the others. */
	do {
		result = text_next_field(&datagram, &field);
		if (result == PARSE_OK)
			note_field(ssdp, &field);
	} while (result == PARSE_OK || result == PARSE_MALFORMED);
	return result == PARSE_OTHER ? PARSE_OK : result;
}
