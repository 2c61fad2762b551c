/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/live_terminal.h"

#include "tests/sink/event_fixture.h"

#define MORNING AT(6, 7, 41)
#define SECONDS INT64_C(1000000)

/* Three hours of the fixture's home, as events. */
struct day {
	struct live_terminal terminal;
	struct porch_document doc;
	struct porch_event event;
};

static void
happens(struct day *d, enum porch_event_kind kind, int64_t time)
{
	d->event.kind = kind;
	d->event.time = time;
	live_terminal_event(&d->terminal, &d->event);
}

static void
uploads(struct day *d, const struct porch_episode *episode, unsigned device, unsigned destination,
    int64_t told)
{
	d->event.device = &d->doc.devices[device];
	d->event.destination = &d->doc.destinations[destination];
	d->event.episode = episode;
	happens(d, PORCH_EVENT_EPISODE, told);
}

static struct porch_episode
episode(uint64_t id, enum porch_content content, int64_t start, int64_t seconds, uint64_t bytes)
{
	return (struct porch_episode){
	    .id = id,
	    .content = content,
	    .footage = PORCH_FOOTAGE_YES,
	    .p_footage = 930,
	    .start = start,
	    .end = start + seconds * SECONDS,
	    .bytes_up = bytes,
	};
}

static void
go_through(struct day *d)
{
	struct porch_episode clip = episode(1, PORCH_CONTENT_VIDEO, MORNING, 28, 7400000);
	struct porch_episode view =
	    episode(2, PORCH_CONTENT_VIDEO, MORNING + 2000 * SECONDS, 190, 38000000);
	struct porch_episode blob =
	    episode(3, PORCH_CONTENT_UNKNOWN, MORNING + 3000 * SECONDS, 3, 5800000);
	struct porch_episode still_open =
	    episode(4, PORCH_CONTENT_VIDEO, MORNING + 4000 * SECONDS, 12, 1200000);
	struct porch_gap gap = {.start = MORNING + 3500 * SECONDS,
	    .end = MORNING + 3512 * SECONDS,
	    .reason = "br-lan was down"};

	d->event.gap = &gap;
	happens(d, PORCH_EVENT_DEVICE, MORNING - 60 * SECONDS);
	happens(d, PORCH_EVENT_DEVICE, MORNING - 59 * SECONDS);
	clip.open = true;
	uploads(d, &clip, 0, 0, MORNING + 2 * SECONDS);
	clip.open = false;
	uploads(d, &clip, 0, 0, MORNING + 40 * SECONDS);
	uploads(d, &clip, 0, 0, MORNING + 50 * SECONDS);
	clip.id = 11; /* over, as far as can be seen, but not closed yet: its line waits */
	clip.open = true;
	uploads(d, &clip, 0, 0, MORNING + 32 * SECONDS);
	view.live_view = PORCH_ANSWER_YES;
	view.p_footage = 812;
	uploads(d, &view, 1, 3, MORNING + 2200 * SECONDS);
	blob.footage = PORCH_FOOTAGE_CANNOT_TELL;
	blob.p_footage = 500;
	uploads(d, &blob, 1, 4, MORNING + 3010 * SECONDS);
	happens(d, PORCH_EVENT_NOTICE, MORNING + 3020 * SECONDS);
	happens(d, PORCH_EVENT_GAP, MORNING + 3512 * SECONDS);
	still_open.open = true;
	uploads(d, &still_open, 0, 0, MORNING + 4012 * SECONDS);
	uploads(d, &still_open, 0, 0, MORNING + 4022 * SECONDS);
	happens(d, PORCH_EVENT_SUMMARY, MORNING + 10860 * SECONDS);
}

static const struct porch_slot notice_slots[] = {
    NAMED("device", "Front door"), NAMED("receiver", "Metricly (t.metricly.example)"), NO_SLOT};

static void
watch_a_morning(struct writer *w, const void *what, const struct sink_style *style)
{
	const struct live_greeting *greeting = what;
	struct porch_notice notice = {.kind = "tracker",
	    .said = {.key = words_key(SAY_NOTICE_TRACKER), .slots = notice_slots}};
	struct day d = {.doc = example_document()};

	d.event.device = &d.doc.devices[0];
	d.event.notice = &notice;
	d.event.state = &example_state;
	d.event.summary = &d.doc.summary;
	live_terminal_begin(&d.terminal, w, style, greeting);
	go_through(&d);
}

static const struct live_greeting greeting = {.interfaces = "br-lan",
    .known = 3,
    .page = "http://127.0.0.1:8642/",
    .start = MORNING - 60 * SECONDS};

