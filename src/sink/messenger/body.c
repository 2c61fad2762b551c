/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/body.h"

#include <string.h>

static void
take(const void *bytes, size_t len, void *user)
{
	struct body *body = user;

	if (len >= body->size - body->len) {
		body->cut = true;
		return;
	}
	memcpy(body->at + body->len, bytes, len);
	body->len += len;
}

void
body_begin(struct body *body, char *at, size_t size)
{
	writer_init(&body->writer, WRITER_NOWHERE);
	body->writer.tee = take;
	body->writer.user = body;
	body->json = (struct json){.w = &body->writer};
	body->at = at;
	body->size = size;
	body->len = 0;
	body->cut = false;
	put_open(&body->json, NULL, '{');
}

size_t
body_end(struct body *body)
{
	put_close(&body->json, '}');
	writer_flush(&body->writer);
	body->at[body->cut ? 0 : body->len] = '\0';
	return body->cut ? 0 : body->len;
}
