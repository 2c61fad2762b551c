/* SPDX-License-Identifier: Apache-2.0 */

/* Every reason behind one record: what was observed, what for, and how much it weighed. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "sink/digest.h"
#include "sink/layout.h"
#include "sink/sink.h"

#define WIDTH 78
#define LABEL 13

static const struct speaker plain = {.language = NULL};

static void
labelled(struct writer *w, const char *label, const char *text)
{
	writef(w, "  %-*s", LABEL, label);
	write_paragraph(w, text ? text : "unknown", 2 + LABEL, 2 + LABEL, WIDTH);
}

static void
labelled_list(struct writer *w, const char *label, const struct porch_texts *texts)
{
	char line[LINE_MAX_BYTES];
	struct text out = text_over(line, sizeof(line));

	for (size_t i = 0; i < texts->count; i++)
		text_addf(&out, "%s%s", i > 0 ? ", " : "", texts->item[i] ? texts->item[i] : "");
	if (texts->count > 0)
		labelled(w, label, line);
}

static void
labelled_period(struct writer *w, const char *label, int64_t start, int64_t end, uint64_t lasted)
{
	char line[128], from[TIME_TEXT], to[TIME_TEXT], duration[NUMBER_TEXT];

	if (start == PORCH_NO_TIME || end == PORCH_NO_TIME) {
		labelled(w, label, NULL);
		return;
	}
	snprintf(line, sizeof(line), "%s to %s", format_time(start, from), format_time(end, to));
	labelled(w, label, line);
	labelled(w, "Lasted", format_duration(lasted, duration));
}

static void
labelled_bytes(struct writer *w, uint64_t up, uint64_t down)
{
	char line[192], a[NUMBER_TEXT], b[NUMBER_TEXT];

	snprintf(line, sizeof(line), "%s up (%" PRIu64 " bytes), %s down (%" PRIu64 " bytes)",
	    format_bytes_short(up, a), up, format_bytes_short(down, b), down);
	labelled(w, "Bytes", line);
}

static void
add_likelihood(struct text *out, const struct porch_likelihood *likelihood)
{
	if (!likelihood->word)
		return;
	text_addf(out, "%s (%u-%u%%)%s", likelihood->word, likelihood->low, likelihood->high,
	    likelihood->calibrated ? "" : ", not calibrated");
}

/* "+1.250", "-0.005"; text has room for the sign too. */
static const char *
signed_weight(int64_t weight, char text[static NUMBER_TEXT + 1])
{
	if (weight < 0)
		return format_milli(weight, text);
	text[0] = '+';
	format_milli(weight, text + 1);
	return text;
}

static void
show_reason(struct writer *w, const struct porch_evidence *item)
{
	char line[LINE_MAX_BYTES], weight[NUMBER_TEXT + 1];
	struct text out = text_over(line, sizeof(line));

	text_addf(&out, "observed %s", item->observed ? item->observed : "unknown");
	if (item->threshold)
		text_addf(&out, "; threshold %s", item->threshold);
	writef(w, "  %8s  ", signed_weight(item->weight, weight));
	write_paragraph(w, item->reason ? item->reason : "unnamed", 12, 12, WIDTH);
	write_text(w, "            ");
	write_paragraph(w, line, 12, 12, WIDTH);
	if (item->rule) {
		write_text(w, "            rule ");
		write_paragraph(w, item->rule, 17, 12, WIDTH);
	}
}

static void
show_reasons(struct writer *w, const struct porch_evidences *evidence)
{
	int64_t sum = 0;
	char number[NUMBER_TEXT + 1];

	if (evidence->count == 0) {
		write_text(w, "\n  No reasons were recorded.\n");
		return;
	}
	write_text(w, "\n  Reasons, with their weight in logits\n");
	for (size_t i = 0; i < evidence->count; i++) {
		show_reason(w, &evidence->item[i]);
		sum += evidence->item[i].weight;
	}
	writef(w, "  %8s  in all\n", signed_weight(sum, number));
}

static void
show_limits(struct writer *w, const struct porch_texts *limits)
{
	if (limits->count > 0)
		write_text(w, "\n  What limits this\n");
	for (size_t i = 0; i < limits->count; i++) {
		write_text(w, "  - ");
		write_paragraph(w, limits->item[i] ? limits->item[i] : "", 4, 4, WIDTH);
	}
}

