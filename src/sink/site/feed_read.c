/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/feed_read.h"

#include <string.h>

#include "base/format.h"
#include "base/text.h"
#include "sink/site/request.h"
#include "words/words.h"

#define KBPS_MOST UINT64_C(100000000) /* no home sends faster */

uint64_t
read_u64(const json_t *object, const char *key)
{
	json_int_t number = json_integer_value(json_object_get(object, key));

	return number > 0 ? (uint64_t)number : 0;
}

const char *
read_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

uint64_t
read_id(const json_t *object, const char *key, char letter)
{
	uint64_t id;

	return id_parse(read_text(object, key), letter, &id) ? id : 0;
}

int64_t
read_time(const json_t *object, const char *key)
{
	const char *text = read_text(object, key);
	int64_t time;

	return text && time_parse(text, &time) ? time : PORCH_NO_TIME;
}

bool
read_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

/* Copies as much of a text as fits, and never half a character. */
static void
copy_name(const char *text, char *out, size_t size)
{
	size_t len = text ? strlen(text) : 0;

	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	if (len > 0)
		memcpy(out, text, len);
	out[len] = '\0';
}

static void
read_name(const json_t *object, const char *key, char *out, size_t size)
{
	copy_name(read_text(object, key), out, size);
}

void
read_likelihood(const json_t *object, struct porch_likelihood *likelihood)
{
	const json_t *told = json_object_get(object, "likelihood");
	enum say word = say_likelihood(read_text(told, "word"));

	*likelihood = (struct porch_likelihood){.word = NULL};
	for (size_t i = 0; i < LIKELIHOOD_BANDS; i++) {
		const struct likelihood_band *band = &likelihood_bands[i];

		if (band->word != word)
			continue;
		likelihood->word = words_of(&(struct speaker){.language = NULL}, word);
		likelihood->low = band->low;
		likelihood->high = band->high;
		likelihood->calibrated = read_flag(told, "calibrated");
	}
}

enum porch_content
read_content(const json_t *object)
{
	const char *word = read_text(object, "content");
	enum porch_content content = 0;

	while (word && content < PORCH_CONTENTS && strcmp(porch_content_word(content), word) != 0)
		content++;
	return word && content < PORCH_CONTENTS ? content : PORCH_CONTENT_UNKNOWN;
}

enum porch_footage
read_footage(const json_t *object)
{
	const char *word = read_text(object, "footage");

	if (word && strcmp(word, "yes") == 0)
		return PORCH_FOOTAGE_YES;
	return word && strcmp(word, "no") == 0 ? PORCH_FOOTAGE_NO : PORCH_FOOTAGE_CANNOT_TELL;
}

enum porch_party
read_party(const json_t *object)
{
	const char *word = read_text(object, "party");
	enum porch_party party = 0;

	while (word && party < PORCH_PARTIES && strcmp(porch_party_word(party), word) != 0)
		party++;
	return word && party < PORCH_PARTIES ? party : PORCH_PARTY_UNKNOWN;
}

enum porch_kind
read_kind(const json_t *object)
{
	const char *word = read_text(object, "kind");
	enum porch_kind kind = PORCH_KIND_UNKNOWN;

	while (word && kind < PORCH_KIND_OTHER && strcmp(porch_kind_word(kind), word) != 0)
		kind++;
	return kind;
}

static void
read_about_device(const json_t *json, struct about_device *about)
{
	static const char *const names[] = {"label", "product", "hostname", "mac"};
	const char *address =
	    json_string_value(json_array_get(json_object_get(json, "addresses"), 0));

	about->watched = read_flag(json, "watched");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !about->name[0]; i++)
		read_name(json, names[i], about->name, sizeof(about->name));
	if (!about->name[0] && address)
		copy_name(address, about->name, sizeof(about->name));
}

static void
read_about_destination(const json_t *json, struct about_destination *about)
{
	const char *address =
	    json_string_value(json_array_get(json_object_get(json, "addresses"), 0));

	about->device = read_id(json, "device", 'd');
	read_name(json, "name", about->name, sizeof(about->name));
	if (!about->name[0] && address)
		copy_name(address, about->name, sizeof(about->name));
	read_name(json, "organisation", about->organisation, sizeof(about->organisation));
	read_name(json, "country", about->country, sizeof(about->country));
	about->party = read_party(json);
	about->bytes_up = read_u64(json, "bytes_up");
	about->footage_bytes_up = read_u64(json, "footage_bytes_up");
	about->folded = read_u64(json, "folded") > 0;
}

static void
read_about_episode(const json_t *json, struct about_episode *about)
{
	about->device = read_id(json, "device", 'd');
	about->destination = read_id(json, "destination", 'r');
	about->start = read_time(json, "start");
	about->end = read_time(json, "end");
	about->bytes_up = read_u64(json, "bytes_up");
	about->content = read_content(json);
	about->footage = read_footage(json);
	read_likelihood(json, &about->likelihood);
	about->live_view = read_flag(json, "live_view");
	about->open = read_flag(json, "open");
	read_name(json, "mark", about->mark, sizeof(about->mark));
}

