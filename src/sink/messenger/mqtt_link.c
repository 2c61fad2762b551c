/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/mqtt_link.h"

#include <fcntl.h>
#include <mosquitto.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEEPALIVE 15   /* seconds until a silent broker is given up */
#define WAIT_MAX  60   /* seconds between two attempts */
#define LOOP_TIME 1000 /* milliseconds */

struct mqtt_link {
	struct mosquitto *mosquitto;
	struct mqtt_url url;
	char birth[256];
	char states[256];
	int told[2]; /* pipe: what happened */
	int stop[2]; /* pipe: closed to end a pause */
	atomic_bool finishing;
	bool accepted; /* by the broker; of the thread alone */
	bool running;
	pthread_t thread;
	pthread_mutex_t lock;
	bool taking; /* what is published, under the lock; only the thread changes it */
};

static void
note_device(struct mqtt_link *link, enum link_event_kind kind, int value, uint64_t device)
{
	const struct link_event event = {.kind = (int)kind, .value = value, .device = device};

	/* Room for 4,096; the loop at the other end never waits. */
	if (write(link->told[1], &event, sizeof(event)) != (ssize_t)sizeof(event))
		return;
}

static void
note(struct mqtt_link *link, enum link_event_kind kind, int value)
{
	note_device(link, kind, value, 0);
}

static void
connected(struct mosquitto *mosquitto, void *user, int reason)
{
	struct mqtt_link *link = user;

	if (reason != 0) {
		note(link, LINK_REFUSED, reason);
		return;
	}
	mosquitto_subscribe(mosquitto, NULL, link->birth, 1);
	mosquitto_subscribe(mosquitto, NULL, link->states, 1);
	link->accepted = true;
}

static void
taken(struct mosquitto *mosquitto, void *user, int number)
{
	(void)mosquitto;
	note(user, LINK_TAKEN, number);
}

/* PREFIX/dXXXXXXXXXXXXXXXX/state; 0 when it is none. */
static uint64_t
device_of(const struct mqtt_link *link, const char *topic)
{
	size_t prefix = strlen(link->url.prefix);
	char id[17];
	char *end;
	uint64_t device;

	if (strlen(topic) != prefix + strlen("/d") + 16 + strlen("/state") ||
	    topic[prefix + 1] != 'd')
		return 0;
	memcpy(id, topic + prefix + 2, 16);
	id[16] = '\0';
	device = strtoull(id, &end, 16);
	return *end ? 0 : device;
}

static void
message(struct mosquitto *mosquitto, void *user, const struct mosquitto_message *m)
{
	struct mqtt_link *link = user;
	uint64_t device;

	(void)mosquitto;
	if (strcmp(m->topic, link->birth) == 0) {
		if (!m->retain && m->payloadlen == (int)strlen("online") &&
		    memcmp(m->payload, "online", strlen("online")) == 0)
			note(link, LINK_BIRTH, 0);
		return;
	}
	device = m->retain ? device_of(link, m->topic) : 0;
	if (device)
		note_device(link, LINK_KEPT, 0, device);
}

static bool
set_tls(struct mqtt_link *link)
{
	const struct mqtt_url *url = &link->url;

	if (!url->tls)
		return true;
	if (!url->ca &&
	    mosquitto_int_option(link->mosquitto, MOSQ_OPT_TLS_USE_OS_CERTS, 1) != MOSQ_ERR_SUCCESS)
		return false;
	return mosquitto_tls_set(link->mosquitto, url->ca, url->ca ? NULL : "/etc/ssl/certs",
	           url->cert, url->key, NULL) == MOSQ_ERR_SUCCESS;
}

static bool
set_up(struct mqtt_link *link, const char *available)
{
	struct mosquitto *m = link->mosquitto;

	mosquitto_threaded_set(m, true);
	mosquitto_connect_callback_set(m, connected);
	mosquitto_publish_callback_set(m, taken);
	mosquitto_message_callback_set(m, message);
	return mosquitto_will_set(m, available, (int)strlen("offline"), "offline", 1, true) ==
	           MOSQ_ERR_SUCCESS &&
	       (!link->url.user || mosquitto_username_pw_set(m, link->url.user,
	                               link->url.password) == MOSQ_ERR_SUCCESS) &&
	       set_tls(link);
}

/* False when it is to end. */
static bool
pause_for(struct mqtt_link *link, int seconds)
{
	struct pollfd fd = {.fd = link->stop[0], .events = POLLIN};

	return poll(&fd, 1, seconds * 1000) == 0 && !link->finishing;
}

static void
set_taking(struct mqtt_link *link, bool taking)
{
	pthread_mutex_lock(&link->lock);
	link->taking = taking;
	pthread_mutex_unlock(&link->lock);
}

/*
 * What the connection before left unacknowledged libmosquitto sends again once connected() has
 * returned, and nothing holds back what is published meanwhile: nothing is taken until then.
 */
