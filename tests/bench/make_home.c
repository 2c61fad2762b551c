/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HOURS in a made-up home: 3 doorbells (a connection kept alive, a clip of 4 to 12 MB an
 * hour, a live view every sixth, messages about events) and 37 other devices that look
 * names up and load things over TLS and QUIC.  A day has about 1.5 million packets, 1.5 GB.
 * usage: make_home SEED HOURS QUIC_INITIAL OUT
 */
#include "tests/bench/wire.h"

#define DOORBELLS 3
#define DEVICES   40
#define SITES     1500
#define ACTORS    65536
#define LATE      4096
#define SEGMENT   1460
#define SECOND    INT64_C(1000000)
#define HOUR      (3600 * SECOND)

/* Somebody who does something at a time: a device in general, or one conversation of it. */
struct actor {
	int64_t time;
	void (*act)(struct actor *actor); /* sets time to its next one, or to 0 when done */
	struct wire_end device, remote;
	uint32_t number[2]; /* next TCP sequence number of device and remote */
	uint32_t step;
	int64_t left; /* bytes to go */
	int64_t gap;  /* microseconds between packets */
	uint32_t unanswered;
	bool up;
	bool quic;
	char host[64];
};

static const struct wire_end router = {{2, 0, 0, 0, 0, 1}, 0xc0a80101, 53};
static struct actor pool[ACTORS];
static struct actor *heap[ACTORS], *spare[ACTORS];
static size_t waiting, spares;
static uint8_t initial[1200];
static FILE *out;

/* Frames of conversations run past each other by milliseconds: they wait for their turn. */
static struct late {
	int64_t time;
	struct wire_frame frame;
} late[LATE];
static size_t queued;

static void
sink_down(size_t at)
{
	for (;;) {
		size_t least = 2 * at + 1;
		struct actor *moved = heap[at];

		if (least >= waiting)
			return;
		if (least + 1 < waiting && heap[least + 1]->time < heap[least]->time)
			least++;
		if (moved->time <= heap[least]->time)
			return;
		heap[at] = heap[least];
		heap[least] = moved;
		at = least;
	}
}

static struct actor *
begin(const struct actor *like)
{
	struct actor *actor = spares ? spare[--spares] : NULL;
	size_t at = waiting;

	if (!actor) {
		fprintf(stderr, "make_home: too many conversations at once\n");
		exit(1);
	}
	*actor = *like;
	heap[waiting++] = actor;
	for (; at > 0 && heap[(at - 1) / 2]->time > heap[at]->time; at = (at - 1) / 2) {
		heap[at] = heap[(at - 1) / 2];
		heap[(at - 1) / 2] = actor;
	}
	return actor;
}

static void
write_until(int64_t time)
{
	size_t done = 0;

	for (; done < queued && late[done].time <= time; done++)
		wire_write(out, late[done].time, late[done].frame.bytes, late[done].frame.length,
		    late[done].frame.length);
	queued -= done;
	if (done > 0)
		memmove(late, late + done, queued * sizeof(*late));
}

static void
write_frame(const struct actor *a, const struct wire_frame *f)
{
	size_t at = queued;

	if (queued == LATE) {
		fprintf(stderr, "make_home: too many frames at once\n");
		exit(1);
	}
	for (; at > 0 && late[at - 1].time > a->time; at--)
		late[at] = late[at - 1];
	late[at].time = a->time;
	memcpy(late[at].frame.bytes, f->bytes, f->length);
	late[at].frame.length = f->length;
	queued++;
}

/* One TCP segment; a payload of length bytes is a record of ciphertext unless text is given. */
static void
say_tcp(struct actor *a, bool up, uint8_t flags, const uint8_t *text, size_t length)
{
	uint32_t number[2] = {a->number[!up], a->number[up]};
	struct wire_frame f;
	uint8_t *payload;

	payload = wire_tcp(&f, up ? &a->device : &a->remote, up ? &a->remote : &a->device, flags,
	    number, length);
	if (text)
		memcpy(payload, text, length);
	else if (length > 0)
		wire_fill(payload, length);
	a->number[!up] += (uint32_t)length + ((flags & (FLAG_SYN | FLAG_FIN)) != 0);
	write_frame(a, &f);
}

static void
say_udp(const struct actor *a, bool up, const uint8_t *text, size_t length)
{
	struct wire_frame f;
	uint8_t *payload =
	    wire_udp(&f, up ? &a->device : &a->remote, up ? &a->remote : &a->device, length);

	if (text)
		memcpy(payload, text, length);
	else
		wire_fill(payload, length);
	write_frame(a, &f);
}

