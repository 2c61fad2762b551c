/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/media_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

/*
 * How far numbers may be apart where a stream goes on: ahead by what was lost on the way
 * (seconds of video at a thousand packets each), behind by what both receivers were sent.
 */
#define AHEAD  3000
#define BEHIND 256
/* Chance finds the number in that window once in 20 streams, and the SSRC once in 2^32. */
#define PAUSE INT64_C(30000000) /* microseconds after which it is another stream */

struct stream_key {
	struct device_key device;
	uint8_t zero; /* no padding in a key */
	uint32_t ssrc;
};

struct stream {
	struct stream_key key;
	uint64_t what;
	uint64_t root;
	int64_t time;
	uint16_t sequence;
};

struct media_table {
	struct table *table;
};

struct media_table *
media_table_new(size_t max, uint64_t seed)
{
	struct media_table *media = calloc(1, sizeof(*media));

	if (!media)
		return NULL;
	media->table = table_new(max, sizeof(struct stream), sizeof(struct stream_key), seed);
	if (media->table)
		return media;
	free(media);
	return NULL;
}

void
media_table_free(struct media_table *media)
{
	if (!media)
		return;
	table_free(media->table);
	free(media);
}

static bool
goes_on(const struct stream *s, const struct track_packet *p)
{
	uint16_t ahead = (uint16_t)(p->sequence - s->sequence);

	if (p->time - s->time > PAUSE)
		return false;
	return ahead <= AHEAD || ahead >= (uint16_t)-BEHIND;
}

uint64_t
media_table_see(struct media_table *media, const struct device_key *device, uint64_t what,
    const struct track_packet *p, uint64_t root)
{
	struct stream_key key;
	struct stream *s;
	uint64_t from = 0;
	bool created;

	memset(&key, 0, sizeof(key));
	key.device = *device;
	key.ssrc = p->ssrc;
	s = table_see(media->table, &key, &created);
	if (!created && s->what != what && goes_on(s, p))
		from = s->root;
	s->what = what;
	s->root = from ? from : root;
	s->time = p->time;
	s->sequence = p->sequence;
	return from;
}
