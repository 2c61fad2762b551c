/* SPDX-License-Identifier: Apache-2.0 */

/* Who: bytes as ribbons from doorbell to organisation to country. */

#include <stdio.h>
#include <string.h>

#include "sink/page/chart.h"

#define DEVICES 8
#define ORGS    12 /* the last ones stand for all the rest */
#define PLACES  8
#define BYTES_H (190 * UNIT) /* how high all that was sent is drawn */
#define SLOT    (20 * UNIT)  /* a node's label needs it */
#define GAP     (8 * UNIT)
#define NODE    (9 * UNIT)
#define LEFT    (196 * UNIT) /* of the nodes of each column */
#define MIDDLE  (480 * UNIT)
#define RIGHT   (862 * UNIT)

struct node {
	uint64_t bytes;
	int64_t y, height;
	int64_t left_used, right_used; /* by ribbons, from its top */
};

struct flow_picture {
	struct node device[DEVICES], org[ORGS], place[PLACES];
	size_t devices, orgs, places;
	uint64_t to_org[DEVICES][ORGS], to_place[ORGS][PLACES];
};

static size_t
place_of(const struct model *m, const char *country)
{
	size_t i = 0;

	while (i + 1 < m->place_count &&
	       (country && m->places[i].country ? strcmp(country, m->places[i].country) != 0
	                                        : country != m->places[i].country))
		i++;
	return i;
}

static size_t
device_of(const struct model *m, uint64_t id)
{
	size_t i = 0;

	while (i + 1 < m->digest->device_count && m->digest->devices[i].device->id != id)
		i++;
	return i;
}

static size_t
at_most(size_t index, size_t room)
{
	return index < room ? index : room - 1;
}

static void
add_up(struct flow_picture *f, const struct model *m)
{
	for (size_t i = 0; i < m->doc->destination_count; i++) {
		const struct porch_destination *to = &m->doc->destinations[i];
		size_t d, o, p;

		if (m->org_of[i] == SIZE_MAX || to->bytes_up == 0)
			continue;
		d = at_most(device_of(m, to->device), DEVICES);
		o = at_most(m->org_of[i], ORGS);
		p = at_most(place_of(m, to->country), PLACES);
		f->device[d].bytes += to->bytes_up;
		f->org[o].bytes += to->bytes_up;
		f->place[p].bytes += to->bytes_up;
		f->to_org[d][o] += to->bytes_up;
		f->to_place[o][p] += to->bytes_up;
	}
	f->devices = m->digest->device_count < DEVICES ? m->digest->device_count : DEVICES;
	f->orgs = m->org_count < ORGS ? m->org_count : ORGS;
	f->places = m->place_count < PLACES ? m->place_count : PLACES;
}

static int64_t
height_of(uint64_t bytes, uint64_t all)
{
	return (int64_t)(bytes / (all / 10000 + 1)) * BYTES_H / 10000;
}

/* Where the column ends. */
static int64_t
place_nodes(struct node *node, size_t count, uint64_t all)
{
	int64_t y = 22 * UNIT;

	for (size_t i = 0; i < count; i++) {
		int64_t height = height_of(node[i].bytes, all);

		if (node[i].bytes == 0)
			continue;
		node[i].height = height > 2 * UNIT ? height : 2 * UNIT;
		node[i].y = y;
		y += (node[i].height > SLOT ? node[i].height : SLOT) + GAP;
	}
	return y;
}

static int64_t
lay_out(struct flow_picture *f, const struct model *m)
{
	int64_t a, b, c;

	add_up(f, m);
	a = place_nodes(f->device, f->devices, m->sent);
	b = place_nodes(f->org, f->orgs, m->sent);
	c = place_nodes(f->place, f->places, m->sent);
	a = a > b ? a : b;
	return a > c ? a : c;
}

static void
point(struct html *h, int64_t x, int64_t y)
{
	html_tenths(h, x);
	markup(h, " ");
	html_tenths(h, y);
	markup(h, " ");
}

/* A band of equal height whose edges are cubic curves. */
static void
ribbon(const struct canvas *c, const char *letter, const int64_t from[2], const int64_t to[2],
    int64_t height)
{
	struct html *h = c->h;
	int64_t middle = (from[0] + to[0]) / 2;

	markup(h, "<path class=\"ribbon p");
	html_text(h, letter);
	markup(h, "\" d=\"M");
	point(h, from[0], from[1]);
	markup(h, "C");
	point(h, middle, from[1]);
	point(h, middle, to[1]);
	point(h, to[0], to[1]);
	markup(h, "v");
	html_tenths(h, height);
	markup(h, "C");
	point(h, middle, to[1] + height);
	point(h, middle, from[1] + height);
	point(h, from[0], from[1] + height);
	markup(h, "z\"/>");
}

