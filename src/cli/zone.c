/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME_MAX_LEN 64 /* the longest name of the database has 32 letters */

/* Letters of the database's names ("America/Port-au-Prince", "Etc/GMT+1"); no way up or out. */
static bool
well_formed(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= NAME_MAX_LEN && name[0] != '/' && !strstr(name, "..") &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
	           len;
}

/* Zone files begin with the four bytes "TZif" (RFC 8536, 3.1). */
static bool
is_zone_file(const char *path)
{
	char magic[4];
	FILE *file = fopen(path, "rb");
	bool is;

	if (!file)
		return false;
	is = fread(magic, sizeof(magic), 1, file) == 1 && memcmp(magic, "TZif", 4) == 0;
	fclose(file);
	return is;
}

bool
zone_known(const char *name)
{
	const char *folder = getenv("TZDIR");
	char path[512];
	int len;

	if (strcmp(name, "UTC") == 0)
		return true;
	if (!well_formed(name))
		return false;
	len = snprintf(path, sizeof(path), "%s/%s",
	    folder && folder[0] ? folder : "/usr/share/zoneinfo", name);
	return len > 0 && (size_t)len < sizeof(path) && is_zone_file(path);
}

void
zone_use(const char *name)
{
	char value[NAME_MAX_LEN + 2];

	snprintf(value, sizeof(value), ":%s", name);
	setenv("TZ", value, 1);
	tzset();
}

int32_t
zone_offset(int64_t time, void *user)
{
	int64_t micros = time % 1000000;
	time_t seconds = (time_t)(time / 1000000 - (micros < 0));
	struct tm local;

	(void)user;
	if (!localtime_r(&seconds, &local))
		return 0;
	return (int32_t)local.tm_gmtoff;
}
