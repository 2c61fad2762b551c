/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "rules/loading.h"
#include "rules/tests.h"

/* The section `test` of a rule file. */

struct test_fact {
	struct fact fact;
	struct rule_test test;
};

static const char *const answers[] = {"yes", "no", NULL};

bool
rules_is_capture(const char *name)
{
	static const char *const ends[] = {
	    ".pcap", ".pcapng", ".pcap.gz", ".pcapng.gz", ".pcap.zst", ".pcapng.zst"};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t tail = strlen(ends[i]);

		if (len > tail && strcmp(name + len - tail, ends[i]) == 0)
			return true;
	}
	return false;
}

/* One of a NULL-ended list of words, as the list spells it. */
static bool
read_word(struct reader *r, json_t *object, const char *key, const char *const *words,
    const char **out)
{
	unsigned at = UINT32_MAX;

	if (!reader_word(r, object, key, false, words, &at))
		return false;
	if (at != UINT32_MAX)
		*out = words[at];
	return true;
}

static bool
read_receiver(struct reader *r, json_t *object, struct expected_receiver *to)
{
	static const char *const keys[] = {"to", "party", "organisation", "footage", NULL};
	static const char *const parties[] = {"unknown", "maker", "cloud", "tracker", "evidence",
	    "peer", "utility", "other", "local", NULL};

	if (!reader_keys(r, object, keys) || !reader_text(r, object, "to", true, &to->to) ||
	    !read_word(r, object, "party", parties, &to->party) ||
	    !reader_text(r, object, "organisation", false, &to->organisation) ||
	    !read_word(r, object, "footage", answers, &to->footage))
		return false;
	return true;
}

static bool
read_receivers(struct reader *r, json_t *expect, struct rule_test *test)
{
	json_t *array = reader_array(r, expect, "destination"), *item;
	size_t mark = reader_enter(r, "destination"), i;
	struct expected_receiver *to;

	if (array) {
		to = reader_take(r, json_array_size(array) * sizeof(*to));
		if (!to)
			return false;
		json_array_foreach(array, i, item)
		{
			size_t inner = reader_enter_item(r, i);

			if (!read_receiver(r, item, &to[i]))
				return false;
			reader_leave(r, inner);
		}
		test->receiver = to;
		test->receivers = json_array_size(array);
	}
	reader_leave(r, mark);
	return !r->failed;
}

static bool
read_expect(struct reader *r, json_t *object, struct rule_test *test)
{
	static const char *const keys[] = {
	    "device", "vendor", "product", "kind", "footage", "destination", NULL};
	json_t *expect = json_object_get(object, "expect");
	size_t mark = reader_enter(r, "expect");
	struct addr addr;
	struct mac mac;

	if (!expect)
		return reader_fail(r, "expect is missing");
	if (!reader_keys(r, expect, keys) ||
	    !reader_text(r, expect, "device", true, &test->device) ||
	    !reader_text(r, expect, "vendor", false, &test->vendor) ||
	    !reader_text(r, expect, "product", false, &test->product) ||
	    !read_word(r, expect, "kind", loading_kinds, &test->kind) ||
	    !read_word(r, expect, "footage", answers, &test->footage) ||
	    !read_receivers(r, expect, test))
		return false;
	if (!mac_parse(test->device, &mac) && !addr_parse(test->device, &addr))
		return reader_fail(r, "device is neither a MAC nor an address");
	if (!test->vendor && !test->product && !test->kind && !test->footage && !test->receivers)
		return reader_fail(r, "nothing is expected of the device");
	reader_leave(r, mark);
	return true;
}

/* "x.pcapng" beside "rules/vendors/a.json" is "rules/vendors/x.pcapng". */
static bool
find_capture(struct reader *r, json_t *object, struct rule_test *test)
{
	const char *leaf = NULL, *slash = strrchr(r->path, '/');
	char path[1024];
	int len;

	if (!reader_text(r, object, "capture", true, &leaf))
		return false;
	if (strchr(leaf, '/') || leaf[0] == '.' || !rules_is_capture(leaf))
		return reader_fail(r, "capture is no capture file beside this one");
	len = snprintf(path, sizeof(path), "%.*s%s", slash ? (int)(slash + 1 - r->path) : 0,
	    r->path, leaf);
	if (len < 0 || (size_t)len >= sizeof(path))
		return reader_fail(r, "the capture's name is too long");
	test->capture = reader_copy(r, path, (size_t)len);
	test->path = r->path;
	return test->capture != NULL;
}

bool
load_test(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "capture", "expect", NULL};
	struct test_fact *fact = reader_take(&l->reader, sizeof(*fact));

	if (!fact || !reader_keys(&l->reader, object, keys) ||
	    !loading_fact(l, object, FACT_TEST, &fact->fact) ||
	    !find_capture(&l->reader, object, &fact->test) ||
	    !read_expect(&l->reader, object, &fact->test))
		return false;
	fact->test.rule = fact->fact.rule;
	return true;
}

const struct rule_test *
rules_test(const struct porch_rules *rules, size_t index)
{
	for (size_t i = 0; i < rules->facts.count; i++) {
		const struct test_fact *fact = rules->facts.item[i];

		if (fact->fact.kind == FACT_TEST && !fact->fact.dead && index-- == 0)
			return &fact->test;
	}
	return NULL;
}
