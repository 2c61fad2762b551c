/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/colour.h"

#include <string.h>

static bool
says(const char *value)
{
	return value && value[0];
}

bool
colour_wanted(const struct colour_signs *signs)
{
	if (signs->flag != WHEN_AUTO)
		return signs->flag == WHEN_ALWAYS;
	if (says(signs->force_color) && strcmp(signs->force_color, "0") != 0)
		return true;
	if (says(signs->no_color))
		return false;
	if (!says(signs->term) || strcmp(signs->term, "dumb") == 0)
		return false;
	return signs->is_terminal;
}
