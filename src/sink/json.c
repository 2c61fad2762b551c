/* SPDX-License-Identifier: Apache-2.0 */

/* One document, one record a line: valid JSON that line tools can read too. */

#include "sink/put.h"
#include "sink/sink.h"

#define REPORT_SCHEMA "porchlight.report/1"

static void
open_record(struct json *json, bool first)
{
	write_text(json->w, first ? "\n" : ",\n");
	json->comma = false;
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
	write_text(json->w, ",\n");
	json->comma = false;
	put_open(json, key, bracket);
}

static void
close_list(struct json *json, size_t count)
{
	if (count > 0)
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
put_conclusions(struct json *json, const struct porch_document *doc)
{
	open_member(json, "findings", '[');
	for (size_t i = 0; i < doc->finding_count; i++) {
		open_record(json, i == 0);
		put_finding(json, &doc->findings[i]);
		close_record(json);
	}
	close_list(json, doc->finding_count);
	open_member(json, "gaps", '[');
	for (size_t i = 0; i < doc->gap_count; i++) {
		open_record(json, i == 0);
		put_gap(json, &doc->gaps[i]);
		close_record(json);
	}
	close_list(json, doc->gap_count);
	open_member(json, "summary", '{');
	put_summary(json, &doc->summary);
	put_close(json, '}');
}

static void
json_document(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	struct json json = {.w = w};

	(void)style;
	put_open(&json, NULL, '{');
	put_text(&json, "schema", REPORT_SCHEMA);
	open_member(&json, "run", '{');
	put_run(&json, &doc->run);
	put_close(&json, '}');
	put_lists(&json, doc);
	put_conclusions(&json, doc);
	put_close(&json, '}');
	write_char(w, '\n');
}

const struct sink_ops sink_json = {.name = "json", .document = json_document};
