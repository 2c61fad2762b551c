/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What watching needs of memory: a busy home for minutes, and floods of flows, MACs and names
 * while a camera uploads.
 * usage: watch_floods [--most KIB] soak SECONDS DEVICES FLOWS | flows N | macs N | names N
 * Exit status: 0 within bounds and the camera was told; 1 not; 2 wrong usage.
 */
#include <porchlight/engine.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "watch.h"

#define SECOND  INT64_C(1000000)
#define MORNING (INT64_C(1764000000) * SECOND)
#define CAMERA  "00:00:5e:00:53:01"

struct home {
	struct watch *watch;
	int64_t now, tick;
	uint64_t frames, uploads, footage_bytes;
	uint8_t bytes[1600];
};

static void
see_event(const struct porch_event *event, void *user)
{
	struct home *h = user;

	if (event->kind != PORCH_EVENT_EPISODE || event->episode->footage != PORCH_FOOTAGE_YES ||
	    strcmp(event->device->mac, CAMERA) != 0)
		return;
	h->uploads++;
	if (event->episode->bytes_up > h->footage_bytes)
		h->footage_bytes = event->episode->bytes_up;
}

static void
put(uint8_t *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

struct datagram {
	uint64_t from_mac, to_mac;
	uint32_t from, to;
	uint16_t from_port, to_port;
	uint16_t length; /* of the payload */
	const void *payload;
};

static void
pass_time(struct home *h, int64_t micros)
{
	h->now += micros;
	if (h->now < h->tick)
		return;
	h->tick = h->now + SECOND / 4;
	watch_tick(h->watch, h->now);
}

static void
send_datagram(struct home *h, const struct datagram *d)
{
	uint8_t *at = h->bytes;
	size_t ip = 28U + d->length;
	struct frame frame = {.bytes = at,
	    .captured = (uint32_t)(14 + ip),
	    .on_wire = (uint32_t)(14 + ip),
	    .link_type = 1,
	    .time = h->now,
	    .number = ++h->frames};

	put(at, d->to_mac, 6);
	put(at + 6, d->from_mac, 6);
	put(at + 12, 0x0800, 2);
	put(at + 14, 0x45, 1);
	put(at + 16, ip, 2);
	put(at + 18, h->frames, 2);
	put(at + 20, 0, 2);
	put(at + 22, 64, 1);
	put(at + 23, 17, 1);
	put(at + 24, 0, 2);
	put(at + 26, d->from, 4);
	put(at + 30, d->to, 4);
	put(at + 34, d->from_port, 2);
	put(at + 36, d->to_port, 2);
	put(at + 38, 8U + d->length, 2);
	put(at + 40, 0, 2);
	if (d->payload)
		memcpy(at + 42, d->payload, d->length);
	else
		memset(at + 42, (int)(h->frames & 0xff), d->length);
	watch_frame(h->watch, &frame);
}

#define GATEWAY UINT64_C(0x00005e0053fe)

/* A device of the home and what it sends to a server outside. */
static void
device_sends(struct home *h, unsigned device, unsigned server, uint16_t port, uint16_t length)
{
	struct datagram d = {
	    .from_mac = UINT64_C(0x00005e005301) + device,
	    .to_mac = GATEWAY,
	    .from = 0xc0a80114 + device,
	    .to = 0xcb007101 + server % 200,
	    .from_port = port,
	    .to_port = (uint16_t)(9000 + server / 200),
	    .length = length,
	};

	send_datagram(h, &d);
}

/* A second of a camera's stream: 15 pictures of six packets. */
static void
camera_streams(struct home *h, unsigned nth)
{
	device_sends(h, 0, 0, 40000, nth % 6 == 5 ? 300 : 1200);
}

static long
memory(const char *what)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long kib = -1;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, what, strlen(what)) == 0)
			kib = strtol(line + strlen(what) + 1, NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

/* An hour's pause of the camera every so often ends its upload. */
static void
soak(struct home *h, unsigned seconds, unsigned devices, unsigned flows)
{
	long early = 0;

	for (unsigned s = 0; s < seconds; s++) {
		for (unsigned i = 0; i < 90; i++) {
			if (s / 30 % 2 == 0)
				camera_streams(h, i);
			for (unsigned f = 0; f < flows / 90 / 10; f++) {
				unsigned flow = (s % 10 * 90 + i) * (flows / 90 / 10) + f;

				device_sends(h, 1 + flow % (devices - 1), flow,
				    (uint16_t)(20000 + flow), 200);
			}
			pass_time(h, SECOND / 90);
		}
		if (s == seconds / 4)
			early = memory("VmRSS:");
		if (s % 60 == 59)
			watch_stored(h->watch);
	}
	printf("after a quarter %ld KiB, at the end %ld KiB (%+.2f %%)\n", early, memory("VmRSS:"),
	    100.0 * (double)(memory("VmRSS:") - early) / (double)early);
}

static void
flood_flows(struct home *h, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		device_sends(h, 1 + i % 5, i % 40000, (uint16_t)(1024 + i / 7 % 60000), 120);
		if (i % 200 == 0)
			camera_streams(h, i / 200);
		pass_time(h, 50);
	}
}

