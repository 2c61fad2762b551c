/* SPDX-License-Identifier: Apache-2.0 */

/* Annexes: every upload and every destination, up to what a page can carry. */

#include <errno.h>
#include <stdlib.h>

#include "base/format.h"
#include "sink/page/page.h"
#include "words/numbers.h"

#define ROWS_MOST 1000

static int
more_first(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a < *b) - (*a > *b);
}

/* How many of count values are shown, and the least of them; *ties is how many equal it. */
static size_t
cut(uint64_t *values, size_t count, uint64_t *least, size_t *ties)
{
	size_t above = 0;

	*least = 0;
	*ties = count;
	if (count <= ROWS_MOST)
		return count;
	qsort(values, count, sizeof(*values), more_first);
	*least = values[ROWS_MOST - 1];
	while (values[above] > *least)
		above++;
	*ties = ROWS_MOST - above;
	return ROWS_MOST;
}

static void
put_heads(struct html *h, const enum say *heads, size_t count, size_t first_number)
{
	markup(h, "<thead><tr>");
	for (size_t i = 0; i < count; i++) {
		if (i >= first_number)
			markup(h, "<th scope=\"col\" class=\"num\">");
		else
			markup(h, "<th scope=\"col\">");
		word(h, heads[i]);
		markup(h, "</th>");
	}
	markup(h, "</tr></thead>\n<tbody>\n");
}

static void
put_cut(struct html *h, size_t shown, size_t all, const char *file)
{
	if (shown == all)
		return;
	markup(h, "<p class=\"note\">");
	say(h, SAY_ANNEX_CUT, NUMBER("all", all), NUMBER("shown", shown), NAMED("file", file));
	markup(h, "</p>\n");
}

static enum say
footage_word(const struct upload *u)
{
	if (u->episode->footage == PORCH_FOOTAGE_NO)
		return SAY_A_NO;
	if (u->to && u->to->party == PORCH_PARTY_LOCAL)
		return SAY_A_INSIDE;
	if (u->episode->footage == PORCH_FOOTAGE_CANNOT_TELL)
		return SAY_A_ASK;
	return u->counts ? SAY_A_YES : SAY_A_NOT_COUNTED;
}

/* A number that sorting can use, where the text is rounded for people. */
static void
open_number(struct html *h, uint64_t number)
{
	markup(h, "<td class=\"num\" data-n=\"");
	html_u64(h, number);
	markup(h, "\">");
}

static void
put_upload(struct html *h, const struct model *m, const struct upload *u)
{
	const struct porch_episode *e = u->episode;
	uint64_t lasted = porch_episode_duration(e);

	markup(h, "<tr><td>");
	put_stamp(h, e->start);
	markup(h, "</td><td>");
	html_name(h, m->digest->devices[u->device].name);
	markup(h, "</td><td>");
	word(h, say_content(e->content));
	if (e->likelihood.word) {
		markup(h, ", ");
		say(h, SAY_PILL, WORD("likelihood", say_likelihood(e->likelihood.word)),
		    RANGE("range", e->likelihood.low, e->likelihood.high));
	}
	markup(h, "</td><td>");
	word(h, footage_word(u));
	markup(h, "</td><td>");
	if (u->to)
		put_receiver(h, u->to);
	else
		markup(h, "\xe2\x80\x93");
	markup(h, "</td>");
	open_number(h, lasted);
	html_duration(h, lasted);
	markup(h, "</td>");
	open_number(h, e->bytes_up);
	html_bytes(h, e->bytes_up);
	markup(h, "</td></tr>\n");
}

static size_t
list_uploads(const struct model *m, uint64_t *bytes, uint64_t *sum)
{
	size_t count = 0;

	*sum = 0;
	for (size_t i = 0; i < m->doc->episode_count; i++) {
		if (m->uploads[i].device == SIZE_MAX)
			continue;
		bytes[count++] = m->uploads[i].episode->bytes_up;
		*sum += m->uploads[i].episode->bytes_up;
	}
	return count;
}

static void
put_upload_rows(struct html *h, const struct model *m, uint64_t least, size_t ties)
{
	for (size_t i = 0; i < m->doc->episode_count; i++) {
		const struct upload *u = &m->uploads[i];

		if (u->device == SIZE_MAX || u->episode->bytes_up < least)
			continue;
		if (u->episode->bytes_up == least && ties-- == 0) {
			ties = 0;
			continue;
		}
		put_upload(h, m, u);
	}
}

