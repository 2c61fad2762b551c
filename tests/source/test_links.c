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
	assert_true(links_next(links, keep, NULL));
	links_close(links);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_told_of_an_interface_is_read, setup),
	    cmocka_unit_test_setup(what_is_not_whole_is_passed_over, setup),
	    cmocka_unit_test(loopback_is_there_and_another_name_is_not),
	};

	return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
