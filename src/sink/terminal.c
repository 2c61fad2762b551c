/* SPDX-License-Identifier: Apache-2.0 */

/* The summary a person reads: the verdict first, then where, who, findings and limits. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/format.h"
#include "sink/digest.h"
#include "sink/layout.h"
#include "sink/sink.h"

#define COLUMNS       80
#define TEXT_WIDTH    78 /* of paragraphs */
#define INDENT        2
#define LABEL         11 /* "Doorbells  " */
#define DEVICE_ROWS   10 /* without --all */
#define RECEIVER_ROWS 7
#define DEVICE_FIXED  35 /* columns of a device's line that no name moves */

struct page {
	struct writer *w;
	const struct sink_style *style;
	const struct porch_document *doc;
	const struct digest *digest;
};

static struct civil
local_time(const struct sink_style *style, int64_t time)
{
	int64_t offset = style->zone_offset ? style->zone_offset(time, style->zone_user) : 0;
	int64_t micros = offset * 1000000;

	if ((micros > 0 && time > INT64_MAX - micros) || (micros < 0 && time < INT64_MIN - micros))
		micros = 0;
	return civil_from_time(time + micros);
}

static const char *
dash(const struct page *page)
{
	return page->style->utf8 ? "\xe2\x80\x93" : "-";
}

/* "23 Nov 2026, 16:40-17:02 UTC", "9-15 Nov 2026 UTC", "28 Nov-3 Dec 2026 UTC". */
static void
add_period(const struct page *page, int64_t first, int64_t last, struct text *out)
{
	struct civil a = local_time(page->style, first), b = local_time(page->style, last);
	const char *to = dash(page);

	if (a.year != b.year)
		text_addf(out, "%u %s %" PRId64 "%s%u %s %" PRId64, a.day, civil_month(&a), a.year,
		    to, b.day, civil_month(&b), b.year);
	else if (a.month != b.month)
		text_addf(out, "%u %s%s%u %s %" PRId64, a.day, civil_month(&a), to, b.day,
		    civil_month(&b), b.year);
	else if (a.day != b.day)
		text_addf(out, "%u%s%u %s %" PRId64, a.day, to, b.day, civil_month(&b), b.year);
	else
		text_addf(out, "%u %s %" PRId64 ", %02u:%02u%s%02u:%02u", a.day, civil_month(&a),
		    a.year, a.hour, a.minute, to, b.hour, b.minute);
	text_addf(out, " %s", page->style->zone ? page->style->zone : "UTC");
}

/* A classic pcap file has no room for drop counts: none told is not none lost. */
static bool
knows_losses(const struct porch_run *run)
{
	for (size_t i = 0; i < run->input_count; i++) {
		if (!run->inputs[i].format || strcmp(run->inputs[i].format, "pcap") == 0)
			return false;
	}
	return true;
}

static void
add_losses(const struct page *page, struct text *out)
{
	uint64_t dropped = page->doc->run.counters.dropped;
	char count[NUMBER_TEXT];

	if (dropped > 0 || knows_losses(&page->doc->run))
		text_add(out,
		    format_count(dropped, "packet lost", "packets lost", count, sizeof(count)));
	else
		text_add(out, "lost packets were not recorded");
}

static void
labelled(const struct page *page, const char *label, const char *text)
{
	writef(page->w, "  %-9s  ", label);
	write_paragraph(page->w, text, INDENT + LABEL, INDENT + LABEL, TEXT_WIDTH);
}

static void
show_watched(const struct page *page)
{
	const struct porch_summary *s = &page->doc->summary;
	uint64_t span = time_between(s->first, s->last);
	char line[512], number[NUMBER_TEXT];
	struct text out = text_over(line, sizeof(line));

	if (s->first == PORCH_NO_TIME || s->last == PORCH_NO_TIME) {
		labelled(page, "Watched", "nothing: no packets");
		return;
	}
	add_period(page, s->first, s->last, &out);
	text_addf(&out, ", %s", format_duration(s->watched_us, number));
	if (s->watched_us < span && span - s->watched_us >= 1000000)
		text_addf(&out, " of %s", format_duration(span, number));
	text_addf(&out, "; %s; ",
	    format_count(page->doc->gap_count, "gap", "gaps", number, sizeof(number)));
	add_losses(page, &out);
	labelled(page, "Watched", line);
}

static void
show_doorbells(const struct page *page)
{
	size_t others = page->digest->others_like_cameras;
	char line[128];

	snprintf(line, sizeof(line), "%zu found; %zu other %s", page->digest->doorbells, others,
	    others == 1 ? "device looks like a camera" : "devices look like cameras");
	labelled(page, "Doorbells", line);
}