static void
add_chances(struct text *out, const struct porch_episode *e)
{
	for (enum porch_content c = 0; c < PORCH_CONTENT_BACKGROUND; c++) {
		char chance[NUMBER_TEXT];

		if (e->probabilities[c] > 0)
			text_addf(out, "%s%s %s", out->len > 0 ? ", " : "", porch_content_word(c),
			    format_milli(e->probabilities[c], chance));
	}
}

static void
show_content(struct writer *w, const struct porch_episode *e)
{
	char line[512];
	struct text out = text_over(line, sizeof(line));

	text_add(&out, porch_content_word(e->content));
	for (size_t i = 0; i < e->could_be_count; i++)
		text_addf(&out, "%s%s", i > 0 ? ", " : "; could be ",
		    porch_content_word(e->could_be[i]));
	labelled(w, "Content", line);
	labelled(w, "Shape", porch_shape_word(e->shape));
	labelled(w, "Footage", porch_footage_word(e->footage));
	out = text_over(line, sizeof(line));
	add_chances(&out, e);
	labelled(w, "Chances", out.len > 0 ? line : NULL);
	out = text_over(line, sizeof(line));
	add_likelihood(&out, &e->likelihood);
	labelled(w, "Likelihood", out.len > 0 ? line : "none given");
	labelled(w, "Evidence", porch_strength_word(e->strength));
}

static void
explain_episode(struct writer *w, const struct porch_document *doc, const struct porch_episode *e)
{
	const struct porch_device *device = porch_document_device(doc, e->device);
	const struct porch_destination *to = porch_document_destination(doc, e->destination);
	char id[ID_TEXT], name[DIGEST_NAME];

	writef(w, "Episode %s\n\n", id_format('e', e->id, id));
	if (device)
		digest_device_name(&plain, device, name, sizeof(name));
	labelled(w, "Device", device ? name : NULL);
	if (to)
		digest_receiver_name(&plain, to, name, sizeof(name));
	labelled(w, "Receiver", to ? name : NULL);
	if (e->input < doc->run.input_count)
		labelled(w, "Input", doc->run.inputs[e->input].path);
	labelled_period(w, "Time", e->start, e->end, porch_episode_duration(e));
	labelled_bytes(w, e->bytes_up, e->bytes_down);
	snprintf(name, sizeof(name), "%" PRIu64 " kbit/s on average, %" PRIu64 " at most",
	    e->mean_kbps_up, e->peak_kbps_up);
	labelled(w, "Rate up", name);
	labelled(w, "Transport", e->transport);
	show_content(w, e);
	labelled_list(w, "Flows", &e->flows);
	show_reasons(w, &e->evidence);
	show_limits(w, &e->limits);
}

static void
show_rule(struct writer *w, const struct porch_rule_ref *rule)
{
	char line[1024];

	if (!rule->id) {
		labelled(w, "Rule", "none spoke");
		return;
	}
	snprintf(line, sizeof(line), "%s, revision %" PRIu32 ", %s", rule->id, rule->rev,
	    rule->status ? rule->status : "status unknown");
	labelled(w, "Rule", line);
	labelled(w, "Source", rule->source);
}

static void
explain_destination(struct writer *w, const struct porch_document *doc,
    const struct porch_destination *to)
{
	const struct porch_device *device = porch_document_device(doc, to->device);
	char id[ID_TEXT], text[DIGEST_NAME];
	struct text out = text_over(text, sizeof(text));

	writef(w, "Destination %s\n\n", id_format('r', to->id, id));
	if (device)
		digest_device_name(&plain, device, text, sizeof(text));
	labelled(w, "Device", device ? text : NULL);
	labelled(w, "Name", to->name);
	labelled(w, "Known by", porch_name_source_word(to->name_source));
	labelled_list(w, "Candidates", &to->candidates);
	labelled_list(w, "Aliases", &to->aliases);
	labelled_list(w, "Addresses", &to->addresses);
	out = text_over(text, sizeof(text));
	text_add(&out, porch_party_word(to->party));
	for (size_t i = 0; i < to->could_be_count; i++)
		text_addf(&out, "%s%s", i > 0 ? ", " : "; could be ",
		    porch_party_word(to->could_be[i]));
	labelled(w, "Party", text);
	labelled(w, "Role", porch_party_word(to->role));
	labelled(w, "Organisation", to->organisation);
	if (to->on_behalf_of)
		labelled(w, "On behalf of", to->on_behalf_of);
	snprintf(text, sizeof(text), "%s (%s)", to->country ? to->country : "unknown",
	    to->country_source ? to->country_source : "no source");
	labelled(w, "Country", text);
	labelled_list(w, "Purposes", &to->purposes);
	labelled_list(w, "Protocols", &to->protocols);
	labelled(w, "Confidence", to->confidence < 0 ? NULL : format_milli(to->confidence, text));
	labelled_bytes(w, to->bytes_up, to->bytes_down);
	labelled_period(w, "Time", to->first_seen, to->last_seen,
	    time_between(to->first_seen, to->last_seen));
	show_rule(w, &to->rule);
}

