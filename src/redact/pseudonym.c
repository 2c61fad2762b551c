/* SPDX-License-Identifier: Apache-2.0 */
#include "redact/pseudonym.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "crypto/hkdf.h"

#define REMEMBERED 131072 /* addresses, and as many MACs */
#define POOL4      131072 /* addresses of 198.18.0.0/15 */
#define POOL6      65536  /* networks of 2001:2::/48 */
#define MAC_TRIES  64
#define LABEL_MAX  63
#define INFO_MAX   80

/* What a number is for, so that equal bytes of two kinds have nothing in common. */
enum purpose {
	FOR_BIT = 1,
	FOR_OUTSIDE,
	FOR_NETWORK,
	FOR_HOST,
	FOR_GROUP,
	FOR_MAC,
	FOR_LABEL,
	FOR_NUMBER,
};

struct addr_row {
	struct addr addr;
	struct addr image;
};

struct known_row {
	struct addr addr;
	bool named;
	bool ours;
};

struct mac_row {
	struct mac mac;
	struct mac image;
};

struct pseudonyms {
	const struct porch_rules *rules;
	struct hkdf *hkdf;
	uint8_t key[HKDF_KEY_SIZE];
	struct table *known;
	struct table *addrs;
	struct table *networks; /* of IPv6, by an address whose last 64 bits are zero */
	struct table *macs;
	struct table *taken_macs; /* images that are in use; by themselves */
	bool taken4[POOL4];
	bool taken6[POOL6];
	uint64_t shared;
};

struct pseudonyms *
pseudonyms_new(const uint8_t key[static PSEUDONYM_KEY], const struct porch_rules *rules, size_t max)
{
	struct pseudonyms *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	max = max ? max : REMEMBERED;
	p->rules = rules;
	p->hkdf = hkdf_new();
	p->known = table_new(max, sizeof(struct known_row), sizeof(struct addr), 0);
	p->addrs = table_new(max, sizeof(struct addr_row), sizeof(struct addr), 0);
	p->networks = table_new(max, sizeof(struct addr_row), sizeof(struct addr), 0);
	p->macs = table_new(max, sizeof(struct mac_row), sizeof(struct mac), 0);
	p->taken_macs = table_new(max, sizeof(struct mac), sizeof(struct mac), 0);
	if (p->hkdf && p->known && p->addrs && p->networks && p->macs && p->taken_macs &&
	    hkdf_extract(p->hkdf, (const uint8_t *)"porchlight redact", 17, key, PSEUDONYM_KEY,
	        p->key))
		return p;
	pseudonyms_free(p);
	return NULL;
}

void
pseudonyms_free(struct pseudonyms *p)
{
	if (!p)
		return;
	hkdf_free(p->hkdf);
	table_free(p->known);
	table_free(p->addrs);
	table_free(p->networks);
	table_free(p->macs);
	table_free(p->taken_macs);
	free(p);
}

static void
derive(struct pseudonyms *p, enum purpose purpose, const void *bytes, size_t len, void *out,
    size_t out_len)
{
	uint8_t info[INFO_MAX] = {(uint8_t)purpose};

	if (len > sizeof(info) - 1)
		len = sizeof(info) - 1;
	if (len > 0)
		memcpy(info + 1, bytes, len);
	hkdf_expand(p->hkdf, p->key, info, len + 1, out, out_len);
}

static uint64_t
number(struct pseudonyms *p, enum purpose purpose, const void *bytes, size_t len)
{
	uint8_t out[8] = {0};
	uint64_t sum = 0;

	derive(p, purpose, bytes, len, out, sizeof(out));
	for (size_t i = 0; i < sizeof(out); i++)
		sum = sum << 8 | out[i];
	return sum;
}

uint64_t
pseudonym_number(struct pseudonyms *p, const void *bytes, size_t len)
{
	return number(p, FOR_NUMBER, bytes, len);
}

static struct known_row *
know(struct pseudonyms *p, const struct addr *addr)
{
	bool created;

	return table_see(p->known, addr, &created);
}

void
pseudonyms_keep(struct pseudonyms *p, const struct addr *addr)
{
	know(p, addr)->named = true;
}

void
pseudonyms_ours(struct pseudonyms *p, const struct addr *addr)
{
	know(p, addr)->ours = true;
}

static struct addr
network_of(const struct addr *addr)
{
	struct addr network = {.family = 6};

	memcpy(network.bytes, addr->bytes, 8);
	return network;
}

void
pseudonyms_ours_network(struct pseudonyms *p, const struct addr *addr)
{
	struct addr network = network_of(addr);

	know(p, &network)->ours = true;
}

bool
pseudonyms_is_ours(const struct pseudonyms *p, const struct addr *addr)
{
	const struct known_row *row = table_find(p->known, addr);
	struct addr network = network_of(addr);

	if (row && row->ours)
		return true;
	row = addr->family == 6 ? table_find(p->known, &network) : NULL;
	return row && row->ours;
}

