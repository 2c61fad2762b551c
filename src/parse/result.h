/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_RESULT_H
#define PARSE_RESULT_H

/* What a parser answers.  "Too short" and "malformed" are different answers. */
enum parse_result {
	PARSE_OK,
	PARSE_OTHER,     /* well, but not what this parser reads */
	PARSE_SHORT,     /* may become OK with more bytes */
	PARSE_MALFORMED, /* can never become OK */
};

#endif
