/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pages.h"

#include <stdlib.h>
#include <sys/mman.h>

#define LEAST 16384 /* less is not worth a mapping of its own */

void *
pages_take(size_t size)
{
	void *pages;

	if (size < LEAST)
		return calloc(1, size);
	pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return pages == MAP_FAILED ? NULL : pages;
}

void
pages_free(void *pages, size_t size)
{
	if (size < LEAST)
		free(pages);
	else if (pages)
		munmap(pages, size);
}
