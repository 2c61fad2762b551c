/* SPDX-License-Identifier: Apache-2.0 */
#include "source/links.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "tests/test.h"

static struct link last;
static unsigned calls;

static void
keep(const struct link *link, void *user)
{
	(void)user;
	last = *link;
	calls++;
}

static int
setup(void **state)
{
	(void)state;
	calls = 0;
	return 0;
}

/* Appends a message about an interface, with its name as an attribute; returns the end. */
static size_t
add_message(uint8_t *bytes, size_t at, uint16_t type, unsigned flags, const char *name)
{
	struct nlmsghdr head = {.nlmsg_type = type};
	struct ifinfomsg about = {.ifi_family = AF_UNSPEC, .ifi_index = 7, .ifi_flags = flags};
	struct rtattr other = {.rta_len = RTA_LENGTH(4), .rta_type = IFLA_MTU};
	struct rtattr attribute = {.rta_type = IFLA_IFNAME};
	size_t size = strlen(name) + 1;
	uint8_t *p = bytes + at;

	attribute.rta_len = (unsigned short)RTA_LENGTH(size);
	head.nlmsg_len = (uint32_t)(NLMSG_LENGTH(sizeof(about)) + RTA_SPACE(4) + RTA_SPACE(size));
	memset(p, 0, head.nlmsg_len);
	memcpy(p, &head, sizeof(head));
	memcpy(p + NLMSG_HDRLEN, &about, sizeof(about));
	p += NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(about));
	memcpy(p, &other, sizeof(other));
	memcpy(p + RTA_SPACE(4), &attribute, sizeof(attribute));
	memcpy(p + RTA_SPACE(4) + RTA_LENGTH(0), name, size);
	return at + head.nlmsg_len;
}

static void
what_is_told_of_an_interface_is_read(void **state)
{
	uint8_t bytes[512];
	size_t len = add_message(bytes, 0, RTM_NEWLINK, IFF_UP, "br-lan");

	(void)state;
	links_read(bytes, len, keep, NULL);
	assert_int_equal(calls, 1);
	assert_string_equal(last.name, "br-lan");
	assert_int_equal(last.index, 7);
	assert_true(last.there && last.up);
	assert_false(last.carrier);
	len = add_message(bytes, len, RTM_DELLINK, IFF_UP | IFF_RUNNING, "br-lan");
	links_read(bytes, len, keep, NULL);
	assert_int_equal(calls, 3);
	assert_false(last.there || last.up || last.carrier);
}

static struct addr own;
static bool own_there;
static size_t addresses;

static void
keep_address(const struct addr *addr, bool there, void *user)
{
	(void)user;
	own = *addr;
	own_there = there;
	addresses++;
}

/* RFC 3549, 3.3.2: the address of the far end, then ours. */
static size_t
add_address(uint8_t *at, uint16_t type, const uint8_t far[4], const uint8_t ours[4])
{
	const struct ifaddrmsg about = {.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = 7};
	const struct rtattr attribute[2] = {
	    {RTA_LENGTH(4), IFA_ADDRESS}, {RTA_LENGTH(4), IFA_LOCAL}};
	const struct nlmsghdr head = {
	    .nlmsg_len = NLMSG_LENGTH(sizeof(about)) + 2 * RTA_SPACE(4), .nlmsg_type = type};

	memcpy(at, &head, sizeof(head));
	at += NLMSG_HDRLEN;
	memcpy(at, &about, sizeof(about));
	at += NLMSG_ALIGN(sizeof(about));
	for (size_t i = 0; i < 2; i++, at += RTA_SPACE(4)) {
		memcpy(at, &attribute[i], sizeof(attribute[i]));
		memcpy(at + RTA_LENGTH(0), i == 0 ? far : ours, 4);
	}
	return head.nlmsg_len;
}

static void
an_address_that_comes_or_goes_is_told(void **state)
{
	static const uint8_t far[4] = {192, 0, 2, 9}, ours[4] = {192, 0, 2, 1};
	static const uint8_t loopback[4] = {127, 0, 0, 1};
	const struct addr expected = addr_from_ipv4(192, 0, 2, 1);
	uint8_t bytes[512];
	size_t len = add_address(bytes, RTM_NEWADDR, far, ours);

	(void)state;
	addresses = 0;
	links_read_addresses(bytes, len, keep_address, NULL);
	assert_int_equal(addresses, 1);
	assert_true(own_there && addr_equal(&own, &expected));
	len += add_address(bytes + len, RTM_DELADDR, far, ours);
	links_read_addresses(bytes, len, keep_address, NULL);
	assert_int_equal(addresses, 3);
	assert_false(own_there);
	for (size_t cut = 0; cut < len / 2; cut++)
		links_read_addresses(bytes, cut, keep_address, NULL);
	len = add_address(bytes, RTM_NEWADDR, loopback, loopback);
	links_read_addresses(bytes, len, keep_address, NULL);
	assert_int_equal(addresses, 3);
	links_read(bytes, len, keep, NULL);
	assert_int_equal(calls, 0);
}

static void
what_is_not_whole_is_passed_over(void **state)
{
	uint8_t bytes[512];
	size_t len = add_message(bytes, 0, RTM_NEWLINK, IFF_UP, "br-lan");

	(void)state;
	for (size_t cut = 0; cut < len; cut++)
		links_read(bytes, cut, keep, NULL);
	assert_int_equal(calls, 0);
	for (size_t at = 0; at < len; at++) {
		uint8_t before = bytes[at];

		for (unsigned value = 0; value < 256; value += 51) {
			bytes[at] = (uint8_t)value;
			links_read(bytes, len, keep, NULL);
			if (calls > 0)
				assert_true(strlen(last.name) < LINK_NAME);
		}
		bytes[at] = before;
	}
}

static void
loopback_is_there_and_another_name_is_not(void **state)
{
	struct links *links = links_open();
	struct link link;

	(void)state;
	if (!links)
		skip();
	link = links_look(links, "lo");
	assert_true(link.there);
	assert_true(link.index > 0);
	assert_false(links_look(links, "absent0").there);
	assert_false(links_look(links, "a name that no interface can have").there);
	assert_true(links_fd(links) >= 0);
	assert_true(links_next(links, keep, keep_address, NULL));
	links_close(links);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_told_of_an_interface_is_read, setup),
	    cmocka_unit_test_setup(an_address_that_comes_or_goes_is_told, setup),
	    cmocka_unit_test_setup(what_is_not_whole_is_passed_over, setup),
	    cmocka_unit_test(loopback_is_there_and_another_name_is_not),
	};

	return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
