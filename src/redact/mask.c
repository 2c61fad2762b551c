/* SPDX-License-Identifier: Apache-2.0 */
#include "redact/mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/serial.h"
#include "base/table.h"

#define NAMES 65536

struct masks {
	const struct porch_rules *rules;
	struct pseudonyms *pseudonyms;
	struct table *kept; /* of hashes of hosts */
};

struct masks *
masks_new(const struct porch_rules *rules, struct pseudonyms *pseudonyms, size_t max)
{
	struct masks *masks = calloc(1, sizeof(*masks));

	if (!masks)
		return NULL;
	masks->rules = rules;
	masks->pseudonyms = pseudonyms;
	masks->kept = table_new(max ? max : NAMES, sizeof(uint64_t), sizeof(uint64_t), 0);
	if (masks->kept)
		return masks;
	masks_free(masks);
	return NULL;
}

void
masks_free(struct masks *masks)
{
	if (!masks)
		return;
	table_free(masks->kept);
	free(masks);
}

void
masks_keep(struct masks *masks, const char *host)
{
	uint64_t sum = hash_id(host, strlen(host));
	bool created;

	table_see(masks->kept, &sum, &created);
}

/* Names that never lead out, whatever answered (RFC 6761, 6762, 8375, 9476; ICANN's .internal). */
static bool
is_of_homes(const char *host)
{
	static const char *const suffixes[] = {"local", "lan", "home", "localdomain", "internal",
	    "intranet", "private", "corp", "alt", "arpa", "localhost", "invalid"};

	if (!strchr(host, '.'))
		return true;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (host_has_suffix(host, suffixes[i]))
			return true;
	return false;
}

static bool
stays(const struct masks *masks, const char *host)
{
	uint64_t sum = hash_id(host, strlen(host));
	struct receiver found;

	if (is_of_homes(host))
		return false;
	return table_find(masks->kept, &sum) || rules_host(masks->rules, host, &found);
}

/* Masks the labels that `serials` asks for, or all but the last. */
static void
mask_labels(struct masks *masks, const char *host, bool serials, char *out)
{
	size_t len;

	for (const char *label = host; *label; label += len + (label[len] == '.')) {
		bool last;

		len = strcspn(label, ".");
		last = label[len] == '\0';
		if (serials ? serial_looks_like(label, len) : !last || label == host)
			pseudonym_label(masks->pseudonyms, label, len, out + (label - host));
	}
}

bool
masks_host(struct masks *masks, const char *host, char out[static HOST_TEXT])
{
	struct receiver before, after;
	bool known;

	memcpy(out, host, strlen(host) + 1);
	if (!stays(masks, host)) {
		mask_labels(masks, host, false, out);
		return strcmp(host, out) != 0;
	}
	mask_labels(masks, host, true, out);
	known = rules_host(masks->rules, host, &before);
	/* A label that a shipped rule asks for is nobody's own. */
	if (known &&
	    (!rules_host(masks->rules, out, &after) || strcmp(before.rule.id, after.rule.id) != 0))
		memcpy(out, host, strlen(host) + 1);
	return strcmp(host, out) != 0;
}
