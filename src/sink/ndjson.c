/* SPDX-License-Identifier: Apache-2.0 */

/* One record a line, for jq, for a log shipper and for whoever reads a year at a time. */

#include "sink/put.h"
#include "sink/sink.h"

static struct json
open_line(struct writer *w, const char *type)
{
	struct json json = {.w = w};

	put_open(&json, NULL, '{');
	put_text(&json, "schema", RECORD_SCHEMA);
	put_text(&json, "type", type);
	return json;
}

static void
close_line(struct json *json)
{
	put_close(json, '}');
	write_char(json->w, '\n');
}

static void
ndjson_flow(struct writer *w, const struct porch_flow *flow, const struct sink_style *style)
{
	struct json json = open_line(w, "flow");

	(void)style;
	put_flow(&json, flow);
	close_line(&json);
}

static void
tell_seen(struct writer *w, const struct porch_document *doc)
{
	for (size_t i = 0; i < doc->device_count; i++) {
		struct json json = open_line(w, "device");

		put_device(&json, &doc->devices[i]);
		close_line(&json);
	}
	for (size_t i = 0; i < doc->destination_count; i++) {
		struct json json = open_line(w, "destination");

		put_destination(&json, &doc->destinations[i]);
		close_line(&json);
	}
	for (size_t i = 0; i < doc->episode_count; i++) {
		struct json json = open_line(w, "episode");

		put_episode(&json, &doc->episodes[i]);
		close_line(&json);
	}
}

static void
tell_concluded(struct writer *w, const struct porch_document *doc)
{
	struct json json;

	for (size_t i = 0; i < doc->finding_count; i++) {
		json = open_line(w, "finding");
		put_finding(&json, &doc->findings[i]);
		close_line(&json);
	}
	for (size_t i = 0; i < doc->gap_count; i++) {
		json = open_line(w, "gap");
		put_gap(&json, &doc->gaps[i]);
		close_line(&json);
	}
	json = open_line(w, "summary");
	put_summary(&json, &doc->summary);
	close_line(&json);
}

static void
ndjson_document(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	struct json json = open_line(w, "run");

	(void)style;
	put_run(&json, &doc->run);
	close_line(&json);
	tell_seen(w, doc);
	tell_concluded(w, doc);
}

const struct sink_ops sink_ndjson = {
    .name = "ndjson",
    .tells_hashes = true,
    .document = ndjson_document,
    .flow = ndjson_flow,
};
