/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_MEDIA_TABLE_H
#define JUDGE_MEDIA_TABLE_H

#include "judge/track.h"

/*
 * Where the RTP streams of each device went last.  A stream whose sequence numbers go on
 * at another receiver is the same stream: a relay that hands over to a phone (RFC 3550, 5.1).
 */
struct media_table;

struct media_table *media_table_new(size_t max, uint64_t seed); /* NULL when out of memory */
void media_table_free(struct media_table *media);

/*
 * The packet belongs to an episode of the device with the receiver `what`; root is the id of the
 * first episode of its series.  Returns the root of the episode that this stream comes from, or 0
 * when it comes from no other receiver.
 */
uint64_t media_table_see(struct media_table *media, const struct device_key *device, uint64_t what,
    const struct track_packet *packet, uint64_t root);

#endif