/* Flips each bit from..to by a number that follows from the bits before it. */
static void
scramble(struct pseudonyms *p, struct addr *addr, unsigned from, unsigned to)
{
	const struct addr old = *addr;
	struct {
		uint8_t bit;
		struct addr before;
	} info = {.before = {.family = addr->family}};

	for (unsigned i = 0; i < from; i++)
		info.before.bytes[i / 8] |= (uint8_t)(old.bytes[i / 8] & 0x80U >> i % 8);
	for (unsigned i = from; i < to; i++) {
		info.bit = (uint8_t)i;
		if (number(p, FOR_BIT, &info, sizeof(info)) & 1)
			addr->bytes[i / 8] ^= (uint8_t)(0x80U >> i % 8);
		info.before.bytes[i / 8] |= (uint8_t)(old.bytes[i / 8] & 0x80U >> i % 8);
	}
}

/* The last 64 bits: they often hold a MAC, and follow from the whole address. */
static void
scramble_host(struct pseudonyms *p, struct addr *addr, const struct addr *whole)
{
	uint64_t host = number(p, FOR_HOST, whole, sizeof(*whole));

	for (int i = 15; i >= 8; i--, host >>= 8)
		addr->bytes[i] = (uint8_t)host;
}

/* The first number from start on that nobody has; a full pool is shared. */
static uint32_t
take(struct pseudonyms *p, bool *taken, uint32_t size, uint64_t start)
{
	for (uint32_t i = 0; i < size; i++) {
		uint32_t at = (uint32_t)((start + i) % size);

		if (taken[at])
			continue;
		taken[at] = true;
		return at;
	}
	p->shared++;
	return (uint32_t)(start % size);
}

struct addr
pseudonym_network(struct pseudonyms *p, const struct addr *addr)
{
	struct addr network = network_of(addr), image = *addr;
	struct addr_row *row;
	bool created;

	row = table_see(p->networks, &network, &created);
	if (created) {
		uint32_t at =
		    take(p, p->taken6, POOL6, number(p, FOR_NETWORK, &network, sizeof(network)));

		row->image = (struct addr){
		    .family = 6, .bytes = {0x20, 1, 0, 2, 0, 0, (uint8_t)(at >> 8), (uint8_t)at}};
	}
	memcpy(image.bytes, row->image.bytes, 8);
	return image;
}

static struct addr
to_benchmark(struct pseudonyms *p, const struct addr *addr)
{
	struct addr image;
	uint32_t at;

	if (addr->family == 6) {
		image = pseudonym_network(p, addr);
		scramble_host(p, &image, addr);
		return image;
	}
	at = take(p, p->taken4, POOL4, number(p, FOR_OUTSIDE, addr, sizeof(*addr)));
	return addr_from_ipv4(198, (uint8_t)(18 + (at >> 16)), (uint8_t)(at >> 8), (uint8_t)at);
}

/* Ranges whose addresses stay in them: where one lies says whether it is inside. */
static const struct range {
	struct prefix prefix;
	bool ours; /* only if the home claimed it, else it goes with the others */
} ranges[] = {
    {{{4, {10}}, 8}, false},                 /* RFC 1918 */
    {{{4, {172, 16}}, 12}, false},           /* RFC 1918 */
    {{{4, {192, 168}}, 16}, false},          /* RFC 1918 */
    {{{4, {169, 254}}, 16}, false},          /* RFC 3927 */
    {{{6, {0xfd}}, 8}, false},               /* RFC 4193 */
    {{{6, {0xfc}}, 8}, false},               /* RFC 4193 */
    {{{6, {0xfe, 0x80}}, 64}, false},        /* RFC 4291, 2.5.6 */
    {{{6, {0xfe, 0x80}}, 10}, false},        /* RFC 4291, 2.5.6 */
    {{{4, {100, 64}}, 10}, true},            /* RFC 6598 */
    {{{4, {192, 0, 2}}, 24}, true},          /* RFC 5737 */
    {{{4, {198, 51, 100}}, 24}, true},       /* RFC 5737 */
    {{{4, {203, 0, 113}}, 24}, true},        /* RFC 5737 */
    {{{6, {0x20, 1, 0xd, 0xb8}}, 32}, true}, /* RFC 3849 */
    {{{6, {0x3f, 0xff}}, 20}, true},         /* RFC 9637 */
};

static const struct range *
range_of(const struct addr *addr, bool ours)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if ((ours || !ranges[i].ours) && prefix_contains(&ranges[i].prefix, addr))
			return &ranges[i];
	return NULL;
}

/* ff02::1:ff00:0/104 (RFC 4291, 2.7.1) ends as the address does that it stands for. */
static const struct prefix solicited = {{6, {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff}}, 104};

static void
scramble_group(struct pseudonyms *p, uint8_t last[static 3])
{
	uint64_t group = number(p, FOR_GROUP, last, 3);

	for (int i = 2; i >= 0; i--, group >>= 8)
		last[i] = (uint8_t)group;
}

