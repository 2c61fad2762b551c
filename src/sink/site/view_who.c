/* SPDX-License-Identifier: Apache-2.0 */

/* Who received what: one row an organisation, most bytes first, and the rest in one. */

#include <stdlib.h>
#include <string.h>

#include "sink/page/chart.h"
#include "sink/page/page.h"
#include "sink/site/view.h"
#include "words/numbers.h"

#define ROWS_MOST 12

struct receiver {
	const struct about_destination *first;
	uint64_t sent;
	uint64_t footage;
	size_t places;
};

static bool
same_receiver(const struct about_destination *a, const struct about_destination *b)
{
	if (a->party != b->party || a->folded != b->folded)
		return false;
	if (a->organisation[0] || b->organisation[0])
		return strcmp(a->organisation, b->organisation) == 0;
	return a->party == PORCH_PARTY_UNKNOWN || strcmp(a->name, b->name) == 0;
}

static bool
is_watched(const struct view *view, uint64_t device)
{
	struct shelf_record record;

	return shelf_find(feed_shelf(view->feed, SHELF_DEVICES), device, &record) &&
	       ((const struct about_device *)record.about)->watched;
}

static size_t
gather(const struct view *view, struct receiver *rows)
{
	const struct shelf *shelf = feed_shelf(view->feed, SHELF_DESTINATIONS);
	size_t count = 0;

	for (size_t i = 0; i < shelf_count(shelf); i++) {
		const struct about_destination *to = shelf_at(shelf, i).about;
		size_t at = 0;

		if (to->party == PORCH_PARTY_LOCAL || to->bytes_up == 0 ||
		    !is_watched(view, to->device))
			continue;
		while (at < count && !same_receiver(rows[at].first, to))
			at++;
		if (at == count)
			rows[count++] = (struct receiver){.first = to};
		rows[at].sent += to->bytes_up;
		rows[at].footage += to->footage_bytes_up;
		rows[at].places++;
	}
	return count;
}

static int
most_first(const void *a, const void *b)
{
	const struct receiver *x = a, *y = b;

	if (x->sent != y->sent)
		return x->sent > y->sent ? -1 : 1;
	return strcmp(x->first->name, y->first->name);
}

static void
put_name(struct html *h, const struct receiver *row, const struct porch_destination *to)
{
	markup(h, "<tr><th scope=\"row\"><span class=\"org\">");
	if (!to->organisation && to->party == PORCH_PARTY_UNKNOWN && row->places > 1)
		word(h, SAY_NOT_IDENTIFIED);
	else
		put_receiver(h, to);
	markup(h, "</span> <span class=\"under\">");
	put_badge(h, to);
	if (row->first->country[0]) {
		markup(h, " · ");
		put_country(h, row->first->country);
	}
	markup(h, "</span></th>");
}

static void
put_row(struct html *h, const struct receiver *row, uint64_t most)
{
	const char *address[1] = {row->first->name};
	struct porch_destination to = {.party = row->first->party,
	    .folded = row->first->folded ? 1 : 0,
	    .addresses = {.item = address, .count = row->first->name[0] ? 1 : 0}};

	if (row->first->organisation[0])
		to.organisation = row->first->organisation;
	put_name(h, row, &to);
	markup(h, "<td class=\"num\">");
	html_bytes(h, row->sent);
	markup(h, "</td>");
	put_share_cell(h, &to, row->sent, most);
	put_bytes_cell(h, row->footage);
	markup(h, "</tr>\n");
}

static void
put_sum(struct html *h, const struct receiver *rows, size_t from, size_t count)
{
	struct receiver sum = {.first = NULL};

	for (size_t i = from; i < count; i++) {
		sum.sent += rows[i].sent;
		sum.footage += rows[i].footage;
	}
	markup(h, "<td class=\"num\">");
	html_bytes(h, sum.sent);
	markup(h, "</td><td class=\"bar\"></td>");
	put_bytes_cell(h, sum.footage);
	markup(h, "</tr>\n");
}

static void
put_table(struct html *h, const struct receiver *rows, size_t count)
{
	size_t shown = count <= ROWS_MOST + 1 ? count : ROWS_MOST;

	markup(h, "<table class=\"ranked\">\n<thead><tr><th scope=\"col\">");
	word(h, SAY_HEAD_RECEIVER);
	markup(h, "</th><th scope=\"col\" class=\"num\">");
	word(h, SAY_HEAD_SENT);
	markup(h, "</th><td class=\"bar\"></td><th scope=\"col\" class=\"num\">");
	word(h, SAY_HEAD_FOOTAGE);
	markup(h, "</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < shown; i++)
		put_row(h, &rows[i], rows[0].sent);
	if (shown < count) {
		markup(h, "<tr><th scope=\"row\">");
		say(h, SAY_MORE_RECEIVERS, COUNT("more", SAY_RECEIVERS, count - shown));
		markup(h, "</th>");
		put_sum(h, rows, shown, count);
	}
	markup(h, "</tbody>\n<tfoot><tr><th scope=\"row\">");
	word(h, SAY_ALL_RECEIVERS);
	markup(h, "</th>");
	put_sum(h, rows, 0, count);
	markup(h, "</tfoot></table>\n<p class=\"note\">");
	word(h, SAY_WHO_NOTE);
	markup(h, "</p>\n");
}

void
view_who(const struct view *view)
{
	struct html *h = (struct html *)&view->h;
	const struct live_state *state = feed_state(view->feed);
	size_t size = shelf_count(feed_shelf(view->feed, SHELF_DESTINATIONS));
	struct receiver *rows = calloc(size + 1, sizeof(*rows));
	size_t count = rows ? gather(view, rows) : 0;
	char since[WORDS_NUMBER] = "";

	markup(h,
	    "<section id=\"receivers\" class=\"who\" aria-labelledby=\"who\">\n<h2 id=\"who\">");
	word(h, SAY_SITE_WHO);
	markup(h, "</h2>\n<p>");
	if (state->time != PORCH_NO_TIME && state->watched_since != PORCH_NO_TIME)
		words_stamp(&h->speaker, state->watched_since, since);
	if (count > 0)
		say(h, SAY_SITE_WHO_INTRO, NAMED("moment", since));
	else
		word(h, SAY_NO_RECEIVERS);
	markup(h, "</p>\n");
	if (count > 0) {
		qsort(rows, count, sizeof(*rows), most_first);
		put_table(h, rows, count);
	}
	markup(h, "</section>\n");
	free(rows);
}
