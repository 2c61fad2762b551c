/* SPDX-License-Identifier: Apache-2.0 */

/* Names that devices chose with ill intent, through every sink. */

#include <jansson.h>

#include "tests/sink/fixture.h"

#define LABEL_255                                                                                  \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"    \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"    \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *const hostile[] = {
    "\033]0;owned\007door",
    "\033[2Jdoor",
    "door\r\nF1  virtually certain",
    "\xe2\x80\xae"
    "door", /* right-to-left override */
    "\xe2\x81\xa6"
    "door\xe2\x81\xa9", /* isolates */
    "\xc2\x9b"
    "31mdoor",              /* C1 control sequence introducer */
    "door\xff\xfe\xc3",     /* no UTF-8, cut at the end */
    "\xed\xa0\x80\xc0\x80", /* a surrogate, an overlong NUL */
    "\xf4\x90\x80\x80",     /* past U+10FFFF */
    "</script><script>alert(1)</script>",
    "\"},{\"id\":\"x",
    "\\x41 \\u0041 \\",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "a,b;\"c\"",
    "\xe2\x80\xa8line\xe2\x80\xa9",
    "\xf0\x9f\x9a\xaa \xe9\x96\x80", /* honest emoji and kanji */
    "",
    LABEL_255,
};

#define HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

struct hostile_home {
	struct porch_document doc;
	struct porch_device device;
	struct porch_destination to;
	struct porch_episode episode;
	struct porch_finding finding;
	struct porch_texts texts;
};

/* A home in which every text is this one. */
static struct hostile_home *
home_named(const char *const *name)
{
	struct hostile_home *home = calloc(1, sizeof(*home));

	assert_non_null(home);
	home->doc = example_document();
	home->texts = (struct porch_texts){name, 1};
	home->device = example_devices[0];
	home->device.label = home->device.hostname = home->device.product = *name;
	home->device.vendor = home->device.vendor_name = *name;
	home->device.addresses = home->texts;
	home->to = example_destinations[0];
	home->to.name = home->to.organisation = home->to.region = home->to.country = *name;
	home->to.candidates = home->to.aliases = home->to.purposes = home->texts;
	home->episode = example_episodes[3];
	home->episode.transport = *name;
	home->episode.limits = home->episode.parts = home->texts;
	home->finding = example_findings[0];
	home->finding.sentence = home->finding.limit = home->finding.check = *name;
	home->doc.devices = &home->device;
	home->doc.destinations = &home->to;
	home->doc.episodes = &home->episode;
	home->doc.findings = &home->finding;
	home->doc.device_count = home->doc.destination_count = 1;
	home->doc.episode_count = home->doc.finding_count = 1;
	home->doc.summary.advice = *name;
	return home;
}

/* Undoes \xNN, the one escape that JSON, CSV and terminal share. */
static void
unescape(const char *shown, char *out)
{
	for (; *shown; shown++) {
		unsigned byte;

		if (shown[0] == '\\' && shown[1] == 'x' && sscanf(shown + 2, "%2x", &byte) == 1) {
			*out++ = (char)byte;
			shown += 3;
		} else {
			*out++ = *shown;
		}
	}
	*out = '\0';
}

static void
json_gives_back_every_byte(void **state)
{
	struct sink_style style = {0};

	(void)state;
	for (size_t i = 0; i < HOSTILE; i++) {
		struct hostile_home *home = home_named(&hostile[i]);
		char *text = document_by("json", &home->doc, &style), back[1024];
		json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		json_t *device = json_array_get(json_object_get(root, "devices"), 0);

		assert_non_null(root);
		unescape(json_string_value(json_object_get(device, "hostname")), back);
		assert_string_equal(back, hostile[i]);
		json_decref(root);
		free(text);
		free(home);
	}
}

static void
json_is_inert_in_a_script_element_and_on_a_terminal(void **state)
{
	struct sink_style style = {0};

	(void)state;
	for (size_t i = 0; i < HOSTILE; i++) {
		struct hostile_home *home = home_named(&hostile[i]);
		char *text = document_by("json", &home->doc, &style);

		assert_null(strchr(text, '<'));
		assert_null(strchr(text, '\033'));
		assert_null(strchr(text, '\r'));
		assert_null(strstr(text, "\xe2\x80\xae"));
		assert_null(strstr(text, "\xe2\x80\xa8"));
		free(text);
		free(home);
	}
}

static void
every_line_stays_one_record(void **state)
{
	struct sink_style style = {0};

	(void)state;
	for (size_t i = 0; i < HOSTILE; i++) {
		struct hostile_home *home = home_named(&hostile[i]);
		char *text = document_by("ndjson", &home->doc, &style);
		size_t lines = 0;

		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
			json_t *record = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

			assert_non_null(record);
			json_decref(record);
		}
		assert_int_equal(lines, 7);
		free(text);
		free(home);
	}
}

