/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FUZZ_READ_ALL_H
#define TESTS_FUZZ_READ_ALL_H

/* Reads a capture from memory and stops the program where a promise of source.h is broken. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "source/packet_time.h"
#include "source/source.h"

static inline void
must(bool promise)
{
	if (!promise)
		abort();
}

static inline void
read_all(const uint8_t *bytes, size_t len, size_t block)
{
	struct source_options options = {.block = block, .no_hashes = true};
	struct porch_error error = {.text = ""};
	struct source *source = source_open_memory(bytes, len, "fuzz", &options, &error);
	enum source_result result;
	volatile uint8_t last;
	struct frame frame;
	uint64_t count = 0;

	must(source || error.text[0]);
	if (!source)
		return;
	while ((result = source_next(source, &frame)) == SOURCE_FRAME) {
		must(frame.number == ++count);
		must(frame.captured <= frame.on_wire);
		must(frame.time >= TIME_LEAST && frame.time <= TIME_GREATEST);
		if (frame.captured > 0)
			last = frame.bytes[frame.captured - 1];
	}
	(void)last;
	must(source_facts(source)->packets == count);
	must(result == SOURCE_END || source_error(source)->text[0]);
	must(result == SOURCE_END || source_error(source)->offset >= 0);
	source_close(source);
}

#endif