/* Every frame, in exactly one of the five; then what stands beside that sum. */
static void
show_packets(const struct page *page)
{
	const struct porch_counters *c = &page->doc->run.counters;
	const struct {
		uint64_t count;
		const char *one;
		const char *many;
	} beside[] = {
	    {c->implausible, "implausible length", "implausible lengths"},
	    {c->duplicates, "duplicate", "duplicates"},
	    {c->evicted, "entry evicted", "entries evicted"},
	    {c->undirected, "undirected flow", "undirected flows"},
	    {c->refused, "newcomer refused", "newcomers refused"},
	    {c->clock_steps, "clock step", "clock steps"},
	    {c->odd_times, "odd time", "odd times"},
	};
	char line[640];
	struct text out = text_over(line, sizeof(line));

	text_addf(&out,
	    "%" PRIu64 " received = %" PRIu64 " processed + %" PRIu64 " undecoded + %" PRIu64
	    " filtered + %" PRIu64 " deduplicated + %" PRIu64 " dropped",
	    c->received, c->processed, c->undecoded, c->filtered, c->deduplicated, c->dropped);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		if (beside[i].count > 0)
			text_addf(&out, "; %" PRIu64 " %s", beside[i].count,
			    beside[i].count == 1 ? beside[i].one : beside[i].many);
	}
	labelled(page, "Packets", line);
}

static void
show_more(const struct page *page, size_t rows, size_t shown)
{
	if (rows > shown)
		writef(page->w, "  %zu more (--all to list)\n", rows - shown);
}

static size_t
rows_shown(const struct page *page, size_t rows, size_t most)
{
	return page->style->all || rows <= most ? rows : most;
}

/* As wide as the widest of the rows, within bounds. */
static size_t
widen(size_t width, const char *text, size_t most)
{
	char shown[LINE_MAX_BYTES];
	struct text out = text_over(shown, sizeof(shown));
	size_t columns;

	text_add_escaped(&out, ESCAPE_TERMINAL, text);
	columns = utf8_columns(shown);
	return columns <= width ? width : columns < most ? columns : most;
}

static void
mostly_text(const struct porch_destination *to, char *text, size_t size)
{
	struct text out = text_over(text, size);

	if (!to)
		return;
	digest_receiver_name(to, text, size);
	out.len = strlen(text);
	if (to->country)
		text_addf(&out, ", %s", to->country);
}

static const char *
kind_of(const struct device_row *row)
{
	return row->mostly ? party_said(row->mostly->party) : "";
}

static void
device_line(const struct page *page, const struct device_row *row, const size_t width[3])
{
	struct line line = line_over(page->w, page->style, INDENT);
	char number[NUMBER_TEXT], mostly[DIGEST_NAME + 64];

	line_cell(&line, row->name, width[0], ALIGN_LEFT, PAINT_NONE);
	snprintf(number, sizeof(number), "%" PRIu64, row->uploads);
	line_cell(&line, number, 7, ALIGN_RIGHT, row->uploads ? PAINT_AMBER : PAINT_NONE);
	line_cell(&line, format_bytes_short(row->device->bytes_up, number), 7, ALIGN_RIGHT,
	    PAINT_NONE);
	mostly_text(row->mostly, mostly, sizeof(mostly));
	line_cell(&line, mostly, width[1], ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, kind_of(row), width[2], ALIGN_LEFT, PAINT_NONE);
	if (row->last != PORCH_NO_TIME) {
		struct civil last = local_time(page->style, row->last);

		snprintf(number, sizeof(number), "%s %02u:%02u", civil_weekday(&last), last.hour,
		    last.minute);
		line_cell(&line, number, 9, ALIGN_LEFT, PAINT_NONE);
	} else {
		line_cell(&line, "-", 9, ALIGN_LEFT, PAINT_NONE);
	}
	line_end(&line);
}

static bool
only_doorbells(const struct digest *digest)
{
	for (size_t i = 0; i < digest->device_count; i++) {
		if (digest->devices[i].device->kind != PORCH_KIND_DOORBELL)
			return false;
	}
	return true;
}

static void
show_devices(const struct page *page)
{
	size_t rows = page->digest->device_count;
	size_t shown = rows_shown(page, rows, DEVICE_ROWS);
	size_t width[3] = {8, 9, 4};
	struct line line = line_over(page->w, page->style, INDENT);

	if (rows == 0)
		return;
	for (size_t i = 0; i < shown; i++) {
		width[0] = widen(width[0], page->digest->devices[i].name, 17);
		width[2] = widen(width[2], kind_of(&page->digest->devices[i]), 8);
	}
	for (size_t i = 0; i < shown; i++) {
		char mostly[DIGEST_NAME + 64] = "";

		mostly_text(page->digest->devices[i].mostly, mostly, sizeof(mostly));
		width[1] = widen(width[1], mostly, COLUMNS - DEVICE_FIXED - width[0] - width[2]);
	}
	write_char(page->w, '\n');
	line_cell(&line, only_doorbells(page->digest) ? "Doorbell" : "Device", width[0], ALIGN_LEFT,
	    PAINT_NONE);
	line_cell(&line, "Uploads", 7, ALIGN_RIGHT, PAINT_NONE);
	line_cell(&line, "Sent", 7, ALIGN_RIGHT, PAINT_NONE);
	line_cell(&line, "Mostly to", width[1], ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, "", width[2], ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, "Last", 9, ALIGN_LEFT, PAINT_NONE);
	line_end(&line);
	for (size_t i = 0; i < shown; i++)
		device_line(page, &page->digest->devices[i], width);
	show_more(page, rows, shown);
}

