/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define LEAST 16384   /* less is not worth a mapping of its own */
#define UNIT  65536   /* no page that is called small is larger */
#define SMALL 524288  /* bytes behind the head that most tables never fill */
#define LARGE 2097152 /* bytes of a large page; where it has more there are none here */

static size_t
rounded(size_t size)
{
	return (size + UNIT - 1) / UNIT * UNIT;
}

static unsigned char *
map(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

/* In which a large page can begin after that many bytes. */
static unsigned char *
map_around(size_t size, size_t bytes)
{
	unsigned char *all = map(size + LARGE);
	size_t before;

	if (!all)
		return NULL;
	before = (LARGE - ((uintptr_t)all + bytes) % LARGE) % LARGE;
	if (before > 0)
		munmap(all, before);
	munmap(all + before + size, LARGE - before);
	return all + before;
}

void *
pages_take(size_t size, size_t head)
{
	size_t all = rounded(size), most = rounded(head + SMALL), small = all < most ? all : most;
	unsigned char *pages;

	if (size < LEAST)
		return calloc(1, size);
	if (size > SIZE_MAX / 4)
		return NULL;
	pages = all > small ? map_around(all, small) : map(all);
	if (!pages)
		return NULL;
	madvise(pages, small, MADV_NOHUGEPAGE);
	if (all > small)
		madvise(pages + small, all - small, MADV_HUGEPAGE);
	return pages;
}

void
pages_free(void *pages, size_t size)
{
	if (size < LEAST)
		free(pages);
	else if (pages)
		munmap(pages, rounded(size));
}
