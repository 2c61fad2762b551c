/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stddef.h>

/* What the build embeds of this folder, byte for byte (embed.cmake), with a NUL after it. */
struct web_file {
	const char *text;
	size_t len;
};

extern const struct web_file web_report_css; /* the page, on screens and on paper */
extern const struct web_file web_chart_css;  /* what is drawn: in a page and on its own */
extern const struct web_file web_report_js;  /* filters and sorts tables that are whole without */
extern const struct web_file web_live_css;   /* the live page, on top of both */
extern const struct web_file web_live_js;    /* follows the stream of events */
extern const struct web_file web_favicon_svg;

#endif
