/* SPDX-License-Identifier: Apache-2.0 */

/* Who: the flow picture, and the ranked list with the same numbers. */

#include <string.h>

#include "sink/page/chart.h"
#include "sink/page/page.h"

#define ROWS_MOST 14 /* organisations by name; Annex B has them all */

static void
put_countries(struct html *h, const struct org *org)
{
	if (org->more_countries)
		say(h, SAY_COUNTRY_MORE,
		    NAMED("country", words_country(&h->speaker, org->country[0])));
	else if (org->country[1])
		say(h, SAY_COUNTRY_TWO,
		    NAMED("country", words_country(&h->speaker, org->country[0])),
		    NAMED("other", words_country(&h->speaker, org->country[1])));
	else
		put_country(h, org->country[0]);
}

/* The name of a maker by its id, as its devices have it. */
static const char *
maker_name(const struct model *m, const char *id)
{
	for (size_t i = 0; i < m->doc->device_count; i++) {
		const struct porch_device *d = &m->doc->devices[i];

		if (d->vendor && d->vendor_name && strcmp(d->vendor, id) == 0)
			return d->vendor_name;
	}
	return id;
}

static void
put_org_name(struct html *h, const struct model *m, const struct org *org)
{
	const struct porch_destination *to = org->first;

	markup(h, "<th scope=\"row\"><span class=\"org\">");
	if (to->party == PORCH_PARTY_UNKNOWN && !to->organisation && org->destinations > 1)
		word(h, SAY_NOT_IDENTIFIED);
	else
		put_receiver(h, to);
	markup(h, "</span> <span class=\"under\">");
	put_badge(h, to);
	markup(h, " · ");
	put_countries(h, org);
	if (to->asn >= 0 && org->destinations == 1) {
		markup(h, " · AS");
		html_u64(h, (uint64_t)to->asn);
	}
	if (to->on_behalf_of) {
		markup(h, " · ");
		say(h, SAY_ON_BEHALF, NAMED("maker", maker_name(m, to->on_behalf_of)));
	}
	markup(h, "</span></th>");
}

static void
put_org(struct html *h, const struct model *m, const struct org *org, uint64_t most)
{
	markup(h, "<tr>");
	put_org_name(h, m, org);
	markup(h, "<td class=\"num\">");
	html_bytes(h, org->sent);
	markup(h, "</td>");
	put_share_cell(h, org->first, org->sent, most);
	put_bytes_cell(h, org->footage);
	markup(h, "<td class=\"num\">");
	html_number(h, org->destinations);
	markup(h, "</td></tr>\n");
}

/* What the last row of the list stands for. */
static void
put_rest(struct html *h, const struct model *m, size_t from)
{
	struct org rest = {.sent = 0};

	for (size_t i = from; i < m->org_count; i++) {
		rest.sent += m->orgs[i].sent;
		rest.footage += m->orgs[i].footage;
		rest.destinations += m->orgs[i].destinations;
	}
	markup(h, "<tr><th scope=\"row\"><a href=\"#annex-b\">");
	say(h, SAY_MORE_RECEIVERS, COUNT("more", SAY_RECEIVERS, m->org_count - from));
	markup(h, "</a></th><td class=\"num\">");
	html_bytes(h, rest.sent);
	markup(h, "</td><td class=\"bar\"></td>");
	put_bytes_cell(h, rest.footage);
	markup(h, "<td class=\"num\">");
	html_number(h, rest.destinations);
	markup(h, "</td></tr>\n");
}

static void
put_total(struct html *h, const struct model *m)
{
	uint64_t footage = 0;
	size_t destinations = 0;

	for (size_t i = 0; i < m->org_count; i++) {
		footage += m->orgs[i].footage;
		destinations += m->orgs[i].destinations;
	}
	markup(h, "<tfoot><tr><th scope=\"row\">");
	word(h, SAY_ALL_RECEIVERS);
	markup(h, "</th><td class=\"num\">");
	html_bytes(h, m->sent);
	markup(h, "</td><td class=\"bar\"></td>");
	put_bytes_cell(h, footage);
	markup(h, "<td class=\"num\">");
	html_number(h, destinations);
	markup(h, "</td></tr></tfoot>\n");
}

static void
put_list(struct html *h, const struct model *m)
{
	size_t shown = m->org_count <= ROWS_MOST + 1 ? m->org_count : ROWS_MOST;
	uint64_t most = 0;

	for (size_t i = 0; i < m->org_count; i++)
		most = m->orgs[i].sent > most ? m->orgs[i].sent : most;
	markup(h, "<table class=\"ranked\">\n<thead><tr><th scope=\"col\">");
	word(h, SAY_HEAD_RECEIVER);
	markup(h, "</th><th scope=\"col\" class=\"num\">");
	word(h, SAY_HEAD_SENT);
	markup(h, "</th><td class=\"bar\"></td><th scope=\"col\" class=\"num\">");
	word(h, SAY_HEAD_FOOTAGE);
	markup(h, "</th><th scope=\"col\" class=\"num\">");
	word(h, SAY_HEAD_PLACES);
	markup(h, "</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < shown; i++)
		put_org(h, m, &m->orgs[i], most);
	if (shown < m->org_count)
		put_rest(h, m, shown);
	markup(h, "</tbody>\n");
	put_total(h, m);
	markup(h, "</table>\n<p class=\"note\">");
	word(h, SAY_WHO_NOTE);
	markup(h, "</p>\n");
}

void
page_who(struct html *h, const struct model *m)
{
	markup(h, "<section class=\"who\" aria-labelledby=\"who\">\n<div class=\"figure\">\n"
	          "<h2 id=\"who\">");
	word(h, SAY_WHO);
	markup(h, "</h2>\n<p>");
	if (m->org_count > 0)
		say(h, SAY_WHO_INTRO, BYTES("bytes", m->sent));
	else
		word(h, SAY_NO_RECEIVERS);
	markup(h, "</p>\n");
	if (chart_receivers.has(m))
		chart_put(h, m, &chart_receivers);
	markup(h, "</div>\n");
	if (m->org_count > 0)
		put_list(h, m);
	markup(h, "</section>\n");
}
