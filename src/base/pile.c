/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pile.h"

#include <stdlib.h>
#include <string.h>

void *
pile_add(struct pile *pile, size_t size)
{
	if (pile->count == pile->room) {
		size_t room = pile->room ? pile->room * 2 : 32;
		void *more = reallocarray(pile->item, room, size);

		if (!more)
			return NULL;
		pile->item = more;
		pile->room = room;
	}
	return memset((char *)pile->item + pile->count++ * size, 0, size);
}

void
pile_free(struct pile *pile)
{
	free(pile->item);
	*pile = (struct pile){.item = NULL};
}
