/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Server-sent events (WHATWG HTML, 9.2): the state as it changes, and what is told, with an id
 * that a reader who was away begins again from.
 */

#include <stdlib.h>
#include <string.h>

#include "sink/site/paper.h"
#include "sink/site/server.h"

#define BLOCK 4096

static void
write_event(struct stream *s, const struct told *told, struct writer *w)
{
	writef(w, "id: %s-%llu\nevent: %s\ndata: ", s->boot, (unsigned long long)told->number,
	    told->type);
	write_text(w, told->record);
	write_text(w, "\n\n");
	s->told = told->number;
}

static void
write_state(struct stream *s, struct writer *w)
{
	struct view view = site_view(s->site, w, "");

	write_text(w, "event: state\ndata: ");
	view_state(&view, w);
	write_text(w, "\n\n");
	s->state = s->site->states;
}

/* What is to be said next; false when there is nothing. */
static bool
write_next(struct stream *s, struct writer *w)
{
	const struct site *site = s->site;
	struct told told;

	if (strcmp(s->boot, feed_boot(site->feed)) != 0) {
		memcpy(s->boot, feed_boot(site->feed), strlen(feed_boot(site->feed)) + 1);
		s->told = 0;
	}
	if (!s->begun)
		write_text(w, "retry: 2000\n\n");
	if (feed_after(site->feed, s->told, &told))
		write_event(s, &told, w);
	else if (s->state != site->states)
		write_state(s, w);
	else if (site->now - s->spoke >= HEARTBEAT_S)
		write_text(w, ": still here\n\n");
	else if (s->begun)
		return false;
	s->begun = true;
	s->spoke = site->now;
	return true;
}

static bool
has_text(struct stream *s)
{
	struct paper paper;

	if (s->at < s->len)
		return true;
	free(s->text);
	s->text = NULL;
	s->len = s->at = 0;
	paper_begin(&paper);
	if (write_next(s, &paper.w))
		s->text = paper_take(&paper, &s->len);
	else
		free(paper_take(&paper, NULL));
	if (!s->text)
		s->len = 0;
	return s->len > 0;
}

static ssize_t
read_stream(void *user, uint64_t position, char *buffer, size_t most)
{
	struct stream *s = user;
	size_t len;

	(void)position;
	if (s->site->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (!has_text(s)) {
		s->suspended = true;
		MHD_suspend_connection(s->connection);
		return 0;
	}
	len = s->len - s->at < most ? s->len - s->at : most;
	memcpy(buffer, s->text + s->at, len);
	s->at += len;
	return (ssize_t)len;
}

static void
close_stream(void *user)
{
	struct stream *s = user;

	free(s->text);
	*s = (struct stream){.site = NULL};
}

enum MHD_Result
stream_open(struct site *site, struct MHD_Connection *connection, const char *last_id)
{
	struct stream *s = site->streams;
	struct MHD_Response *response;
	enum MHD_Result queued;

	while (s < site->streams + STREAMS && s->site)
		s++;
	if (s == site->streams + STREAMS)
		return MHD_NO;
	*s = (struct stream){.site = site, .connection = connection, .spoke = site->now};
	s->told = feed_resume(site->feed, last_id);
	memcpy(s->boot, feed_boot(site->feed), strlen(feed_boot(site->feed)) + 1);
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_stream, s,
	    close_stream);
	if (!response) {
		close_stream(s);
		return MHD_NO;
	}
	answer_headers(response, "text/event-stream; charset=utf-8");
	queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return queued;
}

static void
resume(struct stream *s)
{
	s->suspended = false;
	MHD_resume_connection(s->connection);
}

void
streams_wake(struct site *site)
{
	for (struct stream *s = site->streams; s < site->streams + STREAMS; s++)
		if (s->site && s->suspended && has_text(s))
			resume(s);
}

void
streams_resume(struct site *site)
{
	for (struct stream *s = site->streams; s < site->streams + STREAMS; s++)
		if (s->site && s->suspended)
			resume(s);
}

size_t
streams_open(const struct site *site)
{
	size_t count = 0;

	for (size_t i = 0; i < STREAMS; i++)
		count += site->streams[i].site ? 1 : 0;
	return count;
}
