/* SPDX-License-Identifier: Apache-2.0 */

/* Today in plain sentences, the newest first: uploads, what is new, and when nobody watched. */

#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "sink/page/page.h"
#include "sink/site/view.h"
#include "words/numbers.h"

#define ROWS_MOST 30 /* the API has the rest */

struct row {
	int64_t time;
	enum shelf_kind kind;
	struct shelf_record record;
};

struct rows {
	size_t count;
	size_t size;
	struct row row[];
};

static int
newest_first(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	return x->record.id < y->record.id ? 1 : x->record.id > y->record.id ? -1 : 0;
}

static bool
destination_of(const struct view *view, uint64_t id, const struct about_destination **to)
{
	struct shelf_record record;

	*to = NULL;
	if (id == 0 || !view_find(view, SHELF_DESTINATIONS, id, &record))
		return false;
	*to = record.about;
	return true;
}

/* What counts, and what may: the rest is in no sentence. */
static bool
is_told(const struct view *view, const struct about_episode *e)
{
	const struct about_destination *to;

	if (e->footage == PORCH_FOOTAGE_NO)
		return false;
	return !destination_of(view, e->destination, &to) || to->party != PORCH_PARTY_LOCAL;
}

static int64_t
time_of(enum shelf_kind kind, const void *about)
{
	if (kind == SHELF_EPISODES)
		return ((const struct about_episode *)about)->start;
	if (kind == SHELF_GAPS)
		return ((const struct about_gap *)about)->start;
	return ((const struct about_notice *)about)->time;
}

/* A history tells of this run too; its gaps have no id, but each has its own beginning. */
static bool
is_told_live(const struct view *view, enum shelf_kind kind, const struct shelf_record *past)
{
	const struct shelf *live = feed_shelf(view->feed, kind);
	struct shelf_record record;

	if (kind == SHELF_EPISODES)
		return shelf_find(live, past->id, &record);
	for (size_t i = 0; i < shelf_count(live); i++)
		if (time_of(kind, shelf_at(live, i).about) == time_of(kind, past->about))
			return true;
	return false;
}

static void
add_shelf(const struct view *view, struct rows *rows, enum shelf_kind kind, bool past)
{
	const struct shelf *shelf =
	    past ? feed_past(view->feed, kind) : feed_shelf(view->feed, kind);

	for (size_t i = 0; i < shelf_count(shelf) && rows->count < rows->size; i++) {
		struct shelf_record record = shelf_at(shelf, i);
		int64_t time = time_of(kind, record.about);

		if (!view_is_today(view, time) || (past && is_told_live(view, kind, &record)) ||
		    (kind == SHELF_EPISODES && !is_told(view, record.about)))
			continue;
		rows->row[rows->count++] = (struct row){time, kind, record};
	}
}

static struct rows *
rows_new(const struct view *view)
{
	static const enum shelf_kind kinds[] = {SHELF_EPISODES, SHELF_NOTICES, SHELF_GAPS};
	const size_t count = sizeof(kinds) / sizeof(kinds[0]);
	size_t size = 0;
	struct rows *rows;

	for (size_t i = 0; i < count; i++)
		size += shelf_count(feed_shelf(view->feed, kinds[i])) +
		        shelf_count(feed_past(view->feed, kinds[i]));
	rows = calloc(1, sizeof(*rows) + size * sizeof(struct row));
	if (!rows)
		return NULL;
	rows->size = size;
	if (feed_state(view->feed)->time == PORCH_NO_TIME)
		return rows;
	for (size_t i = 0; i < count; i++) {
		add_shelf(view, rows, kinds[i], false);
		add_shelf(view, rows, kinds[i], true);
	}
	qsort(rows->row, rows->count, sizeof(struct row), newest_first);
	return rows;
}

/* A destination as the report's parts want it; the addresses are lent by *room. */
static struct porch_destination
receiver(const struct about_destination *to, const char *room[static 1])
{
	struct porch_destination out = {.party = to->party, .folded = to->folded ? 1 : 0};

	out.organisation = to->organisation[0] ? to->organisation : NULL;
	out.name = to->name[0] && to->party != PORCH_PARTY_PEER ? to->name : NULL;
	room[0] = to->name;
	if (!out.name && to->name[0])
		out.addresses = (struct porch_texts){.item = room, .count = 1};
	return out;
}