static void
receiver_line(const struct page *page, const struct receiver_row *row, size_t width)
{
	struct line line = line_over(page->w, page->style, INDENT);
	char number[NUMBER_TEXT];

	line_cell(&line, row->name, width, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, party_said(row->party), 8, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, row->countries[0] ? row->countries : "-", 7, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, format_bytes_short(row->sent, number), 7, ALIGN_RIGHT, PAINT_NONE);
	line_cell(&line, row->footage ? format_bytes_short(row->footage, number) : "-", 8,
	    ALIGN_RIGHT, row->footage ? PAINT_AMBER : PAINT_NONE);
	line_end(&line);
}

static void
show_receivers(const struct page *page)
{
	size_t rows = page->digest->receiver_count;
	size_t shown = rows_shown(page, rows, RECEIVER_ROWS);
	size_t width = 17;
	struct line line = line_over(page->w, page->style, INDENT);

	if (rows == 0)
		return;
	for (size_t i = 0; i < shown; i++)
		width = widen(width, page->digest->receivers[i].name, 38);
	write_char(page->w, '\n');
	line_cell(&line, "Who received data", width, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, "Kind", 8, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, "Country", 7, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, "Sent", 7, ALIGN_RIGHT, PAINT_NONE);
	line_cell(&line, "Footage", 8, ALIGN_RIGHT, PAINT_NONE);
	line_end(&line);
	for (size_t i = 0; i < shown; i++)
		receiver_line(page, &page->digest->receivers[i], width);
	show_more(page, rows, shown);
}

static void
likelihood_text(const struct page *page, const struct porch_finding *finding, char *text,
    size_t size)
{
	const struct porch_likelihood *l = &finding->likelihood;
	const char *kind = finding->kind ? finding->kind : "";

	if (l->word)
		snprintf(text, size, "%s (%u%s%u%%)", l->word, l->low, dash(page), l->high);
	else if (strstr(kind, "not-seen"))
		snprintf(text, size, "none seen");
	else if (strcmp(kind, "unknown") == 0 || strcmp(kind, "cannot-tell") == 0)
		snprintf(text, size, "cannot tell");
	else
		snprintf(text, size, "seen");
}

/* The sentence without the likelihood that it begins with: a column tells that already. */
static const char *
without_likelihood(const struct porch_finding *finding)
{
	const char *sentence = finding->sentence ? finding->sentence : "";
	const struct porch_likelihood *l = &finding->likelihood;
	char start[128];
	size_t len;

	if (l->word)
		snprintf(start, sizeof(start), "%s (%u-%u%%): ", l->word, l->low, l->high);
	else
		snprintf(start, sizeof(start), "cannot tell: ");
	len = strlen(start);
	return strncasecmp(sentence, start, len) == 0 ? sentence + len : sentence;
}

static void
show_findings(const struct page *page)
{
	const struct porch_document *doc = page->doc;
	size_t columns = page->style->columns > COLUMNS ? page->style->columns : COLUMNS;
	size_t id = 2, likelihood = 8;
	char text[128];

	for (size_t i = 0; i < doc->finding_count; i++) {
		id = widen(id, doc->findings[i].id, 6);
		likelihood_text(page, &doc->findings[i], text, sizeof(text));
		likelihood = widen(likelihood, text, 32);
	}
	if (doc->finding_count > 0)
		write_char(page->w, '\n');
	for (size_t i = 0; i < doc->finding_count; i++) {
		const struct porch_finding *finding = &doc->findings[i];
		struct line line = line_over(page->w, page->style, INDENT);
		size_t at = INDENT + id + 2 + likelihood + 2;

		line_cell(&line, finding->id, id, ALIGN_LEFT, PAINT_NONE);
		likelihood_text(page, finding, text, sizeof(text));
		line_cell(&line, text, likelihood, ALIGN_LEFT, PAINT_NONE);
		for (; line.spaces > 0; line.spaces--)
			write_char(page->w, ' ');
		write_paragraph(page->w, without_likelihood(finding), at, at, columns);
	}
}

