/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/telling.h"

#include <string.h>

#include "sink/messenger/body.h"

static const struct {
	const char *word;
	const char *event_type;
} kinds[TELLING_KINDS] = {
    [TELLING_UPLOAD_STARTED] = {"upload-started", "upload_started"},
    [TELLING_UPLOAD_ENDED] = {"upload-ended", "upload_ended"},
    [TELLING_NEW_DEVICE] = {"new-device", "new_device"},
    [TELLING_NEW_RECEIVER] = {"new-receiver", "new_receiver"},
    [TELLING_TRACKER] = {"tracker", "tracker"},
    [TELLING_EVIDENCE_PLATFORM] = {"evidence-platform", "evidence_platform"},
    [TELLING_UNSOLICITED_UPLOAD] = {"unsolicited-upload", "unsolicited_upload"},
    [TELLING_DIGEST] = {"digest", "digest"},
    [TELLING_LOST] = {"lost", "lost"},
};

const char *
telling_word(enum telling_kind kind)
{
	return kinds[kind].word;
}

const char *
telling_event_type(enum telling_kind kind)
{
	return kinds[kind].event_type;
}

bool
telling_kind_of(const char *word, enum telling_kind *kind)
{
	for (unsigned i = 0; i < TELLING_KINDS; i++) {
		if (strcmp(kinds[i].word, word) != 0)
			continue;
		*kind = (enum telling_kind)i;
		return true;
	}
	return false;
}

/* "" is unknown. */
static void
put_known(struct json *json, const char *key, const char *text)
{
	put_text(json, key, text[0] ? text : NULL);
}

static void
put_what(struct json *json, const struct telling *t)
{
	put_id(json, "device", 'd', t->device);
	put_known(json, "device_name", t->name);
	put_id(json, "destination", 'r', t->destination);
	put_id(json, "episode", 'e', t->episode);
	put_known(json, "organisation", t->organisation);
	put_known(json, "party", t->party);
	put_known(json, "content", t->content);
	put_known(json, "footage", t->footage);
	put_known(json, "likelihood", t->likelihood);
	put_u64(json, "bytes_up", t->bytes_up);
	if (t->duration < 0)
		put_null(json, "duration_s");
	else
		put_seconds(json, "duration_s", (uint64_t)t->duration);
}

size_t
telling_body(const struct telling *t, char body[static TELLING_BODY])
{
	struct body under;
	struct json *json = &under.json;

	body_begin(&under, body, TELLING_BODY);
	put_text(json, "schema", "porchlight/1");
	put_text(json, "type", "telling");
	put_text(json, "id", t->id);
	put_text(json, "kind", telling_word(t->kind));
	put_text(json, "event_type", telling_event_type(t->kind));
	put_known(json, "time", t->time);
	put_what(json, t);
	put_u64(json, "held_back", t->held_back);
	put_u64(json, "count", t->count);
	put_text(json, "sentence", t->sentence);
	return body_end(&under);
}
