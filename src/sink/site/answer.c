/* SPDX-License-Identifier: Apache-2.0 */

/* What was asked, as it stood in the request, and whether it may be: then it is replied to. */

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/site/server.h"

/* The headers we look at, and how often each was given. */
static enum MHD_Result
see_header(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct request *r = user;
	const struct {
		const char *name;
		struct header *header;
	} known[] = {{"host", &r->host}, {"origin", &r->origin}, {"sec-fetch-site", &r->fetch_site},
	    {"sec-fetch-mode", &r->fetch_mode}, {"cookie", &r->cookie},
	    {"authorization", &r->authorization}, {"content-type", &r->content_type},
	    {"last-event-id", &r->last_event}};

	(void)kind;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(known[i].name, name) != 0)
			continue;
		known[i].header->value = value ? value : "";
		known[i].header->count++;
	}
	return MHD_YES;
}

static struct addr
addr_of(const struct sockaddr *from)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:0:0/96 */
	const struct sockaddr_in *v4 = (const void *)from;
	const struct sockaddr_in6 *v6 = (const void *)from;

	if (from->sa_family == AF_INET)
		return addr_from_bytes(4, (const uint8_t *)&v4->sin_addr);
	if (from->sa_family != AF_INET6)
		return (struct addr){.family = 0};
	if (memcmp(&v6->sin6_addr, mapped, sizeof(mapped)) == 0)
		return addr_from_bytes(4, (const uint8_t *)&v6->sin6_addr + sizeof(mapped));
	return addr_from_bytes(6, (const uint8_t *)&v6->sin6_addr);
}

static void
see_ends(struct MHD_Connection *connection, struct request *request)
{
	const union MHD_ConnectionInfo *peer =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const union MHD_ConnectionInfo *socket =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct sockaddr_storage local = {.ss_family = AF_UNSPEC};
	socklen_t size = sizeof(local);

	if (peer && peer->client_addr)
		request->peer = addr_of(peer->client_addr);
	if (socket && getsockname(socket->connect_fd, (struct sockaddr *)&local, &size) == 0)
		request->local = addr_of((struct sockaddr *)&local);
}

static enum method
method_of(const char *method)
{
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return METHOD_GET;
	return strcmp(method, "POST") == 0 ? METHOD_POST : METHOD_OTHER;
}

/* The request as it stands; the path is cut out of the URI and never decoded. */
static struct request
read_request(struct MHD_Connection *connection, const char *method, struct asked *asked)
{
	struct request request = {.method = method_of(method), .path = asked->uri, .query = ""};
	char *mark = strchr(asked->uri, '?');

	if (mark) {
		*mark = '\0';
		request.query = mark + 1;
	} else if (asked->begun) {
		request.query = asked->uri + strlen(asked->uri) + 1;
	}
	MHD_get_connection_values(connection, MHD_HEADER_KIND, see_header, &request);
	see_ends(connection, &request);
	return request;
}

static enum MHD_Result
refuse_by(struct site *site, struct MHD_Connection *connection, const struct request *request,
    enum ruling ruling)
{
	if (ruling == RULING_NO_SESSION && strcmp(request->path, "/") == 0)
		return answer_lock(site, connection, (unsigned)ruling, VIEW_LOCKED);
	return answer_refuse(connection, (unsigned)ruling);
}

/* The policy a report carries within itself, as a header too. */
static void
copy_policy(int file, struct MHD_Response *response)
{
	static const char name[] = "http-equiv=\"Content-Security-Policy\" content=\"";
	static const char more[] = "; frame-ancestors 'none'";
	char head[2048], policy[1024 + sizeof(more)];
	ssize_t len = pread(file, head, sizeof(head) - 1, 0);
	char *from, *end;

	head[len > 0 ? len : 0] = '\0';
	from = strstr(head, name);
	end = from ? strchr(from + strlen(name), '"') : NULL;
	if (!end || end - from > 1024)
		return;
	*end = '\0';
	snprintf(policy, sizeof(policy), "%s%s", from + strlen(name), more);
	MHD_del_response_header(response, "Content-Security-Policy", POLICY);
	MHD_add_response_header(response, "Content-Security-Policy", policy);
}

static enum MHD_Result
send_report(struct site *site, struct MHD_Connection *connection)
{
	bool html = site->errand.work == SITE_REPORT_HTML;
	int file = site->report;
	struct MHD_Response *response;
	struct stat about;

	site->waiting = NULL;
	site->report = NO_REPORT;
	if (file < 0 || fstat(file, &about) != 0 || about.st_size == 0) {
		if (file >= 0)
			close(file);
		return answer_refuse_saying(connection, MHD_HTTP_INTERNAL_SERVER_ERROR,
		    words_of(&site->setup->speaker, SAY_SITE_NO_REPORT));
	}
	response = MHD_create_response_from_fd64((uint64_t)about.st_size, file);
	if (!response) {
		close(file);
		return MHD_NO;
	}
	answer_headers(response, html ? HTML : JSON);
	if (html)
		copy_policy(file, response);
	return answer_send(connection, MHD_HTTP_OK, response);
}

enum MHD_Result
answer(struct site *site, struct MHD_Connection *connection, const char *method,
    struct asked *asked, const char *body, size_t *body_len)
{
	struct request request = read_request(connection, method, asked);
	const struct route *route = route_of(request.path);
	enum ruling ruling;

	if (site->waiting == connection && site->report != NO_REPORT)
		return send_report(site, connection);
	if (asked->begun && *body_len > 0) {
		size_t room = BODY_MOST - asked->body_len;

		asked->body_too_long |= *body_len > room;
		memcpy(asked->body + asked->body_len, body, *body_len < room ? *body_len : room);
		asked->body_len += *body_len < room ? *body_len : room;
		*body_len = 0;
		return MHD_YES;
	}
	if (asked->begun && request.method == METHOD_POST) {
		request.body = asked->body;
		request.body_len = asked->body_len;
	}
	ruling = guard_rule(site->guard, &request, !route || route->open, site->now);
	if (ruling != RULING_PASS)
		return refuse_by(site, connection, &request, ruling);
	if (asked->too_long)
		return answer_refuse(connection, MHD_HTTP_URI_TOO_LONG);
	if (!route)
		return answer_refuse(connection, MHD_HTTP_NOT_FOUND);
	if (route->method != request.method)
		return answer_refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED);
	if (asked->body_too_long)
		return answer_refuse(connection, MHD_HTTP_CONTENT_TOO_LARGE);
	if (!asked->begun) {
		asked->begun = true;
		return MHD_YES;
	}
	return route->reply(site, connection, &request);
}
