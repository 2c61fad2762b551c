/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_JA4_H
#define HOME_JA4_H

#include <stdbool.h>

#include "parse/hello.h"

#define JA4_TEXT 37 /* "t13d1516h2_8daaf6152771_e5627efa2ab1" and a NUL */

/* Where fingerprints are made; it remembers parts of the latest. */
struct ja4_maker;

struct ja4_maker *ja4_maker_new(void); /* NULL when out of memory */
void ja4_maker_free(struct ja4_maker *maker);

/*
 * The JA4 fingerprint of a TLS client (FoxIO, technical_details/JA4.md).  Returns false,
 * with text "", for a hello with an absurd number of ciphers or extensions.
 */
bool ja4_make(struct ja4_maker *maker, const struct hello *hello, char text[static JA4_TEXT]);

#endif
