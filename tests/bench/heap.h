/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_BENCH_HEAP_H
#define TESTS_BENCH_HEAP_H

/*
 * Counts what a program and its libraries hold on the heap, by standing in front of glibc's
 * allocator.  One thread only; include it in one file.
 */
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *old);

static volatile ptrdiff_t heap_held, heap_peak; /* the compiler thinks that it knows malloc */

static void *
heap_count(void *got)
{
	if (got)
		heap_held += (ptrdiff_t)malloc_usable_size(got);
	if (heap_held > heap_peak)
		heap_peak = heap_held;
	return got;
}

void *
malloc(size_t size)
{
	return heap_count(__libc_malloc(size));
}

void *
calloc(size_t count, size_t size)
{
	return heap_count(__libc_calloc(count, size));
}

void *
realloc(void *old, size_t size)
{
	ptrdiff_t before = old ? (ptrdiff_t)malloc_usable_size(old) : 0;
	void *got = __libc_realloc(old, size);

	if (got || size == 0)
		heap_held -= before;
	return heap_count(got);
}

void
free(void *old)
{
	if (old)
		heap_held -= (ptrdiff_t)malloc_usable_size(old);
	__libc_free(old);
}

#endif
