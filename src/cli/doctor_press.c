/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/doctor_press.h"

#include <stdlib.h>
#include <string.h>

#include "sink/digest.h"
#include "watch.h"

struct doctor_press {
	struct watch *watch;
	struct porch_options options;
	bool over;
};

static bool
rings(const struct porch_device *device)
{
	return device->kind == PORCH_KIND_DOORBELL || device->kind == PORCH_KIND_CAMERA ||
	       device->kind == PORCH_KIND_HUB || device->named_by_user;
}

static void
see_event(const struct porch_event *event, void *user)
{
	struct doctor_press *press = user;
	const struct porch_episode *e = event->episode;

	if (event->kind == PORCH_EVENT_EPISODE && event->device && rings(event->device) &&
	    !e->open && e->footage == PORCH_FOOTAGE_YES)
		press->over = true;
}

struct doctor_press *
doctor_press_new(const struct porch_rules *rules, const struct options *options,
    const struct addr *own, size_t own_count, int64_t start, struct porch_error *error)
{
	struct doctor_press *press = calloc(1, sizeof(*press));
	struct watch_setup setup = {
	    .rules = rules, .interfaces = "", .start = start, .tell = see_event, .user = press};

	*error = (struct porch_error){.offset = -1, .text = "out of memory"};
	if (!press)
		return NULL;
	press->options = options->engine;
	press->options.all_devices = true;
	press->options.no_dpi = true; /* this process starts no other */
	setup.options = &press->options;
	press->watch = watch_new(&setup, error);
	if (!press->watch) {
		free(press);
		return NULL;
	}
	watch_capture_hosts(press->watch, own, own_count);
	return press;
}

void
doctor_press_free(struct doctor_press *press)
{
	if (!press)
		return;
	watch_free(press->watch);
	free(press);
}

void
doctor_press_see(struct doctor_press *press, const struct frame *frame)
{
	watch_frame(press->watch, frame);
}

bool
doctor_press_over(struct doctor_press *press, int64_t now)
{
	watch_tick(press->watch, now);
	return press->over;
}

static bool
is_kind(const struct porch_finding *finding, const char *kind)
{
	return strcmp(finding->kind, kind) == 0;
}

static const struct porch_finding *
find_finding(const struct porch_document *doc, const char *kind)
{
	for (size_t i = 0; i < doc->finding_count; i++)
		if (is_kind(&doc->findings[i], kind))
			return &doc->findings[i];
	return NULL;
}

/* The doorbell that sent most, else the device that did; NULL when none is there. */
static const struct porch_device *
most_telling(const struct porch_document *doc)
{
	const struct porch_device *best = NULL;

	for (size_t i = 0; i < doc->device_count; i++) {
		const struct porch_device *d = &doc->devices[i];

		if (!best || rings(d) > rings(best) ||
		    (rings(d) == rings(best) && d->bytes_up > best->bytes_up))
			best = d;
	}
	return best;
}

struct saying {
	const struct speaker *speaker;
	struct doctor_answer *answer;
};

static void
say_answer(const struct saying *s, enum doctor_grade grade, const struct porch_phrase *found,
    enum say advice)
{
	struct text text = text_over(s->answer->found, sizeof(s->answer->found));

	s->answer->grade = grade;
	words_add(s->speaker, found, &text);
	text = text_over(s->answer->advice, sizeof(s->answer->advice));
	if (advice != SAYINGS)
		words_add(s->speaker, &PHRASE(advice, NO_SLOT), &text);
}

/* Why nothing was seen, as far as that can be told. */
static void
say_why_not(const struct saying *s, const struct porch_document *doc)
{
	const struct porch_device *device = most_telling(doc);
	char name[DIGEST_NAME];

	if (!device) {
		say_answer(s, DOCTOR_LIMIT, &PHRASE(SAY_PRESS_NOBODY, NO_SLOT), SAY_WIFI_GUEST_DO);
		return;
	}
	digest_device_name(s->speaker, device, name, sizeof(name));
	if (rings(device))
		say_answer(s, DOCTOR_LIMIT,
		    &PHRASE(SAY_PRESS_QUIET, NAMED("device", name),
		        BYTES("bytes", device->bytes_up)),
		    SAY_PRESS_QUIET_DO);
	else
		say_answer(s, DOCTOR_LIMIT,
		    &PHRASE(SAY_PRESS_STRANGERS,
		        COUNT("devices", SAY_PRESS_DEVICES, doc->summary.devices),
		        NAMED("device", name), BYTES("bytes", device->bytes_up)),
		    SAY_PRESS_STRANGERS_DO);
}

void
doctor_press_answer(struct doctor_press *press, const struct speaker *speaker,
    struct doctor_answer *answer)
{
	const struct saying s = {.speaker = speaker, .answer = answer};
	const struct porch_finding *seen, *perhaps;
	struct porch_document *doc;

	*answer = (struct doctor_answer){.asked = true};
	watch_finish(press->watch);
	doc = watch_document(press->watch);
	if (!doc)
		return;
	seen = find_finding(doc, "footage");
	perhaps = find_finding(doc, "cannot-tell");
	if (seen)
		say_answer(&s, DOCTOR_OK, &seen->said, SAYINGS);
	else if (perhaps)
		say_answer(&s, DOCTOR_LIMIT, &perhaps->said, SAY_PRESS_PERHAPS_DO);
	else
		say_why_not(&s, doc);
	porch_document_free(doc);
}