static int
stay_connected(struct mqtt_link *link, bool first)
{
	int result;

	if (first)
		result =
		    mosquitto_connect(link->mosquitto, link->url.host, link->url.port, KEEPALIVE);
	else
		result = mosquitto_reconnect(link->mosquitto);
	while (result == MOSQ_ERR_SUCCESS) {
		result = mosquitto_loop(link->mosquitto, LOOP_TIME, 1);
		if (link->accepted && !link->taking) {
			set_taking(link, true);
			note(link, LINK_UP, 0);
		}
	}
	set_taking(link, false);
	return result;
}

static void *
run(void *user)
{
	struct mqtt_link *link = user;
	bool first = true;
	int wait = 1;

	do {
		int result = stay_connected(link, first);

		first = false;
		wait = link->accepted ? 1 : wait * 2 < WAIT_MAX ? wait * 2 : WAIT_MAX;
		link->accepted = false;
		if (!link->finishing)
			note(link, LINK_DOWN, result);
	} while (pause_for(link, wait / 2 > 0 ? wait / 2 : 1));
	note(link, LINK_OVER, 0);
	return NULL;
}

static bool
begin(struct mqtt_link *link, const char *client, const char *available)
{
	if (pipe(link->told) != 0 || pipe(link->stop) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		fcntl(link->told[i], F_SETFD, FD_CLOEXEC);
		fcntl(link->stop[i], F_SETFD, FD_CLOEXEC);
	}
	fcntl(link->told[0], F_SETFL, O_NONBLOCK);
	link->mosquitto = mosquitto_new(client, true, link);
	return link->mosquitto && set_up(link, available) &&
	       pthread_create(&link->thread, NULL, run, link) == 0;
}

struct mqtt_link *
mqtt_link_new(const char *url, const char *client, const char *available, const char *birth,
    struct porch_error *error)
{
	struct mqtt_link *link = calloc(1, sizeof(*link));

	if (!link || !mqtt_url_read(&link->url, url, error)) {
		free(link);
		return NULL;
	}
	snprintf(error->text, sizeof(error->text), "--mqtt: cannot be begun%s",
	    link->url.tls ? ": are its certificates there?" : "");
	link->told[0] = link->told[1] = link->stop[0] = link->stop[1] = -1;
	pthread_mutex_init(&link->lock, NULL);
	snprintf(link->birth, sizeof(link->birth), "%s", birth);
	snprintf(link->states, sizeof(link->states), "%.200s/+/state", link->url.prefix);
	mosquitto_lib_init();
	link->running = begin(link, client, available);
	if (link->running)
		return link;
	mqtt_link_free(link);
	return NULL;
}

void
mqtt_link_free(struct mqtt_link *link)
{
	struct link_event event;

	if (!link)
		return;
	while (link->running && mqtt_link_event(link, &event))
		if (event.kind == LINK_OVER)
			link->running = false;
	if (link->running) /* it waits for a name or a broker, and may for long */
		return;
	if (link->thread)
		pthread_join(link->thread, NULL);
	if (link->mosquitto)
		mosquitto_destroy(link->mosquitto);
	for (int i = 0; i < 2; i++) {
		if (link->told[i] >= 0)
			close(link->told[i]);
		if (link->stop[i] >= 0)
			close(link->stop[i]);
	}
	pthread_mutex_destroy(&link->lock);
	free(link);
}

int
mqtt_link_fd(const struct mqtt_link *link)
{
	return link->told[0];
}

bool
mqtt_link_event(struct mqtt_link *link, struct link_event *event)
{
	if (read(link->told[0], event, sizeof(*event)) != (ssize_t)sizeof(*event))
		return false;
	if (event->kind == LINK_OVER)
		link->running = false;
	return true;
}

void
mqtt_link_keep_quiet(struct mqtt_link *link)
{
	mosquitto_unsubscribe(link->mosquitto, NULL, link->states);
}

/* When the connection broke this moment libmosquitto says so, and keeps the message. */
static bool
is_taken(int result)
{
	return result == MOSQ_ERR_SUCCESS || result == MOSQ_ERR_NO_CONN;
}

bool
mqtt_link_publish(struct mqtt_link *link, const char *topic, const void *payload, size_t len,
    bool retain, int *number)
{
	bool taken;

	pthread_mutex_lock(&link->lock);
	taken = link->taking && is_taken(mosquitto_publish(link->mosquitto, number, topic, (int)len,
	                            payload, 1, retain));
	pthread_mutex_unlock(&link->lock);
	return taken;
}

void
mqtt_link_finish(struct mqtt_link *link)
{
	link->finishing = true;
	if (link->stop[1] >= 0 && write(link->stop[1], "", 1) != 1)
		return;
	mosquitto_disconnect(link->mosquitto);
}

const char *
mqtt_link_reason(const struct link_event *event)
{
	return event->kind == LINK_REFUSED ? mosquitto_connack_string(event->value)
	                                   : mosquitto_strerror(event->value);
}
