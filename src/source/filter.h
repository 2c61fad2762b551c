/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_FILTER_H
#define SOURCE_FILTER_H

#include <stdbool.h>

#include <porchlight/error.h>

#include "base/frame.h"

/*
 * A BPF expression (pcap-filter(7)) over frames of any link type: compiled per link type
 * when the first such frame comes.  Frames of a link type for which the expression cannot be
 * compiled are not accepted.  Not to be shared between threads.
 */
struct filter;

/*
 * Returns NULL, and says why, when bpf is wrong for every link type, or would need a name
 * looked up (host names are refused: nothing is asked of the network).
 */
struct filter *filter_new(const char *bpf, struct porch_error *error);
bool filter_accepts(struct filter *filter, const struct frame *frame);
void filter_free(struct filter *filter);

/*
 * Whether libpcap could compile bpf without looking up a host or network name, which may
 * ask the network.  False, and says which, where a word is neither one of the language's,
 * nor an address, nor follows a keyword that takes a name of its own (as "port http").
 */
bool filter_asks_nobody(const char *bpf, struct porch_error *error);

#endif
