/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_ENGINE_DESK_H
#define TESTS_ENGINE_DESK_H

#include <porchlight/engine.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink/sink.h"
#include "tests/engine/frames.h"
#include "tests/engine/made_up.h"

#define BELL    "00:00:5e:00:53:01"
#define PHONE   "00:00:5e:00:53:82"
#define GATEWAY "00:00:5e:00:53:fe"
#define FILES   8
#define RECORD  (16 + 14 + 28 + 1000) /* bytes of one in a capture */

/* A folder of small captures, what was warned of, and the document they gave. */
struct desk {
	char folder[64];
	char path[FILES][96];
	size_t files;
	FILE *file; /* being written */
	char warning[1200];
	size_t warnings;
	struct porch_options options;
	struct porch_error error;
	struct porch_document *doc;
};

static inline void
warned(const char *line, void *user)
{
	struct desk *d = user;

	d->warnings++;
	snprintf(d->warning, sizeof(d->warning), "%s", line);
}

static inline struct desk *
desk_new(void)
{
	struct desk *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	strcpy(d->folder, "/tmp/porchlight-test-XXXXXX");
	assert_non_null(mkdtemp(d->folder));
	d->options.warn = warned;
	d->options.user = d;
	return d;
}

static inline void
desk_free(struct desk *d)
{
	porch_document_free(d->doc);
	for (size_t i = 0; i < d->files; i++)
		unlink(d->path[i]);
	assert_int_equal(rmdir(d->folder), 0);
	free(d);
}

static inline void
put_le(FILE *file, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		fputc((int)(value >> 8 * i & 0xff), file);
}

static inline void
begin_file(struct desk *d, const char *name)
{
	assert_true(d->files < FILES);
	snprintf(d->path[d->files], sizeof(d->path[0]), "%s/%s", d->folder, name);
	d->file = fopen(d->path[d->files++], "wb");
	assert_non_null(d->file);
	put_le(d->file, 0xa1b2c3d4, 4);
	put_le(d->file, 2, 2);
	put_le(d->file, 4, 2);
	put_le(d->file, 0, 8);
	put_le(d->file, 262144, 4);
	put_le(d->file, 1, 4);
}

static inline void
put_frame(struct desk *d, const struct sent *s)
{
	struct made m;

	make_packet(&m, s);
	put_le(d->file, (uint64_t)(s->time / SECOND), 4);
	put_le(d->file, (uint64_t)(s->time % SECOND), 4);
	put_le(d->file, m.frame.captured, 4);
	put_le(d->file, m.frame.on_wire, 4);
	fwrite(m.bytes, 1, m.frame.captured, d->file);
}

static inline void
end_file(struct desk *d)
{
	assert_int_equal(fclose(d->file), 0);
}

static inline struct sent
from_bell(const char *to, int64_t time)
{
	return (struct sent){
	    .from_mac = BELL,
	    .to_mac = GATEWAY,
	    .from = "192.168.1.20",
	    .to = to,
	    .from_port = 40000,
	    .to_port = 9000,
	    .payload_bytes = 1000,
	    .time = time,
	};
}

/* A capture in which the bell sends `packets` of 1028 bytes, one every 10 ms. */
static inline void
write_upload(struct desk *d, const char *name, const char *to, int64_t start, int packets)
{
	begin_file(d, name);
	for (int i = 0; i < packets; i++) {
		struct sent s = from_bell(to, start + i * 10000);

		put_frame(d, &s);
	}
	end_file(d);
}

static inline const struct porch_document *
replay(struct desk *d)
{
	const char *paths[FILES];

	for (size_t i = 0; i < d->files; i++)
		paths[i] = d->path[i];
	porch_document_free(d->doc);
	d->doc = porch_replay(rules, &d->options, paths, d->files, &d->error);
	return d->doc;
}

static inline void
must(struct desk *d)
{
	const struct porch_document *doc = replay(d);
	const struct porch_counters *c;

	if (!doc)
		fail_msg("%s: %s: %s", d->error.file, d->error.where, d->error.text);
	c = &doc->run.counters;
	assert_int_equal(c->received,
	    c->processed + c->undecoded + c->filtered + c->deduplicated + c->dropped);
}

/* The whole document as JSON. */
static inline char *
as_json(const struct porch_document *doc)
{
	struct sink_style style = {.columns = 80};
	static struct writer writer;
	FILE *file = tmpfile();
	long size;
	char *text;

	assert_non_null(file);
	writer_init(&writer, fileno(file));
	sink_json.document(&writer, doc, &style);
	assert_int_equal(writer_finish(&writer), WRITER_DONE);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	assert_true(size > 1000);
	rewind(file);
	text = calloc(1, (size_t)size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)size, file), size);
	fclose(file);
	return text;
}

#endif
