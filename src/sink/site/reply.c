/* SPDX-License-Identifier: Apache-2.0 */

/* The answers to what may be asked: one table of paths, and no file. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sink/site/api.h"
#include "sink/site/paper.h"
#include "sink/site/server.h"
#include "web/web.h"

#define NAME_MOST    64 /* bytes of a device's name */
#define COMMAND_MOST 512
#define DAYS_MOST    366
#define API          "/api/v1/"

void
answer_headers(struct MHD_Response *response, const char *type)
{
	MHD_add_response_header(response, "Content-Type", type);
	MHD_add_response_header(response, "Content-Security-Policy", POLICY);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	/* A form that is sent without scripts has no Origin under no-referrer. */
	MHD_add_response_header(response, "Referrer-Policy",
	    strcmp(type, HTML) == 0 ? "same-origin" : "no-referrer");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
	MHD_add_response_header(response, "X-Frame-Options", "DENY");
}

enum MHD_Result
answer_send(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
	enum MHD_Result queued = MHD_queue_response(connection, status, response);

	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result
answer_text(struct MHD_Connection *connection, unsigned status, const char *type, char *text,
    size_t len)
{
	struct MHD_Response *response =
	    text ? MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE) : NULL;

	if (!response) {
		free(text);
		return MHD_NO;
	}
	answer_headers(response, type);
	return answer_send(connection, status, response);
}

enum MHD_Result
answer_refuse_saying(struct MHD_Connection *connection, unsigned status, const char *why)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(strlen(why), (void *)why, MHD_RESPMEM_PERSISTENT);

	if (!response)
		return MHD_NO;
	answer_headers(response, PLAIN);
	MHD_add_response_header(response, "Connection", "close");
	if (status == MHD_HTTP_TOO_MANY_REQUESTS || status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(response, "Retry-After", "30");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, "Allow", "GET, HEAD, POST");
	return answer_send(connection, status, response);
}

enum MHD_Result
answer_refuse(struct MHD_Connection *connection, unsigned status)
{
	return answer_refuse_saying(connection, status, "porchlight does not answer this.\n");
}

static enum MHD_Result
go_to(struct MHD_Connection *connection, const char *place, const char *cookie)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);

	if (!response)
		return MHD_NO;
	answer_headers(response, PLAIN);
	MHD_add_response_header(response, "Location", place);
	if (cookie)
		MHD_add_response_header(response, "Set-Cookie", cookie);
	return answer_send(connection, MHD_HTTP_SEE_OTHER, response);
}

enum MHD_Result
answer_lock(struct site *site, struct MHD_Connection *connection, unsigned status,
    enum view_lock why)
{
	struct paper paper;
	struct html h = {.w = &paper.w, .speaker = site->setup->speaker};
	size_t len;
	char *text;

	paper_begin(&paper);
	view_lock(&h, why);
	text = paper_take(&paper, &len);
	return answer_text(connection, status, HTML, text, len);
}

static enum MHD_Result
reply_page(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	char key[SECRET_TEXT], *text;
	struct paper paper;
	struct view view;
	size_t len;

	paper_begin(&paper);
	guard_form_key(site->guard, request, site->now, key);
	view = site_view(site, &paper.w, key);
	view_read_span(&view, request->query);
	view_page(&view);
	text = paper_take(&paper, &len);
	return answer_text(connection, MHD_HTTP_OK, HTML, text, len);
}

static enum MHD_Result
reply_open(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	(void)request;
	if (!site->setup->token)
		return go_to(connection, "/", NULL);
	return answer_lock(site, connection, MHD_HTTP_OK, VIEW_LOCKED);
}

static enum MHD_Result
reply_session(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	char token[TOKEN_TEXT + 8], session[SECRET_TEXT], cookie[160];
	enum ruling ruling;

	form_field(request->body, request->body_len, "token", token, sizeof(token));
	ruling = guard_trade(site->guard, token, &request->peer, site->now, session);
	if (ruling != RULING_PASS)
		return answer_lock(site, connection, (unsigned)ruling,
		    ruling == RULING_TOO_MANY ? VIEW_WAIT : VIEW_WRONG);
	snprintf(cookie, sizeof(cookie), "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
	    COOKIE_NAME, session, (long long)SESSION_LAST, site->setup->cert ? "; Secure" : "");
	return go_to(connection, "/", cookie);
}