/* Reads one cell at *at (RFC 4180) into cell; true when another follows in the row. */
static bool
csv_cell(const char **at, char *cell)
{
	bool quoted = **at == '"';

	*at += quoted;
	while (**at && (quoted || (**at != ',' && **at != '\r'))) {
		if (quoted && **at == '"' && (*at)[1] != '"')
			break;
		*at += quoted && **at == '"';
		*cell++ = *(*at)++;
	}
	*cell = '\0';
	*at += quoted;
	if (**at == ',') {
		(*at)++;
		return true;
	}
	assert_int_equal(strncmp(*at, "\r\n", 2), 0);
	*at += 2;
	return false;
}

static size_t
csv_row(const char **at, char cells[][1024])
{
	size_t count = 0;

	while (csv_cell(at, cells[count++]))
		assert_true(count < 64);
	return count;
}

static void
csv_rows_keep_their_columns_and_start_no_formula(void **state)
{
	static const char *const sinks[] = {"csv-devices", "csv-destinations", "csv-episodes"};
	static char names[64][1024], cells[64][1024];
	struct sink_style style = {0};

	(void)state;
	for (size_t i = 0; i < HOSTILE * 3; i++) {
		struct hostile_home *home = home_named(&hostile[i / 3]);
		char *text = document_by(sinks[i % 3], &home->doc, &style);
		const char *at = text;
		size_t columns = csv_row(&at, names);

		assert_int_equal(csv_row(&at, cells), columns);
		assert_int_equal(*at, '\0');
		for (size_t c = 0; c < columns; c++)
			assert_false(escape_csv_formula(cells[c]));
		free(text);
		free(home);
	}
}

static void
csv_gives_back_every_byte(void **state)
{
	static char cells[64][1024];
	struct sink_style style = {0};

	(void)state;
	for (size_t i = 0; i < HOSTILE; i++) {
		struct hostile_home *home = home_named(&hostile[i]);
		char *text = document_by("csv-devices", &home->doc, &style), back[1024];
		const char *at = text;

		csv_row(&at, cells);
		csv_row(&at, cells);
		unescape(cells[5] + (escape_csv_formula(hostile[i]) ? 1 : 0), back);
		assert_string_equal(back, hostile[i]);
		free(text);
		free(home);
	}
}

static void
assert_plain_text(const char *text)
{
	for (const char *at = text; *at;) {
		uint32_t code = 0;
		size_t size = utf8_decode(at, strlen(at), &code);

		assert_true(size > 0);
		assert_true(code == '\n' ||
		            (code >= 0x20 && code != 0x7f && (code < 0x80 || code > 0x9f)));
		assert_false((code >= 0x200e && code <= 0x200f) ||
		             (code >= 0x2028 && code <= 0x202e) ||
		             (code >= 0x2066 && code <= 0x2069));
		at += size;
	}
}

static void
the_terminal_sees_no_control_byte_without_colour(void **state)
{
	const struct sink_style styles[] = {{.columns = 80}, {.all = true, .utf8 = true}};

	(void)state;
	for (size_t i = 0; i < HOSTILE * 2; i++) {
		struct hostile_home *home = home_named(&hostile[i / 2]);
		char *text = document_by("terminal", &home->doc, &styles[i % 2]);

		assert_plain_text(text);
		free(text);
		free(home);
	}
}

static void
tell_explained(struct writer *w, const void *what, const struct sink_style *style)
{
	assert_true(explain_id(w, what, "d1100000000000001", style));
	assert_true(explain_id(w, what, "r2200000000000001", style));
	assert_true(explain_id(w, what, "e3300000000000001", style));
	assert_true(explain_id(w, what, "F1", style));
}

static void
explanations_are_plain_text_too(void **state)
{
	struct sink_style style = {0};

	(void)state;
	for (size_t i = 0; i < HOSTILE; i++) {
		struct hostile_home *home = home_named(&hostile[i]);
		char *text = written_by(tell_explained, &home->doc, &style, NULL);

		assert_plain_text(text);
		free(text);
		free(home);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json_gives_back_every_byte),
	    cmocka_unit_test(json_is_inert_in_a_script_element_and_on_a_terminal),
	    cmocka_unit_test(every_line_stays_one_record),
	    cmocka_unit_test(csv_rows_keep_their_columns_and_start_no_formula),
	    cmocka_unit_test(csv_gives_back_every_byte),
	    cmocka_unit_test(the_terminal_sees_no_control_byte_without_colour),
	    cmocka_unit_test(explanations_are_plain_text_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
