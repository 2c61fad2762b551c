/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_BODY_H
#define SINK_MESSENGER_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "sink/put.h"

/*
 * A JSON object written into bounded memory.  What does not fit leaves it cut: then it is not
 * to be used.
 */
struct body {
	struct json json; /* to put members into */
	struct writer writer;
	char *at;
	size_t size;
	size_t len;
	bool cut;
};

/* Opens the object. */
void body_begin(struct body *body, char *at, size_t size);
/* Closes it and ends it in a NUL; returns its length, 0 when it was cut. */
size_t body_end(struct body *body);

#endif
