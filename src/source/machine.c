/* SPDX-License-Identifier: Apache-2.0 */
#include "source/machine.h"

#include <ifaddrs.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/machine_files.h"

#define ARPHRD_ETHER_TYPE 1 /* net/if_arp.h, as /sys/class/net/NAME/type says it */
#define FLAG_UP           0x1
#define FLAG_LOOPBACK     0x8

static bool
name_is_sound(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len < MACHINE_NAME && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

/* A number of /sys/class/net/NAME; 0 when it is not there. */
static uint64_t
net_number(const char *root, const char *name, const char *leaf, int base)
{
	char text[64];

	if (!machine_text(text, sizeof(text), "%s/sys/class/net/%s/%s", root, name, leaf))
		return 0;
	return strtoull(text, NULL, base);
}

static bool
net_has(const char *root, const char *name, const char *leaf)
{
	return machine_has("%s/sys/class/net/%s/%s", root, name, leaf);
}

/* The bridge that NAME is a port of. */
static void
read_master(const char *root, struct machine_interface *i)
{
	char path[512], target[256];
	const char *leaf;
	ssize_t len;

	snprintf(path, sizeof(path), "%s/sys/class/net/%s/master", root, i->name);
	len = readlink(path, target, sizeof(target) - 1);
	if (len <= 0 || !net_has(root, i->name, "brport"))
		return;
	target[len] = '\0';
	leaf = strrchr(target, '/');
	snprintf(i->master, sizeof(i->master), "%.15s", leaf ? leaf + 1 : target);
}

struct ports {
	const char *root;
	uint64_t received;
	enum machine_known merges;
};

static void
see_port(const char *name, void *user)
{
	struct ports *ports = user;
	enum machine_known merges = machine_merges(ports->root, name);

	ports->received += net_number(ports->root, name, "statistics/rx_bytes", 10);
	if (merges > ports->merges)
		ports->merges = merges;
}

static struct ports
ports_of(const char *root, const char *bridge)
{
	struct ports ports = {.root = root};

	machine_each(see_port, &ports, "%s/sys/class/net/%s/brif", root, bridge);
	return ports;
}

bool
machine_bytes(const char *root, const char *name, uint64_t *bytes)
{
	if (!name_is_sound(name) || !net_has(root, name, "statistics/rx_bytes"))
		return false;
	*bytes = net_number(root, name, "statistics/tx_bytes", 10);
	if (net_has(root, name, "bridge"))
		*bytes += ports_of(root, name).received;
	else
		*bytes += net_number(root, name, "statistics/rx_bytes", 10);
	return true;
}

static void
see_interface(const char *root, const char *name, struct machine_interface *i)
{
	uint64_t flags;

	*i = (struct machine_interface){.exists = false};
	snprintf(i->name, sizeof(i->name), "%.15s", name);
	if (!name_is_sound(name) || !net_has(root, name, "flags"))
		return;
	flags = net_number(root, name, "flags", 16);
	i->exists = true;
	i->up = flags & FLAG_UP;
	i->loopback = flags & FLAG_LOOPBACK;
	i->carrier = net_number(root, name, "carrier", 10) == 1;
	i->ethernet = !i->loopback && net_number(root, name, "type", 10) == ARPHRD_ETHER_TYPE;
	i->wireless = net_has(root, name, "wireless") || net_has(root, name, "phy80211");
	i->bridge = net_has(root, name, "bridge");
	read_master(root, i);
	i->merges = i->bridge ? ports_of(root, name).merges : machine_merges(root, name);
	machine_bytes(root, name, &i->bytes);
}

static struct machine_interface *
find(struct machine_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->interfaces; i++)
		if (strcmp(facts->interface[i].name, name) == 0)
			return &facts->interface[i];
	return NULL;
}

/* Where a network begins, as /proc/net/route prints it: network order in a word of this CPU. */
static struct addr
network_of(unsigned word)
{
	uint32_t bits = word;

	return addr_from_bytes(4, (const uint8_t *)&bits);
}

