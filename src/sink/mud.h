/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MUD_H
#define SINK_MUD_H

#include <porchlight/record.h>

#include "sink/writer.h"

/*
 * What a device was seen to do as an MUD file (RFC 8520, with the access lists of RFC 8519):
 * one entry for each receiver, transport and port, both ways, by name where it has one that
 * can be looked up, else by address.  A receiver's ports are not told apart by transport, so
 * each stands with every transport that was seen.
 */
void write_mud(struct writer *w, const struct porch_document *doc,
    const struct porch_device *device);

#endif
