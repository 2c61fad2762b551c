/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_MQTT_LINK_H
#define SINK_MESSENGER_MQTT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "sink/messenger/mqtt_url.h"

/*
 * A connection to a broker that is made again whenever it is lost.  libmosquitto waits for
 * names and for a broker's first word, so it has a thread of its own here; what happens there
 * is read from a descriptor.
 */
struct mqtt_link;

enum link_event_kind {
	LINK_UP,
	LINK_DOWN,    /* value: libmosquitto's reason */
	LINK_REFUSED, /* value: the broker's reason (MQTT 3.1.1, 3.2.2.3) */
	LINK_TAKEN,   /* value: the message's number */
	LINK_BIRTH,   /* Home Assistant has started */
	LINK_KEPT,    /* device: the broker has retained its state, maybe of an earlier run */
	LINK_OVER,    /* after mqtt_link_finish(): nothing follows */
};

struct link_event {
	int kind;
	int value;
	uint64_t device;
};

/*
 * available: topic of the last will, "offline"; birth and the states of devices below the
 * prefix are subscribed to.
 */
struct mqtt_link *mqtt_link_new(const char *url, const char *client, const char *available,
    const char *birth, struct porch_error *error);
/* Without finishing; what libmosquitto still waits for is left to the end of the process. */
void mqtt_link_free(struct mqtt_link *link);

int mqtt_link_fd(const struct mqtt_link *link);
/* No more of LINK_KEPT: what is published by ourselves would come back for ever. */
void mqtt_link_keep_quiet(struct mqtt_link *link);
bool mqtt_link_event(struct mqtt_link *link, struct link_event *event);
/*
 * At QoS 1; *number comes back with LINK_TAKEN.  Whatever connections are lost, messages come to
 * the broker for the first time in the order they were published.  False when this one was not
 * even taken to be sent, as while there is no connection.
 */
bool mqtt_link_publish(struct mqtt_link *link, const char *topic, const void *payload, size_t len,
    bool retain, int *number);
/* Says goodbye to the broker; LINK_OVER follows. */
void mqtt_link_finish(struct mqtt_link *link);
const char *mqtt_link_reason(const struct link_event *event);

#endif
