/* SPDX-License-Identifier: Apache-2.0 */

/* The server's loop: connections, the lines of the process that counts, and the clock. */

#include "sink/site/server.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/host.h"
#include "sink/site/paper.h"

#define CONNECTIONS   96 /* in all, and of one address */
#define CONNECTIONS_1 48
#define CROWD         24 /* so many whose request is not whole: nobody waits long for one */
#define CROWDED_S     2
#define MEMORY_EACH   ((size_t)16 * 1024)
#define IDLE_S        20 /* without a byte either way */

static int64_t
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

struct view
site_view(struct site *site, struct writer *w, const char *key)
{
	return (struct view){.h = {.w = w, .speaker = site->setup->speaker},
	    .feed = site->feed,
	    .version = site->setup->version,
	    .key = key,
	    .silent = site->now - site->heard > SILENT_S,
	    .locks = site->setup->token,
	    .history = site->setup->work != NULL,
	    .weeks = site->weeks,
	    .weeks_len = site->weeks_len,
	    .until = PORCH_NO_TIME};
}

/* libmicrohttpd calls these. */

static void *
see_uri(void *user, const char *uri, struct MHD_Connection *connection)
{
	struct asked *asked = calloc(1, sizeof(*asked));
	size_t len = strlen(uri);

	(void)user;
	(void)connection;
	if (!asked)
		return NULL;
	asked->too_long = len > URI_MOST;
	memcpy(asked->uri, uri, asked->too_long ? URI_MOST : len);
	return asked;
}

static struct visit *
visit_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static enum MHD_Result
handle(void *user, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *body, size_t *body_len, void **context)
{
	struct site *site = user;
	struct visit *visit = visit_of(connection);
	struct asked *asked = *context;
	bool first = asked && !asked->begun;
	enum MHD_Result result;

	(void)url;
	(void)version;
	if (!asked || !visit)
		return MHD_NO;
	if (!first && *body_len == 0) {
		visit->answering = true;
		visit->since = site->now;
	}
	result = answer(site, connection, method, asked, body, body_len);
	if (first && !asked->begun)
		visit->answering = true; /* refused by its head */
	return result;
}

static void
completed(void *user, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct site *site = user;
	struct visit *visit = visit_of(connection);

	(void)code;
	if (site->waiting == connection) {
		if (site->report >= 0)
			close(site->report);
		site->waiting = NULL;
		site->report = NO_REPORT;
	}
	if (visit) {
		visit->since = site->now;
		visit->answering = visit->streaming = false;
	}
	free(*context);
	*context = NULL;
}

static void
begin_visit(struct site *site, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct visit *visit = info ? calloc(1, sizeof(*visit)) : NULL;

	*context = visit;
	if (!visit)
		return;
	*visit = (struct visit){.next = site->visits, .fd = info->connect_fd, .since = site->now};
	if (visit->next)
		visit->next->before = visit;
	site->visits = visit;
}

static void
notify(void *user, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	struct site *site = user;
	struct visit *visit = *context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		begin_visit(site, connection, context);
		return;
	}
	if (!visit)
		return;
	if (visit->next)
		visit->next->before = visit->before;
	if (visit->before)
		visit->before->next = visit->next;
	else
		site->visits = visit->next;
	free(visit);
	*context = NULL;
}

/* A byte now and then keeps a connection from being idle, and not from being too slow. */
static void
end_slow_visits(struct site *site)
{
	unsigned waiting = 0;
	int64_t patience;

	for (const struct visit *v = site->visits; v; v = v->next)
		waiting += v->answering || v->streaming ? 0 : 1;
	patience = waiting > CROWD ? CROWDED_S : HEAD_S;
	for (struct visit *v = site->visits; v; v = v->next) {
		int64_t allowed = v->answering ? ANSWER_S : patience;

		if (!v->streaming && site->now - v->since > allowed)
			shutdown(v->fd, SHUT_RDWR);
	}
}

/* Names of the certificate are ours: a name that an attacker owns is not in it. */
static bool
is_in_certificate(const char *host, void *user)
{
	gnutls_datum_t pem = {(unsigned char *)user, (unsigned)strlen(user)};
	gnutls_x509_crt_t certificate;
	bool ours = false;

	if (gnutls_x509_crt_init(&certificate) != 0)
		return false;
	if (gnutls_x509_crt_import(certificate, &pem, GNUTLS_X509_FMT_PEM) == 0)
		ours = gnutls_x509_crt_check_hostname2(certificate, host,
		           GNUTLS_VERIFY_DO_NOT_ALLOW_WILDCARDS) != 0;
	gnutls_x509_crt_deinit(certificate);
	return ours;
}

static void
stay_quiet(void *user, const char *format, va_list arguments)
{
	(void)user;
	(void)format;
	(void)arguments;
}