static void
shows(const char *name, const struct sink_style *style)
{
	char *text = written_by(watch_a_morning, &greeting, style, NULL);

	assert_golden(name, text);
	free(text);
}

static void
a_morning_fits_eighty_columns(void **state)
{
	struct sink_style style = {.columns = 80};

	(void)state;
	shows("live-80.txt", &style);
}

static void
a_wider_terminal_widens_the_receiver(void **state)
{
	struct sink_style style = {.columns = 120};

	(void)state;
	shows("live-120.txt", &style);
}

static void
german_colour_and_umlauts_where_the_terminal_has_them(void **state)
{
	struct sink_style style = {
	    .columns = 80, .colour = true, .utf8 = true, .language = language_find("de")};

	(void)state;
	shows("live-de.txt", &style);
}

/* But for the verdict, which is one line as everywhere. */
static void
no_line_is_wider_than_the_terminal_and_none_ends_in_a_space(void **state)
{
	static const char *const languages[] = {"en", "de"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct sink_style style = {
		    .columns = 80, .utf8 = true, .language = language_find(languages[i])};
		char *text = written_by(watch_a_morning, &greeting, &style, NULL);

		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
			if ((utf8_columns(line) > 80 && !strstr(line, "2,59 GB.")) ||
			    line[strlen(line) - 1] == ' ')
				fail_msg("bad line: '%s'", line);
		free(text);
	}
}

static void
quiet_says_only_how_it_ended(void **state)
{
	struct sink_style style = {.columns = 80, .quiet = true};
	char *text = written_by(watch_a_morning, &greeting, &style, NULL);

	(void)state;
	assert_string_equal(text,
	    "Watched 165 h 50 min. Very likely (90-99%): footage left 2 times, "
	    "2.59 GB.\n");
	free(text);
}

static void
watch_an_empty_home(struct writer *w, const void *what, const struct sink_style *style)
{
	struct porch_state empty = {.sentence = "Nothing is leaving."};
	struct day d = {.doc = example_document()};

	live_terminal_begin(&d.terminal, w, style, what);
	d.event.state = &empty;
	for (int i = 0; i < 200; i++)
		happens(&d, PORCH_EVENT_STATE, greeting.start + i * SECONDS);
}

static void
who_sees_no_doorbell_is_told_what_to_do_once(void **state)
{
	struct sink_style style = {.columns = 80};
	struct live_greeting plain = {.interfaces = "br-lan", .start = greeting.start};
	char *text = written_by(watch_an_empty_home, &plain, &style, NULL);

	(void)state;
	assert_golden("live-nobody.txt", text);
	free(text);
}

static void
watch_a_hostile_device(struct writer *w, const void *what, const struct sink_style *style)
{
	struct porch_device device = {.id = 7,
	    .hostname = "\x1b]0;owned\x07\xe2\x80\xaetxt\n12:00:00  Front door",
	    .kind = PORCH_KIND_DOORBELL,
	    .watched = true};
	struct porch_destination to = {.name = "a\r\n\x9b"
	                                       "2J.example",
	    .party = PORCH_PARTY_UNKNOWN};
	struct porch_episode clip = episode(9, PORCH_CONTENT_VIDEO, MORNING, 28, 7400000);
	struct day d = {.event = {.device = &device, .destination = &to, .episode = &clip}};

	live_terminal_begin(&d.terminal, w, style, what);
	happens(&d, PORCH_EVENT_DEVICE, MORNING);
	happens(&d, PORCH_EVENT_EPISODE, MORNING + 40 * SECONDS);
}

static void
what_a_device_calls_itself_moves_no_cursor(void **state)
{
	struct sink_style style = {.columns = 80, .utf8 = true};
	char *text = written_by(watch_a_hostile_device, &greeting, &style, NULL);
	size_t lines = 0;

	(void)state;
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		lines += *at == '\n';
		assert_true(*at == '\n' || (*at >= ' ' && *at != 0x7f));
	}
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_in_range(lines, 3, 5);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_morning_fits_eighty_columns),
	    cmocka_unit_test(a_wider_terminal_widens_the_receiver),
	    cmocka_unit_test(german_colour_and_umlauts_where_the_terminal_has_them),
	    cmocka_unit_test(no_line_is_wider_than_the_terminal_and_none_ends_in_a_space),
	    cmocka_unit_test(quiet_says_only_how_it_ended),
	    cmocka_unit_test(who_sees_no_doorbell_is_told_what_to_do_once),
	    cmocka_unit_test(what_a_device_calls_itself_moves_no_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