static enum MHD_Result
reply_leave(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	guard_leave(site->guard, request);
	return go_to(connection, "/",
	    COOKIE_NAME "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}

/* Whole, or not at all: who counts may be busy. */
static bool
command(const struct site *site, const struct paper *paper)
{
	ssize_t sent =
	    send(site->setup->lines, paper->text, paper->len, MSG_DONTWAIT | MSG_NOSIGNAL);

	return sent >= 0 && (size_t)sent == paper->len;
}

static bool
is_name(const char *name)
{
	for (const char *at = name; *at; at++)
		if (iscntrl((unsigned char)*at))
			return false;
	return name[0] != '\0';
}

static enum MHD_Result
reply_label(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	char device[24], name[NAME_MOST + 1];
	struct paper paper;
	uint64_t id;
	bool sent;

	form_field(request->body, request->body_len, "device", device, sizeof(device));
	form_field(request->body, request->body_len, "name", name, sizeof(name));
	if (!id_parse(device, 'd', &id) || !is_name(name))
		return answer_refuse(connection, MHD_HTTP_BAD_REQUEST);
	paper_begin(&paper);
	writef(&paper.w, "{\"command\":\"label\",\"device\":\"%s\",\"name\":\"", device);
	write_escaped(&paper.w, ESCAPE_JSON, name);
	write_text(&paper.w, "\"}\n");
	writer_flush(&paper.w);
	sent = !paper.failed && command(site, &paper);
	free(paper_take(&paper, NULL));
	return sent ? go_to(connection, "/#cards", NULL)
	            : answer_refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
}

static enum MHD_Result
reply_mark(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	char episode[24], mark[12];
	struct paper paper;
	uint64_t id;
	bool sent;

	form_field(request->body, request->body_len, "episode", episode, sizeof(episode));
	form_field(request->body, request->body_len, "mark", mark, sizeof(mark));
	if (!id_parse(episode, 'e', &id) ||
	    (strcmp(mark, "expected") != 0 && strcmp(mark, "wrong") != 0 &&
	        strcmp(mark, "none") != 0))
		return answer_refuse(connection, MHD_HTTP_BAD_REQUEST);
	paper_begin(&paper);
	writef(&paper.w, "{\"command\":\"mark\",\"episode\":\"%s\",\"mark\":\"%s\"}\n", episode,
	    mark);
	writer_flush(&paper.w);
	sent = !paper.failed && command(site, &paper);
	free(paper_take(&paper, NULL));
	if (!sent)
		return answer_refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
	feed_set_mark(site->feed, id, mark);
	return go_to(connection, "/#today", NULL);
}

static enum MHD_Result
reply_events(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct visit *visit = info ? info->socket_context : NULL;

	if (streams_open(site) == STREAMS)
		return answer_refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
	if (visit)
		visit->streaming = true;
	return stream_open(site, connection, request->last_event.value);
}

static enum MHD_Result
reply_css(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	const struct web_file *files[] = {&web_report_css, &web_chart_css, &web_live_css};
	struct paper paper;
	size_t len;
	char *text;

	(void)site;
	(void)request;
	paper_begin(&paper);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		write_bytes(&paper.w, files[i]->text, files[i]->len);
	text = paper_take(&paper, &len);
	return answer_text(connection, MHD_HTTP_OK, "text/css; charset=utf-8", text, len);
}

static enum MHD_Result
send_file(struct MHD_Connection *connection, const struct web_file *file, const char *type)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(file->len, (void *)file->text, MHD_RESPMEM_PERSISTENT);

	if (!response)
		return MHD_NO;
	answer_headers(response, type);
	return answer_send(connection, MHD_HTTP_OK, response);
}

static enum MHD_Result
reply_js(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	(void)site;
	(void)request;
	return send_file(connection, &web_live_js, "text/javascript; charset=utf-8");
}

static enum MHD_Result
reply_icon(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	(void)site;
	(void)request;
	return send_file(connection, &web_favicon_svg, "image/svg+xml");
}

static bool
is_silent(const struct site *site)
{
	return site->now - site->heard > SILENT_S;
}

static enum MHD_Result
reply_health(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	bool well = feed_state(site->feed)->time != PORCH_NO_TIME && !is_silent(site);
	char *text = strdup(well ? "ok\n" : "the process that watches is not heard\n");

	(void)request;
	return answer_text(connection, well ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, PLAIN,
	    text, text ? strlen(text) : 0);
}

static enum MHD_Result
reply_metrics(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	const struct metrics_of_page page = {streams_open(site), is_silent(site)};
	struct paper paper;
	size_t len;
	char *text;

	(void)request;
	paper_begin(&paper);
	metrics_write(&paper.w, site->feed, site->setup->version, &page);
	text = paper_take(&paper, &len);
	return answer_text(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
	    text, len);
}

static enum MHD_Result
reply_api(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	struct paper paper;
	bool found;
	size_t len;
	char *text;

	paper_begin(&paper);
	found = api_write(&paper.w, site->feed, request->path + strlen(API));
	text = paper_take(&paper, &len);
	if (found)
		return answer_text(connection, MHD_HTTP_OK, JSON, text, len);
	free(text);
	return answer_refuse(connection, MHD_HTTP_NOT_FOUND);
}

static unsigned
days_of(const struct request *request)
{
	char text[8], *end;
	unsigned long days;

	if (!form_field(request->query, strlen(request->query), "days", text, sizeof(text)))
		return strstr(request->query, "days=") ? 0 : 7;
	days = strtoul(text, &end, 10);
	return text[0] >= '1' && text[0] <= '9' && *end == '\0' && days <= DAYS_MOST
	           ? (unsigned)days
	           : 0;
}

static enum MHD_Result
begin_report(struct site *site, struct MHD_Connection *connection, const struct request *request,
    enum site_work work)
{
	unsigned days = days_of(request);

	if (!site->setup->work)
		return answer_refuse(connection, MHD_HTTP_NOT_FOUND);
	if (days == 0)
		return answer_refuse(connection, MHD_HTTP_BAD_REQUEST);
	if (site->waiting || !errand_begin(&site->errand, site->setup, work, days))
		return answer_refuse_saying(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
		    words_of(&site->setup->speaker, SAY_SITE_BUSY));
	site->waiting = connection;
	MHD_suspend_connection(connection);
	return MHD_YES;
}

static enum MHD_Result
reply_report(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	return begin_report(site, connection, request, SITE_REPORT_HTML);
}

static enum MHD_Result
reply_data(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	return begin_report(site, connection, request, SITE_REPORT_JSON);
}

static enum MHD_Result
reply_labels(struct site *site, struct MHD_Connection *connection, const struct request *request)
{
	return begin_report(site, connection, request, SITE_LABELS);
}

static const struct route routes[] = {
    {"/", METHOD_GET, false, reply_page},
    {"/open", METHOD_GET, true, reply_open},
    {"/session", METHOD_POST, true, reply_session},
    {"/leave", METHOD_POST, false, reply_leave},
    {"/label", METHOD_POST, false, reply_label},
    {"/mark", METHOD_POST, false, reply_mark},
    {"/events", METHOD_GET, false, reply_events},
    {"/live.css", METHOD_GET, true, reply_css},
    {"/live.js", METHOD_GET, true, reply_js},
    {"/favicon.svg", METHOD_GET, true, reply_icon},
    {"/favicon.ico", METHOD_GET, true, reply_icon},
    {"/healthz", METHOD_GET, true, reply_health},
    {"/metrics", METHOD_GET, false, reply_metrics},
    {"/report.html", METHOD_GET, false, reply_report},
    {"/report.json", METHOD_GET, false, reply_data},
    {API "report", METHOD_GET, false, reply_data},
    {API "labels", METHOD_GET, false, reply_labels},
};

const struct route *
route_of(const char *path)
{
	static const struct route api = {API, METHOD_GET, false, reply_api};

	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	return strncmp(path, API, strlen(API)) == 0 ? &api : NULL;
}
