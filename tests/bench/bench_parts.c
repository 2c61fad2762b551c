/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the way of a packet cost, in nanoseconds, each with its caches warm, and
 * how many bytes a flow holds.  Prints a line for each: name, median, least, greatest.
 * usage: bench_parts
 */
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include <porchlight/record.h>

#include "base/texts.h"
#include "home/flow.h"
#include "home/names.h"
#include "judge/track.h"
#include "parse/packet.h"
#include "sink/sink.h"
#include "sink/writer.h"

#include "tests/bench/wire.h"

#define FLOWS  256 /* at a time: a busy home */
#define ROUNDS 301
#define TURNS  2 /* over all flows, between two readings of the clock */
#define SECOND INT64_C(1000000)
#define IDLE   (300 * SECOND)
#define MANY   100000

static struct wire_frame wire[FLOWS];
static struct packet packet[FLOWS];
static struct flow *flow[FLOWS];

/* One part of the way, for flow number i; the sum keeps compilers from leaving it out. */
typedef uint64_t part_fn(unsigned i, void *with);

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
bench(const char *name, part_fn *part, void *with)
{
	static double figure[ROUNDS];
	static volatile uint64_t sum;

	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t start = now_ns();

		for (unsigned turn = 0; turn < TURNS; turn++)
			for (unsigned i = 0; i < FLOWS; i++)
				sum += part(i, with);
		figure[round] = (double)(now_ns() - start) / (TURNS * FLOWS);
	}
	qsort(figure, ROUNDS, sizeof(*figure), by_size);
	printf("%s\t%.1f\t%.1f\t%.1f\n", name, figure[ROUNDS / 2], figure[0], figure[ROUNDS - 1]);
}

static struct frame
frame_of(unsigned i)
{
	return (struct frame){
	    .bytes = wire[i].bytes,
	    .captured = (uint32_t)wire[i].length,
	    .on_wire = (uint32_t)wire[i].length,
	    .link_type = 1,
	    .time = WIRE_START,
	};
}

static uint64_t
parse(unsigned i, void *with)
{
	struct frame frame = frame_of(i);

	(void)with;
	return (uint64_t)packet_parse(&frame, NULL, &packet[i]) + packet[i].ip_bytes;
}

static uint64_t
look_up_flow(unsigned i, void *with)
{
	unsigned sender;

	flow[i] = flow_table_of(with, &packet[i], &sender);
	flow[i] = flow_table_see(with, flow[i], &packet[i], &sender);
	return sender;
}

static struct device_key
key_of(unsigned i)
{
	return device_key_mac(&packet[i].source_mac);
}

static uint64_t
look_up_name(unsigned i, void *with)
{
	struct device_key key = key_of(i);
	struct bound_names found;

	names_find(with, &key, &packet[i].target, WIRE_START, &found);
	return found.count;
}

static uint64_t
update_episode(unsigned i, void *with)
{
	static int64_t time = WIRE_START;
	struct device_key key = key_of(i);
	struct track_packet p = {
	    .device = &key,
	    .flow = flow[i],
	    .what = i + 1,
	    .time = time += 100,
	    .bytes = packet[i].ip_bytes,
	    .packets = 1,
	    .up = true,
	};

	track_table_see(with, &p);
	return p.bytes;
}

static uint64_t
write_record(unsigned i, void *with)
{
	struct sink_style style = {.flows = true};
	struct porch_flow record = {
	    .device = 0x0102030405060708,
	    .destination = 0x1112131415161718,
	    .originator = "192.168.1.20",
	    .responder = "198.51.100.7",
	    .originator_port = 40000,
	    .responder_port = 443,
	    .protocol = 6,
	    .originator_bytes = i * 1000,
	    .originator_packets = i,
	    .start = WIRE_START,
	    .end = WIRE_START + SECOND,
	    .name = "media.doorvue.example",
	    .ended = "end",
	};

	sink_find("ndjson")->flow(with, &record, &style);
	return i;
}

static void
make_packets(void)
{
	uint32_t number[2] = {1, 1};

	for (unsigned i = 0; i < FLOWS; i++) {
		struct wire_end device = {
		    {2, 0, 0, 0, 1, (uint8_t)(i % 40)}, 0xc0a8010a + i % 40, (uint16_t)(40000 + i)};
		struct wire_end remote = {{2, 0, 0, 0, 0, 1}, 0xc6120000 + i * 7, 443};

		wire_fill(wire_tcp(&wire[i], &device, &remote, FLAG_ACK, number, 1400), 1400);
		parse(i, NULL);
	}
}

/* Bytes of address space: what a table takes when all of it is written to. */
static double
space(void)
{
	FILE *about = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (about && fscanf(about, "%ld", &pages) != 1)
		pages = 0;
	if (about)
		fclose(about);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* What a table of flows holds, for each flow. */
static void
weigh_flow(void)
{
	double before = space(), held;
	struct flow_table *flows = flow_table_new(MANY, IDLE, 1);

	held = (space() - before) / MANY;
	printf("bytes of a flow\t%.0f\t%.0f\t%.0f\n", held, held, held);
	flow_table_free(flows);
}

static struct names *
learn_names(struct texts *texts)
{
	struct names *names = texts ? names_new(3072, texts, 1) : NULL;
	char host[64];

	for (unsigned i = 0; names && i < FLOWS; i++) {
		struct device_key key = key_of(i);

		snprintf(host, sizeof(host), "s%u.cdn.example", i);
		names_learn(names, &key, &packet[i].target, host, "", 300, WIRE_START);
	}
	return names;
}

int
main(void)
{
	static const struct track_rule rule = {.bin_us = 250000,
	    .silence_us = 8 * SECOND,
	    .on_bytes = 9375,
	    .off_bytes = 3125,
	    .edge_bytes = 300,
	    .full_bytes = 1000};
	struct flow_table *flows = flow_table_new(16384, IDLE, 1);
	struct track_table *tracks = track_table_new(4096, &rule, 1);
	struct texts *texts = texts_new(3072 * NAMES_TEXTS + 2, 1);
	struct names *names;
	struct writer writer;

	make_packets();
	names = learn_names(texts);
	writer_init(&writer, WRITER_NOWHERE);
	if (!flows || !tracks || !names)
		return 1;
	bench("parse a frame", parse, NULL);
	bench("find the flow of a packet", look_up_flow, flows);
	bench("find the name of an address", look_up_name, names);
	bench("add a packet to its episode", update_episode, tracks);
	bench("write a record", write_record, &writer);
	weigh_flow();
	track_table_free(tracks);
	flow_table_free(flows);
	names_free(names);
	texts_free(texts);
	return 0;
}
