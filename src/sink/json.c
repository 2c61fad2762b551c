/* SPDX-License-Identifier: Apache-2.0 */

/* One document, one record a line: valid JSON that line tools can read too. */

#include "crypto/hash.h"
#include "sink/put.h"
#include "sink/sink.h"

#define REPORT_SCHEMA "porchlight.report/1"

/* A line break between records, where the text is for line tools too. */
static void
break_line(struct json *json, const char *text)
{
	write_text(json->w, text);
	if (!json->summed)
		write_char(json->w, '\n');
	json->comma = false;
}

static void
open_record(struct json *json, bool first)
{
	break_line(json, first ? "" : ",");
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
	break_line(json, ",");
	put_open(json, key, bracket);
}

static void
close_list(struct json *json, size_t count)
{
	if (count > 0 && !json->summed)
		write_char(json->w, '\n');
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

static void
put_gaps(struct json *json, const struct porch_document *doc)
{
	size_t told = 0;

	open_member(json, "gaps", '[');
	for (size_t i = 0; i < doc->gap_count; i++) {
		if (json->summed && doc->gaps[i].worker)
			continue;
		open_record(json, told++ == 0);
		put_gap(json, &doc->gaps[i]);
		close_record(json);
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

static void
add_to_sum(const void *bytes, size_t len, void *user)
{
	sha256_add(user, bytes, len);
}

bool
report_sum(const struct porch_document *doc, char hex[static SHA256_TEXT])
{
	struct sha256 *sum = sha256_new();
	struct writer writer;
	struct json json = {.w = &writer, .summed = true};

	hex[0] = '\0';
	if (!sum)
		return false;
	writer_init(&writer, WRITER_NOWHERE);
	writer.tee = add_to_sum;
	writer.user = sum;
	put_report(&json, doc);
	put_close(&json, '}');
	writer_flush(&writer);
	sha256_hex(sum, hex);
	sha256_free(sum);
	return true;
}

static void
json_document(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	struct json json = {.w = w};
	char hex[SHA256_TEXT];

	(void)style;
	put_report(&json, doc);
	break_line(&json, ",");
	put_text(&json, "sha256", report_sum(doc, hex) ? hex : NULL);
	put_close(&json, '}');
	write_char(w, '\n');
}

const struct sink_ops sink_json = {.name = "json", .tells_hashes = true, .document = json_document};