static void
annex_a(struct html *h, const struct model *m, uint64_t *bytes)
{
	static const enum say heads[] = {SAY_A_START, SAY_A_DEVICE, SAY_A_CONTENT, SAY_A_FOOTAGE,
	    SAY_A_TO, SAY_A_LASTED, SAY_A_SENT};
	uint64_t sum, least;
	size_t count = list_uploads(m, bytes, &sum), ties, shown = cut(bytes, count, &least, &ties);

	markup(h, "<section class=\"annex\" aria-labelledby=\"annex-a\">\n<h2 id=\"annex-a\">");
	word(h, SAY_ANNEX_A);
	markup(h, "</h2>\n<p>");
	word(h, SAY_ANNEX_A_INTRO);
	markup(h, "</p>\n");
	put_cut(h, shown, count, "episodes.csv");
	markup(h, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
	word(h, SAY_SCROLL_A);
	markup(h, "\"><table class=\"rows\" data-filter=\"");
	word(h, SAY_JS_FILTER);
	markup(h, "\" data-shown=\"");
	word(h, SAY_JS_SHOWN);
	markup(h, "\">\n");
	put_heads(h, heads, 7, 5);
	put_upload_rows(h, m, least, ties);
	markup(h, "</tbody>\n<tfoot><tr><th scope=\"row\" colspan=\"6\">");
	say(h, SAY_A_TOTAL, COUNT("uploads", SAY_UPLOADS, count), NUMBER("footage", m->counted));
	markup(h, "</th><td class=\"num\">");
	html_bytes(h, sum);
	markup(h, "</td></tr></tfoot></table></div>\n</section>\n");
}

static enum say
known_by(enum porch_name_source source)
{
	static const enum say words[] = {
	    [PORCH_NAME_NONE] = SAY_KNOWN_NONE,
	    [PORCH_NAME_SNI] = SAY_KNOWN_SNI,
	    [PORCH_NAME_QUIC_SNI] = SAY_KNOWN_QUIC,
	    [PORCH_NAME_DNS] = SAY_KNOWN_DNS,
	    [PORCH_NAME_DNS_EXPIRED] = SAY_KNOWN_EXPIRED,
	    [PORCH_NAME_HTTP_HOST] = SAY_KNOWN_HOST,
	    [PORCH_NAME_ECH_OUTER] = SAY_KNOWN_ECH,
	};

	return source <= PORCH_NAME_ECH_OUTER ? words[source] : SAY_KNOWN_NONE;
}

static void
put_destination(struct html *h, const struct model *m, size_t i)
{
	const struct porch_destination *to = &m->doc->destinations[i];

	markup(h, "<tr><td>");
	if (to->name || to->addresses.count > 0)
		html_name(h, to->name ? to->name : to->addresses.item[0]);
	else
		put_receiver(h, to);
	markup(h, "</td><td>");
	word(h, known_by(to->name_source));
	markup(h, "</td><td>");
	put_receiver(h, to);
	markup(h, "</td><td>");
	put_badge(h, to);
	markup(h, "</td><td>");
	put_country(h, to->country);
	markup(h, "</td>");
	open_number(h, to->episodes);
	html_number(h, to->episodes);
	markup(h, "</td>");
	open_number(h, to->bytes_up);
	html_bytes(h, to->bytes_up);
	markup(h, "</td></tr>\n");
}

struct ranked {
	uint64_t bytes;
	size_t at;
};

static int
by_bytes(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? 1 : -1;
	return (a->at > b->at) - (a->at < b->at);
}

static size_t
rank(const struct model *m, struct ranked *list)
{
	size_t count = 0;

	for (size_t i = 0; i < m->doc->destination_count; i++)
		if (m->org_of[i] != SIZE_MAX)
			list[count++] = (struct ranked){m->doc->destinations[i].bytes_up, i};
	qsort(list, count, sizeof(*list), by_bytes);
	return count;
}

static void
annex_b(struct html *h, const struct model *m, struct ranked *list)
{
	static const enum say heads[] = {SAY_B_NAME, SAY_B_KNOWN, SAY_B_ORG, SAY_B_PARTY,
	    SAY_HEAD_COUNTRY, SAY_B_UPLOADS, SAY_A_SENT};
	size_t count = rank(m, list), shown = count < ROWS_MOST ? count : ROWS_MOST;

	markup(h, "<section class=\"annex\" aria-labelledby=\"annex-b\">\n<h2 id=\"annex-b\">");
	word(h, SAY_ANNEX_B);
	markup(h, "</h2>\n<p>");
	word(h, SAY_ANNEX_B_INTRO);
	markup(h, "</p>\n");
	put_cut(h, shown, count, "destinations.csv");
	markup(h, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
	word(h, SAY_SCROLL_B);
	markup(h, "\"><table class=\"rows\" data-filter=\"");
	word(h, SAY_JS_FILTER);
	markup(h, "\" data-shown=\"");
	word(h, SAY_JS_SHOWN);
	markup(h, "\">\n");
	put_heads(h, heads, 7, 5);
	for (size_t i = 0; i < shown; i++)
		put_destination(h, m, list[i].at);
	markup(h, "</tbody>\n<tfoot><tr><th scope=\"row\" colspan=\"6\">");
	html_count(h, SAY_RECEIVERS, count);
	markup(h, "</th><td class=\"num\">");
	html_bytes(h, m->sent);
	markup(h, "</td></tr></tfoot></table></div>\n</section>\n");
}

void
page_annexes(struct html *h, const struct model *m)
{
	uint64_t *bytes = calloc(m->doc->episode_count + 1, sizeof(*bytes));
	struct ranked *list = calloc(m->doc->destination_count + 1, sizeof(*list));

	if (bytes && list) {
		annex_a(h, m, bytes);
		annex_b(h, m, list);
	} else {
		h->w->error = ENOMEM;
	}
	free(bytes);
	free(list);
}
