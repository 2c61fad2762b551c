/* SPDX-License-Identifier: Apache-2.0 */

/* What changes from second to second, as the stream tells it: texts are finished sentences. */

#include "base/text.h"
#include "sink/page/html.h"
#include "sink/sink.h"
#include "sink/site/view.h"
#include "words/numbers.h"

#define SAID 1024

struct saying {
	const struct speaker *speaker;
	struct text text;
	char room[SAID];
};

static void
add(const struct porch_phrase *phrase, void *user)
{
	struct saying *saying = user;

	if (saying->text.len > 0)
		text_char(&saying->text, ' ');
	words_add(saying->speaker, phrase, &saying->text);
}

static void
begin(const struct view *view, struct saying *saying)
{
	saying->speaker = &view->h.speaker;
	saying->text = text_over(saying->room, sizeof(saying->room));
}

/* What would turn or move other text is shown as on the page, \xNN, and then quoted. */
static void
put_said(struct writer *w, const char *name, const char *said)
{
	writef(w, "\"%s\":\"", name);
	while (*said) {
		char shown[ESCAPE_MAX];

		escape_next(ESCAPE_TERMINAL, &said, shown);
		for (const char *c = shown; *c; c++) {
			if (*c == '"' || *c == '\\')
				write_char(w, '\\');
			write_char(w, *c);
		}
	}
	write_char(w, '"');
}

typedef void part(const struct view *view, phrase_out *out, void *user);

static void
put_part(const struct view *view, struct writer *w, const char *name, part *said)
{
	struct saying saying;

	begin(view, &saying);
	said(view, add, &saying);
	put_said(w, name, saying.room);
	write_char(w, ',');
}

static void
put_device(const struct view *view, struct writer *w, const struct live_device *d)
{
	struct saying saying;
	char id[ID_TEXT];

	writef(w, "{\"id\":\"%s\",\"state\":\"%s\",", id_format('d', d->id, id),
	    porch_activity_word(d->activity));
	begin(view, &saying);
	card_activity(d, add, &saying);
	put_said(w, "does", saying.room);
	begin(view, &saying);
	card_detail(view, d, add, &saying);
	write_char(w, ',');
	put_said(w, "more", saying.room);
	write_text(w, ",\"kbps\":");
	write_u64(w, d->kbps);
	write_char(w, '}');
}

void
view_state(const struct view *view, struct writer *w)
{
	const struct live_state *state = feed_state(view->feed);
	char clock[WORDS_NUMBER];

	view_clock(view, state->time, clock);
	writef(w, "{\"boot\":\"%s\",\"state\":\"%s\",\"clock\":\"%s\",", feed_boot(view->feed),
	    view->silent ? "silent" : porch_activity_word(state->activity), clock);
	put_part(view, w, "now", live_sentence);
	put_part(view, w, "detail", live_detail);
	put_part(view, w, "lead", live_lead);
	put_part(view, w, "watching", live_watching);
	write_text(w, "\"devices\":[");
	for (size_t i = 0; i < state->device_count; i++) {
		if (i > 0)
			write_char(w, ',');
		put_device(view, w, &state->devices[i]);
	}
	write_text(w, "]}");
}
