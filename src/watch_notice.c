/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_parts.h"

#include "judge/phrase.h"

/* What happened for the first time, each once, in sentences. */

static bool
was_known(const struct watch *w, uint64_t id)
{
	if (w->setup.known)
		return w->setup.known(id, w->setup.user);
	return w->now - w->setup.start < LEARNING;
}

static int64_t
known_since(const struct watch *w)
{
	return w->setup.known ? w->setup.known_since : w->setup.start;
}

static void
tell(struct watch *w, const struct porch_device *device, const struct porch_destination *to,
    const struct porch_episode *episode, struct porch_notice *notice, struct arena *arena)
{
	struct porch_event event = {.kind = PORCH_EVENT_NOTICE,
	    .device = device,
	    .destination = to,
	    .episode = episode,
	    .notice = notice};

	notice->device = device->id;
	notice->destination = to ? to->id : 0;
	notice->episode = episode ? episode->id : 0;
	notice->sentence = phrase_text(arena, &notice->said);
	if (notice->sentence)
		watch_tell(w, &event);
}

void
watch_notice_device(struct watch *w, struct watch_device *d, const struct porch_device *device)
{
	struct porch_notice notice = {.kind = "new-device"};
	struct arena *arena;

	if (d->welcomed)
		return;
	d->welcomed = true;
	if (was_known(w, d->id) || !(arena = arena_new()))
		return;
	notice.said = PHRASE(SAY_NOTICE_DEVICE, phrase_device(arena, "device", device),
	    MOMENT("since", known_since(w)), WORD("kind", say_kind(device->kind)),
	    MOMENT("first", device->first_seen));
	tell(w, device, NULL, NULL, &notice, arena);
	arena_free(arena);
}

static struct porch_phrase
say_new_receiver(const struct watch *w, struct arena *arena, const struct porch_device *device,
    const struct porch_destination *to)
{
	const struct porch_phrase said =
	    PHRASE(to->country ? SAY_NOTICE_RECEIVER_IN : SAY_NOTICE_RECEIVER,
	        phrase_device(arena, "device", device), phrase_receiver(arena, "receiver", to),
	        MOMENT("since", known_since(w)), WORD("party", say_party(to->party)),
	        NAMED("country", to->country), MOMENT("first", to->first_seen));

	return phrase_keep(arena, &said);
}

/* Trackers and evidence platforms are told whether or not they were known. */
void
watch_notice_receiver(struct watch *w, struct watch_receiver *r, const struct porch_device *device,
    const struct porch_destination *to)
{
	struct porch_notice notice = {.kind = "new-receiver"};
	struct arena *arena;

	if (r->noticed || to->party == PORCH_PARTY_LOCAL || to->bytes_up == 0)
		return;
	r->noticed = true;
	arena = arena_new();
	if (!arena)
		return;
	if (to->party == PORCH_PARTY_TRACKER) {
		notice.kind = "tracker";
		notice.said = PHRASE(SAY_NOTICE_TRACKER, phrase_device(arena, "device", device),
		    phrase_receiver(arena, "receiver", to));
		tell(w, device, to, NULL, &notice, arena);
	} else if (to->party == PORCH_PARTY_EVIDENCE) {
		notice.kind = "evidence-platform";
		notice.said = PHRASE(SAY_NOTICE_EVIDENCE, phrase_device(arena, "device", device),
		    phrase_receiver(arena, "receiver", to), BYTES("bytes", to->bytes_up));
		tell(w, device, to, NULL, &notice, arena);
	} else if (!was_known(w, to->id)) {
		notice.said = say_new_receiver(w, arena, device, to);
		tell(w, device, to, NULL, &notice, arena);
	}
	arena_free(arena);
}

void
watch_notice_upload(struct watch *w, struct watch_episode *e, const struct porch_device *device,
    const struct porch_destination *to, const struct porch_episode *episode)
{
	struct porch_notice notice = {.kind = "unsolicited-upload"};
	struct arena *arena;

	if (e->noticed || !(arena = arena_new()))
		return;
	e->noticed = true;
	notice.said = PHRASE(SAY_NOTICE_UPLOAD, phrase_device(arena, "device", device),
	    WORD("kind", say_footage(episode->content)), phrase_receiver(arena, "receiver", to),
	    MOMENT("from", episode->start));
	tell(w, device, to, episode, &notice, arena);
	arena_free(arena);
}
