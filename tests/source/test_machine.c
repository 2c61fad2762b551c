/* SPDX-License-Identifier: Apache-2.0 */
#include "source/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

/* A machine made of files. */
static char root[64];
static struct machine_facts facts;

static void
folders_of(char *path)
{
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static void
has(const char *leaf, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s", root, leaf);
	folders_of(path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void
has_interface(const char *name, const char *leaf, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, leaf);
	has(path, text);
}

/* Up, with a cable, and counters. */
static void
has_wire(const char *name, const char *received, const char *sent)
{
	has_interface(name, "flags", "0x1003\n");
	has_interface(name, "type", "1\n");
	has_interface(name, "carrier", "1\n");
	has_interface(name, "statistics/rx_bytes", received);
	has_interface(name, "statistics/tx_bytes", sent);
}

static void
has_port(const char *bridge, const char *port)
{
	char link[128], target[64];

	has_interface(port, "brport/state", "3\n");
	snprintf(link, sizeof(link), "%s/sys/class/net/%s/master", root, port);
	snprintf(target, sizeof(target), "../%s", bridge);
	assert_int_equal(symlink(target, link), 0);
	snprintf(target, sizeof(target), "brif/%s/state", port);
	has_interface(bridge, target, "3\n");
}

/* Little-endian machines print it this way round. */
static void
has_routes(const char *lines)
{
	char text[1024];
	const uint16_t one = 1;

	if (*(const uint8_t *)&one != 1)
		skip();
	snprintf(text, sizeof(text),
	    "Iface\tDestination\tGateway "
	    "\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n%s",
	    lines);
	has("/proc/net/route", text);
}

static void
look(const char *name)
{
	machine_see(root, &name, 1, &facts);
}

/* A router as OpenWrt makes one: two ports in br-lan, the internet behind wan. */
static void
has_router(void)
{
	has_wire("br-lan", "1000\n", "7000\n");
	has_interface("br-lan", "bridge/bridge_id", "8000\n");
	has_wire("lan1", "4000\n", "5000\n");
	has_wire("lan2", "300\n", "5000\n");
	has_port("br-lan", "lan1");
	has_port("br-lan", "lan2");
	has_wire("wan", "60\n", "7\n");
	has_routes("wan\t00000000\tFE7100CB\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
	           "wan\t007100CB\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
	           "br-lan\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
	has("/proc/sys/net/ipv4/ip_forward", "1\n");
}

static int
setup(void **state)
{
	(void)state;
	strcpy(root, "/tmp/porchlight-machine-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void
an_interface_that_is_not_there_is_no_more_than_a_name(void **state)
{
	static const char *const names[] = {"eth7", "..", "a/b", "a-name-that-is-too-long"};

	(void)state;
	machine_see(root, names, 4, &facts);
	assert_int_equal(facts.interfaces, 4);
	for (size_t i = 0; i < 4; i++)
		assert_false(facts.interface[i].exists || facts.interface[i].up);
	assert_string_equal(facts.interface[0].name, "eth7");
	assert_int_equal(facts.memory_total, 0);
}

static void
an_interface_is_what_its_files_say(void **state)
{
	(void)state;
	has_wire("eth0", "10\n", "20\n");
	look("eth0");
	assert_true(facts.interface[0].exists && facts.interface[0].up);
	assert_true(facts.interface[0].carrier && facts.interface[0].ethernet);
	assert_false(facts.interface[0].loopback || facts.interface[0].wireless);
	assert_int_equal(facts.interface[0].bytes, 30);
	assert_int_equal(facts.interface[0].merges, MACHINE_UNKNOWN);
	has_interface("eth0", "flags", "0x9\n");
	has_interface("eth0", "wireless/link", "0\n");
	look("eth0");
	assert_true(facts.interface[0].loopback && facts.interface[0].wireless);
	has_interface("eth0", "flags", "0x1002\n");
	look("eth0");
	assert_false(facts.interface[0].up);
}

static void
a_bridge_counts_what_came_in_by_its_ports_and_what_it_sent(void **state)
{
	uint64_t bytes;

	(void)state;
	has_router();
	look("br-lan");
	assert_true(facts.interface[0].bridge);
	assert_int_equal(facts.interface[0].bytes, 4000 + 300 + 7000);
	assert_true(machine_bytes(root, "br-lan", &bytes));
	assert_int_equal(bytes, 11300);
	assert_false(machine_bytes(root, "eth9", &bytes));
	look("lan1");
	assert_string_equal(facts.interface[0].master, "br-lan");
}

static void
routes_tell_which_side_an_interface_is_on(void **state)
{
	(void)state;
	has_router();
	look("br-lan");
	assert_true(facts.forwards);
	assert_true(facts.interface[0].home_network);
	assert_false(facts.interface[0].public_network || facts.interface[0].default_route);
	assert_false(facts.other_home);
	look("wan");
	assert_true(facts.interface[0].public_network && facts.interface[0].default_route);
	assert_false(facts.interface[0].home_network);
	assert_true(facts.other_home);
}

static void
candidates_are_no_ports_and_up(void **state)
{
	char names[MACHINE_INTERFACES][MACHINE_NAME];

	(void)state;
	has_router();
	has_interface("lo", "flags", "0x9\n");
	has_interface("eth9", "flags", "0x1002\n");
	assert_int_equal(machine_candidates(root, names), 2);
	assert_string_equal(names[0], "br-lan");
	assert_string_equal(names[1], "wan");
}

static void
short_cuts_are_read_from_the_settings(void **state)
{
	(void)state;
	look("eth0");
	assert_false(facts.offload_set || facts.offload_hardware_set);
	has("/etc/config/firewall", "config defaults\n\toption input\t'ACCEPT'\n"
	                            "\toption flow_offloading '1'\n");
	look("eth0");
	assert_true(facts.offload_set);
	assert_false(facts.offload_hardware_set);
	has("/etc/config/firewall",
	    "config defaults\n\toption flow_offloading 1\n\toption flow_offloading_hw \"1\"\n");
	look("eth0");
	assert_true(facts.offload_set && facts.offload_hardware_set);
	has("/etc/config/firewall", "config defaults\n#\toption flow_offloading '1'\n"
	                            "\toption flow_offloading '0'\n"
	                            "\toption flow_offloading_hw '1'\n");
	look("eth0");
	assert_false(facts.offload_set || facts.offload_hardware_set);
}

static void
short_cuts_are_read_from_rules_and_modules(void **state)
{
	(void)state;
	has("/sys/module/nft_flow_offload/refcnt", "0\n");
	look("eth0");
	assert_false(facts.flowtable);
	has("/sys/module/nft_flow_offload/refcnt", "2\n");
	has("/sys/module/shortcut_fe/refcnt", "0\n");
	look("eth0");
	assert_true(facts.flowtable);
	assert_string_equal(facts.accelerator, "shortcut_fe");
}

static void
short_cuts_are_read_from_connections(void **state)
{
	(void)state;
	has("/proc/net/nf_conntrack",
	    "ipv4     2 tcp      6 431999 ESTABLISHED src=192.168.1.20 dst=203.0.113.5 sport=1 "
	    "dport=443 packets=2 bytes=100 src=203.0.113.5 dst=192.0.2.1 sport=443 dport=1 "
	    "packets=1 bytes=60 [ASSURED] mark=0 zone=0 use=2\n"
	    "ipv4     2 tcp      6 src=192.168.1.20 dst=203.0.113.5 sport=2 dport=443 packets=9 "
	    "bytes=9000 src=203.0.113.5 dst=192.0.2.1 sport=443 dport=2 packets=4 bytes=400 "
	    "[OFFLOAD] mark=0 zone=0 use=3\n"
	    "ipv4     2 udp      17 src=192.168.1.21 dst=203.0.113.6 sport=3 dport=443 packets=1 "
	    "bytes=70 src=203.0.113.6 dst=192.0.2.1 sport=443 dport=3 packets=1 bytes=7 "
	    "[HW_OFFLOAD] mark=0 zone=0 use=3\n");
	look("eth0");
	assert_int_equal(facts.offloaded_flows, 2);
	assert_int_equal(facts.hardware_flows, 1);
	assert_int_equal(facts.offloaded_bytes, 9477);
}

static void
memory_is_bounded_by_a_control_group(void **state)
{
	(void)state;
	has("/proc/meminfo", "MemTotal:         124852 kB\nMemFree:           10000 kB\n"
	                     "MemAvailable:      61440 kB\n");
	look("eth0");
	assert_int_equal(facts.memory_total, 124852 * 1024);
	assert_int_equal(facts.memory_free, 60 << 20);
	has("/sys/fs/cgroup/memory.max", "max\n");
	look("eth0");
	assert_int_equal(facts.memory_free, 60 << 20);
	has("/sys/fs/cgroup/memory.max", "33554432\n");
	look("eth0");
	assert_int_equal(facts.memory_total, 32 << 20);
	assert_int_equal(facts.memory_free, 32 << 20);
}

/* The machine that runs this: whatever it says, it must be read without a fault. */
static void
this_machine_has_a_loopback(void **state)
{
	static const char *const lo[] = {"lo"};
	struct addr addresses[4];

	(void)state;
	machine_see("", lo, 1, &facts);
	if (!facts.interface[0].exists)
		skip();
	assert_true(facts.interface[0].loopback);
	assert_true(facts.memory_total >= facts.memory_free);
	assert_int_not_equal(facts.synchronised, MACHINE_UNKNOWN);
	for (size_t i = 0, count = machine_addresses(addresses, 4); i < count; i++)
		assert_false(addr_is_loopback(&addresses[i]));
}

int
main(void)
{
#define OF_FILES(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
	    OF_FILES(an_interface_that_is_not_there_is_no_more_than_a_name),
	    OF_FILES(an_interface_is_what_its_files_say),
	    OF_FILES(a_bridge_counts_what_came_in_by_its_ports_and_what_it_sent),
	    OF_FILES(routes_tell_which_side_an_interface_is_on),
	    OF_FILES(candidates_are_no_ports_and_up),
	    OF_FILES(short_cuts_are_read_from_the_settings),
	    OF_FILES(short_cuts_are_read_from_rules_and_modules),
	    OF_FILES(short_cuts_are_read_from_connections),
	    OF_FILES(memory_is_bounded_by_a_control_group),
	    cmocka_unit_test(this_machine_has_a_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
