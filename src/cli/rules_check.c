/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_check.h"

#include <stdio.h>
#include <string.h>

#include <porchlight/engine.h>

#include "cli/say.h"
#include "cli/subject.h"
#include "rules/check.h"
#include "rules/tests.h"

/* One test while its capture's document is compared. */
struct trial {
	const struct rule_test *test;
	const struct porch_document *doc;
	const struct porch_device *device;
	size_t failures;
};

struct checking {
	struct rules_checked checked;
	struct writer *notes;
};

static const char *
fact_name(const struct rule *rule)
{
	const char *mark = strchr(rule->id, '#');

	return mark ? mark + 1 : rule->id;
}

static void
see_overlap(const struct overlap *overlap, void *user)
{
	struct checking *c = user;

	if (!overlap->overrides) {
		c->checked.failures++;
		say("%s: %s: \"%s\": %s has it too", overlap->path, fact_name(&overlap->second),
		    overlap->pattern, overlap->first.id);
		return;
	}
	c->checked.overrides++;
	if (!c->notes)
		return;
	write_escaped(c->notes, ESCAPE_TERMINAL, overlap->second.id);
	write_text(c->notes, " takes ");
	write_escaped(c->notes, ESCAPE_TERMINAL, overlap->pattern);
	write_text(c->notes, " from ");
	write_escaped(c->notes, ESCAPE_TERMINAL, overlap->first.id);
	write_char(c->notes, '\n');
}

static void
disagree(struct trial *t, const char *what, const char *expected, const char *came)
{
	t->failures++;
	say("%s: %s: %s: expected %s, came %s", t->test->path, fact_name(&t->test->rule), what,
	    expected, came ? came : "nothing");
}

static void
compare(struct trial *t, const char *what, const char *expected, const char *came)
{
	if (expected && (!came || strcmp(expected, came) != 0))
		disagree(t, what, expected, came);
}

static bool
lists(const struct porch_texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->item[i], text) == 0)
			return true;
	return false;
}

static const struct porch_destination *
find_destination(const struct trial *t, const char *to)
{
	for (size_t i = 0; i < t->doc->destination_count; i++) {
		const struct porch_destination *destination = &t->doc->destinations[i];

		if (destination->device == t->device->id &&
		    ((destination->name && strcmp(destination->name, to) == 0) ||
		        lists(&destination->addresses, to)))
			return destination;
	}
	return NULL;
}

/* Whether footage went to a receiver, or to any outside the home when it is NULL. */
static const char *
footage_to(const struct trial *t, const struct porch_destination *to)
{
	for (size_t i = 0; i < t->doc->episode_count; i++) {
		const struct porch_episode *episode = &t->doc->episodes[i];
		const struct porch_destination *whose =
		    porch_document_destination(t->doc, episode->destination);

		if (episode->device == t->device->id && episode->footage == PORCH_FOOTAGE_YES &&
		    (to ? whose == to : !whose || whose->party != PORCH_PARTY_LOCAL))
			return "yes";
	}
	return "no";
}

static void
compare_receiver(struct trial *t, const struct expected_receiver *expected)
{
	const struct porch_destination *came = find_destination(t, expected->to);
	char what[300];

	if (!came) {
		disagree(t, "destination", expected->to, NULL);
		return;
	}
	snprintf(what, sizeof(what), "party of %.260s", expected->to);
	compare(t, what, expected->party, porch_party_word(came->party));
	snprintf(what, sizeof(what), "organisation of %.260s", expected->to);
	compare(t, what, expected->organisation, came->organisation);
	snprintf(what, sizeof(what), "footage to %.260s", expected->to);
	compare(t, what, expected->footage, footage_to(t, came));
}

static void
compare_document(struct trial *t)
{
	const struct rule_test *test = t->test;

	if (!t->doc->run.inputs[0].format || t->doc->run.inputs[0].error) {
		disagree(t, test->capture, "a whole capture", t->doc->run.inputs[0].error);
		return;
	}
	t->device = document_subject(t->doc, test->device);
	if (!t->device) {
		disagree(t, "device", test->device, NULL);
		return;
	}
	compare(t, "vendor", test->vendor, t->device->vendor);
	compare(t, "product", test->product, t->device->product);
	compare(t, "kind", test->kind, porch_kind_word(t->device->kind));
	compare(t, "footage", test->footage, footage_to(t, NULL));
	for (size_t i = 0; i < test->receivers; i++)
		compare_receiver(t, &test->receiver[i]);
}

/* Every device is told in full, so that a test can be about any. */
static size_t
try_test(const struct porch_rules *rules, const struct rule_test *test)
{
	struct porch_options options = {
	    .all_devices = true, .since = PORCH_NO_TIME, .until = PORCH_NO_TIME};
	struct porch_error error = {.offset = -1};
	struct porch_document *doc = porch_replay(rules, &options, &test->capture, 1, &error);
	struct trial t = {.test = test, .doc = doc};

	if (!doc) {
		say("%s: %s: cannot be tried: %s%s%s", test->path, fact_name(&test->rule),
		    error.where, error.where[0] ? ": " : "", error.text);
		return 1;
	}
	compare_document(&t);
	porch_document_free(doc);
	return t.failures;
}

struct rules_checked
rules_check(const struct porch_rules *rules, struct writer *notes)
{
	struct checking c = {.notes = notes};
	const struct rule_test *test;

	if (!rules_overlaps(rules, see_overlap, &c)) {
		say("out of memory");
		c.checked.failures++;
	}
	while ((test = rules_test(rules, c.checked.tests)) != NULL) {
		c.checked.tests++;
		c.checked.failures += try_test(rules, test);
	}
	return c.checked;
}
