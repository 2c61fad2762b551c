/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "sink/site/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line of the input as a header; "" is none. */
static struct header
next_line(char **at)
{
	char *line = *at, *end = strchr(line, '\n');

	if (end)
		*end = '\0';
	*at = end ? end + 1 : line + strlen(line);
	return (struct header){line[0] ? line : NULL, line[0] ? 1 : 0};
}

/* Whatever is asked, nothing passes that did not ask us by our name and with our key. */
static void
ask(struct guard *guard, char *text)
{
	struct request request = {
	    .query = "", .peer = {4, {192, 0, 2, 1}}, .local = {4, {127, 0, 0, 1}}};
	char *at = text, out[64];
	uint64_t id;

	request.method = *at == 'p' ? METHOD_POST : METHOD_GET;
	request.path = next_line(&at).value;
	if (!request.path)
		request.path = "/";
	request.host = next_line(&at);
	request.origin = next_line(&at);
	request.fetch_site = next_line(&at);
	request.fetch_mode = next_line(&at);
	request.cookie = next_line(&at);
	request.authorization = next_line(&at);
	request.content_type = next_line(&at);
	request.body = at;
	request.body_len = strlen(at);
	form_field(request.body, request.body_len, "name", out, sizeof(out));
	id_parse(out, 'e', &id);
	if (guard_rule(guard, &request, false, 1) == RULING_PASS)
		abort(); /* there is no session, and the token is not to be guessed */
	if (guard_rule(guard, &request, true, 1) == RULING_PASS &&
	    strcmp(request.host.value, "127.0.0.1:8642") != 0 &&
	    strcmp(request.host.value, "localhost:8642") != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct guard_setup setup = {.port = 8642, .token = true};
	struct guard *guard = guard_new(&setup);
	char *text = malloc(size + 1);

	if (guard && text) {
		memcpy(text, data, size);
		text[size] = '\0';
		ask(guard, text);
	}
	free(text);
	guard_free(guard);
	return 0;
}
