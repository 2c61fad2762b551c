/* SPDX-License-Identifier: Apache-2.0 */

/* report.html: the frame around its sections, and what lets it stand alone. */

#include "sink/page/page.h"

#include <errno.h>
#include <string.h>

#include "base/format.h"
#include "sink/page/chart.h"
#include "web/web.h"
#include "words/numbers.h"

#define BASE64_SHA256 45 /* 32 bytes as text, with a NUL */

/* RFC 4648, section 4. */
static void
base64(const uint8_t sum[static SHA256_SIZE], char text[static BASE64_SHA256])
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t at = 0;

	for (size_t i = 0; i < SHA256_SIZE; i += 3) {
		uint32_t three = (uint32_t)sum[i] << 16;

		three |= i + 1 < SHA256_SIZE ? (uint32_t)sum[i + 1] << 8 : 0;
		three |= i + 2 < SHA256_SIZE ? sum[i + 2] : 0;
		for (int shift = 18; shift >= 0; shift -= 6)
			text[at++] = digits[three >> shift & 63];
	}
	text[BASE64_SHA256 - 2] = '='; /* 32 bytes leave one place empty */
	text[BASE64_SHA256 - 1] = '\0';
}

/* What a style or script element may hold: these bytes and no others. */
static void
put_hash(struct html *h, const struct web_file *const *files, size_t count)
{
	struct sha256 *sum = sha256_new();
	char hex[SHA256_TEXT], text[BASE64_SHA256];
	uint8_t bytes[SHA256_SIZE] = {0};

	for (size_t i = 0; sum && i < count; i++)
		sha256_add(sum, files[i]->text, files[i]->len);
	if (sum) {
		sha256_hex(sum, hex);
		for (size_t i = 0; i < SHA256_SIZE; i++) {
			char high = hex[2 * i], low = hex[2 * i + 1];

			bytes[i] = (uint8_t)((high <= '9' ? high - '0' : high - 'a' + 10) << 4 |
			                     (low <= '9' ? low - '0' : low - 'a' + 10));
		}
	}
	sha256_free(sum);
	base64(bytes, text);
	html_text(h, text);
}

static const struct web_file *const styles[] = {&web_report_css, &web_chart_css};
static const struct web_file *const scripts[] = {&web_report_js};

static void
put_policy(struct html *h)
{
	markup(h, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	          "style-src 'sha256-");
	put_hash(h, styles, 2);
	markup(h, "'; script-src 'sha256-");
	put_hash(h, scripts, 1);
	markup(h, "'; img-src data:; base-uri 'none'; form-action 'none'\">\n");
}

static void
period_of(const struct model *m, char period[static WORDS_NUMBER])
{
	const struct porch_summary *s = &m->doc->summary;

	period[0] = '\0';
	if (s->first != PORCH_NO_TIME && s->last != PORCH_NO_TIME)
		words_period(&m->speaker, s->first, s->last, period);
}

