/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PILE_H
#define BASE_PILE_H

#include <stddef.h>

/* A list of items of one size that grows; never on the way of a packet.  All zero is empty. */
struct pile {
	void *item;
	size_t count, room;
};

/* A zeroed item at the end, good until the next one; NULL when out of memory. */
void *pile_add(struct pile *pile, size_t size);
void pile_free(struct pile *pile);

#endif
