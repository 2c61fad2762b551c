/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "source/fail.h"
#include "source/filter.h"

#define WORD_MAX 255

/* pcap-filter(7): words after which another word is not the name of a host or network. */
static const char *const takes_name[] = {
    "port",
    "portrange",
    "proto",
    "protochain",
    "type",
    "subtype",
    "dir",
    "direction",
    "ifname",
    "on",
    "reason",
    "action",
    "rset",
    "ruleset",
    "llc",
};

/* pcap-filter(7): the other words. */
static const char *const words[] = {
    "and",
    "or",
    "not",
    "host",
    "net",
    "mask",
    "gateway",
    "src",
    "dst",
    "ra",
    "ta",
    "addr1",
    "addr2",
    "addr3",
    "addr4",
    "address1",
    "address2",
    "address3",
    "address4",
    "link",
    "ether",
    "fddi",
    "tr",
    "wlan",
    "ppp",
    "slip",
    "arp",
    "rarp",
    "ip",
    "ip6",
    "tcp",
    "udp",
    "sctp",
    "icmp",
    "icmp6",
    "igmp",
    "igrp",
    "pim",
    "vrrp",
    "carp",
    "ah",
    "esp",
    "radio",
    "atalk",
    "aarp",
    "decnet",
    "lat",
    "sca",
    "moprc",
    "mopdl",
    "iso",
    "clnp",
    "esis",
    "isis",
    "es-is",
    "is-is",
    "l1",
    "l2",
    "iih",
    "lsp",
    "snp",
    "csnp",
    "psnp",
    "stp",
    "ipx",
    "netbeui",
    "less",
    "greater",
    "byte",
    "len",
    "length",
    "broadcast",
    "multicast",
    "inbound",
    "outbound",
    "ifindex",
    "vlan",
    "mpls",
    "pppoed",
    "pppoes",
    "geneve",
    "lane",
    "metac",
    "bcc",
    "sc",
    "ilmic",
    "oam",
    "oamf4",
    "oamf4ec",
    "oamf4sc",
    "vpi",
    "vci",
    "connectmsg",
    "metaconnect",
    "fisu",
    "lssu",
    "msu",
    "hfisu",
    "hlssu",
    "hmsu",
    "sio",
    "opc",
    "dpc",
    "sls",
    "hsio",
    "hopc",
    "hdpc",
    "hsls",
    "rnr",
    "rulenum",
    "srnr",
    "subrulenum",
    "icmptype",
    "icmpcode",
    "icmp6type",
    "icmp6code",
    "tcpflags",
    "tcp-fin",
    "tcp-syn",
    "tcp-rst",
    "tcp-push",
    "tcp-ack",
    "tcp-urg",
    "tcp-ece",
    "tcp-cwr",
    "icmp-echoreply",
    "icmp-unreach",
    "icmp-sourcequench",
    "icmp-redirect",
    "icmp-echo",
    "icmp-routeradvert",
    "icmp-routersolicit",
    "icmp-timxceed",
    "icmp-paramprob",
    "icmp-tstamp",
    "icmp-tstampreply",
    "icmp-ireq",
    "icmp-ireqreply",
    "icmp-maskreq",
    "icmp-maskreply",
    "icmp6-destinationrunreach",
    "icmp6-packettoobig",
    "icmp6-timeexceeded",
    "icmp6-parameterproblem",
    "icmp6-echo",
    "icmp6-echoreply",
    "icmp6-multicastlistenerquery",
    "icmp6-multicastlistenerreportv1",
    "icmp6-multicastlistenerdone",
    "icmp6-routersolicit",
    "icmp6-routeradvert",
    "icmp6-neighborsolicit",
    "icmp6-neighboradvert",
    "icmp6-redirect",
    "icmp6-routerrenum",
    "icmp6-nodeinformationquery",
    "icmp6-nodeinformationresponse",
    "icmp6-ineighbordiscoverysolicit",
    "icmp6-ineighbordiscoveryadvert",
    "icmp6-multicastlistenerreportv2",
    "icmp6-homeagentdiscoveryrequest",
    "icmp6-homeagentdiscoveryreply",
    "icmp6-mobileprefixsolicit",
    "icmp6-mobileprefixadvert",
    "icmp6-certpathsolicit",
    "icmp6-certpathadvert",
    "icmp6-multicastrouteradvert",
    "icmp6-multicastroutersolicit",
    "icmp6-multicastrouterterm",
};

