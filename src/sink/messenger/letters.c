/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/letters.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "sink/messenger/outlet.h"

#define KEEP   (INT64_C(7) * 24 * 3600 * 1000000)
#define SECOND INT64_C(1000000)

/* Where the host of a URL begins: after user and password, which may hold an @ too. */
static const char *
host_of(const char *url)
{
	const char *scheme = strstr(url, "://");
	const char *host = scheme ? scheme + 3 : url;
	size_t len = strcspn(host, "/?#");

	while (len > 0 && host[len - 1] != '@')
		len--;
	return host + len;
}

static size_t
scheme_length(const char *url)
{
	const char *scheme = strstr(url, "://");

	return scheme ? (size_t)(scheme - url) + 3 : 0;
}

void
letters_label(char *label, size_t size, const char *url)
{
	const char *host = host_of(url);

	snprintf(label, size, "%.*s%.*s", (int)scheme_length(url), url, (int)strcspn(host, "/?#"),
	    host);
}

/* The same place under another password, or with other certificates, has the same outbox. */
static uint64_t
place_of(const char *kind, const char *url)
{
	const char *host = host_of(url);
	size_t len = strcmp(kind, "mqtt") == 0 ? strcspn(host, "?") : strlen(host);

	return hash_bytes(host, len, hash_id(url, scheme_length(url)));
}

bool
letters_open(struct letters *l, const char *kind, const char *place,
    const struct messenger_setup *setup, const char *site, struct porch_error *error)
{
	char name[64];
	const struct outbox_setup outbox = {
	    .folder = setup->folder, .name = name, .bound = setup->spool_bytes, .keep = KEEP};

	memset(l, 0, sizeof(*l));
	letters_label(l->label, sizeof(l->label), place);
	l->site = site;
	snprintf(name, sizeof(name), "%s-%08x", kind,
	    (unsigned)(place_of(kind, place) & 0xffffffff));
	l->on_disk = setup->folder != NULL;
	l->outbox = outbox_open(&outbox, error);
	return l->outbox != NULL;
}

void
letters_close(struct letters *l)
{
	if (!l->outbox)
		return;
	if (outbox_waiting(l->outbox) > 0)
		outlet_say(l->label, "%llu tellings were not delivered%s",
		    (unsigned long long)outbox_waiting(l->outbox),
		    outbox_on_disk(l->outbox) ? " and wait on disk" : " and are gone");
	outbox_free(l->outbox);
}

/* What could not be kept is said once, and told when the receiver takes some again. */
static void
look_after(struct letters *l)
{
	bool lost = outbox_lost_untold(l->outbox) > 0;
	bool failed = l->on_disk && !outbox_on_disk(l->outbox);

	if (lost && !l->said_lost)
		outlet_say(l->label, "more waits than there is room for: the oldest is given up");
	if (failed && !l->said_failed)
		outlet_say(l->label, "the disk takes nothing: what waits is in memory");
	l->said_lost = lost;
	l->said_failed = failed;
}

void
letters_add(struct letters *l, const struct telling *t)
{
	char item[TELLING_ID + 1 + TELLING_BODY];
	size_t id = strlen(t->id);
	size_t len;
	int64_t time;

	if (time_parse(t->time, &time) && time > l->now)
		l->now = time;
	memcpy(item, t->id, id);
	item[id] = '\n';
	len = telling_body(t, item + id + 1);
	if (len > 0)
		outbox_add(l->outbox, t->device, item, id + 1 + len, l->now);
	look_after(l);
}

bool
letters_next(struct letters *l, struct letter *letter)
{
	struct outbox_item item;

	while (outbox_next(l->outbox, &item)) {
		size_t id = strcspn(item.bytes, "\n");

		if (id >= sizeof(letter->id) || id >= item.len)
			continue; /* no letter of ours */
		letter->number = item.number;
		letter->device = item.device;
		memcpy(letter->id, item.bytes, id);
		letter->id[id] = '\0';
		letter->body = item.bytes + id + 1;
		letter->len = item.len - id - 1;
		return true;
	}
	return false;
}

void
letters_tick(struct letters *l, int64_t now)
{
	if (now - l->tidied < SECOND)
		return;
	l->tidied = now;
	outbox_tick(l->outbox, l->now);
	look_after(l);
}

void
letters_tell_lost(struct letters *l)
{
	uint64_t lost = outbox_lost_untold(l->outbox);
	struct telling t = {.kind = TELLING_LOST, .count = lost, .duration = -1};

	if (lost == 0)
		return;
	snprintf(t.id, sizeof(t.id), "%.20s-lost-%llu", l->site,
	    (unsigned long long)outbox_lost(l->outbox));
	if (l->now > 0)
		format_time(l->now, t.time);
	snprintf(t.sentence, sizeof(t.sentence),
	    "%llu earlier messages could not be delivered and were given up.",
	    (unsigned long long)lost);
	letters_add(l, &t);
	outbox_lost_told(l->outbox, lost);
}
