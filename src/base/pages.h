/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

/*
 * Memory for tables that are taken whole and filled slowly from the beginning: all zero, and of
 * the machine's memory only what was written to.  calloc() gives that the first time; what it
 * gives again after free() it clears, and so takes.  NULL when there is none.
 *
 * Where a machine gives large pages by itself (Linux: transparent_hugepage), one byte takes two
 * megabytes, for each table.  So pages are small to begin with, and large behind what most tables
 * ever fill, where they save time.  Of the head any part may be written to at any time.
 */
void *pages_take(size_t size, size_t head);
void pages_free(void *pages, size_t size); /* the size it was taken with; NULL is fine */

#endif
