/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <porchlight/record.h>

#include "source/fail.h"
#include "source/format.h"
#include "source/stream.h"

#define AHEAD_LEAST 1048576 /* smaller files are read before a thread has begun */
#define ON_WIRE_MAX 262144  /* a record's share of bytes is no more (contract: implausible) */

static const struct format *const formats[] = {&pcap_format, &pcapng_format, NULL};

struct source {
	struct stream *stream;
	const struct format *format;
	void *state;
	enum source_result ended; /* FRAME: not yet */
	bool hash;
	struct source_facts facts;
	struct porch_error error;
};

static void
name_file(struct porch_error *error, const char *path)
{
	snprintf(error->file, sizeof(error->file), "%s", path);
}

/* The format that the next bytes tell; NULL when none, and with fewer bytes than a magic. */
static const struct format *
detect(struct stream *stream)
{
	const uint8_t *magic = stream_peek(stream, FORMAT_MAGIC);

	for (size_t i = 0; magic && formats[i]; i++)
		if (formats[i]->is(magic))
			return formats[i];
	return NULL;
}

static void
learn_link_type(struct source_facts *facts, uint16_t link_type)
{
	for (size_t i = 0; i < facts->link_type_count; i++)
		if (facts->link_types[i] == link_type)
			return;
	if (facts->link_type_count < SOURCE_LINK_TYPES)
		facts->link_types[facts->link_type_count++] = link_type;
}

static bool
begin(struct source *s)
{
	s->format = detect(s->stream);
	if (!s->format) {
		if (stream_consumed(s->stream) == 0)
			stream_fail(s->stream, "the file is empty");
		else
			stream_fail(s->stream, "is neither a pcap nor a pcapng capture");
		return false;
	}
	s->facts.format = s->format->name;
	s->facts.first = PORCH_NO_TIME;
	s->facts.last = PORCH_NO_TIME;
	s->state = s->format->open(s->stream);
	if (s->state && s->format->link_type)
		learn_link_type(&s->facts, s->format->link_type(s->state));
	return s->state != NULL;
}

static struct source *
open_raw(struct raw *raw, const char *path, const struct source_options *options,
    struct porch_error *error)
{
	struct source *s = calloc(1, sizeof(*s));

	if (!s) {
		raw_close(raw);
		fail(error, 0, "out of memory");
		return NULL;
	}
	s->hash = !options || !options->no_hashes;
	s->stream = stream_new(raw, options ? options->block : 0, s->hash, error);
	if (!s->stream) {
		source_close(s);
		return NULL;
	}
	if (options && options->ahead && raw_total(raw) >= AHEAD_LEAST)
		stream_read_ahead(s->stream);
	if (!begin(s)) {
		*error = *stream_error(s->stream);
		name_file(error, path);
		source_close(s);
		return NULL;
	}
	name_file(&s->error, path);
	return s;
}

struct source *
source_open(const char *path, const struct source_options *options, struct porch_error *error)
{
	struct raw *raw;

	name_file(error, path);
	raw = raw_open(path, !options || !options->no_hashes, error);
	return raw ? open_raw(raw, path, options, error) : NULL;
}

struct source *
source_open_memory(const void *bytes, size_t len, const char *name,
    const struct source_options *options, struct porch_error *error)
{
	struct raw *raw;

	name_file(error, name);
	raw = raw_open_memory(bytes, len, !options || !options->no_hashes, error);
	return raw ? open_raw(raw, name, options, error) : NULL;
}

static void
learn_record(struct source_facts *facts, const struct record *record)
{
	struct frame *frame = record->frame;

	frame->number = ++facts->packets;
	if (frame->captured > frame->on_wire || frame->on_wire > ON_WIRE_MAX)
		facts->odd_lengths++;
	if (frame->captured > frame->on_wire)
		frame->on_wire = frame->captured;
	facts->odd_times += record->odd_time;
	facts->bytes += frame->on_wire < ON_WIRE_MAX ? frame->on_wire : ON_WIRE_MAX;
	if (facts->packets == 1 || frame->time < facts->first)
		facts->first = frame->time;
	if (frame->time > facts->last) /* as any time is, of PORCH_NO_TIME */
		facts->last = frame->time;
}