static void
look_up(struct actor *a)
{
	struct actor asker = *a;
	uint8_t message[512];
	uint16_t id = (uint16_t)wire_number();

	asker.device.port = (uint16_t)wire_between(32768, 60999);
	asker.remote = router;
	say_udp(&asker, true, message, wire_dns(message, id, a->host, 0));
	asker.time += 12000;
	say_udp(&asker, false, message, wire_dns(message, id, a->host, a->remote.ip));
	a->time = asker.time + 3000;
}

/* The bulk of a conversation: full packets one way, an acknowledgement after every third. */
static bool
transfer(struct actor *a)
{
	size_t length = a->left < SEGMENT ? (size_t)a->left : SEGMENT;

	if (a->left <= 0)
		return false;
	if (a->quic)
		say_udp(a, a->up, NULL, length > 1250 ? 1250 : length);
	else
		say_tcp(a, a->up, FLAG_ACK, NULL, length);
	a->left -= (int64_t)(a->quic && length > 1250 ? 1250 : length);
	a->time += a->gap;
	if (++a->unanswered < 3 && a->left > 0)
		return true;
	a->unanswered = 0;
	a->time += 20;
	if (a->quic)
		say_udp(a, !a->up, NULL, 40);
	else
		say_tcp(a, !a->up, FLAG_ACK, NULL, 0);
	return true;
}

static void
talk_quic(struct actor *a)
{
	if (a->step == 0)
		look_up(a);
	if (a->step == 0)
		say_udp(a, true, initial, sizeof(initial));
	else if (a->step == 1)
		say_udp(a, false, NULL, 1200);
	else if (!transfer(a)) {
		a->time = 0;
		return;
	}
	if (a->step < 2) {
		a->step++;
		a->time += 18000;
	}
}

static void
talk_tls(struct actor *a)
{
	static const uint8_t server[] = "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03";
	uint8_t text[SEGMENT];

	switch (a->step++) {
	case 0:
		look_up(a);
		say_tcp(a, true, FLAG_SYN, NULL, 0);
		break;
	case 1:
		say_tcp(a, false, FLAG_SYN | FLAG_ACK, NULL, 0);
		break;
	case 2:
		say_tcp(a, true, FLAG_ACK, NULL, 0);
		a->time += 300;
		say_tcp(a, true, FLAG_ACK, text, wire_hello(text, a->host));
		break;
	case 3:
		wire_fill(text, sizeof(text));
		memcpy(text, server, sizeof(server) - 1);
		say_tcp(a, false, FLAG_ACK, text, sizeof(text));
		a->time += 30;
		say_tcp(a, false, FLAG_ACK, NULL, 1100);
		break;
	case 4:
		say_tcp(a, true, FLAG_ACK, NULL, 80);
		a->time += 900;
		say_tcp(a, true, FLAG_ACK, NULL, 240);
		break;
	default:
		if (transfer(a))
			return;
		say_tcp(a, true, FLAG_FIN | FLAG_ACK, NULL, 0);
		a->time += 15000;
		say_tcp(a, false, FLAG_FIN | FLAG_ACK, NULL, 0);
		a->time = 0;
		return;
	}
	a->time += 15000;
}

/* A connection that is kept alive: a small record and its answer every half minute. */
static void
keep_alive(struct actor *a)
{
	if (a->step < 5) {
		talk_tls(a);
		return;
	}
	say_tcp(a, true, FLAG_ACK, NULL, 61);
	a->time += 21000;
	say_tcp(a, false, FLAG_ACK, NULL, 57);
	a->time += 30 * SECOND;
}

/* A live view: STUN (RFC 8489) to the viewer's address, then SRTP (RFC 3711) up. */
static void
live_view(struct actor *a)
{
	static const uint8_t stun[20] = {
	    0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 'p', 'o', 'r', 'c', 'h'};
	uint8_t text[1100];
	size_t length = sizeof(text);

	if (a->step++ == 0) {
		memcpy(text, stun, sizeof(stun));
		say_udp(a, true, text, sizeof(stun));
		a->time += 40000;
		text[0] = 1;
		say_udp(a, false, text, sizeof(stun));
		a->time += 40000;
		return;
	}
	wire_fill(text, length);
	text[0] = 0x80;
	text[1] = 96;
	wire_u16(text + 2, a->step);
	wire_u32(text + 4, a->step / 12 * 6000);
	wire_u32(text + 8, 0x31337);
	if (a->step % 12 == 0)
		length = wire_between(200, 900);
	say_udp(a, true, text, length);
	a->left -= (int64_t)length;
	a->time = a->left > 0 ? a->time + a->gap : 0;
}

