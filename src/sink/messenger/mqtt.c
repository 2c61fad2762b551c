/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Home automation by MQTT.  What is so now is retained and published when it changes; what
 * happened waits in an outbox until the broker has taken it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "sink/messenger/letters.h"
#include "sink/messenger/mqtt_home.h"
#include "sink/messenger/mqtt_link.h"
#include "sink/messenger/outlet.h"
#include "sink/sink.h"

#define WINDOW  16                /* events on their way at once */
#define EVERY   INT64_C(5000000)  /* microseconds between two states that differ in totals only */
#define SILENCE INT64_C(15000000) /* without a state, what was said is not so any more */

struct on_its_way {
	int message;
	bool taken;
	uint64_t number;
};

#define KEPT       256
#define KEPT_AFTER INT64_C(10000000) /* microseconds; by then a broker has said what it keeps */

/* Devices, the latest few. */
struct ids {
	uint64_t id[KEPT];
	size_t next;
};

/* What was published of a device or of porchlight itself. */
struct shown {
	uint64_t id;
	uint64_t config; /* hashes, 0 for not yet */
	uint64_t state;
	bool footage;
	int64_t at;
};

struct mqtt {
	struct outlet outlet; /* first */
	struct mqtt_url url;
	struct mqtt_link *link;
	struct letters letters;
	const char *site;
	const struct scene *scene; /* NULL until something was heard */
	bool up;
	bool said_down;
	bool online; /* as published */
	bool closing;
	bool finishing;
	bool over;
	bool changed; /* something was heard since it was last looked at */
	int64_t now;
	uint64_t states; /* as of last_state */
	int64_t last_state;
	int farewell; /* message that says offline, once it was sent; 0 before */
	bool farewell_taken;
	uint64_t sent; /* number of the last event handed over */
	size_t first;  /* of the ring below */
	size_t count;
	struct on_its_way ring[WINDOW];
	int64_t up_since;
	bool listening;       /* for what the broker keeps */
	struct ids kept;      /* by the broker, from before */
	struct ids unwatched; /* as was heard */
	struct shown site_shown;
	struct shown shown[SCENE_DEVICES];
};

static bool
publish(struct mqtt *m, const char *topic, const char *payload, size_t len, bool retain)
{
	int message;

	return mqtt_link_publish(m->link, topic, payload, len, retain, &message);
}

static void
publish_available(struct mqtt *m, bool online)
{
	char topic[TOPIC_MAX];
	const char *word = online ? "online" : "offline";

	mqtt_available_topic(topic, &m->url, m->site);
	if (publish(m, topic, word, strlen(word), true))
		m->online = online;
}

/* A hash of a payload that is never "not yet". */
static uint64_t
hash_of(const char *payload, size_t len)
{
	return hash_bytes(payload, len, 1) | 1;
}

/* Publishes what differs from what was published. */
static void
show(struct mqtt *m, enum topic kind, const char *id, const char *payload, size_t len,
    uint64_t *shown)
{
	char topic[TOPIC_MAX];

	if (len == 0 || *shown == hash_of(payload, len))
		return;
	mqtt_topic(topic, &m->url, kind, id);
	if (publish(m, topic, payload, len, true))
		*shown = hash_of(payload, len);
}

static bool
has(const struct ids *ids, uint64_t id)
{
	for (size_t i = 0; i < KEPT; i++)
		if (ids->id[i] == id)
			return true;
	return false;
}

static void
learn(struct ids *ids, uint64_t id)
{
	if (!has(ids, id))
		ids->id[ids->next++ % KEPT] = id;
}

static void
unlearn(struct ids *ids, uint64_t id)
{
	for (size_t i = 0; i < KEPT; i++)
		if (ids->id[i] == id)
			ids->id[i] = 0;
}

/* An empty message takes a retained one, and what was discovered by it, away. */
static void
withdraw(struct mqtt *m, uint64_t device)
{
	char topic[TOPIC_MAX];
	char id[ID_TEXT];

	if (!m->up || !has(&m->kept, device))
		return;
	id_format('d', device, id);
	mqtt_topic(topic, &m->url, TOPIC_CONFIG, id);
	if (!publish(m, topic, NULL, 0, true))
		return;
	mqtt_topic(topic, &m->url, TOPIC_STATE, id);
	publish(m, topic, NULL, 0, true);
	unlearn(&m->kept, device);
}

