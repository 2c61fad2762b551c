/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_TELLING_H
#define SINK_MESSENGER_TELLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/format.h"

/* What a person, or a house that acts for one, is told at once. */
enum telling_kind {
	TELLING_UPLOAD_STARTED,
	TELLING_UPLOAD_ENDED,
	TELLING_NEW_DEVICE,
	TELLING_NEW_RECEIVER,
	TELLING_TRACKER,
	TELLING_EVIDENCE_PLATFORM,
	TELLING_UNSOLICITED_UPLOAD,
	TELLING_DIGEST, /* how many were held back */
	TELLING_LOST,   /* how many this outlet could not deliver */
};
#define TELLING_KINDS (TELLING_LOST + 1)

#define TELLING_ID   64
#define TELLING_BODY 16384

struct telling {
	enum telling_kind kind;
	/* SITE-BOOT-EVENT, the same whenever it is told again; a digest has the id of the last
	   telling it stands for with -digest after it. */
	char id[TELLING_ID];
	char time[TIME_TEXT]; /* of packets */
	uint64_t device;      /* 0 for none, as the two below */
	uint64_t destination;
	uint64_t episode;
	char name[128]; /* of the device, for people */
	char organisation[96];
	char party[16]; /* a word of the contract, or "" when unknown */
	char content[16];
	char footage[16];
	char likelihood[32];
	uint64_t bytes_up;
	int64_t duration;   /* microseconds, -1 when unknown */
	uint64_t held_back; /* of this device and kind since the last that was told */
	uint64_t count;     /* of a digest: tellings; of a loss: items */
	char sentence[512]; /* English */
};

/* "upload-started"; false when a word is no kind. */
const char *telling_word(enum telling_kind kind);
bool telling_kind_of(const char *word, enum telling_kind *kind);
/* "upload_started", as home automation spells it. */
const char *telling_event_type(enum telling_kind kind);

/* As one JSON object, the body of a webhook and of an MQTT event; returns its length. */
size_t telling_body(const struct telling *telling, char body[static TELLING_BODY]);

#endif