static void
put_receiver_of(const struct view *view, uint64_t id)
{
	struct html *h = (struct html *)&view->h;
	const struct about_destination *to;
	struct porch_destination shown;
	const char *room[1];

	if (!destination_of(view, id, &to))
		return;
	shown = receiver(to, room);
	markup(h, " · ");
	put_receiver(h, &shown);
	if (to->country[0]) {
		markup(h, ", ");
		put_country(h, to->country);
	}
	markup(h, " ");
	put_badge(h, &shown);
}

static const char *
name_of(const struct view *view, uint64_t device)
{
	const char *name = view_device(view, device);

	return name && name[0] ? name : words_of(&view->h.speaker, SAY_SITE_SOMEBODY);
}

static void
put_sentence(const struct view *view, const struct about_episode *e)
{
	struct html *h = (struct html *)&view->h;
	const char *name = name_of(view, e->device);

	if (e->footage == PORCH_FOOTAGE_CANNOT_TELL)
		say(h, SAY_SITE_SENT_ASK, NAMED("device", name));
	else if (e->live_view && !e->open)
		say(h, SAY_SITE_STREAMED, NAMED("device", name));
	else
		say(h, e->open ? SAY_SITE_SENDS : SAY_SITE_SENT, NAMED("device", name),
		    WORD("kind", live_kind(e->content)));
}

static void
put_mark_button(struct html *h, const char *mark, enum say key)
{
	markup(h, " <button name=\"mark\" value=\"");
	html_text(h, mark);
	markup(h, "\">");
	word(h, key);
	markup(h, "</button>");
}

static void
put_marking(const struct view *view, uint64_t id, const struct about_episode *e)
{
	struct html *h = (struct html *)&view->h;
	char clock[WORDS_NUMBER];

	view_clock(view, e->start, clock);
	markup(h, "<details class=\"act\"><summary aria-label=\"");
	label(h, SAY_SITE_MARK_THIS, NAMED("clock", clock));
	markup(h, "\">");
	word(h, SAY_SITE_MARK);
	markup(h, "</summary>");
	view_form_begin(view, "/mark");
	markup(h, "<input type=\"hidden\" name=\"episode\" value=\"");
	html_id(h, 'e', id);
	markup(h, "\">");
	put_mark_button(h, "expected", SAY_SITE_MARK_EXPECTED);
	put_mark_button(h, "wrong", SAY_SITE_MARK_WRONG);
	put_mark_button(h, "none", SAY_SITE_MARK_NONE);
	markup(h, "</form></details>");
}

static void
put_mark(const struct view *view, uint64_t id, const struct about_episode *e)
{
	struct html *h = (struct html *)&view->h;
	const char *mark = feed_mark(view->feed, id);

	if (!mark)
		mark = e->mark;
	if (strcmp(mark, "expected") != 0 && strcmp(mark, "wrong") != 0)
		return;
	markup(h, " · <b>");
	word(h, mark[0] == 'e' ? SAY_SITE_MARKED_EXPECTED : SAY_SITE_MARKED_WRONG);
	markup(h, "</b>");
}

static void
put_episode_row(const struct view *view, uint64_t id, const struct about_episode *e)
{
	struct html *h = (struct html *)&view->h;
	const struct porch_likelihood *l = &e->likelihood;

	markup(h, "<p class=\"said\">");
	put_sentence(view, e);
	markup(h, "</p><p class=\"under\">");
	if (e->footage == PORCH_FOOTAGE_YES && l->word) {
		say(h, SAY_SITE_UNDER, WORD("likelihood", say_likelihood(l->word)),
		    RANGE("range", l->low, l->high));
		markup(h, " · ");
	}
	html_duration(h, time_between(e->start, e->end));
	put_receiver_of(view, e->destination);
	put_mark(view, id, e);
	markup(h, "</p></td><td class=\"num\">");
	html_bytes(h, e->bytes_up);
	put_marking(view, id, e);
}

