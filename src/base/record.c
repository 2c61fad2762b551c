/* SPDX-License-Identifier: Apache-2.0 */
#include <porchlight/event.h>
#include <porchlight/record.h>

#include "base/format.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define WORD_OF(array, value)                                                                      \
	((size_t)(value) < COUNT_OF(array) && (array)[value] ? (array)[value] : "unknown")

const char *
porch_kind_word(enum porch_kind kind)
{
	static const char *const words[] = {
	    [PORCH_KIND_UNKNOWN] = "unknown",
	    [PORCH_KIND_DOORBELL] = "doorbell",
	    [PORCH_KIND_CAMERA] = "camera",
	    [PORCH_KIND_HUB] = "hub",
	    [PORCH_KIND_OTHER] = "other",
	};

	return WORD_OF(words, kind);
}

const char *
porch_party_word(enum porch_party party)
{
	static const char *const words[] = {
	    [PORCH_PARTY_UNKNOWN] = "unknown",
	    [PORCH_PARTY_MAKER] = "maker",
	    [PORCH_PARTY_CLOUD] = "cloud",
	    [PORCH_PARTY_TRACKER] = "tracker",
	    [PORCH_PARTY_EVIDENCE] = "evidence",
	    [PORCH_PARTY_PEER] = "peer",
	    [PORCH_PARTY_UTILITY] = "utility",
	    [PORCH_PARTY_OTHER] = "other",
	    [PORCH_PARTY_LOCAL] = "local",
	    [PORCH_PARTY_RELAY] = "relay",
	};

	return WORD_OF(words, party);
}

const char *
porch_content_word(enum porch_content content)
{
	static const char *const words[] = {
	    [PORCH_CONTENT_UNKNOWN] = "unknown",
	    [PORCH_CONTENT_VIDEO] = "video",
	    [PORCH_CONTENT_PICTURE] = "picture",
	    [PORCH_CONTENT_AUDIO] = "audio",
	    [PORCH_CONTENT_MEDIA] = "media",
	    [PORCH_CONTENT_METADATA] = "metadata",
	    [PORCH_CONTENT_FIRMWARE] = "firmware",
	    [PORCH_CONTENT_FILES] = "files",
	    [PORCH_CONTENT_BACKGROUND] = "background",
	};

	return WORD_OF(words, content);
}

const char *
porch_shape_word(enum porch_shape shape)
{
	static const char *const words[] = {
	    [PORCH_SHAPE_STREAM] = "stream",
	    [PORCH_SHAPE_BURST] = "burst",
	    [PORCH_SHAPE_SERIES] = "series",
	    [PORCH_SHAPE_TRICKLE] = "trickle",
	};

	return WORD_OF(words, shape);
}

const char *
porch_footage_word(enum porch_footage footage)
{
	static const char *const words[] = {
	    [PORCH_FOOTAGE_CANNOT_TELL] = "cannot-tell",
	    [PORCH_FOOTAGE_YES] = "yes",
	    [PORCH_FOOTAGE_NO] = "no",
	};

	return WORD_OF(words, footage);
}

const char *
porch_strength_word(enum porch_strength strength)
{
	static const char *const words[] = {
	    [PORCH_EVIDENCE_LIMITED] = "limited",
	    [PORCH_EVIDENCE_MODERATE] = "moderate",
	    [PORCH_EVIDENCE_STRONG] = "strong",
	};

	return WORD_OF(words, strength);
}

const char *
porch_name_source_word(enum porch_name_source source)
{
	static const char *const words[] = {
	    [PORCH_NAME_NONE] = "none",
	    [PORCH_NAME_SNI] = "sni",
	    [PORCH_NAME_QUIC_SNI] = "quic-sni",
	    [PORCH_NAME_DNS] = "dns",
	    [PORCH_NAME_DNS_EXPIRED] = "dns-expired",
	    [PORCH_NAME_HTTP_HOST] = "http-host",
	    [PORCH_NAME_ECH_OUTER] = "ech-outer",
	};

	return WORD_OF(words, source);
}

const struct porch_device *
porch_document_device(const struct porch_document *doc, uint64_t id)
{
	for (size_t i = 0; id && i < doc->device_count; i++) {
		if (doc->devices[i].id == id)
			return &doc->devices[i];
	}
	return NULL;
}

const struct porch_destination *
porch_document_destination(const struct porch_document *doc, uint64_t id)
{
	for (size_t i = 0; id && i < doc->destination_count; i++) {
		if (doc->destinations[i].id == id)
			return &doc->destinations[i];
	}
	return NULL;
}

bool
porch_episode_counts(const struct porch_document *doc, const struct porch_episode *episode)
{
	const struct porch_device *device = porch_document_device(doc, episode->device);
	const struct porch_destination *to = porch_document_destination(doc, episode->destination);

	if (episode->footage != PORCH_FOOTAGE_YES)
		return false;
	if (to && to->party == PORCH_PARTY_LOCAL)
		return false;
	return device && (device->kind != PORCH_KIND_OTHER || device->named_by_user);
}

size_t
porch_document_holes(const struct porch_document *doc)
{
	size_t holes = 0;

	for (size_t i = 0; i < doc->gap_count; i++)
		holes += !doc->gaps[i].worker;
	return holes;
}

const char *
porch_redaction_word(enum porch_redaction redaction)
{
	static const char *const words[] = {
	    [PORCH_REDACT_NONE] = "none",
	    [PORCH_REDACT_HOME] = "home",
	    [PORCH_REDACT_STRICT] = "strict",
	};

	return WORD_OF(words, redaction);
}

uint64_t
porch_episode_duration(const struct porch_episode *episode)
{
	if (episode->duration_us > 0)
		return episode->duration_us;
	return time_between(episode->start, episode->end);
}

const char *
porch_event_word(enum porch_event_kind kind)
{
	static const char *const words[] = {
	    [PORCH_EVENT_RUN] = "run",
	    [PORCH_EVENT_DEVICE] = "device",
	    [PORCH_EVENT_DESTINATION] = "destination",
	    [PORCH_EVENT_EPISODE] = "episode",
	    [PORCH_EVENT_GAP] = "gap",
	    [PORCH_EVENT_NOTICE] = "notice",
	    [PORCH_EVENT_STATE] = "state",
	    [PORCH_EVENT_FINDING] = "finding",
	    [PORCH_EVENT_SUMMARY] = "summary",
	};

	return WORD_OF(words, kind);
}

const char *
porch_activity_word(enum porch_activity activity)
{
	static const char *const words[] = {
	    [PORCH_ACTIVITY_QUIET] = "quiet",
	    [PORCH_ACTIVITY_SENDING] = "sending",
	    [PORCH_ACTIVITY_ENDED_MAYBE] = "ended-maybe",
	    [PORCH_ACTIVITY_CANNOT_TELL] = "cannot-tell",
	    [PORCH_ACTIVITY_BLIND] = "blind",
	};

	return WORD_OF(words, activity);
}
