/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

#include "parse/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* One datagram; every fragment must lie inside its message. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor datagram = cursor_over(bytes, len);
	struct dtls_fragment fragment;
	struct hello hello;

	dtls_hello_parse(datagram, &hello);
	while (dtls_hello_fragment(&datagram, &fragment) == PARSE_OK)
		if (fragment.offset + cursor_left(&fragment.piece) > fragment.total)
			abort();
	return 0;
}
