/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

#include "home/ja4.h"
#include "parse/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The client's first bytes of a stream. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static uint8_t scratch[TLS_HELLO_MAX];
	static struct ja4_maker *maker;
	struct hello hello;
	enum tls_first first;
	char text[JA4_TEXT];

	if (!maker)
		maker = ja4_maker_new();
	tls_first_record(cursor_over(bytes, len), &first);
	if (tls_hello_parse(cursor_over(bytes, len), scratch, sizeof(scratch), &hello) == PARSE_OK)
		ja4_make(maker, &hello, text);
	return 0;
}
