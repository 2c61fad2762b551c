/* SPDX-License-Identifier: Apache-2.0 */

/* One document, one record a line: valid JSON that line tools can read too. */

#include "crypto/hash.h"
#include "sink/put.h"
#include "sink/sink.h"

#define REPORT_SCHEMA "porchlight.report/1"

/* For line tools; the hash is of the document without it. */
static void
break_line(struct json *json)
{
	if (!put_past(json))
		return;
	write_char(json->w, '\n');
	put_past_end(json);
}

/* A record or a list begins on a line of its own, behind its comma. */
static void
begin_line(struct json *json, const char *text)
{
	write_text(json->w, text);
	break_line(json);
	json->comma = false;
}

static void
open_record(struct json *json, bool first)
{
	begin_line(json, first ? "" : ",");
	put_open(json, NULL, '{');
}

static void
close_record(struct json *json)
{
	put_close(json, '}');
}

static void
open_member(struct json *json, const char *key, char bracket)
{
	begin_line(json, ",");
	put_open(json, key, bracket);
}

static void
close_list(struct json *json, size_t count)
{
	if (count > 0)
		break_line(json);
	put_close(json, ']');
}

static void
put_lists(struct json *json, const struct porch_document *doc)
{
	open_member(json, "devices", '[');
	for (size_t i = 0; i < doc->device_count; i++) {
		open_record(json, i == 0);
		put_device(json, &doc->devices[i]);
		close_record(json);
	}
	close_list(json, doc->device_count);
	open_member(json, "destinations", '[');
	for (size_t i = 0; i < doc->destination_count; i++) {
		open_record(json, i == 0);
		put_destination(json, &doc->destinations[i]);
		close_record(json);
	}
	close_list(json, doc->destination_count);
	open_member(json, "episodes", '[');
	for (size_t i = 0; i < doc->episode_count; i++) {
		open_record(json, i == 0);
		put_episode(json, &doc->episodes[i]);
		close_record(json);
	}
	close_list(json, doc->episode_count);
}

/* Of a worker's gap the hash knows nothing, so it brings its own comma and line breaks. */
static void
put_gaps(struct json *json, const struct porch_document *doc)
{
	size_t summed = 0, told = 0;

	open_member(json, "gaps", '[');
	for (size_t i = 0; i < doc->gap_count; i++) {
		bool past = doc->gaps[i].worker;

		if (past && !put_past(json))
			continue;
		if (!past && summed == 0 && told > 0 && put_past(json)) {
			write_char(json->w, ',');
			put_past_end(json);
		}
		open_record(json, past ? told == 0 : summed == 0);
		put_gap(json, &doc->gaps[i]);
		close_record(json);
		if (past)
			put_past_end(json);
		summed += !past;
		told++;
	}
	close_list(json, told);
}

static void
put_conclusions(struct json *json, const struct porch_document *doc)
{
	open_member(json, "findings", '[');
	for (size_t i = 0; i < doc->finding_count; i++) {
		open_record(json, i == 0);
		put_finding(json, &doc->findings[i]);
		close_record(json);
	}
	close_list(json, doc->finding_count);
	put_gaps(json, doc);
	open_member(json, "summary", '{');
	put_summary(json, &doc->summary);
	put_close(json, '}');
}

/* All that a report's hash covers, and nothing after it. */
static void
put_report(struct json *json, const struct porch_document *doc)
{
	put_open(json, NULL, '{');
	put_text(json, "schema", REPORT_SCHEMA);
	open_member(json, "run", '{');
	put_run(json, &doc->run);
	put_close(json, '}');
	put_lists(json, doc);
	put_conclusions(json, doc);
}

/* Where what is summed goes. */
struct summing {
	struct sha256 *sum;
	struct writer *out; /* or NULL */
};

static void
add_to_sum(const void *bytes, size_t len, void *user)
{
	struct summing *to = user;

	sha256_add(to->sum, bytes, len);
	if (to->out)
		write_bytes(to->out, bytes, len);
}

/* Writes the report as far as its hash covers it, to out with all else; false: no memory. */
static bool
sum_report(const struct porch_document *doc, struct writer *out, char hex[static SHA256_TEXT])
{
	struct summing to = {.sum = sha256_new(), .out = out};
	struct writer writer;
	struct json json = {.w = &writer, .summed = true, .past = out};

	hex[0] = '\0';
	if (!to.sum)
		return false;
	writer_init(&writer, WRITER_NOWHERE);
	writer.tee = add_to_sum;
	writer.user = &to;
	put_report(&json, doc);
	writer_flush(&writer);
	sha256_add(to.sum, "}", 1);
	sha256_hex(to.sum, hex);
	sha256_free(to.sum);
	return true;
}

bool
report_sum(const struct porch_document *doc, char hex[static SHA256_TEXT])
{
	return sum_report(doc, NULL, hex);
}

static void
json_document(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	struct json json = {.w = w};
	char hex[SHA256_TEXT];
	bool summed = sum_report(doc, w, hex);

	(void)style;
	if (!summed)
		put_report(&json, doc);
	begin_line(&json, ",");
	put_text(&json, "sha256", summed ? hex : NULL);
	put_close(&json, '}');
	write_char(w, '\n');
}

const struct sink_ops sink_json = {.name = "json", .tells_hashes = true, .document = json_document};