static void
show_device(struct mqtt *m, const struct scene_device *device, struct shown *shown)
{
	char payload[PAYLOAD_MAX];
	char id[ID_TEXT];
	size_t len;

	if (shown->id != device->id)
		*shown = (struct shown){.id = device->id};
	id_format('d', device->id, id);
	len = mqtt_device_config(payload, &m->url, m->site, device);
	show(m, TOPIC_CONFIG, id, payload, len, &shown->config);
	if (shown->state && shown->footage == device->footage && m->now - shown->at < EVERY)
		return;
	len = mqtt_device_state(payload, m->scene, device);
	show(m, TOPIC_STATE, id, payload, len, &shown->state);
	shown->footage = device->footage;
	shown->at = m->now;
	learn(&m->kept, device->id);
}

static void
show_site(struct mqtt *m)
{
	char payload[PAYLOAD_MAX];
	size_t len = mqtt_site_config(payload, &m->url, m->site);

	show(m, TOPIC_CONFIG, m->site, payload, len, &m->site_shown.config);
	len = mqtt_site_state(payload, m->scene, outbox_lost(m->letters.outbox));
	show(m, TOPIC_STATE, m->site, payload, len, &m->site_shown.state);
}

static void
show_all(struct mqtt *m)
{
	bool fresh = m->now - m->last_state < SILENCE && m->states > 0;

	if (!m->up || m->closing || !m->scene)
		return;
	if (fresh)
		show_site(m);
	for (size_t i = 0; i < SCENE_DEVICES; i++)
		if (scene_device(m->scene, i)->id && scene_device(m->scene, i)->watched)
			show_device(m, scene_device(m->scene, i), &m->shown[i]);
	if (fresh != m->online)
		publish_available(m, fresh);
	m->changed = false;
}

/* A broker may have lost what it had retained, and Home Assistant what it had heard. */
static void
show_again(struct mqtt *m)
{
	m->site_shown = (struct shown){0};
	memset(m->shown, 0, sizeof(m->shown));
	m->online = false;
	m->changed = true;
}

static void
send_events(struct mqtt *m)
{
	char topic[TOPIC_MAX];
	struct letter letter;
	char id[ID_TEXT];

	while (m->up && m->count < WINDOW && letters_next(&m->letters, &letter)) {
		struct on_its_way *way = &m->ring[(m->first + m->count) % WINDOW];

		if (letter.number <= m->sent)
			continue;
		id_format('d', letter.device, id);
		mqtt_topic(topic, &m->url, TOPIC_EVENT, letter.device ? id : m->site);
		if (!mqtt_link_publish(m->link, topic, letter.body, letter.len, false,
		        &way->message)) {
			outbox_rewind(m->letters.outbox);
			return;
		}
		way->number = m->sent = letter.number;
		way->taken = false;
		m->count++;
	}
}

static void
note_taken(struct mqtt *m, int message)
{
	m->farewell_taken = m->farewell_taken || (m->farewell && message == m->farewell);
	for (size_t i = 0; i < m->count; i++)
		if (m->ring[(m->first + i) % WINDOW].message == message)
			m->ring[(m->first + i) % WINDOW].taken = true;
	while (m->count > 0 && m->ring[m->first].taken) {
		outbox_done(m->letters.outbox, m->ring[m->first].number);
		m->first = (m->first + 1) % WINDOW;
		m->count--;
	}
}

static void
note_down(struct mqtt *m, const struct link_event *event)
{
	if (!m->said_down)
		outlet_say(m->letters.label, "%s; tried again", mqtt_link_reason(event));
	m->said_down = true;
	m->up = false;
}

static void
note_up(struct mqtt *m)
{
	if (m->said_down)
		outlet_say(m->letters.label, "connected again");
	m->said_down = false;
	m->up = true;
	m->up_since = m->now;
	m->listening = true;
	show_again(m);
	letters_tell_lost(&m->letters);
}

static void
read_link(struct mqtt *m)
{
	struct link_event event;

	while (mqtt_link_event(m->link, &event)) {
		switch ((enum link_event_kind)event.kind) {
		case LINK_UP:
			note_up(m);
			break;
		case LINK_REFUSED:
		case LINK_DOWN:
			note_down(m, &event);
			break;
		case LINK_TAKEN:
			note_taken(m, event.value);
			break;
		case LINK_BIRTH:
			show_again(m);
			break;
		case LINK_KEPT:
			learn(&m->kept, event.device);
			if (has(&m->unwatched, event.device))
				withdraw(m, event.device);
			break;
		case LINK_OVER:
			m->over = true;
			break;
		}
	}
}

static void
say_farewell(struct mqtt *m)
{
	char topic[TOPIC_MAX];

	mqtt_available_topic(topic, &m->url, m->site);
	mqtt_link_publish(m->link, topic, "offline", strlen("offline"), true, &m->farewell);
}

