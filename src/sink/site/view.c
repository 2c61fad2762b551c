/* SPDX-License-Identifier: Apache-2.0 */

/* The frame of the page, its answer and its cards. */

#include "sink/site/view.h"

#include <string.h>

#include "base/format.h"
#include "sink/page/chart.h"
#include "sink/page/page.h"
#include "sink/sink.h"
#include "words/numbers.h"

#define TRACE_HIGH  44  /* units */
#define TRACE_LEAST 400 /* kbit/s that fill the height: heartbeats stay low */

static void
put_phrase(const struct porch_phrase *phrase, void *user)
{
	struct html *h = user;

	html_say(h, phrase);
	markup(h, " ");
}

static void
put_label(const struct porch_phrase *phrase, void *user)
{
	html_label(user, phrase);
}

static void
put_title(const struct porch_phrase *phrase, void *user)
{
	struct html *h = user;

	html_label(h, phrase);
	markup(h, " porchlight");
}

void
view_form_begin(const struct view *view, const char *path)
{
	struct html *h = (struct html *)&view->h;

	markup(h, "<form method=\"post\" action=\"");
	html_text(h, path);
	markup(h, "\"><input type=\"hidden\" name=\"key\" value=\"");
	html_text(h, view->key);
	markup(h, "\">");
}

static void
put_lamp(struct html *h)
{
	markup(h, "<svg class=\"mark\" viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
	          "<path class=\"roof\" d=\"M3 8.6 12 2l9 6.6-2 2.6H5z\"/>"
	          "<path class=\"lamp\" d=\"M8.2 12.4h7.6l1.5 6.4H6.7z\"/>"
	          "<path class=\"roof\" d=\"M9.6 20h4.8v2H9.6z\"/></svg>");
}

static void
put_head_begin(struct html *h)
{
	markup(h, "<!doctype html>\n<html lang=\"");
	html_text(h, language_code(h->speaker.language));
	markup(h, "\" dir=\"");
	html_text(h, language_direction(h->speaker.language));
	markup(h, "\">\n<head>\n<meta charset=\"utf-8\">\n"
	          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	          "<meta name=\"color-scheme\" content=\"light dark\">\n"
	          "<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\n"
	          "<link rel=\"stylesheet\" href=\"/live.css\">\n"
	          "<script src=\"/live.js\" defer></script>\n<title>");
}

static void
put_head(const struct view *view)
{
	struct html *h = (struct html *)&view->h;

	put_head_begin(h);
	live_sentence(view, put_title, h);
	markup(h, "</title>\n<noscript><meta http-equiv=\"refresh\" content=\"30\"></noscript>\n"
	          "</head>\n");
}

/* What a script needs of words: it has none of its own. */
static void
put_body_begin(const struct view *view)
{
	struct html *h = (struct html *)&view->h;

	markup(h, "<body data-boot=\"");
	html_text(h, feed_boot(view->feed));
	markup(h, "\" data-lost=\"");
	label(h, SAY_SITE_LOST, NAMED("clock", "{clock}"));
	markup(h, "\" data-lost-title=\"");
	word(h, SAY_SITE_LOST_TITLE);
	markup(h, "\">\n<a class=\"skip\" href=\"#main\">");
	word(h, SAY_PAGE_SKIP);
	markup(h, "</a>\n<header class=\"top\"><div class=\"wrap\"><p class=\"brand\">");
	put_lamp(h);
	markup(h, "porchlight</p>\n<p class=\"meta\" id=\"watching\">");
	live_watching(view, put_label, h);
	markup(h, "</p></div></header>\n");
}

void
view_now(const struct view *view)
{
	struct html *h = (struct html *)&view->h;
	const struct live_state *state = feed_state(view->feed);

	markup(h, "<section class=\"answer\" id=\"answer\" aria-labelledby=\"now\" data-state=\"");
	html_text(h, view->silent ? "silent" : porch_activity_word(state->activity));
	markup(h, "\">\n<p class=\"question\">");
	word(h, SAY_SITE_NOW);
	markup(h, "</p>\n<h1 id=\"now\">");
	live_sentence(view, put_phrase, h);
	markup(h, "</h1>\n<p class=\"detail\" id=\"detail\">");
	live_detail(view, put_phrase, h);
	markup(h, "</p>\n<p class=\"lead\" id=\"lead\">");
	live_lead(view, put_phrase, h);
	markup(h, "</p>\n<p class=\"lost\" id=\"lost\" hidden></p>\n"
	          "<p class=\"heard\" id=\"heard\" role=\"status\"></p>\n</section>\n");
}

