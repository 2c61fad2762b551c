/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_LETTERS_H
#define SINK_MESSENGER_LETTERS_H

#include "sink/messenger/outbox.h"
#include "sink/messenger/setup.h"
#include "sink/messenger/telling.h"

/*
 * Tellings in an outbox, each with its id before it, as webhook and MQTT send them; and what
 * is said of an outbox to people.
 */
struct letters {
	struct outbox *outbox;
	char label[64]; /* of the outlet, for people: never a password */
	const char *site;
	int64_t now;    /* of packets, the latest heard */
	int64_t tidied; /* monotonic */
	bool on_disk;   /* it is meant to be */
	bool said_failed;
	bool said_lost;
};

struct letter {
	uint64_t number;
	uint64_t device;
	char id[TELLING_ID];
	const char *body; /* lent until the next call */
	size_t len;
};

/* Opens the outbox KIND-HASH of a place.  False with error->text. */
bool letters_open(struct letters *letters, const char *kind, const char *place,
    const struct messenger_setup *setup, const char *site, struct porch_error *error);
void letters_close(struct letters *letters);

void letters_add(struct letters *letters, const struct telling *telling);
bool letters_next(struct letters *letters, struct letter *letter);
/* Once a second what an outbox wants; now is monotonic. */
void letters_tick(struct letters *letters, int64_t now);
/* Adds a telling of what was lost, when the receiver takes some again. */
void letters_tell_lost(struct letters *letters);

/* "https://host" of a URL: without user, password, path. */
void letters_label(char *label, size_t size, const char *url);

#endif
