/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/crypto.h"

#include <gcrypt.h>
#include <pthread.h>

#define OLDEST "1.10.0" /* the first with everything used here (SIV), by its NEWS file */

/* The library's own state lives once a process, so getting it ready is once a process too. */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
prepare(void)
{
	/* An embedding program may have done it already, in its own way. */
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P) || !gcry_check_version(OLDEST))
		return;
	/*
	 * Keys here follow from bytes on the wire, but for that of a history, which whoever can
	 * read this memory can read in its file.
	 */
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

bool
crypto_init(void)
{
	return pthread_once(&once, prepare) == 0 && gcry_check_version(OLDEST) != NULL;
}

const char *
crypto_version(void)
{
	const char *version = crypto_init() ? gcry_check_version(NULL) : NULL;

	return version ? version : "";
}