static void
flood_macs(struct home *h, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct datagram d = {
		    .from_mac = UINT64_C(0x020000000000) + i,
		    .to_mac = GATEWAY,
		    .from = 0x0a000001 + i % 0xfffff0,
		    .to = 0xcb007101 + i % 200,
		    .from_port = 5000,
		    .to_port = 9000,
		    .length = 100,
		};

		send_datagram(h, &d);
		if (i % 200 == 0)
			camera_streams(h, i / 200);
		pass_time(h, 50);
	}
}

/* An answer of the router to a look-up, with a name nobody heard of. */
static void
flood_names(struct home *h, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint8_t dns[80] = {0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0};
		struct datagram d = {
		    .from_mac = GATEWAY,
		    .to_mac = UINT64_C(0x00005e005302) + i % 5,
		    .from = 0xc0a80101,
		    .to = 0xc0a80115 + i % 5,
		    .from_port = 53,
		    .to_port = (uint16_t)(1024 + i % 60000),
		};
		char label[16];
		size_t at = 12;

		snprintf(label, sizeof(label), "n%09u", i);
		dns[at++] = 10;
		memcpy(dns + at, label, 10);
		at += 10;
		memcpy(dns + at, "\7example\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\x0e\x10\0\4", 25);
		at += 25;
		put(dns + at, 0xcb007101 + i % 250, 4);
		d.length = (uint16_t)(at + 4);
		d.payload = dns;
		send_datagram(h, &d);
		if (i % 200 == 0)
			camera_streams(h, i / 200);
		pass_time(h, 50);
	}
}

static bool
run(struct home *h, int argc, char **argv)
{
	unsigned number[3] = {0};

	for (int i = 1; i < argc && i < 4; i++)
		number[i - 1] = (unsigned)strtoul(argv[i], NULL, 10);
	if (argc == 4 && strcmp(argv[0], "soak") == 0)
		soak(h, number[0], number[1], number[2]);
	else if (argc == 2 && strcmp(argv[0], "flows") == 0)
		flood_flows(h, number[0]);
	else if (argc == 2 && strcmp(argv[0], "macs") == 0)
		flood_macs(h, number[0]);
	else if (argc == 2 && strcmp(argv[0], "names") == 0)
		flood_names(h, number[0]);
	else
		return false;
	return true;
}

static struct watch *
begin(struct home *h, const struct porch_rules *rules)
{
	static const char *const named = CAMERA;
	static struct porch_options options = {.devices = &named, .device_count = 1};
	struct watch_setup setup = {.rules = rules,
	    .options = &options,
	    .interfaces = "made up",
	    .boot = 1,
	    .start = MORNING,
	    .tell = see_event,
	    .user = h};
	struct porch_error error;
	struct watch *watch = watch_new(&setup, &error);

	if (!watch)
		fprintf(stderr, "%s\n", error.text);
	return watch;
}

int
main(int argc, char **argv)
{
	const char *folder = SOURCE_DIR "/rules";
	bool limited = argc > 2 && strcmp(argv[1], "--most") == 0, fine;
	long most = limited ? strtol(argv[2], NULL, 10) : 0, peak;
	struct home *h = calloc(1, sizeof(*h));
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(&folder, 1, &error);

	if (!h || !rules)
		return 2;
	printf("the rules alone %ld KiB, at most %ld KiB\n", memory("VmRSS:"), memory("VmHWM:"));
	h->now = h->tick = MORNING;
	h->watch = begin(h, rules);
	if (!h->watch || !run(h, argc - (limited ? 3 : 1), argv + (limited ? 3 : 1))) {
		fprintf(stderr,
		    "usage: watch_floods [--most KIB] soak SECONDS DEVICES FLOWS | flows N"
		    " | macs N | names N\n");
		return 2;
	}
	printf("before the end %ld KiB\n", memory("VmRSS:"));
	watch_finish(h->watch);
	pass_time(h, 0);
	peak = memory("VmHWM:");
	printf("%llu frames; at most %ld KiB; told %llu times of footage, at most %llu bytes\n",
	    (unsigned long long)h->frames, peak, (unsigned long long)h->uploads,
	    (unsigned long long)h->footage_bytes);
	fine = h->footage_bytes > 0 && (most == 0 || peak <= most);
	watch_free(h->watch);
	porch_rules_free(rules);
	free(h);
	return fine ? 0 : 1;
}
