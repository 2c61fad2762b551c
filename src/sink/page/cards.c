/* SPDX-License-Identifier: Apache-2.0 */

/* A card for each doorbell: how often, how much, to whom, when last. */

#include <stdlib.h>

#include "base/format.h"
#include "sink/page/hours.h"
#include "sink/page/page.h"
#include "words/numbers.h"

#define BARS_MOST  14
#define BARS_WIDTH 280 /* units */
#define BARS_HIGH  40

/* Few bars that a card has room for: days, or equal parts of a shorter time. */
struct bars {
	uint64_t sum[BARS_MOST];
	int64_t start[BARS_MOST]; /* on the speaker's clock */
	size_t count;
	uint64_t most;
};

static void
add_bar(struct bars *b, size_t bar, uint64_t bytes)
{
	b->sum[bar] += bytes;
	if (b->sum[bar] > b->most)
		b->most = b->sum[bar];
}

static bool
make_bars(struct bars *b, const struct model *m, size_t device)
{
	const struct scale *s = &m->scale;
	size_t bins = scale_bins(s), rows = s->row_count;
	size_t from = s->by_day && rows > BARS_MOST ? rows - BARS_MOST : 0;
	uint64_t *fine = hours_bars(m, device);

	*b = (struct bars){.count = s->by_day ? rows - from : bins < BARS_MOST ? bins : 12};
	for (size_t i = from * bins; fine && b->count > 0 && i < rows * bins; i++) {
		size_t bar = s->by_day ? i / bins - from : i * b->count / bins;

		add_bar(b, bar, fine[i]);
	}
	for (size_t i = 0; i < b->count; i++)
		b->start[i] = s->by_day ? s->rows[from + i].start
		                        : s->rows[0].start + (s->rows[0].end - s->rows[0].start) /
		                                                 (int64_t)b->count * (int64_t)i;
	free(fine);
	return b->most > 0;
}

static void
bar_name(const struct model *m, int64_t clock, char text[static WORDS_NUMBER])
{
	const struct speaker utc = {.language = m->speaker.language, .days = m->speaker.days};

	if (m->scale.by_day) {
		words_day(&utc, clock, text);
	} else {
		words_clock(&utc, clock, text);
		if (m->scale.tick % 60000000 == 0)
			text[5] = '\0';
	}
}

/* Every number is in the name: the drawing says nothing that is not text. */
static void
put_bars_label(struct html *h, const struct model *m, const struct bars *b)
{
	word(h, SAY_CARD_BARS);
	for (size_t i = 0; i < b->count; i++) {
		char name[WORDS_NUMBER];

		bar_name(m, b->start[i], name);
		html_text(h, i == 0 ? ": " : "; ");
		label(h, SAY_CARD_BARS_ARE, NAMED("when", name), BYTES("bytes", b->sum[i]));
	}
}

static void
put_bar(const struct canvas *c, const struct bars *b, size_t i)
{
	int64_t step = BARS_WIDTH * UNIT / (int64_t)b->count;
	int64_t width = step < 34 * UNIT ? step - 3 * UNIT : 30 * UNIT;
	int64_t height = (int64_t)(b->sum[i] / (b->most / 1000 + 1)) * BARS_HIGH * UNIT / 1000;
	size_t every = b->count > 7 ? b->count / 4 : b->count > 5 ? 2 : 1;
	char name[WORDS_NUMBER];

	chart_rect(c, "base", (int64_t)i * step, BARS_HIGH * UNIT, width, UNIT);
	if (b->sum[i] > 0 && height < 15)
		height = 15;
	if (b->sum[i] > 0)
		chart_rect(c, "clip", (int64_t)i * step, BARS_HIGH * UNIT - height, width, height);
	if (i % every != 0)
		return;
	bar_name(c->m, b->start[i], name);
	chart_name(c, "tick", ANCHOR_START, (int64_t)i * step, (BARS_HIGH + 15) * UNIT, name, 8);
}