static void
put_trace_path(struct html *h, const uint32_t kbps[static TRACE_SECONDS], uint32_t most)
{
	markup(h, "<path class=\"under\" d=\"M0 ");
	html_u64(h, TRACE_HIGH);
	for (size_t i = 0; i < TRACE_SECONDS; i++) {
		uint64_t high = (uint64_t)kbps[i] * TRACE_HIGH * UNIT / most;
		bool level = i > 0 && i + 1 < TRACE_SECONDS && kbps[i - 1] == kbps[i] &&
		             kbps[i] == kbps[i + 1];

		if (level)
			continue;
		markup(h, "L");
		html_u64(h, i);
		markup(h, " ");
		html_tenths(h, TRACE_HIGH * UNIT - (int64_t)high);
	}
	markup(h, "L119 ");
	html_u64(h, TRACE_HIGH);
	markup(h, "z\"/>");
}

static void
put_trace(const struct view *view, const struct live_device *d)
{
	struct html *h = (struct html *)&view->h;
	uint32_t kbps[TRACE_SECONDS], most = 0;
	struct rate_text rate;

	traces_seconds(feed_traces(view->feed), d->id, feed_state(view->feed)->time, kbps);
	for (size_t i = 0; i < TRACE_SECONDS; i++)
		most = kbps[i] > most ? kbps[i] : most;
	rate = live_rate(most);
	markup(h, "<svg class=\"chart trace\" viewBox=\"0 -1 119 46\" preserveAspectRatio=\"none\" "
	          "role=\"img\" aria-label=\"");
	label(h, SAY_SITE_TRACE, NAMED("device", d->name), RATE("rate", &rate));
	markup(h, "\" data-kbps=\"");
	for (size_t i = 0; i < TRACE_SECONDS; i++) {
		if (i > 0)
			markup(h, " ");
		html_u64(h, kbps[i]);
	}
	markup(h, "\">");
	put_trace_path(h, kbps, most < TRACE_LEAST ? TRACE_LEAST : most);
	markup(h, "</svg>\n");
}

static void
put_naming(const struct view *view, const struct live_device *d)
{
	struct html *h = (struct html *)&view->h;

	markup(h, "<details class=\"act\"><summary>");
	word(h, SAY_SITE_NAME);
	markup(h, "</summary>");
	view_form_begin(view, "/label");
	markup(h, "<input type=\"hidden\" name=\"device\" value=\"");
	html_id(h, 'd', d->id);
	markup(h, "\"><label>");
	word(h, SAY_SITE_NAME_OF);
	markup(h, " <input name=\"name\" maxlength=\"60\" autocomplete=\"off\" value=\"");
	html_text(h, d->name);
	markup(h, "\"></label> <button>");
	word(h, SAY_SITE_NAME_SAVE);
	markup(h, "</button></form></details>\n");
}

static void
put_card(const struct view *view, const struct live_device *d)
{
	struct html *h = (struct html *)&view->h;

	markup(h, "<article class=\"card\" id=\"");
	html_id(h, 'd', d->id);
	markup(h, "\" data-state=\"");
	html_text(h, porch_activity_word(d->activity));
	markup(h, "\">\n<h3>");
	html_name(h, d->name);
	markup(h, "</h3>\n<p class=\"does\">");
	card_activity(d, put_phrase, h);
	markup(h, "</p>\n<p class=\"model\">");
	card_detail(view, d, put_phrase, h);
	markup(h, "</p>\n");
	put_trace(view, d);
	put_naming(view, d);
	markup(h, "</article>\n");
}

void
view_cards(const struct view *view)
{
	struct html *h = (struct html *)&view->h;
	const struct live_state *state = feed_state(view->feed);

	markup(h, "<section id=\"devices\" aria-labelledby=\"cards\">\n<h2 id=\"cards\">");
	word(h, SAY_SITE_DEVICES);
	markup(h, "</h2>\n");
	if (state->device_count == 0) {
		markup(h, "<p>");
		word(h, SAY_SITE_NO_DEVICES);
		markup(h, "</p>\n");
	}
	markup(h, "<div class=\"cards\">\n");
	for (size_t i = 0; i < state->device_count; i++)
		put_card(view, &state->devices[i]);
	markup(h, "</div>\n</section>\n");
}

