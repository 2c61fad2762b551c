/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/site.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/hash.h"

#define MACHINE_ID  "/etc/machine-id"
#define MACHINE_LEN 32 /* hexadecimal digits */

static void
write_site(char site[static SITE_TEXT], uint64_t number)
{
	for (int i = 0; i < 16; i++)
		site[i] = "0123456789abcdef"[number >> (60 - 4 * i) & 15];
	site[16] = '\0';
}

static bool
read_digits(const char *path, char *digits, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, digits, len) : -1;

	if (fd >= 0)
		close(fd);
	if (got != (ssize_t)len)
		return false;
	digits[len] = '\0';
	return strspn(digits, "0123456789abcdef") == len;
}

/* As machine-id(5) wishes: keyed, so that the id itself cannot be found from it. */
static bool
from_machine(char site[static SITE_TEXT])
{
	char keyed[MACHINE_LEN + sizeof("porchlight site")];

	if (!read_digits(MACHINE_ID, keyed, MACHINE_LEN))
		return false;
	memcpy(keyed + MACHINE_LEN, "porchlight site", sizeof("porchlight site"));
	write_site(site, hash_id(keyed, sizeof(keyed)));
	return true;
}

static bool
keep(const char *path, const char *site)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool kept = fd >= 0 && write(fd, site, SITE_TEXT - 1) == SITE_TEXT - 1;

	if (fd >= 0)
		close(fd);
	return kept;
}

void
site_find(const char *folder, char site[static SITE_TEXT])
{
	char path[4096];
	uint64_t number = 0;

	if (from_machine(site))
		return;
	snprintf(path, sizeof(path), "%s/site", folder ? folder : "");
	if (folder && read_digits(path, site, SITE_TEXT - 1))
		return;
	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		number = (uint64_t)getpid();
	write_site(site, number);
	if (folder)
		keep(path, site);
}
