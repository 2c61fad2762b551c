/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/site.h"

#include <qrencode.h>

#define MARGIN 2 /* modules; terminals are dark, so that the light ones are drawn */

static bool
is_light(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return (code->data[y * code->width + x] & 1) == 0;
}

/* Two rows of modules a line, as half blocks. */
static void
write_row(struct writer *w, const QRcode *code, int y)
{
	static const char *const blocks[] = {" ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88"};

	for (int x = -MARGIN; x < code->width + MARGIN; x++) {
		unsigned upper = is_light(code, x, y) ? 2 : 0;
		unsigned lower = is_light(code, x, y + 1) ? 1 : 0;

		write_text(w, blocks[upper | lower]);
	}
	write_char(w, '\n');
}

void
site_show_link(struct writer *w, const char *link)
{
	QRcode *code = QRcode_encodeString(link, 0, QR_ECLEVEL_L, QR_MODE_8, 1);

	write_text(w, link);
	write_char(w, '\n');
	if (!code)
		return;
	for (int y = -MARGIN; y < code->width + MARGIN; y += 2)
		write_row(w, code, y);
	QRcode_free(code);
}
