/* SPDX-License-Identifier: Apache-2.0 */

/*
 * RFC 4180 with a header.  A record's names are flattened with `_`, a list is one cell
 * joined with `;`, an unknown value an empty cell.
 */

#include <string.h>

#include "base/format.h"
#include "sink/sink.h"

#define CELL_PLAIN "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.:-_"

struct row {
	struct writer *w;
	bool comma;
};

static void
next_cell(struct row *row)
{
	if (row->comma)
		write_char(row->w, ',');
	row->comma = true;
}

static void
end_row(struct row *row)
{
	write_text(row->w, "\r\n");
	row->comma = false;
}

static void
cell_text(struct row *row, const char *text)
{
	next_cell(row);
	if (!text)
		return;
	if (text[0] != '\0' && text[strspn(text, CELL_PLAIN)] == '\0' &&
	    !escape_csv_formula(text)) {
		write_text(row->w, text);
		return;
	}
	write_char(row->w, '"');
	if (escape_csv_formula(text))
		write_char(row->w, '\'');
	write_escaped(row->w, ESCAPE_CSV, text);
	write_char(row->w, '"');
}

static void
cell_u64(struct row *row, uint64_t number)
{
	next_cell(row);
	write_u64(row->w, number);
}

static void
cell_bool(struct row *row, bool value)
{
	cell_text(row, value ? "true" : "false");
}

static void
cell_time(struct row *row, int64_t time)
{
	char text[TIME_TEXT];

	cell_text(row, time == PORCH_NO_TIME ? NULL : format_time(time, text));
}

static void
cell_chance(struct row *row, int16_t thousandths)
{
	char text[NUMBER_TEXT];

	cell_text(row, thousandths < 0 ? NULL : format_milli(thousandths, text));
}

static void
cell_id(struct row *row, char letter, uint64_t id)
{
	char text[ID_TEXT];

	cell_text(row, id ? id_format(letter, id, text) : NULL);
}

static void
open_list(struct row *row)
{
	next_cell(row);
	write_char(row->w, '"');
}

static void
list_item(struct row *row, size_t i, const char *text)
{
	if (i > 0)
		write_char(row->w, ';');
	else if (escape_csv_formula(text))
		write_char(row->w, '\'');
	write_escaped(row->w, ESCAPE_CSV, text);
}

static void
cell_texts(struct row *row, const struct porch_texts *texts)
{
	open_list(row);
	for (size_t i = 0; i < texts->count; i++)
		list_item(row, i, texts->item[i] ? texts->item[i] : "");
	write_char(row->w, '"');
}

static void
cell_reasons(struct row *row, const struct porch_evidences *evidence)
{
	open_list(row);
	for (size_t i = 0; i < evidence->count; i++)
		list_item(row, i, evidence->item[i].reason ? evidence->item[i].reason : "");
	write_char(row->w, '"');
}

static void
cell_likelihood(struct row *row, const struct porch_likelihood *likelihood)
{
	cell_text(row, likelihood->word);
	next_cell(row);
	if (likelihood->word) {
		write_u64(row->w, likelihood->low);
		write_char(row->w, ';');
		write_u64(row->w, likelihood->high);
	}
	cell_text(row, likelihood->word ? (likelihood->calibrated ? "true" : "false") : NULL);
}

static void
header(struct row *row, const char *const *names)
{
	for (; *names; names++)
		cell_text(row, *names);
}

