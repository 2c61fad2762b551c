/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Tellings as JSON by POST, one after the other, until each was taken.  Only HTTP and HTTPS,
 * certificates checked, no redirects, no proxy of the environment.
 */

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include <porchlight/engine.h>

#include "sink/messenger/letters.h"
#include "sink/messenger/outlet.h"

#define SECOND       INT64_C(1000000)
#define CONNECT_TIME 10L /* seconds */
#define WHOLE_TIME   30L /* seconds */
#define WAIT_MAX     300 /* seconds between two attempts */

struct webhook {
	struct outlet outlet; /* first */
	struct letters letters;
	const char *url;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers;
	bool busy;
	struct letter letter; /* on its way; its body is not kept */
	unsigned failures;    /* in a row */
	int64_t retry;
	int64_t now;
};

static size_t
ignore(char *bytes, size_t size, size_t count, void *user)
{
	(void)bytes;
	(void)user;
	return size * count;
}

static void
set_options(struct webhook *w)
{
	CURL *easy = w->easy;

	curl_easy_setopt(easy, CURLOPT_URL, w->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_TIME);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, WHOLE_TIME);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE, 1L << 20);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
}

static bool
set_headers(struct webhook *w)
{
	char id[TELLING_ID + 32];
	char agent[64];
	const char *lines[] = {"Content-Type: application/json", "Expect:", id, agent};

	/* draft-ietf-httpapi-idempotency-key-header: a string in quotes. */
	snprintf(id, sizeof(id), "Idempotency-Key: \"%s\"", w->letter.id);
	snprintf(agent, sizeof(agent), "User-Agent: porchlight/%s", porch_version());
	curl_slist_free_all(w->headers);
	w->headers = NULL;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct curl_slist *more = curl_slist_append(w->headers, lines[i]);

		if (!more)
			return false;
		w->headers = more;
	}
	curl_easy_setopt(w->easy, CURLOPT_HTTPHEADER, w->headers);
	return true;
}

static void
post_next(struct webhook *w)
{
	if (w->busy || w->now < w->retry || !letters_next(&w->letters, &w->letter))
		return;
	curl_easy_setopt(w->easy, CURLOPT_POSTFIELDSIZE, (long)w->letter.len);
	curl_easy_setopt(w->easy, CURLOPT_COPYPOSTFIELDS, w->letter.body);
	if (!set_headers(w) || curl_multi_add_handle(w->multi, w->easy) != CURLM_OK) {
		outbox_rewind(w->letters.outbox);
		w->retry = w->now + SECOND;
		return;
	}
	w->busy = true;
}

/* Whether no further attempt can help: what was sent is at fault, not where or when. */
static bool
refused_for_good(long status)
{
	return status == 400 || status == 413 || status == 415 || status == 422;
}

static int64_t
pause_after(const struct webhook *w)
{
	curl_off_t asked = 0;
	int64_t wait = 1;

	for (unsigned i = 1; i < w->failures && wait < WAIT_MAX; i++)
		wait *= 2;
	curl_easy_getinfo(w->easy, CURLINFO_RETRY_AFTER, &asked);
	if (asked > wait)
		wait = asked;
	return (wait < WAIT_MAX ? wait : WAIT_MAX) * SECOND;
}

static void
fail(struct webhook *w, CURLcode result, long status)
{
	if (w->failures++ == 0) {
		if (result != CURLE_OK)
			outlet_say(w->letters.label, "%s; tried again", curl_easy_strerror(result));
		else
			outlet_say(w->letters.label, "answered %ld; tried again", status);
	}
	w->retry = w->now + pause_after(w);
	outbox_rewind(w->letters.outbox);
}

static void
succeed(struct webhook *w)
{
	if (w->failures > 0)
		outlet_say(w->letters.label, "takes messages again");
	w->failures = 0;
	outbox_done(w->letters.outbox, w->letter.number);
	letters_tell_lost(&w->letters);
}

