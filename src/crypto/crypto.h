/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include <stdbool.h>

/*
 * Gets libgcrypt ready.  May be called again and from any thread; everything of this
 * room that makes a handle calls it.  Returns false if the library is too old or broken.
 */
bool crypto_init(void);

/* The version of the library in use, such as "1.10.1"; never NULL. */
const char *crypto_version(void);

#endif