static void
episode_row(struct row *row, const struct porch_episode *e)
{
	char seconds[NUMBER_TEXT];

	cell_id(row, 'e', e->id);
	cell_id(row, 'd', e->device);
	cell_id(row, 'r', e->destination);
	cell_u64(row, e->input);
	cell_text(row, porch_shape_word(e->shape));
	cell_text(row, porch_content_word(e->content));
	open_list(row);
	for (size_t i = 0; i < e->could_be_count; i++)
		list_item(row, i, porch_content_word(e->could_be[i]));
	write_char(row->w, '"');
	cell_text(row, porch_footage_word(e->footage));
	cell_chance(row, e->probability);
	cell_chance(row, e->p_footage);
	for (enum porch_content c = 0; c < PORCH_CONTENT_BACKGROUND; c++)
		cell_chance(row, e->probabilities[c]);
	cell_likelihood(row, &e->likelihood);
	cell_text(row, porch_strength_word(e->strength));
	cell_time(row, e->start);
	cell_time(row, e->end);
	cell_text(row, format_seconds(porch_episode_duration(e), seconds));
	cell_u64(row, e->bytes_up);
	cell_u64(row, e->bytes_down);
	cell_u64(row, e->packets_up);
	cell_u64(row, e->mean_kbps_up);
	cell_u64(row, e->peak_kbps_up);
	cell_text(row, e->transport);
	cell_text(row, e->live_view == PORCH_ANSWER_UNKNOWN ? NULL
	               : e->live_view == PORCH_ANSWER_YES   ? "true"
	                                                    : "false");
	cell_texts(row, &e->parts);
	cell_id(row, 'e', e->sequence);
	cell_texts(row, &e->flows);
	cell_reasons(row, &e->evidence);
	cell_texts(row, &e->limits);
	cell_bool(row, e->open);
	end_row(row);
}

static void
csv_episodes(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	static const char *const before[] = {"id", "device", "destination", "input", "shape",
	    "content", "could_be", "footage", "probability", "p_footage", NULL};
	static const char *const after[] = {"likelihood_word", "likelihood_range",
	    "likelihood_calibrated", "evidence_strength", "start", "end", "duration_s", "bytes_up",
	    "bytes_down", "packets_up", "mean_kbps_up", "peak_kbps_up", "transport", "live_view",
	    "parts", "sequence", "flows", "evidence", "limits", "open", NULL};
	struct row row = {.w = w};

	(void)style;
	header(&row, before);
	for (enum porch_content c = 0; c < PORCH_CONTENT_BACKGROUND; c++) {
		next_cell(&row);
		writef(w, "probabilities_%s", porch_content_word(c));
	}
	header(&row, after);
	end_row(&row);
	for (size_t i = 0; i < doc->episode_count; i++)
		episode_row(&row, &doc->episodes[i]);
}

static void
receiver_cells(struct row *row, const struct porch_destination *to)
{
	cell_text(row, porch_party_word(to->party));
	open_list(row);
	for (size_t i = 0; i < to->could_be_count; i++)
		list_item(row, i, porch_party_word(to->could_be[i]));
	write_char(row->w, '"');
	cell_text(row, porch_party_word(to->role));
	cell_text(row, to->organisation);
	cell_text(row, to->on_behalf_of);
	next_cell(row);
	if (to->asn >= 0)
		write_i64(row->w, to->asn);
	cell_text(row, to->country);
	cell_text(row, to->country_source);
	cell_text(row, to->region);
	cell_texts(row, &to->purposes);
	cell_text(row, to->rule.id);
	next_cell(row);
	if (to->rule.id)
		write_u64(row->w, to->rule.rev);
	cell_text(row, to->rule.id ? to->rule.status : NULL);
	cell_text(row, to->rule.id ? to->rule.source : NULL);
	cell_chance(row, to->confidence);
}

