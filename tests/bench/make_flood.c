/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A flood: FLOWS flows of one device, one after the other, each five packets from SYN to
 * ServerHello with a name of its own.
 * usage: make_flood FLOWS OUT
 */
#include "tests/bench/wire.h"

static struct wire_end device = {{2, 0, 0, 0, 1, 1}, 0xc0a80114, 0};
static struct wire_end remote = {{2, 0, 0, 0, 0, 1}, 0, 443};

static void
write_flow(FILE *out, uint32_t number)
{
	int64_t time = WIRE_START + (int64_t)number * 500;
	uint32_t up[2] = {1000, 5001}, down[2] = {5000, 1001};
	struct wire_frame f;
	char host[64];

	device.port = (uint16_t)(1024 + number % 60000);
	remote.ip = 0xc6120001 + number / 60000 * 256 + number % 250; /* 198.18.0.0/15 (RFC 2544) */
	snprintf(host, sizeof(host), "n%u.flood.example", number);
	wire_tcp(&f, &device, &remote, FLAG_SYN, up, 0);
	wire_write(out, time, f.bytes, f.length, f.length);
	wire_tcp(&f, &remote, &device, FLAG_SYN | FLAG_ACK, down, 0);
	wire_write(out, time + 50, f.bytes, f.length, f.length);
	up[0]++;
	wire_tcp(&f, &device, &remote, FLAG_ACK, up, 0);
	wire_write(out, time + 100, f.bytes, f.length, f.length);
	wire_hello(wire_tcp(&f, &device, &remote, FLAG_ACK, up, 517), host);
	wire_write(out, time + 150, f.bytes, f.length, f.length);
	down[0]++;
	down[1] += 517;
	wire_fill(wire_tcp(&f, &remote, &device, FLAG_ACK, down, 1200), 1200);
	memcpy(f.bytes + WIRE_LINK + WIRE_IP + WIRE_TCP, "\x16\x03\x03\x04\xab\x02", 6);
	wire_write(out, time + 200, f.bytes, f.length, f.length);
}

int
main(int argc, char **argv)
{
	long flows = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
	FILE *out;

	if (flows < 1 || flows > 10000000) {
		fprintf(stderr, "usage: make_flood FLOWS OUT\n");
		return 2;
	}
	out = wire_open(argv[2]);
	for (long i = 0; i < flows; i++)
		write_flow(out, (uint32_t)i);
	return wire_close(out, argv[2]);
}
