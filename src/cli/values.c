/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/values.h"

#include <string.h>

#include "base/addr.h"
#include "base/format.h"

#define SECOND       INT64_C(1000000)
#define SECONDS_LAST UINT64_C(253402300799) /* 9999-12-31T23:59:59Z, the last RFC 3339 can say */

/* Digits only, at most max; *end is where they stop. */
static bool
number(const char *text, uint64_t max, uint64_t *value, const char **end)
{
	uint64_t n = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*end = at;
	*value = n;
	return at > text;
}

bool
value_jobs(const char *text, unsigned *jobs)
{
	uint64_t n;
	const char *end;

	if (!number(text, JOBS_MAX, &n, &end) || *end || n == 0)
		return false;
	*jobs = (unsigned)n;
	return true;
}

bool
value_seconds(const char *text, unsigned *seconds)
{
	uint64_t n;
	const char *end;

	if (!number(text, 366 * UINT64_C(86400), &n, &end) || *end)
		return false;
	*seconds = (unsigned)n;
	return true;
}

bool
value_seed(const char *text, uint64_t *seed)
{
	uint64_t n;
	const char *end;

	if (!number(text, UINT64_MAX, &n, &end) || *end)
		return false;
	*seed = n;
	return true;
}

static bool
seconds(const char *text, int64_t *time)
{
	uint64_t whole;
	uint64_t micros = 0;
	const char *end;

	if (!number(text, SECONDS_LAST, &whole, &end))
		return false;
	if (*end == '.') {
		const char *fraction = end + 1;

		if (!number(fraction, 999999, &micros, &end) || end - fraction > 6)
			return false;
		for (long digits = end - fraction; digits < 6; digits++)
			micros *= 10;
	}
	if (*end)
		return false;
	*time = (int64_t)whole * SECOND + (int64_t)micros;
	return true;
}

bool
value_time(const char *text, int64_t *time)
{
	return seconds(text, time) || time_parse(text, time);
}

bool
value_when(const char *text, enum when *when)
{
	static const char *const words[] = {
	    [WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always", [WHEN_NEVER] = "never"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0) {
			*when = (enum when)i;
			return true;
		}
	return false;
}

bool
value_prefix(const char *text)
{
	struct prefix prefix;

	return prefix_parse(text, &prefix);
}

bool
value_subject(const char *text, size_t len)
{
	char copy[ADDR_TEXT];
	struct addr addr;
	struct mac mac;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return mac_parse(copy, &mac) || addr_parse(copy, &addr);
}

bool
value_label(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals && equals[1] && value_subject(text, (size_t)(equals - text));
}
