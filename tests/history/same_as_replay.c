/* SPDX-License-Identifier: Apache-2.0 */

/*
 * usage: same_as_replay RULES CAPTURE...
 * Fails unless the document of a history is that of a replay of the same frames, byte for byte
 * but for the input; the history is written once at the end, and in many parts.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/sink.h"
#include "tests/history/recorder.h"

static char *
text_of(struct porch_document *doc, size_t *len)
{
	static const struct sink_style style;
	FILE *file = tmpfile();
	struct writer *writer = malloc(sizeof(*writer));
	char *text;

	if (!file || !writer)
		abort();
	doc->run.input_count = 0;
	writer_init(writer, fileno(file));
	sink_json.document(writer, doc, &style);
	if (writer_finish(writer) != WRITER_DONE)
		abort();
	free(writer);
	*len = (size_t)lseek(fileno(file), 0, SEEK_END);
	text = malloc(*len + 1);
	if (!text || pread(fileno(file), text, *len, 0) != (ssize_t)*len)
		abort();
	text[*len] = '\0';
	fclose(file);
	return text;
}

static void
say(const char *line, void *user)
{
	(void)user;
	printf("%s\n", line);
}

static struct porch_document *
by_history(const struct porch_rules *rules, const struct porch_options *options, const char *path,
    unsigned every)
{
	char folder[] = "/tmp/porchlight-same-XXXXXX", file[64], rm[96];
	struct history_setup setup = {
	    .path = file, .rules = rules, .options = options, .days = 100000, .warn = say};
	struct porch_options plain = {.seed = 7};
	struct porch_document *doc = NULL;
	struct porch_error error;
	struct history *history;
	struct recorder r;

	if (!mkdtemp(folder))
		abort();
	snprintf(file, sizeof(file), "%s/h.db", folder);
	history = history_open(&setup, &error);
	if (!history) {
		printf("%s: %s\n", error.file, error.text);
		abort();
	}
	recorder_begin(&r, history, rules, options);
	if (history_begin(history, "lan", 0, 1) && recorder_read(&r, path, every)) {
		recorder_end(&r);
		if (!r.failed)
			doc = history_document(history, &plain, &error);
	}
	history_close(history);
	snprintf(rm, sizeof(rm), "rm -rf %s", folder);
	if (system(rm) != 0)
		abort();
	return doc;
}

static bool
is_same(const struct porch_rules *rules, const struct porch_options *options, const char *path,
    const char *expected, size_t expected_len, unsigned every)
{
	struct porch_document *doc = by_history(rules, options, path, every);
	size_t len, at = 0;
	char *text;
	bool same;

	if (!doc) {
		printf("FAIL %s: no document of a history in parts of %u\n", path, every);
		return false;
	}
	text = text_of(doc, &len);
	same = len == expected_len && memcmp(text, expected, len) == 0;
	if (!same) {
		while (at < len && at < expected_len && text[at] == expected[at])
			at++;
		at = at > 200 ? at - 200 : 0;
		printf("FAIL %s: in parts of %u it differs\nreplay:  %.500s\nhistory: %.500s\n",
		    path, every, expected + at, text + at);
	}
	free(text);
	porch_document_free(doc);
	return same;
}

/* A capture that cannot be read to its end has another result in its run alone: left out. */
static bool
check(const struct porch_rules *rules, const char *path)
{
	static const unsigned parts[] = {0, 1009, 20011};
	struct porch_options options = {.seed = 7, .no_hashes = true};
	struct porch_error error;
	struct porch_document *doc = porch_replay(rules, &options, &path, 1, &error);
	char *expected;
	size_t len;
	bool same = true;

	if (!doc || doc->run.input_count != 1 || doc->run.inputs[0].first == PORCH_NO_TIME) {
		porch_document_free(doc);
		return true;
	}
	expected = text_of(doc, &len);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		same = is_same(rules, &options, path, expected, len, parts[i]) && same;
	free(expected);
	porch_document_free(doc);
	return same;
}

int
main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "rules";
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(&folder, 1, &error);
	int failed = 0;

	if (!rules || argc < 3) {
		printf("usage: same_as_replay RULES CAPTURE...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		failed += !check(rules, argv[i]);
	porch_rules_free(rules);
	printf("%d of %d differ\n", failed, argc - 2);
	return failed > 0;
}