static bool
is_in(const char *const *list, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

/* "aabbccddeeff", "aabb.ccdd.eeff", "a:b:c:d:e:f" and so on, as libpcap takes a MAC. */
static bool
is_mac(const char *word)
{
	size_t groups = 1;
	size_t digits = 0;
	size_t most = 0;
	char separator = '\0';

	for (const char *c = word; *c; c++) {
		if (isxdigit((unsigned char)*c)) {
			digits++;
			most = digits > most ? digits : most;
			continue;
		}
		if (!strchr(":-.", *c) || (separator && *c != separator) || digits == 0)
			return false;
		separator = *c;
		groups++;
		digits = 0;
	}
	return (groups == 6 && most <= 2 && digits > 0) || (groups == 1 && most == 12) ||
	       (groups == 3 && separator == '.' && strlen(word) == 14 && most == 4);
}

/* One to four numbers with dots between, whatever their size. */
static bool
is_dotted(const char *word)
{
	size_t dots = 0;

	for (size_t i = 0; word[i]; i++) {
		bool between = i > 0 && word[i - 1] != '.' && word[i + 1];

		if (word[i] == '.' ? !between || ++dots > 3 : !isdigit((unsigned char)word[i]))
			return false;
	}
	return true;
}

/* Within brackets, as in "ip[6:2]". */
static bool
is_slice(const char *word)
{
	size_t first = strspn(word, "0123456789");

	return word[first] == ':' &&
	       strspn(word + first + 1, "0123456789") == strlen(word + first + 1);
}

/* Numbers and addresses: what libpcap reads without asking. */
static bool
is_number(const char *word)
{
	struct in6_addr v6;

	if (strncmp(word, "0x", 2) == 0 || strncmp(word, "0X", 2) == 0)
		return word[2] && strspn(word + 2, "0123456789abcdefABCDEF") == strlen(word + 2);
	return is_dotted(word) || is_slice(word) || is_mac(word) ||
	       inet_pton(AF_INET6, word, &v6) == 1;
}

/* Whether the word is one that nobody need be asked about. */
static bool
may_stand(const char *word, bool after_taker)
{
	if (is_number(word) || is_in(words, sizeof(words) / sizeof(*words), word) ||
	    is_in(takes_name, sizeof(takes_name) / sizeof(*takes_name), word))
		return true;
	return after_taker;
}

/* Whether names are still free to follow: "port http or https", but not "port 80 and src a". */
static bool
takes_after(const char *word, bool before)
{
	if (is_in(takes_name, sizeof(takes_name) / sizeof(*takes_name), word))
		return true;
	if (strcmp(word, "or") == 0 || strcmp(word, "and") == 0 || strcmp(word, "not") == 0)
		return before;
	if (is_in(words, sizeof(words) / sizeof(*words), word))
		return false;
	return before;
}

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_.:-\\", c)) || (unsigned char)c >= 0x80;
}

bool
filter_asks_nobody(const char *bpf, struct porch_error *error)
{
	bool takes = false;

	while (*bpf) {
		char word[WORD_MAX + 1];
		size_t len = 0;

		while (is_word_byte(bpf[len]))
			len++;
		if (len == 0) {
			/* Behind it stands again what stood before its pair: be strict. */
			takes = takes && *bpf != ')';
			bpf++;
			continue;
		}
		if (len > WORD_MAX) {
			fail(error, -1, "filter: a word is longer than %d bytes", WORD_MAX);
			return false;
		}
		memcpy(word, bpf, len);
		word[len] = '\0';
		bpf += len;
		if (!may_stand(word, takes)) {
			fail(error, -1, "filter: '%s' is no address; names are not looked up",
			    word);
			return false;
		}
		takes = takes_after(word, takes);
	}
	return true;
}
