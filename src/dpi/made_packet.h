/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_MADE_PACKET_H
#define DPI_MADE_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "dpi/wire.h"

/*
 * An IP packet as an inspection library wants one: the payload of a slice behind headers that are
 * made for it, plain ones, between addresses that are nobody's.  Returns its length.
 */
size_t made_packet(uint8_t packet[static WIRE_PACKET], const struct wire_question *flow,
    const struct wire_slice *slice);

#endif