static const char *
episode_device(const struct page *page, const struct porch_episode *e)
{
	for (size_t i = 0; i < page->digest->device_count; i++) {
		if (page->digest->devices[i].device->id == e->device)
			return page->digest->devices[i].name;
	}
	return "-";
}

static void
episode_line(const struct page *page, const struct porch_episode *e, size_t width)
{
	struct line line = line_over(page->w, page->style, INDENT);
	struct civil start = local_time(page->style, e->start);
	enum paint paint = e->footage == PORCH_FOOTAGE_YES ? PAINT_AMBER : PAINT_NONE;
	char text[64];

	line_cell(&line, id_format('e', e->id, text), 17, ALIGN_LEFT, PAINT_NONE);
	snprintf(text, sizeof(text), "%u %s %02u:%02u", start.day, civil_month(&start), start.hour,
	    start.minute);
	line_cell(&line, text, 12, ALIGN_RIGHT, PAINT_NONE);
	line_cell(&line, episode_device(page, e), width, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, porch_content_word(e->content), 8, ALIGN_LEFT, paint);
	line_cell(&line, format_bytes_short(e->bytes_up, text), 7, ALIGN_RIGHT, paint);
	line_cell(&line, format_duration(time_between(e->start, e->end), text), 12, ALIGN_LEFT,
	    PAINT_NONE);
	line_end(&line);
}

static void
show_episodes(const struct page *page)
{
	size_t width = 6;
	struct line line = line_over(page->w, page->style, INDENT);

	if (page->doc->episode_count == 0)
		return;
	for (size_t i = 0; i < page->digest->device_count; i++)
		width = widen(width, page->digest->devices[i].name, 11);
	write_char(page->w, '\n');
	line_cell(&line, "Episode", 17, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, "Start", 12, ALIGN_RIGHT, PAINT_NONE);
	line_cell(&line, "Device", width, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, "Content", 8, ALIGN_LEFT, PAINT_NONE);
	line_cell(&line, "Sent", 7, ALIGN_RIGHT, PAINT_NONE);
	line_cell(&line, "For", 12, ALIGN_LEFT, PAINT_NONE);
	line_end(&line);
	for (size_t i = 0; i < page->doc->episode_count; i++)
		episode_line(page, &page->doc->episodes[i], width);
}

/* Whether some of what was sent could have been read by anyone on its way. */
static bool
some_in_clear(const struct porch_document *doc)
{
	static const char *const clear[] = {"http", "rtsp", "rtp"};

	for (size_t i = 0; i < doc->episode_count; i++) {
		for (size_t c = 0; c < sizeof(clear) / sizeof(clear[0]); c++) {
			if (doc->episodes[i].transport &&
			    strcmp(doc->episodes[i].transport, clear[c]) == 0)
				return true;
		}
	}
	return false;
}

static void
show_limits(const struct page *page)
{
	static const char encrypted[] =
	    "Content was encrypted: sizes and timing were read, not pictures. ";
	static const char clear[] = "Some content was not encrypted, and was not looked at: sizes "
	                            "and timing were read, not "
	                            "pictures. ";
	static const char limits[] = "What happens after the first server, including sharing with "
	                             "police, cannot be seen from "
	                             "a home network. porchlight explain limits";
	char line[512];
	struct text out = text_over(line, sizeof(line));

	text_add(&out, some_in_clear(page->doc) ? clear : encrypted);
	text_add(&out, limits);
	write_text(page->w, "\n  ");
	write_paragraph(page->w, line, INDENT, INDENT, TEXT_WIDTH);
}

static const char *
verdict_of(const struct porch_summary *summary)
{
	if (summary->verdict)
		return summary->verdict;
	return summary->outside_view ? "No verdict: this capture was taken outside the home."
	                             : "No verdict.";
}

static void
show_page(const struct page *page)
{
	const struct porch_summary *summary = &page->doc->summary;

	if (summary->advice)
		write_paragraph(page->w, summary->advice, 0, 0, TEXT_WIDTH);
	write_char(page->w, '\n');
	show_watched(page);
	if (!summary->outside_view)
		show_doorbells(page);
	show_packets(page);
	if (summary->outside_view)
		return;
	show_devices(page);
	show_receivers(page);
	show_findings(page);
	if (page->style->all)
		show_episodes(page);
	show_limits(page);
}

static void
terminal_document(struct writer *w, const struct porch_document *doc,
    const struct sink_style *style)
{
	struct digest *digest;
	struct page page = {.w = w, .style = style, .doc = doc};

	write_sentence(w, style, verdict_of(&doc->summary), PAINT_BOLD);
	if (style->quiet)
		return;
	digest = digest_new(doc, style->all);
	if (!digest) {
		w->error = ENOMEM;
		return;
	}
	page.digest = digest;
	show_page(&page);
	digest_free(digest);
}

const struct sink_ops sink_terminal = {.name = "terminal", .document = terminal_document};
