/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_MACHINE_H
#define SOURCE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * What a machine says of itself that decides what a capture on it can see.  Only facts: what
 * they mean is said elsewhere (cli/doctor_checks.h).  Read from /proc, /sys and /etc beneath a
 * root, so that a test can bring a machine of its own; what the kernel is asked directly
 * (offloads of an interface, whether the clock is synchronised) needs the real root, "".
 */

#define MACHINE_INTERFACES 16
#define MACHINE_NAME       16 /* of an interface: IFNAMSIZ */

enum machine_known { MACHINE_UNKNOWN, MACHINE_NO, MACHINE_YES };

struct machine_interface {
	char name[MACHINE_NAME];
	bool exists;
	bool up;
	bool carrier; /* a cable is in, a radio is on */
	bool loopback;
	bool ethernet; /* frames have MAC addresses */
	bool wireless;
	bool bridge;
	char master[MACHINE_NAME]; /* of the bridge it is a port of, or "" */
	bool home_network;         /* private IPv4 addresses are reached through it */
	bool public_network;       /* public IPv4 addresses are on the wire behind it */
	bool default_route;        /* the internet is behind it */
	enum machine_known merges; /* GRO or LRO: what is captured are packets put together */
	/*
	 * Bytes of frames that passed since it was made; of a bridge what came in by its ports and
	 * what it sent itself, which is what a capture on it sees.
	 */
	uint64_t bytes;
};

struct machine_facts {
	struct machine_interface interface[MACHINE_INTERFACES];
	size_t interfaces;
	bool forwards;    /* it is a router: IPv4 is forwarded */
	bool other_home;  /* an interface besides those has a home network */
	bool offload_set; /* OpenWrt's firewall is told to take short cuts, in software */
	bool offload_hardware_set;
	bool flowtable;                  /* the firewall's rules have short cuts */
	char accelerator[32];            /* a module that takes packets past the kernel, or "" */
	uint64_t offloaded_flows;        /* flows of which packets take a short cut now */
	uint64_t hardware_flows;         /* of these, past the processor */
	uint64_t offloaded_bytes;        /* of those flows, as far as connection tracking counted */
	enum machine_known synchronised; /* the clock */
	uint64_t memory_total;           /* bytes; 0: unknown */
	uint64_t memory_free;            /* that could be had without pushing others out */
};

/* Looks at the machine and these interfaces; beyond MACHINE_INTERFACES they are left out. */
void machine_see(const char *root, const char *const *names, size_t count,
    struct machine_facts *facts);

/* The counters of one interface alone (machine_interface.bytes); false when there are none. */
bool machine_bytes(const char *root, const char *name, uint64_t *bytes);

/*
 * Interfaces that could be watched: up, no loopback and no port of a bridge, in order of
 * their names.  Returns how many, at most MACHINE_INTERFACES.
 */
size_t machine_candidates(const char *root, char names[MACHINE_INTERFACES][MACHINE_NAME]);

/* This machine's own addresses, at most max; loopback left out. */
size_t machine_addresses(struct addr *addresses, size_t max);

#endif