static void
destination_row(struct row *row, const struct porch_destination *to)
{
	cell_id(row, 'r', to->id);
	cell_id(row, 'd', to->device);
	cell_text(row, to->name);
	cell_text(row, porch_name_source_word(to->name_source));
	cell_texts(row, &to->candidates);
	cell_texts(row, &to->aliases);
	cell_texts(row, &to->addresses);
	open_list(row);
	for (size_t i = 0; i < to->ports.count; i++) {
		if (i > 0)
			write_char(row->w, ';');
		write_u64(row->w, to->ports.item[i]);
	}
	write_char(row->w, '"');
	cell_texts(row, &to->transports);
	cell_texts(row, &to->protocols);
	receiver_cells(row, to);
	cell_u64(row, to->bytes_up);
	cell_u64(row, to->bytes_down);
	cell_u64(row, to->packets_up);
	cell_u64(row, to->packets_down);
	cell_time(row, to->first_seen);
	cell_time(row, to->last_seen);
	cell_u64(row, to->footage_bytes_up);
	cell_u64(row, to->episodes);
	cell_text(row, to->is_new == PORCH_ANSWER_UNKNOWN ? NULL
	               : to->is_new == PORCH_ANSWER_YES   ? "true"
	                                                  : "false");
	cell_u64(row, to->folded);
	end_row(row);
}

static void
csv_destinations(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	static const char *const names[] = {"id", "device", "name", "name_source", "candidates",
	    "aliases", "addresses", "ports", "transports", "protocols", "party", "could_be", "role",
	    "organisation", "on_behalf_of", "asn", "country", "country_source", "region",
	    "purposes", "rule_id", "rule_rev", "rule_status", "rule_source", "confidence",
	    "bytes_up", "bytes_down", "packets_up", "packets_down", "first_seen", "last_seen",
	    "footage_bytes_up", "episodes", "new", "folded", NULL};
	struct row row = {.w = w};

	(void)style;
	header(&row, names);
	end_row(&row);
	for (size_t i = 0; i < doc->destination_count; i++)
		destination_row(&row, &doc->destinations[i]);
}

static void
device_row(struct row *row, const struct porch_device *d)
{
	cell_id(row, 'd', d->id);
	cell_text(row, d->mac);
	cell_bool(row, d->mac_randomised);
	cell_texts(row, &d->addresses);
	cell_id(row, 'd', d->was);
	cell_text(row, d->hostname);
	cell_text(row, d->label);
	cell_text(row, d->vendor);
	cell_text(row, d->vendor_name);
	cell_text(row, d->product);
	cell_text(row, porch_kind_word(d->kind));
	cell_bool(row, d->watched);
	cell_bool(row, d->named_by_user);
	cell_chance(row, d->confidence);
	cell_reasons(row, &d->evidence);
	cell_time(row, d->first_seen);
	cell_time(row, d->last_seen);
	cell_u64(row, d->bytes_up);
	cell_u64(row, d->bytes_down);
	cell_u64(row, d->bytes_local);
	next_cell(row);
	if (d->detection_floor_bytes >= 0)
		write_i64(row->w, d->detection_floor_bytes);
	for (enum porch_content c = 0; c < PORCH_CONTENTS; c++) {
		cell_u64(row, d->ledger[c].bytes_up);
		cell_u64(row, d->ledger[c].bytes_down);
		cell_u64(row, d->ledger[c].episodes);
	}
	end_row(row);
}

static void
csv_devices(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	static const char *const names[] = {"id", "mac", "mac_randomised", "addresses", "was",
	    "hostname", "label", "vendor", "vendor_name", "product", "kind", "watched",
	    "named_by_user", "confidence", "evidence", "first_seen", "last_seen", "bytes_up",
	    "bytes_down", "bytes_local", "detection_floor_bytes", NULL};
	struct row row = {.w = w};

	(void)style;
	header(&row, names);
	for (enum porch_content c = 0; c < PORCH_CONTENTS; c++) {
		const char *word = porch_content_word(c);

		writef(w, ",ledger_%s_bytes_up,ledger_%s_bytes_down,ledger_%s_episodes", word, word,
		    word);
	}
	end_row(&row);
	for (size_t i = 0; i < doc->device_count; i++)
		device_row(&row, &doc->devices[i]);
}

const struct sink_ops sink_csv_episodes = {.name = "csv-episodes", .document = csv_episodes};
const struct sink_ops sink_csv_destinations = {
    .name = "csv-destinations",
    .document = csv_destinations,
};
const struct sink_ops sink_csv_devices = {.name = "csv-devices", .document = csv_devices};
