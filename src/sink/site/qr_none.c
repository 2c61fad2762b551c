/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/site.h"

/* Without libqrencode the link is text alone. */
void
site_show_link(struct writer *w, const char *link)
{
	write_text(w, link);
	write_char(w, '\n');
}