static struct MHD_Daemon *
start_daemon(struct site *site)
{
	const struct site_setup *setup = site->setup;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem tls[] = {
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)setup->cert},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)setup->key},
	    {MHD_OPTION_HTTPS_PRIORITIES, 0, "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
	    {MHD_OPTION_END, 0, NULL},
	};

	if (setup->cert)
		flags |= MHD_USE_TLS;
	return MHD_start_daemon(flags, 0, NULL, NULL, handle, site, MHD_OPTION_EXTERNAL_LOGGER,
	    stay_quiet, NULL, MHD_OPTION_LISTEN_SOCKET, setup->listener,
	    MHD_OPTION_URI_LOG_CALLBACK, see_uri, site, MHD_OPTION_NOTIFY_COMPLETED, completed,
	    site, MHD_OPTION_NOTIFY_CONNECTION, notify, site, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)CONNECTIONS_1,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    MEMORY_EACH, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY,
	    setup->cert ? tls : &tls[3], MHD_OPTION_END);
}

static bool
open_site(struct site *site, const struct site_setup *setup, struct porch_error *error)
{
	const struct guard_setup rules = {.port = setup->port,
	    .tls = setup->cert != NULL,
	    .token = setup->token,
	    .is_ours = setup->cert ? is_in_certificate : NULL,
	    .user = (void *)setup->cert};

	*site = (struct site){.setup = setup, .report = NO_REPORT, .now = seconds()};
	site->heard = site->now;
	site->guard = guard_new(&rules);
	site->feed = feed_new();
	site->line = malloc(SITE_LINE);
	if (site->guard)
		sessions_take_up(site);
	if (site->guard && site->feed && site->line)
		site->daemon = start_daemon(site);
	if (site->daemon)
		return true;
	snprintf(error->text, sizeof(error->text), "%s",
	    setup->cert ? "the page could not be served: are certificate and key a pair, in PEM?"
	                : "the page could not be served");
	return false;
}

static void
close_site(struct site *site)
{
	site->ended = true;
	if (site->daemon) {
		streams_resume(site);
		if (site->waiting)
			MHD_resume_connection(site->waiting);
		site->report = site->waiting ? -1 : NO_REPORT;
		MHD_run(site->daemon);
		MHD_stop_daemon(site->daemon);
	}
	guard_free(site->guard);
	feed_free(site->feed);
	free(site->line);
	free(site->weeks);
}

static void
see_line(struct site *site, const char *line, size_t len)
{
	enum feed_change change = feed_line(site->feed, line, len);

	if (change == FEED_STATE) {
		site->states++;
		site->heard = site->now;
	}
	if (change == FEED_RECORD)
		past_soon(site);
}

/* A line that is longer than any of ours is left out: what follows its end is read again. */
static void
split_lines(struct site *site, size_t len)
{
	char *at = site->line, *end, *stop;

	site->line_len += len;
	stop = site->line + site->line_len;
	while ((end = memchr(at, '\n', (size_t)(stop - at)))) {
		see_line(site, at, (size_t)(end - at));
		at = end + 1;
	}
	site->line_len = (size_t)(stop - at);
	memmove(site->line, at, site->line_len);
	if (site->line_len == SITE_LINE)
		site->line_len = 0;
}

static void
read_lines(struct site *site)
{
	for (int most = 64; most > 0; most--) {
		ssize_t len = recv(site->setup->lines, site->line + site->line_len,
		    SITE_LINE - site->line_len, MSG_DONTWAIT);

		if (len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR)) {
			site->ended = true;
			return;
		}
		if (len < 0)
			return;
		split_lines(site, (size_t)len);
	}
}

static void
see_clock(struct site *site)
{
	int64_t now = seconds();

	if (now == site->now)
		return;
	site->now = now;
	if (now == site->heard + SILENT_S + 1)
		site->states++; /* that nothing was told is something to tell */
	end_slow_visits(site);
}

static void
serve(struct site *site)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(site->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct pollfd ready[] = {
	    {.fd = info->epoll_fd, .events = POLLIN}, {.fd = site->setup->lines, .events = POLLIN}};

	while (!site->ended) {
		MHD_UNSIGNED_LONG_LONG wait;
		int timeout = 1000;

		if (MHD_get_timeout(site->daemon, &wait) == MHD_YES && wait < 1000)
			timeout = (int)wait;
		if (poll(ready, 2, timeout) > 0 && ready[1].revents)
			read_lines(site);
		see_clock(site);
		past_see(site);
		streams_wake(site);
		MHD_run(site->daemon);
		sessions_keep(site);
	}
}

static void
show_token(const struct site *site)
{
	char link[256];
	struct writer w;

	snprintf(link, sizeof(link), "http%s://%s/open#%s", site->setup->cert ? "s" : "",
	    site->setup->address, guard_token(site->guard));
	writer_init(&w, STDERR_FILENO);
	write_text(&w, words_of(&site->setup->speaker, SAY_SITE_TOLD_LINK));
	write_text(&w, "\n");
	site_show_link(&w, link);
	writer_finish(&w);
}

bool
site_run(const struct site_setup *setup, struct porch_error *error)
{
	struct site site;
	bool opened = open_site(&site, setup, error);

	if (opened) {
		if (setup->token)
			show_token(&site);
		if (setup->ready)
			setup->ready(setup->user);
		serve(&site);
	}
	close_site(&site);
	return opened;
}
