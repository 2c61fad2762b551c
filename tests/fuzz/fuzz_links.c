/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "source/links.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
see(const struct link *link, void *user)
{
	(void)user;
	if (!link->name[0] || strlen(link->name) >= LINK_NAME)
		abort();
}

static void
see_address(const struct addr *addr, bool there, void *user)
{
	(void)there;
	(void)user;
	if (addr_size(addr) == 0 || addr_is_loopback(addr))
		abort();
}

/* What a kernel tells, or whoever can write in its place. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	links_read(bytes, size, see, NULL);
	links_read_addresses(bytes, size, see_address, NULL);
	return 0;
}