static void
finish(struct webhook *w, CURLcode result)
{
	long status = 0;

	curl_easy_getinfo(w->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_multi_remove_handle(w->multi, w->easy);
	w->busy = false;
	if (result == CURLE_OK && status >= 200 && status < 300) {
		succeed(w);
	} else if (result == CURLE_OK && refused_for_good(status)) {
		outlet_say(w->letters.label, "answered %ld to %s; it is given up", status,
		    w->letter.id);
		outbox_done(w->letters.outbox, w->letter.number);
	} else {
		fail(w, result, status);
	}
}

static void
go_on(struct webhook *w)
{
	CURLMsg *message;
	int left;
	int running;

	curl_multi_perform(w->multi, &running);
	while ((message = curl_multi_info_read(w->multi, &left)) != NULL)
		if (message->msg == CURLMSG_DONE)
			finish(w, message->data.result);
}

static void
webhook_tell(struct outlet *outlet, const struct telling *t)
{
	letters_add(&((struct webhook *)outlet)->letters, t);
}

static void
webhook_see(struct outlet *outlet, const struct scene *scene)
{
	((struct webhook *)outlet)->letters.now = scene_home(scene)->now;
}

static size_t
add_fds(const struct webhook *w, struct pollfd *fds, size_t room)
{
	fd_set in, out, bad;
	int most = -1;
	size_t count = 0;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&bad);
	if (curl_multi_fdset(w->multi, &in, &out, &bad, &most) != CURLM_OK)
		return 0;
	for (int fd = 0; fd <= most && count < room; fd++) {
		int events = (FD_ISSET(fd, &in) ? POLLIN : 0) | (FD_ISSET(fd, &out) ? POLLOUT : 0);

		if (events)
			fds[count++] = (struct pollfd){.fd = fd, .events = (short)events};
	}
	return count;
}

static size_t
webhook_wait_for(struct outlet *outlet, struct pollfd *fds, size_t room, int64_t *wake)
{
	struct webhook *w = (struct webhook *)outlet;
	int64_t mine = INT64_MAX;
	size_t count = 0;
	long left = -1;

	if (w->busy) {
		count = add_fds(w, fds, room);
		curl_multi_timeout(w->multi, &left);
		if (left < 0 || (count == 0 && left > 100))
			left = 100; /* a name is being looked up, by a thread */
		mine = w->now + left * 1000;
	} else if (outbox_waiting(w->letters.outbox) > 0) {
		mine = w->retry;
	}
	if (mine < *wake)
		*wake = mine;
	return count;
}

static void
webhook_tick(struct outlet *outlet, int64_t now)
{
	struct webhook *w = (struct webhook *)outlet;

	w->now = now;
	letters_tick(&w->letters, now);
	if (w->busy)
		go_on(w);
	post_next(w);
}

/* At the end what a receiver does not take now is left for the next start. */
static bool
webhook_idle(const struct outlet *outlet)
{
	const struct webhook *w = (const struct webhook *)outlet;

	return !w->busy && (outbox_waiting(w->letters.outbox) == 0 || w->failures > 1);
}

static void
webhook_free(struct outlet *outlet)
{
	struct webhook *w = (struct webhook *)outlet;

	if (w->busy)
		curl_multi_remove_handle(w->multi, w->easy);
	curl_easy_cleanup(w->easy);
	curl_multi_cleanup(w->multi);
	curl_slist_free_all(w->headers);
	letters_close(&w->letters);
	free(w);
}

static const struct outlet_ops webhook_ops = {
    .tell = webhook_tell,
    .see = webhook_see,
    .wait_for = webhook_wait_for,
    .tick = webhook_tick,
    .idle = webhook_idle,
    .free = webhook_free,
};

static bool
is_url(const char *url)
{
	return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

struct outlet *
webhook_open(const char *url, const struct messenger_setup *setup, const char *site,
    struct porch_error *error)
{
	struct webhook *w = calloc(1, sizeof(*w));

	snprintf(error->text, sizeof(error->text), "--webhook: cannot be begun");
	if (!w)
		return NULL;
	w->outlet.ops = &webhook_ops;
	w->url = url;
	if (!is_url(url)) {
		snprintf(error->text, sizeof(error->text), "--webhook: no http:// or https:// URL");
	} else if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK &&
	           letters_open(&w->letters, "webhook", url, setup, site, error)) {
		w->multi = curl_multi_init();
		w->easy = curl_easy_init();
		if (w->multi && w->easy) {
			set_options(w);
			return &w->outlet;
		}
	}
	webhook_free(&w->outlet);
	return NULL;
}
