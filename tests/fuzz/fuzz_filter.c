/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No expression may make libpcap ask anybody for a name: its calls to the resolver end
 * here, and stop the program unless the name is an address in digits.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "source/filter.h"

#define MOST 200

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

__attribute__((visibility("default"))) int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
    struct addrinfo **found)
{
	struct in6_addr address;

	(void)service;
	(void)hints;
	(void)found;
	if (node && inet_pton(AF_INET6, node, &address) != 1 &&
	    inet_pton(AF_INET, node, &address) != 1)
		abort();
	return EAI_NONAME;
}

__attribute__((visibility("default"))) struct netent *
getnetbyname(const char *name)
{
	(void)name;
	abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct porch_error error;
	struct filter *filter;
	char bpf[MOST + 1];

	if (len > MOST)
		return 0;
	memcpy(bpf, bytes, len);
	bpf[len] = '\0';
	filter = filter_new(bpf, &error);
	filter_free(filter);
	return 0;
}
