/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fail_on.h"

#include <string.h>

static const struct {
	const char *word;
	enum fail_on flag;
} words[] = {
    {"footage", FAIL_ON_FOOTAGE},
    {"tracker", FAIL_ON_TRACKER},
    {"evidence", FAIL_ON_EVIDENCE},
    {"unknown", FAIL_ON_UNKNOWN},
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static unsigned
flag_of(const char *word, size_t len)
{
	for (size_t i = 0; i < WORDS; i++)
		if (strlen(words[i].word) == len && memcmp(words[i].word, word, len) == 0)
			return words[i].flag;
	return 0;
}

bool
fail_on_parse(const char *list, unsigned *wanted)
{
	unsigned flags = 0;

	for (;;) {
		size_t len = strcspn(list, ",");
		unsigned flag = flag_of(list, len);

		if (!flag)
			return false;
		flags |= flag;
		if (!list[len])
			break;
		list += len + 1;
	}
	*wanted |= flags;
	return true;
}

static unsigned
flag_of_party(enum porch_party party)
{
	switch (party) {
	case PORCH_PARTY_TRACKER:
		return FAIL_ON_TRACKER;
	case PORCH_PARTY_EVIDENCE:
		return FAIL_ON_EVIDENCE;
	case PORCH_PARTY_UNKNOWN:
		return FAIL_ON_UNKNOWN;
	default:
		return 0;
	}
}

static bool
footage_left(const struct porch_document *doc)
{
	for (size_t i = 0; i < doc->episode_count; i++)
		if (porch_episode_counts(doc, &doc->episodes[i]))
			return true;
	return false;
}

static bool
sent_to_party(unsigned wanted, const struct porch_document *doc)
{
	for (size_t i = 0; i < doc->destination_count; i++) {
		const struct porch_destination *to = &doc->destinations[i];
		const struct porch_device *from;

		if (to->bytes_up == 0 || !(wanted & flag_of_party(to->party)))
			continue;
		from = porch_document_device(doc, to->device);
		if (from && from->watched)
			return true;
	}
	return false;
}

bool
fail_on_matches(unsigned wanted, const struct porch_document *doc)
{
	return (wanted & FAIL_ON_FOOTAGE && footage_left(doc)) || sent_to_party(wanted, doc);
}