static void
put_bars(struct html *h, const struct model *m, size_t device)
{
	struct canvas c = {.h = h, .m = m, .width = BARS_WIDTH * UNIT, .hatch = ""};
	struct bars bars;

	if (!make_bars(&bars, m, device))
		return;
	markup(h, "<svg class=\"chart bars\" viewBox=\"0 0 280 58\" role=\"img\" aria-label=\"");
	put_bars_label(h, m, &bars);
	markup(h, "\">");
	for (size_t i = 0; i < bars.count; i++)
		put_bar(&c, &bars, i);
	markup(h, "</svg>\n");
}

static void
put_model(struct html *h, const struct porch_device *d)
{
	const char *model = d->product ? d->product : d->vendor_name;

	markup(h, "<p class=\"model\">");
	if (model)
		say(h, SAY_CARD_MODEL, NAMED("model", model), WORD("kind", say_kind(d->kind)));
	else
		say(h, SAY_ONLY, WORD("it", say_kind(d->kind)));
	markup(h, "</p>\n");
}

static void
put_nothing_seen(struct html *h, const struct porch_device *d)
{
	if (d->detection_floor_bytes > 0)
		say(h, SAY_CARD_FLOOR, BYTES("floor", (uint64_t)d->detection_floor_bytes));
	else
		word(h, SAY_CARD_NONE);
}

static void
put_numbers(struct html *h, const struct device_row *row, const struct device_sum *sum)
{
	markup(h, "<dl>\n");
	html_row_begin(h, SAY_CARD_FOOTAGE);
	if (row->uploads > 0)
		say(h, SAY_CARD_FOOTAGE_IS, BYTES("bytes", sum->footage_bytes),
		    LASTED("duration", sum->footage_us));
	else
		put_nothing_seen(h, row->device);
	html_row_end(h);
	if (sum->open_questions > 0) {
		html_row_begin(h, SAY_CARD_ASK);
		say(h, SAY_CARD_ASK_IS, COUNT("uploads", SAY_UPLOADS, sum->open_questions),
		    BYTES("bytes", sum->open_bytes));
		html_row_end(h);
	}
	html_row_begin(h, SAY_CARD_SENT);
	html_bytes(h, row->device->bytes_up);
	html_row_end(h);
	if (row->mostly) {
		html_row_begin(h, SAY_CARD_MOSTLY);
		put_receiver(h, row->mostly);
		markup(h, " ");
		put_badge(h, row->mostly);
		html_row_end(h);
	}
	html_row_begin(h, SAY_CARD_LAST);
	put_stamp(h, row->last);
	html_row_end(h);
	markup(h, "</dl>\n");
}

static void
put_card(struct html *h, const struct model *m, size_t i)
{
	const struct device_row *row = &m->digest->devices[i];

	markup(h, "<article class=\"card\">\n<h3>");
	html_name(h, row->name);
	markup(h, "</h3>\n");
	put_model(h, row->device);
	markup(h, "<p class=\"count\"><b>");
	html_number(h, row->uploads);
	markup(h, "</b> ");
	html_count(h, SAY_CARD_UPLOADS, row->uploads);
	markup(h, "</p>\n");
	put_bars(h, m, i);
	put_numbers(h, row, &m->sums[i]);
	markup(h, "</article>\n");
}

static bool
only_doorbells(const struct digest *digest)
{
	for (size_t i = 0; i < digest->device_count; i++)
		if (digest->devices[i].device->kind != PORCH_KIND_DOORBELL)
			return false;
	return true;
}

void
page_cards(struct html *h, const struct model *m)
{
	markup(h, "<section aria-labelledby=\"cards\">\n<h2 id=\"cards\">");
	word(h, only_doorbells(m->digest) ? SAY_CARDS : SAY_CARDS_DEVICES);
	markup(h, "</h2>\n");
	if (m->digest->device_count == 0) {
		markup(h, "<p>");
		word(h, SAY_NO_CARDS);
		markup(h, "</p>\n");
	}
	markup(h, "<div class=\"cards\">\n");
	for (size_t i = 0; i < m->digest->device_count; i++)
		put_card(h, m, i);
	markup(h, "</div>\n</section>\n");
}
