/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_BENCH_WIRE_H
#define TESTS_BENCH_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Frames for the captures that are measured with, and numbers that are the same on every run.
 * Checksums of TCP and UDP are left to the network card (zero), as many captures have them.
 */

#define WIRE_MOST  1514
#define WIRE_LINK  14
#define WIRE_IP    20
#define WIRE_TCP   20
#define WIRE_UDP   8
#define WIRE_START INT64_C(1794787200000000) /* 2026-11-16T00:00:00Z, in microseconds */

#define FLAG_FIN 0x01
#define FLAG_SYN 0x02
#define FLAG_ACK 0x10

struct wire_end {
	uint8_t mac[6];
	uint32_t ip;
	uint16_t port;
};

struct wire_frame {
	size_t length;
	uint8_t bytes[WIRE_MOST + 2];
};

static uint64_t wire_seed = 1;

/* splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). */
static inline uint64_t
wire_number(void)
{
	uint64_t z = wire_seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline uint32_t
wire_between(uint32_t least, uint32_t most)
{
	return least + (uint32_t)(wire_number() % (most - least + 1));
}

static inline void
wire_u16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void
wire_u32(uint8_t *at, uint32_t value)
{
	wire_u16(at, value >> 16);
	wire_u16(at + 2, value);
}

/* length bytes that look like ciphertext. */
static inline void
wire_fill(uint8_t *at, size_t length)
{
	static uint64_t noise[1024];
	size_t from = (size_t)(wire_number() % 512) * 8;

	if (!noise[0])
		for (size_t i = 0; i < 1024; i++)
			noise[i] = wire_number();
	memcpy(at, (const uint8_t *)noise + from, length);
}

static inline void
wire_ip(struct wire_frame *f, const struct wire_end *from, const struct wire_end *to,
    uint8_t protocol, size_t length)
{
	static uint16_t id;
	uint8_t *ip = f->bytes + WIRE_LINK;
	uint32_t sum = 0;

	memcpy(f->bytes, to->mac, 6);
	memcpy(f->bytes + 6, from->mac, 6);
	wire_u16(f->bytes + 12, 0x0800);
	memset(ip, 0, WIRE_IP);
	ip[0] = 0x45;
	wire_u16(ip + 2, (uint32_t)length + WIRE_IP);
	wire_u16(ip + 4, ++id);
	ip[6] = 0x40;
	ip[8] = 64;
	ip[9] = protocol;
	wire_u32(ip + 12, from->ip);
	wire_u32(ip + 16, to->ip);
	for (size_t i = 0; i < WIRE_IP; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	wire_u16(ip + 10, ~(sum + (sum >> 16)));
	f->length = WIRE_LINK + WIRE_IP + length;
}

/* Returns where the payload of that length goes. */
static inline uint8_t *
wire_udp(struct wire_frame *f, const struct wire_end *from, const struct wire_end *to,
    size_t length)
{
	uint8_t *udp = f->bytes + WIRE_LINK + WIRE_IP;

	wire_ip(f, from, to, 17, WIRE_UDP + length);
	wire_u16(udp, from->port);
	wire_u16(udp + 2, to->port);
	wire_u16(udp + 4, (uint32_t)(WIRE_UDP + length));
	wire_u16(udp + 6, 0);
	return udp + WIRE_UDP;
}

static inline uint8_t *
wire_tcp(struct wire_frame *f, const struct wire_end *from, const struct wire_end *to,
    uint8_t flags, const uint32_t number[2], size_t length)
{
	uint8_t *tcp = f->bytes + WIRE_LINK + WIRE_IP;

	wire_ip(f, from, to, 6, WIRE_TCP + length);
	wire_u16(tcp, from->port);
	wire_u16(tcp + 2, to->port);
	wire_u32(tcp + 4, number[0]);
	wire_u32(tcp + 8, flags & FLAG_ACK ? number[1] : 0);
	tcp[12] = 0x50;
	tcp[13] = flags;
	wire_u16(tcp + 14, 0xffff);
	wire_u32(tcp + 16, 0);
	return tcp + WIRE_TCP;
}

/* A ClientHello in one record (RFC 8446, 4.1.2), as long as browsers' are; returns its length. */
static inline size_t
wire_hello(uint8_t *out, const char *host)
{
	static const uint8_t suites[] = {
	    0x13, 1, 0x13, 2, 0x13, 3, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c};
	static const uint8_t rest[] = {0, 10, 0, 6, 0, 4, 0, 29, 0, 23, /* groups */
	    0, 11, 0, 2, 1, 0,                                          /* point formats */
	    0, 13, 0, 8, 0, 6, 4, 3, 8, 4, 4, 1,                        /* signatures */
	    0, 16, 0, 14, 0, 12, 2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1', /* ALPN */
	    0, 43, 0, 3, 2, 3, 4}; /* versions */
	size_t name = strlen(host), length = 517 - 9, at = 9 + 2 + 32 + 1 + 32;

	memset(out, 0, 517);
	memcpy(out, "\x16\x03\x01\x02\x00\x01\x00", 7);
	wire_u16(out + 7, (uint32_t)length);
	wire_u16(out + 9, 0x0303);
	wire_fill(out + 11, 32);
	out[43] = 32;
	wire_fill(out + 44, 32);
	at = 76;
	wire_u16(out + at, sizeof(suites));
	memcpy(out + at + 2, suites, sizeof(suites));
	at += 2 + sizeof(suites);
	wire_u16(out + at, 0x0100);
	at += 2;
	wire_u16(out + at, (uint32_t)(517 - at - 2));
	at += 2;
	wire_u16(out + at, 0);
	wire_u16(out + at + 2, (uint32_t)name + 5);
	wire_u16(out + at + 4, (uint32_t)name + 3);
	wire_u16(out + at + 7, (uint32_t)name);
	memcpy(out + at + 9, host, name);
	at += 9 + name;
	memcpy(out + at, rest, sizeof(rest));
	at += sizeof(rest);
	wire_u16(out + at, 21); /* padding (RFC 7685) */
	wire_u16(out + at + 2, (uint32_t)(517 - at - 4));
	return 517;
}

/* A question for an address, or its answer when ip is not 0; returns its length. */
static inline size_t
wire_dns(uint8_t *out, uint16_t id, const char *host, uint32_t ip)
{
	size_t at = 12;

	memset(out, 0, 12);
	wire_u16(out, id);
	wire_u16(out + 2, ip ? 0x8180 : 0x0100);
	out[5] = 1;
	out[7] = ip ? 1 : 0;
	while (*host) {
		size_t label = strcspn(host, ".");

		out[at] = (uint8_t)label;
		memcpy(out + at + 1, host, label);
		at += 1 + label;
		host += label + (host[label] == '.');
	}
	memcpy(out + at, "\0\0\1\0\1", 5);
	at += 5;
	if (!ip)
		return at;
	memcpy(out + at, "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4", 12);
	wire_u32(out + at + 12, ip);
	return at + 16;
}

static inline void
wire_begin(FILE *out)
{
	static const uint32_t header[6] = {0xa1b2c3d4, 4U << 16 | 2, 0, 0, 262144, 1};

	fwrite(header, sizeof(header), 1, out);
}

/* time: microseconds since 1970.  In the byte order of this machine. */
static inline void
wire_write(FILE *out, int64_t time, const uint8_t *bytes, size_t captured, size_t on_wire)
{
	uint32_t head[4] = {(uint32_t)(time / 1000000), (uint32_t)(time % 1000000),
	    (uint32_t)captured, (uint32_t)on_wire};

	fwrite(head, sizeof(head), 1, out);
	fwrite(bytes, captured, 1, out);
}

/* Opens with a large buffer, or says why not and ends the program. */
static inline FILE *
wire_open(const char *path)
{
	FILE *out = fopen(path, "wb");

	if (!out) {
		perror(path);
		exit(1);
	}
	setvbuf(out, malloc(1 << 20), _IOFBF, 1 << 20);
	wire_begin(out);
	return out;
}

static inline int
wire_close(FILE *out, const char *path)
{
	int failed = ferror(out);

	if (fclose(out) == 0 && !failed)
		return 0;
	perror(path);
	return 1;
}

#endif