/* Goodbye is said when nothing waits any more, or nobody is there to say it to. */
static void
take_leave(struct mqtt *m)
{
	bool waiting = m->count > 0 || outbox_waiting(m->letters.outbox) > 0;

	if (!m->closing || m->finishing || (waiting && !m->said_down))
		return;
	if (m->up && !m->farewell) {
		say_farewell(m);
		return;
	}
	if (m->up && !m->farewell_taken)
		return;
	m->finishing = true;
	mqtt_link_finish(m->link);
}

static void
mqtt_tell(struct outlet *outlet, const struct telling *t)
{
	letters_add(&((struct mqtt *)outlet)->letters, t);
}

/* A device that is no longer watched is no longer shown, whoever had shown it. */
static void
mqtt_hear(struct outlet *outlet, const struct heard *heard)
{
	struct mqtt *m = (struct mqtt *)outlet;
	uint64_t device = member_id(heard->root, "id", 'd');

	if (strcmp(heard->type, "device") != 0 || device == 0)
		return;
	if (member_true(heard->root, "watched")) {
		unlearn(&m->unwatched, device);
		return;
	}
	learn(&m->unwatched, device);
	withdraw(m, device);
	for (size_t i = 0; i < SCENE_DEVICES; i++)
		if (m->shown[i].id == device)
			m->shown[i] = (struct shown){0};
}

static void
mqtt_see(struct outlet *outlet, const struct scene *scene)
{
	struct mqtt *m = (struct mqtt *)outlet;
	const struct scene_home *home = scene_home(scene);

	m->scene = scene;
	m->letters.now = home->now;
	m->changed = true;
	if (home->states != m->states) {
		m->states = home->states;
		m->last_state = m->now;
	}
}

static size_t
mqtt_wait_for(struct outlet *outlet, struct pollfd *fds, size_t room, int64_t *wake)
{
	struct mqtt *m = (struct mqtt *)outlet;

	(void)wake; /* a second, which the loop waits at most, is soon enough */
	if (room == 0 || m->over)
		return 0;
	fds[0] = (struct pollfd){.fd = mqtt_link_fd(m->link), .events = POLLIN};
	return 1;
}

static void
mqtt_tick(struct outlet *outlet, int64_t now)
{
	struct mqtt *m = (struct mqtt *)outlet;

	m->now = now;
	read_link(m);
	letters_tick(&m->letters, now);
	if (m->changed || m->online)
		show_all(m);
	if (m->up && m->listening && now - m->up_since > KEPT_AFTER) {
		mqtt_link_keep_quiet(m->link);
		m->listening = false;
	}
	send_events(m);
	take_leave(m);
}

static bool
mqtt_idle(const struct outlet *outlet)
{
	const struct mqtt *m = (const struct mqtt *)outlet;

	return m->over;
}

static void
mqtt_close(struct outlet *outlet)
{
	((struct mqtt *)outlet)->closing = true;
}

static void
mqtt_free(struct outlet *outlet)
{
	struct mqtt *m = (struct mqtt *)outlet;

	mqtt_link_free(m->link);
	letters_close(&m->letters);
	free(m);
}

static const struct outlet_ops mqtt_ops = {
    .every = true,
    .hear = mqtt_hear,
    .tell = mqtt_tell,
    .see = mqtt_see,
    .wait_for = mqtt_wait_for,
    .tick = mqtt_tick,
    .idle = mqtt_idle,
    .close = mqtt_close,
    .free = mqtt_free,
};

static bool
open_link(struct mqtt *m, const char *url, struct porch_error *error)
{
	char available[TOPIC_MAX];
	char birth[TOPIC_MAX];
	char client[64];

	snprintf(client, sizeof(client), "porchlight-%s", m->site);
	snprintf(birth, sizeof(birth), "%.200s/status", m->url.discovery);
	mqtt_available_topic(available, &m->url, m->site);
	m->link = mqtt_link_new(url, client, available, birth, error);
	return m->link != NULL;
}

struct outlet *
mqtt_open(const char *url, const struct messenger_setup *setup, const char *site,
    struct porch_error *error)
{
	struct mqtt *m = calloc(1, sizeof(*m));

	snprintf(error->text, sizeof(error->text), "out of memory");
	if (!m)
		return NULL;
	m->outlet.ops = &mqtt_ops;
	m->site = site;
	if (mqtt_url_read(&m->url, url, error) &&
	    letters_open(&m->letters, "mqtt", url, setup, site, error) && open_link(m, url, error))
		return &m->outlet;
	mqtt_free(&m->outlet);
	return NULL;
}