static void
see_route(struct machine_facts *facts, const char *line)
{
	char name[MACHINE_NAME];
	unsigned destination, gateway, mask;
	struct machine_interface *i;
	struct addr network;
	bool home;

	if (sscanf(line, "%15s %x %x %*x %*d %*d %*d %x", name, &destination, &gateway, &mask) != 4)
		return;
	network = network_of(destination);
	home = addr_is_private(&network);
	i = find(facts, name);
	if (i && mask == 0)
		i->default_route = true;
	if (mask == 0 || gateway != 0 || addr_is_multicast(&network) ||
	    addr_is_link_local(&network) || addr_is_loopback(&network))
		return;
	if (!i)
		facts->other_home |= home;
	else if (home)
		i->home_network = true;
	else
		i->public_network = true;
}

static void
see_routes(const char *root, struct machine_facts *facts)
{
	struct machine_file file;
	char *line;

	if (!machine_open(&file, "%s/proc/net/route", root))
		return;
	while ((line = machine_line(&file)))
		see_route(facts, line);
	machine_close(&file);
}

static void
see_memory(const char *root, struct machine_facts *facts)
{
	struct machine_file file;
	char limit[64];
	char *line;

	if (machine_open(&file, "%s/proc/meminfo", root)) {
		while ((line = machine_line(&file))) {
			sscanf(line, "MemTotal: %" SCNu64, &facts->memory_total);
			sscanf(line, "MemAvailable: %" SCNu64, &facts->memory_free);
		}
		machine_close(&file);
	}
	facts->memory_total *= 1024;
	facts->memory_free *= 1024;
	if (machine_text(limit, sizeof(limit), "%s/sys/fs/cgroup/memory.max", root)) {
		uint64_t most = strtoull(limit, NULL, 10);

		if (most > 0 && most < facts->memory_total)
			facts->memory_total = most;
		if (most > 0 && most < facts->memory_free)
			facts->memory_free = most;
	}
}

void
machine_see(const char *root, const char *const *names, size_t count, struct machine_facts *facts)
{
	char forward[8];

	*facts = (struct machine_facts){.interfaces = 0};
	for (size_t i = 0; i < count && i < MACHINE_INTERFACES; i++)
		see_interface(root, names[i], &facts->interface[facts->interfaces++]);
	facts->forwards =
	    machine_text(forward, sizeof(forward), "%s/proc/sys/net/ipv4/ip_forward", root) &&
	    forward[0] == '1';
	see_routes(root, facts);
	machine_see_short_cuts(root, facts);
	see_memory(root, facts);
	facts->synchronised = machine_synchronised(root);
}

struct candidates {
	const char *root;
	char (*names)[MACHINE_NAME];
	size_t count;
};

static void
see_candidate(const char *name, void *user)
{
	struct candidates *c = user;
	struct machine_interface i;

	see_interface(c->root, name, &i);
	if (!i.up || i.loopback || i.master[0] || c->count == MACHINE_INTERFACES)
		return;
	memcpy(c->names[c->count++], i.name, MACHINE_NAME);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

size_t
machine_candidates(const char *root, char names[MACHINE_INTERFACES][MACHINE_NAME])
{
	struct candidates c = {.root = root, .names = names};

	machine_each(see_candidate, &c, "%s/sys/class/net", root);
	qsort(names, c.count, MACHINE_NAME, by_name);
	return c.count;
}

static bool
address_of(const struct sockaddr *from, struct addr *address)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (from && from->sa_family == AF_INET) {
		memcpy(&four, from, sizeof(four));
		*address = addr_from_bytes(4, (const uint8_t *)&four.sin_addr);
		return !addr_is_loopback(address);
	}
	if (from && from->sa_family == AF_INET6) {
		memcpy(&six, from, sizeof(six));
		*address = addr_from_bytes(6, (const uint8_t *)&six.sin6_addr);
		return !addr_is_loopback(address);
	}
	return false;
}

size_t
machine_addresses(struct addr *addresses, size_t max)
{
	struct ifaddrs *all;
	size_t count = 0;

	if (getifaddrs(&all) != 0)
		return 0;
	for (const struct ifaddrs *at = all; at && count < max; at = at->ifa_next)
		count += address_of(at->ifa_addr, &addresses[count]);
	freeifaddrs(all);
	return count;
}