static void
explain_device(struct writer *w, const struct porch_device *device)
{
	char id[ID_TEXT], text[DIGEST_NAME];

	writef(w, "Device %s\n\n", id_format('d', device->id, id));
	digest_device_name(&plain, device, text, sizeof(text));
	labelled(w, "Name", text);
	labelled(w, "Kind", porch_kind_word(device->kind));
	labelled(w, "Maker", device->vendor_name ? device->vendor_name : device->vendor);
	labelled(w, "Product", device->product);
	labelled(w, "Host name", device->hostname);
	snprintf(text, sizeof(text), "%s%s", device->mac ? device->mac : "unknown",
	    device->mac_randomised ? " (randomised)" : "");
	labelled(w, "MAC", text);
	labelled_list(w, "Addresses", &device->addresses);
	labelled(w, "Watched", device->watched ? "yes" : "no");
	labelled(w, "Confidence",
	    device->confidence < 0 ? NULL : format_milli(device->confidence, text));
	labelled_period(w, "Time", device->first_seen, device->last_seen,
	    time_between(device->first_seen, device->last_seen));
	labelled_bytes(w, device->bytes_up, device->bytes_down);
	show_reasons(w, &device->evidence);
}

static void
explain_finding(struct writer *w, const struct porch_finding *finding)
{
	char line[256];
	struct text out = text_over(line, sizeof(line));

	write_text(w, "Finding ");
	write_escaped(w, ESCAPE_TERMINAL, finding->id);
	write_text(w, "\n\n");
	labelled(w, "Sentence", finding->sentence);
	add_likelihood(&out, &finding->likelihood);
	labelled(w, "Likelihood", out.len > 0 ? line : "none given");
	labelled(w, "Evidence", porch_strength_word(finding->strength));
	labelled(w, "Limit", finding->limit);
	if (finding->check)
		labelled(w, "Check", finding->check);
	show_reasons(w, &finding->evidence);
}

static bool
explain_numbered(struct writer *w, const struct porch_document *doc, char letter, uint64_t id)
{
	const struct porch_device *device = porch_document_device(doc, id);
	const struct porch_destination *to = porch_document_destination(doc, id);

	if (letter == 'd' && device) {
		explain_device(w, device);
		return true;
	}
	if (letter == 'r' && to) {
		explain_destination(w, doc, to);
		return true;
	}
	/* One id may stand for an episode in each of several inputs. */
	bool found = false;

	for (size_t i = 0; letter == 'e' && i < doc->episode_count; i++) {
		if (doc->episodes[i].id != id)
			continue;
		if (found)
			write_char(w, '\n');
		explain_episode(w, doc, &doc->episodes[i]);
		found = true;
	}
	return found;
}

/* A letter and 1 to 16 hexadecimal digits. */
static bool
parse_id(const char *text, uint64_t *id)
{
	size_t digits = strspn(text + 1, "0123456789abcdefABCDEF");

	if (text[0] >= 'A' && text[0] <= 'Z') { /* an ordinal, of a redacted document */
		char *end;

		*id = strtoull(text + 1, &end, 10);
		return digits > 0 && digits < 9 && *end == '\0';
	}
	if (digits == 0 || digits > 16 || text[1 + digits] != '\0')
		return false;
	*id = 0;
	for (const char *at = text + 1; *at; at++)
		*id = *id << 4 | (uint64_t)(*at <= '9' ? *at - '0' : (*at | 0x20) - 'a' + 10);
	return true;
}

bool
explain_id(struct writer *w, const struct porch_document *doc, const char *id,
    const struct sink_style *style)
{
	uint64_t number;

	(void)style;
	for (size_t i = 0; i < doc->finding_count; i++) {
		if (doc->findings[i].id && strcmp(doc->findings[i].id, id) == 0) {
			explain_finding(w, &doc->findings[i]);
			return true;
		}
	}
	if (id[0] == '\0' || !parse_id(id, &number))
		return false;
	return explain_numbered(w, doc, (char)(id[0] | 0x20), number);
}
