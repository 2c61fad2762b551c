/* SPDX-License-Identifier: Apache-2.0 */
#include "source/links.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER (32U << 10)

struct links {
	int netlink;
	int looks; /* a socket to ask about interfaces with (netdevice(7)) */
	_Alignas(NLMSG_ALIGNTO) uint8_t bytes[BUFFER];
};

struct links *
links_open(void)
{
	struct sockaddr_nl self = {.nl_family = AF_NETLINK,
	    .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR};
	struct links *links = calloc(1, sizeof(*links));
	int kind = SOCK_CLOEXEC | SOCK_NONBLOCK;

	if (!links)
		return NULL;
	links->netlink = socket(AF_NETLINK, SOCK_RAW | kind, NETLINK_ROUTE);
	links->looks = socket(AF_UNIX, SOCK_DGRAM | kind, 0);
	if (links->netlink >= 0 && links->looks >= 0 &&
	    bind(links->netlink, (const struct sockaddr *)&self, sizeof(self)) == 0)
		return links;
	links_close(links);
	return NULL;
}

void
links_close(struct links *links)
{
	if (!links)
		return;
	if (links->netlink >= 0)
		close(links->netlink);
	if (links->looks >= 0)
		close(links->looks);
	free(links);
}

int
links_fd(const struct links *links)
{
	return links->netlink;
}

/* What the attribute of that type holds, and its length; NULL when there is none. */
static const uint8_t *
find_attribute(const uint8_t *bytes, size_t len, unsigned type, size_t *size)
{
	struct rtattr head;

	while (len >= sizeof(head)) {
		size_t whole;

		memcpy(&head, bytes, sizeof(head));
		if (head.rta_len < sizeof(head) || head.rta_len > len)
			return NULL;
		*size = head.rta_len - sizeof(head);
		if (head.rta_type == type)
			return bytes + sizeof(head);
		whole = RTA_ALIGN(head.rta_len);
		if (whole > len)
			return NULL;
		bytes += whole;
		len -= whole;
	}
	return NULL;
}

static bool
read_name(const uint8_t *bytes, size_t len, char name[static LINK_NAME])
{
	size_t size;
	const uint8_t *at = find_attribute(bytes, len, IFLA_IFNAME, &size);

	if (!at || size > LINK_NAME)
		return false;
	memcpy(name, at, size);
	name[LINK_NAME - 1] = '\0';
	return name[0] != '\0';
}

/* Our end where an address has another at the far end (rtnetlink(7)). */
static bool
read_own(const uint8_t *bytes, size_t len, uint8_t family, struct addr *own)
{
	size_t size, wanted = family == AF_INET ? 4 : 16;
	const uint8_t *at = find_attribute(bytes, len, IFA_LOCAL, &size);

	if (!at)
		at = find_attribute(bytes, len, IFA_ADDRESS, &size);
	if (!at || size != wanted)
		return false;
	*own = addr_from_bytes(family == AF_INET ? 4 : 6, at);
	return !addr_is_loopback(own);
}

static void
read_address(const uint8_t *bytes, size_t len, bool there, address_fn *each, void *user)
{
	size_t begin = NLMSG_ALIGN(sizeof(struct ifaddrmsg));
	struct ifaddrmsg about;
	struct addr own;

	if (len < begin)
		return;
	memcpy(&about, bytes, sizeof(about));
	if ((about.ifa_family == AF_INET || about.ifa_family == AF_INET6) &&
	    read_own(bytes + begin, len - begin, about.ifa_family, &own))
		each(&own, there, user);
}

static void
read_link(const uint8_t *bytes, size_t len, bool there, link_fn *each, void *user)
{
	struct link link = {.there = there};
	struct ifinfomsg about;
	size_t begin = NLMSG_ALIGN(sizeof(about));

	if (len < begin)
		return;
	memcpy(&about, bytes, sizeof(about));
	/* A bridge tells what becomes of its ports in the same words (AF_BRIDGE). */
	if (about.ifi_family != AF_UNSPEC || !read_name(bytes + begin, len - begin, link.name))
		return;
	link.index = about.ifi_index;
	link.up = there && (about.ifi_flags & IFF_UP);
	link.carrier = there && (about.ifi_flags & IFF_RUNNING);
	each(&link, user);
}

/* What a message says, behind its head. */
struct message {
	uint16_t type;
	const uint8_t *body;
	size_t len;
};

/* Takes the next one; the last may lack its padding.  False when no whole one is left. */
static bool
take_message(const uint8_t **bytes, size_t *len, struct message *message)
{
	struct nlmsghdr head;
	size_t whole;

	if (*len < sizeof(head))
		return false;
	memcpy(&head, *bytes, sizeof(head));
	if (head.nlmsg_len < NLMSG_HDRLEN || head.nlmsg_len > *len)
		return false;
	message->type = head.nlmsg_type;
	message->body = *bytes + NLMSG_HDRLEN;
	message->len = head.nlmsg_len - NLMSG_HDRLEN;
	whole = NLMSG_ALIGN(head.nlmsg_len);
	if (whole > *len)
		whole = *len;
	*bytes += whole;
	*len -= whole;
	return true;
}

void
links_read(const uint8_t *bytes, size_t len, link_fn *each, void *user)
{
	struct message message;

	while (take_message(&bytes, &len, &message))
		if (message.type == RTM_NEWLINK || message.type == RTM_DELLINK)
			read_link(message.body, message.len, message.type == RTM_NEWLINK, each,
			    user);
}

void
links_read_addresses(const uint8_t *bytes, size_t len, address_fn *each, void *user)
{
	struct message message;

	while (take_message(&bytes, &len, &message))
		if (message.type == RTM_NEWADDR || message.type == RTM_DELADDR)
			read_address(message.body, message.len, message.type == RTM_NEWADDR, each,
			    user);
}

bool
links_next(struct links *links, link_fn *each, address_fn *address, void *user)
{
	for (;;) {
		struct sockaddr_nl from = {.nl_pid = 0};
		socklen_t size = sizeof(from);
		ssize_t got = recvfrom(links->netlink, links->bytes, BUFFER, 0,
		    (struct sockaddr *)&from, &size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN;
		if (from.nl_pid != 0) /* not of the kernel */
			continue;
		links_read(links->bytes, (size_t)got, each, user);
		links_read_addresses(links->bytes, (size_t)got, address, user);
	}
}

struct link
links_look(const struct links *links, const char *name)
{
	struct link link = {.there = false};
	struct ifreq request = {.ifr_ifindex = 0};

	strncpy(link.name, name, LINK_NAME - 1);
	memcpy(request.ifr_name, link.name, LINK_NAME);
	if (strlen(name) >= LINK_NAME || ioctl(links->looks, SIOCGIFINDEX, &request) != 0)
		return link;
	link.index = request.ifr_ifindex;
	if (ioctl(links->looks, SIOCGIFFLAGS, &request) != 0)
		return link;
	link.there = true;
	link.up = request.ifr_flags & IFF_UP;
	link.carrier = request.ifr_flags & IFF_RUNNING;
	return link;
}
