/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "load_rules.h"
#include "parse/packet.h"
#include "read_all.h"
#include "redact/redact.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Loaded once; libFuzzer hands nothing else from Initialize to TestOneInput. */
static struct porch_rules *rules;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	rules = load_rules(SOURCE_DIR "/captures/doorvue.rules");
	return 0;
}

/* What was written, to be read again. */
struct written {
	uint8_t *bytes;
	size_t len, room;
};

static bool
keep(const void *bytes, size_t len, void *user)
{
	struct written *w = user;

	if (len > w->room - w->len) {
		uint8_t *more = realloc(w->bytes, 2 * (w->len + len));

		if (!more)
			return false;
		w->bytes = more;
		w->room = 2 * (w->len + len);
	}
	memcpy(w->bytes + w->len, bytes, len);
	w->len += len;
	return true;
}

/* The same frames, as long and at the same time, that count as many bytes. */
static void
compare(struct source *before, struct source *after)
{
	struct frame a, b;
	struct packet x, y;

	while (source_next(before, &a) == SOURCE_FRAME) {
		must(source_next(after, &b) == SOURCE_FRAME);
		must(a.time < 0 || a.time == b.time);
		must(a.captured == b.captured && a.on_wire == b.on_wire);
		must(a.link_type == b.link_type);
		if (packet_parse(&a, NULL, &x) != PARSE_OK)
			continue;
		must(packet_parse(&b, NULL, &y) == PARSE_OK);
		must(x.ip_bytes == y.ip_bytes && x.protocol == y.protocol);
		must(x.source_port == y.source_port && x.target_port == y.target_port);
		must(x.payload_bytes == y.payload_bytes);
	}
	must(source_next(after, &b) == SOURCE_END);
}

static void
redact(const uint8_t *bytes, size_t len, struct written *w)
{
	struct source_options options = {.no_hashes = true};
	struct redactor_setup setup = {
	    .rules = rules, .key = {1}, .max = 16, .write = keep, .user = w};
	struct redactor *redactor = redactor_new(&setup);
	struct porch_error error;
	struct source *source = source_open_memory(bytes, len, "fuzz", &options, &error);
	struct frame frame;

	while (source && redactor && source_next(source, &frame) == SOURCE_FRAME)
		redactor_learn(redactor, &frame);
	source_close(source);
	source = source_open_memory(bytes, len, "fuzz", &options, &error);
	must(redactor && redactor_begin(redactor));
	while (source && source_next(source, &frame) == SOURCE_FRAME)
		must(redactor_frame(redactor, &frame));
	must(redactor_finish(redactor, 7));
	source_close(source);
	redactor_free(redactor);
}

/* A capture, read twice and written again, is one still. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct source_options options = {.no_hashes = true};
	struct written w = {0};
	struct porch_error error;
	struct source *before = source_open_memory(bytes, len, "fuzz", &options, &error), *after;

	if (!before)
		return 0;
	redact(bytes, len, &w);
	after = source_open_memory(w.bytes, w.len, "written", &options, &error);
	must(after != NULL);
	compare(before, after);
	source_close(before);
	source_close(after);
	free(w.bytes);
	return 0;
}
