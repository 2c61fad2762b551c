/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Captures of real networks mixed into one: COPIES times each, every copy with other
 * addresses, all side by side from the same moment on.  Frames of Ethernet only; captures
 * that cannot be read, or have no such frame, are left out and named.
 * usage: make_mix COPIES OUT CAPTURE...
 */
#include <sys/resource.h>

#include "parse/packet.h"
#include "source/source.h"

#include "tests/bench/wire.h"

#define LINK_ETHERNET 1
#define FRAME_MOST    262144

/* One copy of one capture on its way: what comes next of it. */
struct part {
	struct source *source;
	struct frame frame;
	int64_t later;    /* what its times are moved by */
	int64_t time;     /* of the frame that comes next, in the mix */
	uint8_t other[2]; /* addresses differ by these */
};

static bool
advance(struct part *part)
{
	while (source_next(part->source, &part->frame) == SOURCE_FRAME) {
		part->time = part->frame.time + part->later;
		if (part->time < WIRE_START)
			part->time = WIRE_START;
		if (part->frame.link_type == LINK_ETHERNET && part->frame.captured <= FRAME_MOST)
			return true;
	}
	source_close(part->source);
	part->source = NULL;
	return false;
}

/* Inside and outside stay what they are: the middle bytes of an IPv4 address change. */
static void
write_part(FILE *out, const struct part *part)
{
	static uint8_t bytes[FRAME_MOST];
	struct packet packet;

	memcpy(bytes, part->frame.bytes, part->frame.captured);
	if (packet_parse(&part->frame, NULL, &packet) == PARSE_OK && packet.source.family == 4 &&
	    packet.network == NETWORK_IP && bytes[12] == 8 && bytes[13] == 0 &&
	    part->frame.captured >= WIRE_LINK + WIRE_IP)
		for (size_t at = WIRE_LINK + 12; at < WIRE_LINK + WIRE_IP; at += 4)
			if (bytes[at] < 224) {
				bytes[at + 2] ^= part->other[0];
				bytes[at + 3] ^= part->other[1];
			}
	if (part->frame.captured >= 12) {
		bytes[4] ^= part->other[0];
		bytes[10] ^= part->other[0];
	}
	wire_write(out, part->time, bytes, part->frame.captured, part->frame.on_wire);
}

static bool
open_part(struct part *part, const char *path, unsigned copy)
{
	static const struct source_options quick = {.no_hashes = true, .block = 4096};
	struct porch_error error;

	part->source = source_open(path, &quick, &error);
	if (!part->source || !advance(part)) {
		if (copy == 0)
			fprintf(stderr, "make_mix: left out: %s\n", path);
		return false;
	}
	part->time = WIRE_START + copy;
	part->later = part->time - part->frame.time;
	part->other[0] = (uint8_t)copy;
	part->other[1] = (uint8_t)(copy / 16 * 16);
	return true;
}

static struct part *
earliest(struct part *part, size_t parts)
{
	struct part *first = NULL;

	for (size_t i = 0; i < parts; i++)
		if (part[i].source && (!first || part[i].time < first->time))
			first = &part[i];
	return first;
}

static void
open_many_files(void)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

int
main(int argc, char **argv)
{
	unsigned copies = argc > 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	size_t captures = (size_t)(argc - 3), parts = 0;
	struct part *part, *next;
	FILE *out;

	if (copies < 1 || copies > 256) {
		fprintf(stderr, "usage: make_mix COPIES OUT CAPTURE...\n");
		return 2;
	}
	open_many_files();
	part = calloc(captures * copies, sizeof(*part));
	out = wire_open(argv[2]);
	for (unsigned copy = 0; part && copy < copies; copy++)
		for (size_t i = 0; i < captures; i++)
			parts += open_part(&part[parts], argv[3 + i], copy);
	while ((next = earliest(part, parts)) != NULL) {
		write_part(out, next);
		advance(next);
	}
	free(part);
	return wire_close(out, argv[2]);
}