void
read_about(enum shelf_kind kind, const json_t *json, void *about)
{
	struct about_gap *gap = about;
	struct about_notice *notice = about;

	switch (kind) {
	case SHELF_DEVICES:
		read_about_device(json, about);
		break;
	case SHELF_DESTINATIONS:
		read_about_destination(json, about);
		break;
	case SHELF_EPISODES:
		read_about_episode(json, about);
		break;
	case SHELF_GAPS:
		gap->start = read_time(json, "start");
		gap->end = read_time(json, "end");
		read_name(json, "reason", gap->reason, sizeof(gap->reason));
		break;
	case SHELF_NOTICES:
		notice->time = read_time(json, "time");
		read_name(json, "kind", notice->kind, sizeof(notice->kind));
		notice->device = read_id(json, "device", 'd');
		notice->destination = read_id(json, "destination", 'r');
		break;
	default:
		break;
	}
}

static bool
read_activity(const json_t *object, enum porch_activity *activity)
{
	const char *word = read_text(object, "state");

	for (*activity = PORCH_ACTIVITY_QUIET; word && *activity <= PORCH_ACTIVITY_BLIND;
	     *activity += 1)
		if (strcmp(porch_activity_word(*activity), word) == 0)
			return true;
	*activity = PORCH_ACTIVITY_BLIND;
	return false;
}

static void
read_upload(const json_t *told, struct live_upload *upload)
{
	*upload = (struct live_upload){.there = json_is_object(told)};
	if (!upload->there)
		return;
	upload->id = read_id(told, "id", 'e');
	upload->start = read_time(told, "start");
	upload->end = read_time(told, "end");
	upload->bytes_up = read_u64(told, "bytes_up");
	upload->content = read_content(told);
	upload->footage = read_footage(told);
	read_likelihood(told, &upload->likelihood);
	read_name(told, "organisation", upload->organisation, sizeof(upload->organisation));
	upload->party = read_party(told);
	upload->destination = read_id(told, "destination", 'r');
}

static uint64_t
read_rate(const json_t *told)
{
	const json_t *bins = json_object_get(told, "rate_kbps");
	size_t count = json_array_size(bins);
	uint64_t sum = 0;

	for (size_t i = 0; i < count && i < PORCH_RATES; i++) {
		json_int_t kbps = json_integer_value(json_array_get(bins, i));

		sum += kbps > 0 && (uint64_t)kbps < KBPS_MOST ? (uint64_t)kbps : 0;
	}
	return sum / PORCH_RATES;
}

static void
read_device(const json_t *told, struct live_device *device)
{
	device->id = read_id(told, "id", 'd');
	read_name(told, "name", device->name, sizeof(device->name));
	device->kind = read_kind(told);
	read_activity(told, &device->activity);
	device->bytes_up_today = read_u64(told, "bytes_up_today");
	device->footage_bytes_today = read_u64(told, "footage_bytes_today");
	device->footage_episodes_today = read_u64(told, "footage_episodes_today");
	device->kbps = read_rate(told);
	read_upload(json_object_get(told, "open"), &device->open);
	read_upload(json_object_get(told, "last"), &device->last);
}

static void
read_counters(const json_t *json, struct live_state *state)
{
	const json_t *counters = json_object_get(json, "counters");

	state->received = read_u64(counters, "received");
	state->processed = read_u64(counters, "processed");
	state->undecoded = read_u64(counters, "undecoded");
	state->filtered = read_u64(counters, "filtered");
	state->deduplicated = read_u64(counters, "deduplicated");
	state->dropped = read_u64(counters, "dropped");
}

static void
read_limits(const json_t *json, struct live_state *state)
{
	const json_t *limits = json_object_get(json, "limits");
	size_t count = json_array_size(limits);

	for (size_t i = 0; i < count && state->limit_count < FEED_LIMITS; i++) {
		const char *limit = json_string_value(json_array_get(limits, i));
		char *place = state->limits[state->limit_count];
		struct text text = text_over(place, sizeof(state->limits[0]));

		if (!limit)
			continue;
		text_add(&text, limit);
		state->limit_count += text.cut ? 0 : 1;
	}
}

bool
read_state(const json_t *json, struct live_state *state)
{
	const json_t *devices = json_object_get(json, "devices");
	int64_t time = read_time(json, "time");
	enum porch_activity activity;

	if (time == PORCH_NO_TIME || !read_activity(json, &activity))
		return false;
	state->time = time;
	state->activity = activity;
	state->watched_since = read_time(json, "watched_since");
	state->today_since = read_time(json, "today_since");
	state->bytes_up_today = read_u64(json, "bytes_up_today");
	state->footage_bytes_today = read_u64(json, "footage_bytes_today");
	state->footage_episodes_today = read_u64(json, "footage_episodes_today");
	state->gaps = read_u64(json, "gaps");
	state->rules_rev = read_u64(json, "rules_rev");
	read_counters(json, state);
	state->limit_count = state->device_count = 0;
	read_limits(json, state);
	for (size_t i = 0; i < json_array_size(devices) && state->device_count < FEED_DEVICES;
	     i++) {
		struct live_device *device = &state->devices[state->device_count];

		read_device(json_array_get(devices, i), device);
		state->device_count += device->id != 0 ? 1 : 0;
	}
	return true;
}