static void
finish(struct source *s)
{
	if (s->ended == SOURCE_ERROR) {
		const struct porch_error *error = stream_error(s->stream);

		s->error.offset = error->offset;
		memcpy(s->error.text, error->text, sizeof(s->error.text));
	}
	s->facts.complete = s->ended == SOURCE_END;
	s->facts.dropped = s->format->dropped(s->state);
	if (!s->hash)
		return;
	stream_drain(s->stream);
	stream_hashes(s->stream, s->facts.sha256, s->facts.content_sha256);
}

/* inline, as table_touch_at() is: of every packet. */
inline enum source_result
source_next(struct source *s, struct frame *frame)
{
	struct record record = {.frame = frame};
	enum source_result result;

	if (s->ended != SOURCE_FRAME)
		return s->ended;
	result = s->format->next(s->state, s->stream, &record);
	if (result == SOURCE_FRAME) {
		learn_record(&s->facts, &record);
		if (!s->format->link_type) /* of each frame, then, and not of the file */
			learn_link_type(&s->facts, frame->link_type);
		return result;
	}
	s->ended = result;
	finish(s);
	return result;
}

const struct porch_error *
source_error(const struct source *s)
{
	return &s->error;
}

const struct source_facts *
source_facts(const struct source *s)
{
	return &s->facts;
}

const char *
source_comment(const struct source *s, size_t index)
{
	return s->format->comment ? s->format->comment(s->state, index) : NULL;
}

uint64_t
source_total(const struct source *s)
{
	return stream_total(s->stream);
}

uint64_t
source_consumed(const struct source *s)
{
	return stream_consumed(s->stream);
}

void
source_close(struct source *s)
{
	if (!s)
		return;
	if (s->state)
		s->format->close(s->state);
	stream_free(s->stream);
	free(s);
}

static bool
is_regular(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static bool
cannot_be_read_twice(const char *path)
{
	struct stat about;

	return strcmp(path, "-") == 0 ||
	       (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode));
}

bool
source_first_time(const char *path, int64_t *time, struct porch_error *error)
{
	static const struct source_options cheap = {.no_hashes = true, .block = 65536};
	struct source *s;
	struct frame frame;

	*time = PORCH_NO_TIME;
	if (cannot_be_read_twice(path))
		return true;
	s = source_open(path, &cheap, error);
	if (!s)
		return false;
	if (source_next(s, &frame) == SOURCE_FRAME)
		*time = frame.time;
	source_close(s);
	return true;
}

bool
source_hashes(const char *path, char sha256[static 65], char content_sha256[static 65],
    struct porch_error *error)
{
	struct stream *stream;
	struct raw *raw;

	name_file(error, path);
	if (cannot_be_read_twice(path)) {
		fail(error, -1, "cannot be read twice");
		return false;
	}
	raw = raw_open(path, true, error);
	stream = raw ? stream_new(raw, 0, true, error) : NULL;
	if (!stream)
		return false;
	stream_drain(stream);
	stream_hashes(stream, sha256, content_sha256);
	if (!sha256[0])
		*error = *stream_error(stream);
	name_file(error, path);
	stream_free(stream);
	return sha256[0] != '\0';
}

bool
source_probe(const char *path)
{
	struct porch_error error;
	struct stream *stream;
	struct raw *raw;
	bool found;

	if (!is_regular(path))
		return false;
	raw = raw_open(path, false, &error);
	if (!raw)
		return true;
	stream = stream_new(raw, 4096, false, &error);
	found = stream && detect(stream);
	stream_free(stream);
	return found;
}
