/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_SHAPE_H
#define JUDGE_SHAPE_H

#include "judge/track.h"
#include "rules/rules.h"

/*
 * How an episode moved, as measured.  A stream is paced by what makes it: a camera's
 * pictures, a voice.  A burst is paced by the line alone.  A series is bursts again and
 * again.  A trickle is messages, each far smaller than a picture.
 */
enum porch_shape shape_of(const struct porch_rules *rules, const struct track_episode *episode);

/* Microseconds from start to end. */
uint64_t shape_duration(const struct track_episode *episode);
/* Kilobits a second, rounded half up, over at least a quarter of a second. */
uint64_t shape_kbps(uint64_t bytes, uint64_t micros);
/* Share of the time, in percent, in which bins reached the rule's lower rate. */
int64_t shape_active(const struct track_episode *episode);
/* Percent of packets up with content that are full-size. */
int64_t shape_full(const struct track_episode *episode);
/* Percent of its bins whose rate lies within a factor of two of the highest. */
int64_t shape_level(const struct track_episode *episode);
/*
 * How evenly packets came, in percent of what a line would give that is always busy:
 * hundredths of a second in which some came, of those in which pairs of them could have.
 */
int64_t shape_even(const struct track_episode *episode);

#endif
