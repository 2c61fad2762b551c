/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The machine's own log: datagrams of RFC 5424 to a socket of this machine, never over a
 * network.  There is no host name in them; the reader knows where it is.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/escape.h"
#include "sink/messenger/outlet.h"
#include "sink/sink.h"

#define MESSAGE_MAX 4096
#define DAEMON      (3 * 8) /* facility; RFC 5424, 6.2.1 */
/* We have no enterprise number: the one of RFC 5612, which is nobody's. */
#define DATA_ID "porchlight@32473"

enum severity { WARNING = 4, NOTICE = 5 };

struct log {
	struct outlet outlet; /* first */
	const char *path;
	int fd;
	bool failed;
	uint64_t lost;
};

static int
connect_log(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(to.sun_path))
		return fd;
	memcpy(to.sun_path, path, strlen(path));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A datagram is sent or not; whoever logs may have been restarted since. */
static void
send_message(struct log *log, const char *message, size_t len)
{
	for (int attempt = 0; attempt < 2; attempt++) {
		if (log->fd < 0)
			log->fd = connect_log(log->path);
		if (log->fd >= 0 && send(log->fd, message, len, MSG_NOSIGNAL) >= 0) {
			log->failed = false;
			return;
		}
		if (log->fd >= 0 && errno != EAGAIN) {
			close(log->fd);
			log->fd = -1;
		}
	}
	if (!log->failed)
		outlet_say("syslog", "%s takes nothing", log->path);
	log->failed = true;
	log->lost++;
}

/* RFC 5424, 6.3.3: a quote, a backslash and ] are escaped; what a terminal would obey too. */
static void
add_value(struct text *text, const char *name, const char *value)
{
	char shown[512];
	struct text plain = text_over(shown, sizeof(shown));

	if (!value || !value[0])
		return;
	text_add_escaped(&plain, ESCAPE_TERMINAL, value);
	text_addf(text, " %s=\"", name);
	for (const char *c = shown; *c; c++) {
		if (*c == '"' || *c == '\\' || *c == ']')
			text_char(text, '\\');
		text_char(text, *c);
	}
	text_char(text, '"');
}

static void
begin(struct text *text, enum severity severity, const char *time, const char *what)
{
	text_addf(text, "<%d>1 %s - porchlight %ld %s", DAEMON + severity,
	    time && time[0] ? time : "-", (long)getpid(), what);
}

/* RFC 5424, 6.4: text that is no ASCII begins with a mark that says UTF-8. */
static void
add_sentence(struct text *text, const char *sentence)
{
	text_char(text, ' ');
	for (const char *c = sentence; *c; c++) {
		if ((unsigned char)*c < 0x80)
			continue;
		text_add(text, "\xef\xbb\xbf");
		break;
	}
	text_add_escaped(text, ESCAPE_TERMINAL, sentence);
}

static enum severity
severity_of(enum telling_kind kind)
{
	switch (kind) {
	case TELLING_TRACKER:
	case TELLING_EVIDENCE_PLATFORM:
	case TELLING_UNSOLICITED_UPLOAD:
	case TELLING_LOST:
		return WARNING;
	default:
		return NOTICE;
	}
}

static void
log_tell(struct outlet *outlet, const struct telling *t)
{
	char message[MESSAGE_MAX];
	struct text text = text_over(message, sizeof(message));
	char id[ID_TEXT];
	char bytes[NUMBER_TEXT];

	begin(&text, severity_of(t->kind), t->time, telling_word(t->kind));
	text_add(&text, " [" DATA_ID);
	add_value(&text, "id", t->id);
	add_value(&text, "device", t->device ? id_format('d', t->device, id) : NULL);
	add_value(&text, "name", t->name);
	add_value(&text, "episode", t->episode ? id_format('e', t->episode, id) : NULL);
	add_value(&text, "organisation", t->organisation);
	add_value(&text, "party", t->party);
	add_value(&text, "content", t->content);
	add_value(&text, "footage", t->footage);
	add_value(&text, "likelihood", t->likelihood);
	snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)t->bytes_up);
	add_value(&text, "bytes_up", t->bytes_up ? bytes : NULL);
	text_char(&text, ']');
	add_sentence(&text, t->sentence);
	send_message((struct log *)outlet, message, text.len);
}

static void
log_hear(struct outlet *outlet, const struct heard *heard)
{
	struct log *log = (struct log *)outlet;
	char message[MESSAGE_MAX];
	struct text text = text_over(message, sizeof(message));

	if (strcmp(heard->type, "gap") != 0 && log->lost == 0)
		return;
	if (strcmp(heard->type, "gap") == 0) {
		begin(&text, WARNING, member_text(heard->root, "end"), "gap");
		text_add(&text, " [" DATA_ID);
		add_value(&text, "start", member_text(heard->root, "start"));
		add_value(&text, "end", member_text(heard->root, "end"));
		add_value(&text, "reason", member_text(heard->root, "reason"));
		text_add(&text, "] Not everything was seen.");
		send_message(log, message, text.len);
	}
	if (log->lost > 0 && !log->failed) {
		text = text_over(message, sizeof(message));
		begin(&text, WARNING, NULL, "lost");
		text_addf(&text, " - %llu messages could not be logged.",
		    (unsigned long long)log->lost);
		log->lost = 0;
		send_message(log, message, text.len);
	}
}

static void
log_reopen(struct outlet *outlet)
{
	struct log *log = (struct log *)outlet;

	if (log->fd >= 0)
		close(log->fd);
	log->fd = connect_log(log->path);
}

static void
log_free(struct outlet *outlet)
{
	struct log *log = (struct log *)outlet;

	if (log->fd >= 0)
		close(log->fd);
	free(log);
}

static const struct outlet_ops syslog_ops = {
    .every = true,
    .hear = log_hear,
    .tell = log_tell,
    .reopen = log_reopen,
    .free = log_free,
};

struct outlet *
syslog_open(const char *path, struct porch_error *error)
{
	struct log *log = calloc(1, sizeof(*log));

	if (!log) {
		snprintf(error->text, sizeof(error->text), "out of memory");
		return NULL;
	}
	log->outlet.ops = &syslog_ops;
	log->path = path;
	log->fd = connect_log(path);
	return &log->outlet;
}
