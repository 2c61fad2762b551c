/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "dpi/inspector.h"

/* Built without an inspection library: the process greets, and is asked nothing. */

struct inspector *
inspector_new(void)
{
	return NULL;
}

const char *
inspector_library(void)
{
	return "";
}

bool
inspector_reads_dtls(void)
{
	return false;
}

void
inspector_begin(struct inspector *inspector, const struct wire_question *flow)
{
	(void)inspector;
	(void)flow;
}

bool
inspector_see(struct inspector *inspector, const struct wire_slice *slice)
{
	(void)inspector;
	(void)slice;
	return true;
}

void
inspector_end(struct inspector *inspector, struct wire_opinion *opinion)
{
	(void)inspector;
	memset(opinion, 0, sizeof(*opinion));
}