static void
put_notice_row(const struct view *view, const struct about_notice *n)
{
	static const struct {
		const char *kind;
		enum say key;
	} kinds[] = {{"new-device", SAY_SITE_NEW_DEVICE}, {"new-receiver", SAY_SITE_NEW_RECEIVER},
	    {"tracker", SAY_SITE_TRACKER}, {"evidence-platform", SAY_SITE_EVIDENCE},
	    {"unsolicited-upload", SAY_SITE_UNSOLICITED}};
	struct html *h = (struct html *)&view->h;
	const struct about_destination *to = NULL;
	bool known =
	    destination_of(view, n->destination, &to) && (to->organisation[0] || to->name[0]);
	const char *name = !known ? "" : to->organisation[0] ? to->organisation : to->name;
	const struct porch_slot address[] = {NAMED("address", name), NO_SLOT};
	const struct porch_slot named = NAMED("receiver", name),
	                        none = WORD("receiver", SAY_RECEIVER_NONE);
	struct porch_slot receiver = WORD("receiver", SAY_RECEIVER_PEER);

	receiver.inner = address;
	if (!known || to->party != PORCH_PARTY_PEER)
		receiver = known ? named : none;
	markup(h, "<p class=\"said\">");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].kind, n->kind) == 0)
			say(h, kinds[i].key, NAMED("device", name_of(view, n->device)), receiver);
	markup(h, "</p></td><td>");
}

static void
put_gap_row(const struct view *view, const struct about_gap *gap)
{
	struct html *h = (struct html *)&view->h;
	char clock[WORDS_NUMBER], reason[2 * FEED_NAME];
	struct text text = text_over(reason, sizeof(reason));

	view_clock(view, gap->end, clock);
	words_retell(&h->speaker, gap->reason, &text);
	markup(h, "<p class=\"said\">");
	say(h, SAY_SITE_GAP, NAMED("clock", clock), NAMED("reason", reason));
	markup(h, "</p></td><td>");
}

static void
put_row(const struct view *view, const struct row *row)
{
	struct html *h = (struct html *)&view->h;
	char clock[WORDS_NUMBER], machine[TIME_TEXT];

	view_clock(view, row->time, clock);
	clock[5] = '\0'; /* without the seconds */
	markup(h, "<tr><th scope=\"row\"><time datetime=\"");
	html_text(h, format_time(row->time, machine));
	markup(h, "\">");
	html_text(h, clock);
	markup(h, "</time></th><td>");
	if (row->kind == SHELF_EPISODES)
		put_episode_row(view, row->record.id, row->record.about);
	else if (row->kind == SHELF_NOTICES)
		put_notice_row(view, row->record.about);
	else
		put_gap_row(view, row->record.about);
	markup(h, "</td></tr>\n");
}

static void
put_rows(const struct view *view, const struct rows *rows)
{
	struct html *h = (struct html *)&view->h;

	markup(h, "<table class=\"log\">\n<thead class=\"unseen\"><tr><th scope=\"col\">");
	word(h, SAY_TABLE_TIME);
	markup(h, "</th><th scope=\"col\">");
	word(h, SAY_A_CONTENT);
	markup(h, "</th><th scope=\"col\">");
	word(h, SAY_A_SENT);
	markup(h, "</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < rows->count && i < ROWS_MOST; i++)
		put_row(view, &rows->row[i]);
	markup(h, "</tbody></table>\n");
	if (rows->count <= ROWS_MOST)
		return;
	markup(h, "<p class=\"note\"><a href=\"/api/v1/episodes\">");
	say(h, SAY_SITE_LOG_MORE, NUMBER("n", rows->count - ROWS_MOST));
	markup(h, "</a></p>\n");
}

void
view_log(const struct view *view)
{
	struct html *h = (struct html *)&view->h;
	struct rows *rows = rows_new(view);
	char began[WORDS_NUMBER];

	markup(h, "<section id=\"log\" aria-labelledby=\"today\">\n<h2 id=\"today\">");
	word(h, SAY_SITE_LOG);
	markup(h, "</h2>\n");
	if (view_since(view, began)) {
		markup(h, "<p class=\"note\">");
		say(h, SAY_SITE_LOG_SINCE, NAMED("since", began));
		markup(h, "</p>\n");
	}
	if (rows && rows->count > 0) {
		put_rows(view, rows);
	} else {
		markup(h, "<p>");
		word(h, SAY_SITE_LOG_NONE);
		markup(h, "</p>\n");
	}
	markup(h, "</section>\n");
	free(rows);
}
