/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_JA4_H
#define HOME_JA4_H

#include <stdbool.h>

#include "parse/hello.h"

#define JA4_TEXT 37 /* "t13d1516h2_8daaf6152771_e5627efa2ab1" and a NUL */

/*
 * The JA4 fingerprint of a TLS client (FoxIO, technical_details/JA4.md).  Returns false,
 * with text "", for a hello with an absurd number of ciphers or extensions.
 */
bool ja4_make(const struct hello *hello, char text[static JA4_TEXT]);

#endif
