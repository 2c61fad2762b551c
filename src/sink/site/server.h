/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_SERVER_H
#define SINK_SITE_SERVER_H

#include <microhttpd.h>

#include "sink/site/errand.h"
#include "sink/site/feed.h"
#include "sink/site/guard.h"
#include "sink/site/site.h"
#include "sink/site/view.h"

/* The inside of the server, for the files that make it up. */

#define STREAMS     8
#define BODY_MOST   4096
#define URI_MOST    2048
#define SILENT_S    5  /* without a state, the page says that it hears nothing */
#define HEAD_S      10 /* until a request is whole */
#define ANSWER_S    60 /* until an answer is taken */
#define HEARTBEAT_S 15
#define NO_REPORT   (-2) /* not yet */

/* One connection, from its first byte to its last. */
struct visit {
	struct visit *next;
	struct visit *before;
	int fd;
	int64_t since;  /* seconds: of the request that is awaited or answered */
	bool answering; /* the request is whole */
	bool streaming; /* has no end of its own */
};

/* One listener to the events. */
struct stream {
	struct site *site; /* NULL: no such stream */
	struct MHD_Connection *connection;
	bool suspended;
	bool begun;
	uint64_t told;  /* the number of the last event */
	uint64_t state; /* site.states when the last state was told */
	char boot[17];
	int64_t spoke; /* seconds */
	char *text;    /* what is on its way */
	size_t len, at;
};

struct site {
	const struct site_setup *setup;
	struct MHD_Daemon *daemon;
	struct guard *guard;
	struct feed *feed;
	struct visit *visits;
	struct stream streams[STREAMS];
	struct errand errand;
	struct MHD_Connection *waiting; /* for the errand; suspended */
	int report;                     /* what it waited for, -1 when that failed */
	uint64_t states;                /* how many were told */
	int64_t heard;                  /* seconds: when the last was */
	int64_t now;
	char *weeks;
	size_t weeks_len;
	int64_t weeks_at; /* when they are to be drawn again */
	int64_t today_at; /* when what is kept of today is to be read again */
	char *line;       /* the line that is not whole yet */
	size_t line_len;
	uint64_t kept; /* guard_changes() that were written down */
	bool ended;
};

/* sessions.c */
void sessions_take_up(struct site *site);
void sessions_keep(struct site *site);

/* server.c */
struct view site_view(struct site *site, struct writer *w, const char *key);

#define HTML  "text/html; charset=utf-8"
#define JSON  "application/json; charset=utf-8"
#define PLAIN "text/plain; charset=utf-8"
#define POLICY                                                                                     \
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "            \
	"img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

/* answer.c: rules on what was asked, and answers it. */
struct asked {
	char uri[URI_MOST + 1];
	bool too_long;
	bool begun;
	char body[BODY_MOST];
	size_t body_len;
	bool body_too_long;
};
enum MHD_Result answer(struct site *site, struct MHD_Connection *connection, const char *method,
    struct asked *asked, const char *body, size_t *body_len);

/* reply.c */
typedef enum MHD_Result reply(struct site *site, struct MHD_Connection *connection,
    const struct request *request);

struct route {
	const char *path;
	enum method method;
	bool open; /* to who has no session */
	reply *reply;
};

/* NULL: nothing of ours lies there. */
const struct route *route_of(const char *path);
void answer_headers(struct MHD_Response *response, const char *type);
/* Queues an answer, and lets go of it. */
enum MHD_Result answer_send(struct MHD_Connection *connection, unsigned status,
    struct MHD_Response *response);
/* What is not answered: few words, and the connection ends. */
enum MHD_Result answer_refuse(struct MHD_Connection *connection, unsigned status);
enum MHD_Result answer_refuse_saying(struct MHD_Connection *connection, unsigned status,
    const char *why);
/* The page in front of the page. */
enum MHD_Result answer_lock(struct site *site, struct MHD_Connection *connection, unsigned status,
    enum view_lock why);

/* past.c: what is kept of today and of the last weeks, as errands bring it. */
#define SITE_LINE 65536 /* bytes of a record, with its end */
void past_see(struct site *site);
/* Something was told that they do not have yet. */
void past_soon(struct site *site);

/* stream.c */
enum MHD_Result stream_open(struct site *site, struct MHD_Connection *connection,
    const char *last_id);
/* Lets those go on that have something to say. */
void streams_wake(struct site *site);
void streams_resume(struct site *site);
size_t streams_open(const struct site *site);

#endif