static void
put_weeks(const struct view *view)
{
	struct html *h = (struct html *)&view->h;
	char since[WORDS_NUMBER] = "";
	int64_t watched = feed_state(view->feed)->watched_since;

	if (feed_state(view->feed)->time != PORCH_NO_TIME && watched != PORCH_NO_TIME)
		words_stamp(&h->speaker, watched, since);
	markup(h, "<section id=\"past\" aria-labelledby=\"weeks\">\n<h2 id=\"weeks\">");
	word(h, SAY_SITE_WEEKS);
	markup(h, "</h2>\n");
	if (view->weeks) {
		write_bytes(h->w, view->weeks, view->weeks_len);
	} else {
		markup(h, "<p>");
		if (view->history)
			word(h, SAY_SITE_WEEKS_LATER);
		else
			say(h, SAY_SITE_WEEKS_NONE, NAMED("moment", since));
		markup(h, "</p>\n");
	}
	if (view->history) {
		markup(h, "<p><a href=\"/report.html?days=7\">");
		word(h, SAY_SITE_REPORT);
		markup(h, "</a> · <a href=\"/report.json?days=7\">");
		word(h, SAY_SITE_REPORT_JSON);
		markup(h, "</a> · <a href=\"/api/v1/labels?days=7\">");
		word(h, SAY_SITE_LABELS);
		markup(h, "</a></p>\n");
	}
	markup(h, "</section>\n");
}

static void
put_limits(const struct view *view)
{
	struct html *h = (struct html *)&view->h;
	const struct live_state *state = feed_state(view->feed);

	markup(h, "<section id=\"unseen\" aria-labelledby=\"limits\">\n<h2 id=\"limits\">");
	word(h, SAY_SITE_LIMITS);
	markup(h, "</h2>\n<p>");
	word(h, SAY_TERM_ENCRYPTED);
	markup(h, " ");
	word(h, SAY_LIMIT_SHARING);
	markup(h, "</p>\n");
	if (state->limit_count > 0)
		markup(h, "<ul>");
	for (size_t i = 0; i < state->limit_count; i++) {
		markup(h, "<li>");
		html_gloss(h, state->limits[i]);
		markup(h, "</li>");
	}
	if (state->limit_count > 0)
		markup(h, "</ul>\n");
	markup(h, "<p class=\"note\">");
	say(h, SAY_SITE_COUNTED, NUMBER("received", state->received),
	    NUMBER("dropped", state->dropped), COUNT("gaps", SAY_GAPS, state->gaps));
	markup(h, "</p>\n</section>\n");
}

static void
put_footer(const struct view *view)
{
	struct html *h = (struct html *)&view->h;

	markup(h, "<footer><div class=\"wrap\"><p>");
	say(h, SAY_SITE_FOOTER, NAMED("version", view->version));
	markup(h, "</p>");
	if (view->locks) {
		view_form_begin(view, "/leave");
		markup(h, "<button>");
		word(h, SAY_SITE_LEAVE);
		markup(h, "</button></form>");
	}
	markup(h, "</div></footer>\n</body>\n</html>\n");
}

void
view_page(const struct view *view)
{
	struct html *h = (struct html *)&view->h;

	put_head(view);
	put_body_begin(view);
	markup(h, "<main class=\"wrap\" id=\"main\">\n");
	view_now(view);
	view_cards(view);
	view_log(view);
	view_rates(view);
	put_weeks(view);
	view_who(view);
	put_limits(view);
	markup(h, "</main>\n");
	put_footer(view);
}

void
view_lock(struct html *h, enum view_lock why)
{
	static const enum say said[] = {[VIEW_LOCKED] = SAY_SITE_OPEN_HOW,
	    [VIEW_WRONG] = SAY_SITE_OPEN_WRONG,
	    [VIEW_WAIT] = SAY_SITE_OPEN_WAIT};

	put_head_begin(h);
	word(h, SAY_SITE_OPEN_TITLE);
	markup(h, "</title>\n</head>\n<body>\n<header class=\"top\"><div class=\"wrap\">"
	          "<p class=\"brand\">");
	put_lamp(h);
	markup(h, "porchlight</p></div></header>\n<main class=\"wrap\" id=\"main\">\n"
	          "<section class=\"answer\"><h1>");
	word(h, SAY_SITE_OPEN_HEAD);
	markup(h, "</h1>\n<p class=\"lead\">");
	word(h, said[why]);
	markup(h,
	    "</p>\n<form method=\"post\" action=\"/session\" class=\"tools\" id=\"open\"><label>");
	word(h, SAY_SITE_OPEN_TOKEN);
	markup(h,
	    " <input type=\"password\" name=\"token\" maxlength=\"26\" "
	    "autocomplete=\"current-password\" autocapitalize=\"none\" required></label> <button>");
	word(h, SAY_SITE_OPEN_BUTTON);
	markup(h, "</button></form></section>\n</main>\n</body>\n</html>\n");
}
