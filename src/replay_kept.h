/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPLAY_KEPT_H
#define REPLAY_KEPT_H

#include <porchlight/engine.h>

struct keeper;

/* porch_replay(), where a keeper (dpi/keeper.h) runs what inspects; NULL: this process does. */
struct porch_document *replay_kept(const struct porch_rules *rules,
    const struct porch_options *options, struct keeper *keeper, const char *const *paths,
    size_t count, struct porch_error *error);

#endif
