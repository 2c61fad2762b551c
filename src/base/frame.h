/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include <stdint.h>

/*
 * A frame as a source delivered it.  Lent for one call: bytes belong to the source.
 * It lies in base/ because source/ makes frames and parse/ reads them, and neither
 * may know the other.
 */
struct frame {
	const uint8_t *bytes;
	uint32_t captured;  /* bytes that are there */
	uint32_t on_wire;   /* bytes the frame had; at least captured */
	uint16_t link_type; /* LINKTYPE_ value (www.tcpdump.org/linktypes.html) */
	uint16_t interface; /* which interface of the capture, from 0 */
	int64_t time;       /* microseconds since 1970, packet time */
	uint64_t number;    /* of the record in its file, from 1 */
};

#endif