static void
join(const struct canvas *c, const char *letter, struct node *from, struct node *to, int64_t x,
    int64_t to_x, uint64_t bytes)
{
	int64_t height = height_of(bytes, c->m->sent);

	if (bytes == 0)
		return;
	if (height < 8)
		height = 8; /* a hair that can still be seen */
	ribbon(c, letter, (int64_t[2]){x + NODE, from->y + from->right_used},
	    (int64_t[2]){to_x, to->y + to->left_used}, height);
	from->right_used += height_of(bytes, c->m->sent);
	to->left_used += height_of(bytes, c->m->sent);
}

static void
draw_ribbons(const struct canvas *c, struct flow_picture *f)
{
	for (size_t d = 0; d < f->devices; d++)
		for (size_t o = 0; o < f->orgs; o++)
			join(c, party_letter(c->m->orgs[o].first), &f->device[d], &f->org[o], LEFT,
			    MIDDLE, f->to_org[d][o]);
	for (size_t o = 0; o < f->orgs; o++)
		for (size_t p = 0; p < f->places; p++)
			join(c, party_letter(c->m->orgs[o].first), &f->org[o], &f->place[p], MIDDLE,
			    RIGHT, f->to_place[o][p]);
}

static void
node_rect(const struct canvas *c, const char *letter, const struct node *n, int64_t x)
{
	char kind[16];

	snprintf(kind, sizeof(kind), "node p%s", letter);
	chart_rect(c, kind, x, n->y, NODE, n->height);
}

static int64_t
label_y(const struct node *n)
{
	return n->y + (n->height > SLOT ? n->height / 2 + 4 * UNIT : 10 * UNIT);
}

static void
label_org(const struct canvas *c, const struct flow_picture *f, size_t i)
{
	const struct org *org = &c->m->orgs[i];

	chart_text_begin(c, "halo", ANCHOR_START, MIDDLE + NODE + 6 * UNIT, label_y(&f->org[i]));
	if (i == ORGS - 1 && c->m->org_count > ORGS) {
		label(c->h, SAY_MORE_RECEIVERS, COUNT("more", SAY_RECEIVERS, c->m->org_count - i));
	} else {
		markup(c->h, "<tspan class=\"letter\">");
		html_text(c->h, party_letter(org->first));
		markup(c->h, "</tspan> ");
		if (org->first->party == PORCH_PARTY_UNKNOWN && !org->first->organisation)
			word(c->h, SAY_NOT_IDENTIFIED);
		else if (org->first->party == PORCH_PARTY_PEER && !org->first->name)
			word(c->h, SAY_PROBABLY_PEER);
		else
			html_short(c->h, org->name, 30);
	}
	markup(c->h, " <tspan class=\"num\">");
	label(c->h, SAY_ONLY, BYTES("it", f->org[i].bytes));
	markup(c->h, "</tspan>");
	chart_text_end(c);
}

static void
draw_nodes(const struct canvas *c, const struct flow_picture *f)
{
	for (size_t i = 0; i < f->devices; i++) {
		if (f->device[i].bytes == 0)
			continue;
		node_rect(c, "D", &f->device[i], LEFT);
		chart_name(c, "name", ANCHOR_END, LEFT - 6 * UNIT, label_y(&f->device[i]),
		    c->m->digest->devices[i].name, 26);
	}
	for (size_t i = 0; i < f->orgs; i++) {
		if (f->org[i].bytes == 0)
			continue;
		node_rect(c, party_letter(c->m->orgs[i].first), &f->org[i], MIDDLE);
		label_org(c, f, i);
	}
	for (size_t i = 0; i < f->places; i++) {
		const char *country = c->m->places[i].country;

		if (f->place[i].bytes == 0)
			continue;
		node_rect(c, "D", &f->place[i], RIGHT);
		chart_text_begin(c, "tick", ANCHOR_START, RIGHT + NODE + 6 * UNIT,
		    label_y(&f->place[i]));
		html_text(c->h, country ? words_country(&c->h->speaker, country)
		                        : words_of(&c->h->speaker, SAY_COUNTRY_UNKNOWN));
		chart_text_end(c);
	}
}

static void
head(const struct canvas *c, enum say key, enum anchor anchor, int64_t x)
{
	chart_text_begin(c, "tick", anchor, x, 10 * UNIT);
	word(c->h, key);
	chart_text_end(c);
}

static bool
has_receivers(const struct model *m)
{
	return m->sent > 0 && m->digest->device_count > 0;
}

static int64_t
flow_height(const struct canvas *c)
{
	struct flow_picture f = {.devices = 0};

	return lay_out(&f, c->m);
}

static void
draw_flow(const struct canvas *c)
{
	struct flow_picture f = {.devices = 0};

	lay_out(&f, c->m);
	head(c, SAY_HEAD_DEVICE, ANCHOR_END, LEFT + NODE);
	head(c, SAY_HEAD_RECEIVER, ANCHOR_START, MIDDLE);
	head(c, SAY_HEAD_COUNTRY, ANCHOR_START, RIGHT);
	draw_ribbons(c, &f);
	draw_nodes(c, &f);
}

const struct chart chart_receivers = {
    .name = "receivers",
    .title = SAY_CHART_RECEIVERS,
    .wide_only = true,
    .has = has_receivers,
    .height = flow_height,
    .draw = draw_flow,
};
