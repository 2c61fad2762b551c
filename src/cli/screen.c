/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/zone.h"

#define COLUMNS_DEFAULT 80
#define COLUMNS_LEAST   40
#define COLUMNS_MOST    500

static bool
usable(unsigned long columns)
{
	return columns >= COLUMNS_LEAST && columns <= COLUMNS_MOST;
}

unsigned
screen_columns(int fd)
{
	const char *said = getenv("COLUMNS");
	struct winsize size;

	if (said && said[0]) {
		char *end;
		unsigned long columns = strtoul(said, &end, 10);

		if (!*end && usable(columns))
			return (unsigned)columns;
	}
	if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && usable(size.ws_col))
		return size.ws_col;
	return COLUMNS_DEFAULT;
}

bool
screen_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (!locale)
		return false;
	utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
	return utf8;
}

struct sink_style
screen_style(const struct options *options)
{
	struct colour_signs signs = {
	    .flag = options->colour,
	    .force_color = getenv("FORCE_COLOR"),
	    .no_color = getenv("NO_COLOR"),
	    .term = getenv("TERM"),
	    .is_terminal = isatty(STDOUT_FILENO) == 1,
	};
	struct sink_style style = {
	    .columns = screen_columns(STDOUT_FILENO),
	    .colour = colour_wanted(&signs),
	    .utf8 = screen_utf8(),
	    .all = options->all,
	    .quiet = options->quiet,
	    .flows = options->flows,
	    .language = options->language,
	};

	if (options->zone) {
		zone_use(options->zone);
		style.zone = options->zone;
		style.zone_offset = zone_offset;
	}
	return style;
}