static bool
is_plain(const struct addr *addr)
{
	return addr->family == 0 || addr_is_multicast(addr) || addr_is_broadcast(addr) ||
	       addr_is_unspecified(addr) || addr_is_loopback(addr);
}

static struct addr
image_of(struct pseudonyms *p, const struct addr *addr)
{
	const struct known_row *known = table_find(p->known, addr);
	bool ours = pseudonyms_is_ours(p, addr);
	const struct range *range = range_of(addr, ours);
	struct receiver owner;
	struct addr image = *addr;

	if (range) {
		scramble(p, &image, range->prefix.length, addr->family == 6 ? 64 : 32);
		if (addr->family == 6)
			scramble_host(p, &image, addr);
		return image;
	}
	if (!ours && ((known && known->named) || rules_address(p->rules, addr, &owner)))
		return image;
	return to_benchmark(p, addr);
}

struct addr
pseudonym_addr(struct pseudonyms *p, const struct addr *addr)
{
	struct addr_row *row;
	struct addr image;
	bool created;

	if (is_plain(addr)) {
		image = *addr;
		if (prefix_contains(&solicited, addr))
			scramble_group(p, image.bytes + 13);
		return image;
	}
	row = table_see(p->addrs, addr, &created);
	if (created)
		row->image = image_of(p, addr);
	return row->image;
}

/* Whether the rules say the same of both. */
static bool
same_maker(const struct pseudonyms *p, const struct mac *a, const struct mac *b)
{
	struct mac_match one, other;
	bool known = rules_mac(p->rules, a, &one);

	if (known != rules_mac(p->rules, b, &other))
		return false;
	return !known || strcmp(one.rule.id, other.rule.id) == 0;
}

/* Replaces what comes behind the first `bits` bits. */
static struct mac
behind(struct pseudonyms *p, const struct mac *mac, unsigned bits, uint8_t attempt)
{
	struct {
		struct mac mac;
		uint8_t bits;
		uint8_t attempt;
	} info = {*mac, (uint8_t)bits, attempt};
	uint64_t fill = number(p, FOR_MAC, &info, sizeof(info));
	struct mac image = *mac;

	for (unsigned i = bits; i < 48; i++, fill >>= 1) {
		uint8_t bit = (uint8_t)(0x80U >> i % 8);

		image.bytes[i / 8] = (uint8_t)((image.bytes[i / 8] & ~bit) | (fill & 1 ? bit : 0));
	}
	return image;
}

/* A random MAC has no maker's prefix: it keeps only that it is one. */
static struct mac
behind_random(struct pseudonyms *p, const struct mac *mac, uint8_t attempt)
{
	struct mac image = behind(p, mac, 0, attempt);

	image.bytes[0] = (uint8_t)((image.bytes[0] & ~3U) | (mac->bytes[0] & 3U));
	return image;
}

/* The shortest prefix of the registries that still tells the same maker (IEEE MA-L, -M, -S). */
static struct mac
mac_image(struct pseudonyms *p, const struct mac *mac)
{
	static const uint8_t lengths[] = {24, 28, 36};
	struct mac image = *mac;

	for (size_t i = 0; i < sizeof(lengths); i++) {
		for (uint8_t attempt = 0; attempt < MAC_TRIES; attempt++) {
			image = mac_is_local(mac) ? behind_random(p, mac, attempt)
			                          : behind(p, mac, lengths[i], attempt);
			if (same_maker(p, mac, &image) && !mac_equal(mac, &image) &&
			    !table_find(p->taken_macs, &image))
				return image;
		}
	}
	p->shared++;
	return image;
}

struct mac
pseudonym_mac(struct pseudonyms *p, const struct mac *mac)
{
	struct mac image = *mac;
	struct mac_row *row;
	bool created;

	if (mac_is_group(mac)) {
		/* RFC 2464, 7: ends as the multicast address does. */
		if (memcmp(mac->bytes, "\x33\x33\xff", 3) == 0)
			scramble_group(p, image.bytes + 3);
		return image;
	}
	if (mac_is_zero(mac))
		return image;
	row = table_see(p->macs, mac, &created);
	if (created) {
		row->image = mac_image(p, mac);
		table_see(p->taken_macs, &row->image, &created);
	}
	return row->image;
}

void
pseudonym_label(struct pseudonyms *p, const char *label, size_t len, char *out)
{
	char lower[LABEL_MAX] = {0};

	if (len > sizeof(lower))
		len = sizeof(lower);
	for (size_t i = 0; i < len; i++)
		lower[i] =
		    label[i] >= 'A' && label[i] <= 'Z' ? (char)(label[i] - 'A' + 'a') : label[i];
	derive(p, FOR_LABEL, lower, len, out, len);
	for (size_t i = 0; i < len; i++)
		out[i] = (char)('a' + (uint8_t)out[i] % 26);
}

uint64_t
pseudonyms_shared(const struct pseudonyms *p)
{
	return p->shared;
}