static void
put_head(struct html *h, const struct model *m)
{
	char period[WORDS_NUMBER];

	period_of(m, period);
	markup(h, "<!doctype html>\n<html lang=\"");
	html_text(h, language_code(h->speaker.language));
	markup(h, "\" dir=\"");
	html_text(h, language_direction(h->speaker.language));
	markup(h, "\">\n<head>\n<meta charset=\"utf-8\">\n");
	put_policy(h);
	markup(h, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	          "<meta name=\"color-scheme\" content=\"light dark\">\n"
	          "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	label(h, SAY_PAGE_TITLE, NAMED("period", period));
	markup(h, "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>");
	for (size_t i = 0; i < 2; i++)
		write_bytes(h->w, styles[i]->text, styles[i]->len);
	markup(h, "</style>\n</head>\n");
}

/* A lamp under a porch's roof. */
static void
put_mark(struct html *h)
{
	markup(h, "<svg class=\"mark\" viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
	          "<path class=\"roof\" d=\"M3 8.6 12 2l9 6.6-2 2.6H5z\"/>"
	          "<path class=\"lamp\" d=\"M8.2 12.4h7.6l1.5 6.4H6.7z\"/>"
	          "<path class=\"roof\" d=\"M9.6 20h4.8v2H9.6z\"/></svg>");
}

static void
put_header(struct html *h, const struct model *m)
{
	char period[WORDS_NUMBER];

	period_of(m, period);
	markup(h, "<header class=\"top\"><div class=\"wrap\"><p class=\"brand\">");
	put_mark(h);
	markup(h, "porchlight</p>\n<p class=\"meta\">");
	if (period[0])
		say(h, SAY_PAGE_META, NAMED("period", period),
		    NAMED("zone", h->speaker.zone ? h->speaker.zone : "UTC"));
	else
		word(h, SAY_PAGE_META_EMPTY);
	markup(h, " <code>");
	html_text(h, m->id);
	markup(h, "</code></p></div></header>\n");
}

static void
put_contents(struct html *h, const struct model *m)
{
	markup(h, "<nav class=\"contents\" aria-label=\"");
	word(h, SAY_PAGE_CONTENTS);
	markup(h, "\"><ul><li><a href=\"#when\">");
	word(h, m->counted > 0 ? SAY_WHEN : SAY_WHEN_NONE);
	markup(h, "</a></li><li><a href=\"#who\">");
	word(h, SAY_WHO);
	markup(h, "</a></li><li><a href=\"#findings\">");
	word(h, SAY_FINDINGS);
	if (m->doc->context_count > 0) {
		markup(h, "</a></li><li><a href=\"#context\">");
		word(h, SAY_CONTEXT);
	}
	markup(h, "</a></li><li><a href=\"#method\">");
	word(h, SAY_METHOD);
	markup(h, "</a></li><li><a href=\"#record\">");
	word(h, SAY_RECORD);
	markup(h, "</a></li><li><a href=\"#annex-a\">");
	word(h, SAY_ANNEX_A);
	markup(h, "</a></li><li><a href=\"#annex-b\">");
	word(h, SAY_ANNEX_B);
	markup(h, "</a></li></ul></nav>\n");
}

static void
put_body(struct html *h, const struct model *m)
{
	markup(h, "<main class=\"wrap\" id=\"main\">\n");
	page_answer(h, m);
	if (!m->doc->summary.outside_view) {
		put_contents(h, m);
		page_cards(h, m);
		page_when(h, m);
		page_who(h, m);
		page_findings(h, m);
		page_context(h, m);
	}
	page_method(h, m);
	page_record(h, m);
	if (!m->doc->summary.outside_view)
		page_annexes(h, m);
	markup(h, "</main>\n");
}

static void
put_script(struct html *h)
{
	markup(h, "<script>");
	write_bytes(h->w, web_report_js.text, web_report_js.len);
	markup(h, "</script>\n");
}

static void
html_document(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	struct model *m = model_new(doc, style);
	struct html h = {.w = w};

	if (!m) {
		w->error = ENOMEM;
		return;
	}
	h.speaker = m->speaker;
	put_head(&h, m);
	markup(&h, "<body>\n<a class=\"skip\" href=\"#main\">");
	word(&h, SAY_PAGE_SKIP);
	markup(&h, "</a>\n");
	put_header(&h, m);
	put_body(&h, m);
	markup(&h, "<footer><div class=\"wrap\"><p>");
	say(&h, SAY_FOOTER, NAMED("version", doc->run.version));
	markup(&h, "</p></div></footer>\n");
	put_script(&h);
	markup(&h, "</body>\n</html>\n");
	model_free(m);
}

const struct sink_ops sink_html = {.name = "html", .tells_hashes = true, .document = html_document};

void
put_badge(struct html *h, const struct porch_destination *to)
{
	markup(h, "<span class=\"kind\"><b class=\"badge p");
	html_text(h, party_letter(to));
	markup(h, "\" aria-hidden=\"true\">");
	html_text(h, party_letter(to));
	markup(h, "</b> ");
	word(h, say_party(to->party));
	markup(h, "</span>");
}

void
put_bytes_cell(struct html *h, uint64_t bytes)
{
	markup(h, "<td class=\"num\">");
	if (bytes > 0)
		html_bytes(h, bytes);
	else
		markup(h, "\xe2\x80\x93");
	markup(h, "</td>");
}

void
put_share_cell(struct html *h, const struct porch_destination *to, uint64_t bytes, uint64_t most)
{
	markup(h, "<td class=\"bar\"><svg class=\"chart share\" viewBox=\"0 0 100 6\" "
	          "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
	          "<rect class=\"strip\" width=\"100\" height=\"6\"/><rect class=\"p");
	html_text(h, party_letter(to));
	markup(h, "\" width=\"");
	html_tenths(h, (int64_t)(bytes / (most / 1000 + 1)) + 3);
	markup(h, "\" height=\"6\"/></svg></td>");
}

void
put_receiver(struct html *h, const struct porch_destination *to)
{
	if (to->folded)
		word(h, SAY_FOLDED);
	else if (to->party == PORCH_PARTY_PEER && !to->name)
		word(h, SAY_PROBABLY_PEER);
	else if (to->organisation || to->name)
		html_name(h, to->organisation ? to->organisation : to->name);
	else if (to->addresses.count > 0)
		html_name(h, to->addresses.item[0]);
	else
		word(h, SAY_NOT_IDENTIFIED);
}

void
put_country(struct html *h, const char *code)
{
	html_text(h,
	    code ? words_country(&h->speaker, code) : words_of(&h->speaker, SAY_COUNTRY_UNKNOWN));
}

void
put_stamp(struct html *h, int64_t time)
{
	char text[WORDS_NUMBER], machine[TIME_TEXT];

	if (time == PORCH_NO_TIME) {
		markup(h, "\xe2\x80\x93");
		return;
	}
	words_stamp(&h->speaker, time, text);
	markup(h, "<time datetime=\"");
	html_text(h, format_time(time, machine));
	markup(h, "\">");
	html_text(h, text);
	markup(h, "</time>");
}

/* A classic pcap file has no room for drop counts: none told is not none lost. */
bool
losses_known(const struct porch_run *run)
{
	for (size_t i = 0; i < run->input_count; i++)
		if (!run->inputs[i].format || strcmp(run->inputs[i].format, "pcap") == 0)
			return run->counters.dropped > 0;
	return true;
}