static void
name_site(struct actor *a, uint32_t site)
{
	snprintf(a->host, sizeof(a->host), "s%u.cdn%u.example", site, site % 97);
	a->remote = (struct wire_end){{2, 0, 0, 0, 0, 1}, 0xc6120000 + site * 7 + 1, 443};
}

/* Another device at its pages: a site of those it likes, then the next one later. */
static void
browse(struct actor *a)
{
	struct actor visit = *a;

	visit.act = wire_number() % 4 == 0 ? talk_quic : talk_tls;
	visit.quic = visit.act == talk_quic;
	visit.device.port = (uint16_t)wire_between(32768, 60999);
	name_site(&visit, (a->device.ip * 37 + wire_between(0, 60)) % SITES);
	visit.left = wire_between(1, 9) * wire_between(1, 9) * (int64_t)wire_between(500, 3500);
	visit.gap = wire_between(100, 1500);
	begin(&visit);
	a->time += wire_between(20, 420) * SECOND;
}

/* The time, asked of the router (RFC 5905), and the device's announcement (RFC 6762). */
static void
tell_time(struct actor *a)
{
	struct actor asker = *a;
	uint8_t text[48] = {0x23};

	asker.device.port = asker.remote.port = 123;
	asker.remote.ip = router.ip;
	say_udp(&asker, true, text, sizeof(text));
	asker.time += 2000;
	text[0] = 0x24;
	say_udp(&asker, false, text, sizeof(text));
	a->time += HOUR / 2;
}

static struct actor
talk_of_doorbell(const struct actor *a, const char *host, uint32_t ip)
{
	struct actor talk = *a;

	talk.act = talk_tls;
	talk.step = 0;
	talk.up = true;
	talk.device.port = (uint16_t)wire_between(32768, 60999);
	talk.remote = (struct wire_end){{2, 0, 0, 0, 0, 1}, ip, 443};
	snprintf(talk.host, sizeof(talk.host), "%s", host);
	return talk;
}

/* Every hour a clip and the message about it; every sixth hour a live view as well. */
static void
ring(struct actor *a)
{
	struct actor clip = talk_of_doorbell(a, "media.doorvue.example", 0xcb007122);
	struct actor note = talk_of_doorbell(a, "events.doorvue.example", 0xcb007105);
	struct actor view = talk_of_doorbell(a, "", 0xc6336407);

	clip.left = wire_between(4000000, 12000000);
	clip.gap = wire_between(1500, 4000);
	begin(&clip);
	note.time += SECOND;
	note.left = wire_between(900, 3000);
	note.gap = 1000;
	begin(&note);
	view.act = live_view;
	view.time += 10 * 60 * SECOND;
	view.remote.port = 50006;
	view.left = wire_between(5000000, 9000000);
	view.gap = 6000;
	if (a->step++ % 6 == 3)
		begin(&view);
	a->time += HOUR;
}

static void
move_in(uint8_t device)
{
	struct actor a = {.device = {{2, 0, 0, 0, 1, device}, 0xc0a80100U + 10 + device, 40000}};
	struct actor line;

	a.time = WIRE_START + wire_between(1, 600) * SECOND;
	a.act = device < DOORBELLS ? ring : browse;
	if (device < DOORBELLS)
		memcpy(a.device.mac, "\0\0\x5e\0\x53", 5); /* a documentation MAC (RFC 9542) */
	begin(&a);
	if (device < DOORBELLS) {
		line = talk_of_doorbell(&a, "events.doorvue.example", 0xcb007105);
		line.act = keep_alive;
		begin(&line);
	}
	a.act = tell_time;
	begin(&a);
}

static void
live_until(int64_t end)
{
	while (waiting > 0 && heap[0]->time < end) {
		struct actor *next = heap[0];

		write_until(next->time);
		next->act(next);
		if (next->time == 0) {
			heap[0] = heap[--waiting];
			spare[spares++] = next;
		}
		sink_down(0);
	}
	write_until(end);
}

int
main(int argc, char **argv)
{
	FILE *quic = argc == 5 ? fopen(argv[3], "rb") : NULL;
	long hours = argc == 5 ? strtol(argv[2], NULL, 10) : 0;

	if (hours < 1 || hours > 1000 || !quic || fread(initial, sizeof(initial), 1, quic) != 1) {
		fprintf(stderr, "usage: make_home SEED HOURS QUIC_INITIAL OUT\n");
		return 2;
	}
	fclose(quic);
	wire_seed = strtoull(argv[1], NULL, 10);
	for (size_t i = ACTORS; i-- > 0;)
		spare[spares++] = &pool[i];
	out = wire_open(argv[4]);
	for (uint8_t device = 0; device < DEVICES; device++)
		move_in(device);
	live_until(WIRE_START + hours * HOUR);
	return wire_close(out, argv[4]);
}
