/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

/*
 * Memory for tables that are taken whole and filled slowly: all zero, and of the machine's
 * memory only what was written to.  calloc() gives that the first time; what it gives again
 * after free() it clears, and so takes.  NULL when there is none.
 */
void *pages_take(size_t size);
void pages_free(void *pages, size_t size); /* the size it was taken with; NULL is fine */

#endif
