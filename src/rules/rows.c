/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "rules/loading.h"

/* Rows of "PREFIX ASN [COUNTRY]", `#` begins a comment: the text files of rules/addresses/. */

#define ROW_MAX 128

struct rows {
	struct porch_rules *rules;
	struct reader reader;
	const struct rows_fact *fact;
	struct owner owner; /* of the row before, told by value: many rows lie beside one another */
	uint32_t value;     /* MAP_NONE before the first row */
};

static bool
parse_asn(const char *text, int64_t *asn)
{
	int64_t value = 0;

	if (strlen(text) > 10)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (*text - '0');
	}
	*asn = value;
	return value >= 1 && value <= UINT32_MAX;
}

/* The number of who has this ASN and country. */
static uint32_t
owner_of(struct rows *rows, struct owner *owner)
{
	struct owner *last = &rows->owner;

	if (rows->value != MAP_NONE && last->asn == owner->asn &&
	    memcmp(last->country, owner->country, sizeof(owner->country)) == 0)
		return rows->value;
	owner->to = ruleset_network(rows->rules, owner->asn);
	owner->rows = &rows->fact->fact;
	memcpy(last, owner, sizeof(*last));
	rows->value = index_owner(rows->rules, &rows->reader, owner);
	return rows->value;
}

static bool
read_row(struct rows *rows, char *line)
{
	struct reader *r = &rows->reader;
	char *prefix_text = row_word(&line), *asn = row_word(&line);
	char *country = asn ? row_word(&line) : NULL;
	struct prefix prefix;
	struct owner owner;
	uint32_t value;

	if (!prefix_text)
		return true;
	memset(&owner, 0, sizeof(owner));
	if (!prefix_parse(prefix_text, &prefix))
		return reader_fail(r, "no address prefix \"%.50s\"", prefix_text);
	if (!asn || !parse_asn(asn, &owner.asn))
		return reader_fail(r, "no number of an autonomous system");
	if (country && (strlen(country) != 2 || row_word(&line)))
		return reader_fail(r, "more than a country after the number");
	if (country)
		memcpy(owner.country, country, 2);
	value = owner_of(rows, &owner);
	if (value != MAP_NONE && !lpm_add(rows->rules->prefixes, &prefix, value))
		return reader_fail(r, "out of memory");
	if (rows->owner.to)
		rows->rules->listed[rows->owner.to->receiver.role]++;
	return value != MAP_NONE;
}

/* "line 12": said of every row, and needed only of one that is wrong, so it may not cost much. */
static void
name_line(struct reader *r, size_t number)
{
	char digits[24], *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	memcpy(r->where, "line ", 5);
	memcpy(r->where + 5, at, (size_t)(digits + sizeof(digits) - at));
}

static bool
read_rows(struct rows *rows, const struct rule_file *file)
{
	size_t at = 0, number = 0;

	while (at < file->len) {
		const char *start = file->bytes + at;
		const char *newline = memchr(start, '\n', file->len - at);
		size_t len = newline ? (size_t)(newline - start) : file->len - at;
		char line[ROW_MAX + 1];

		number++;
		at += len + 1;
		if (len > 0 && start[0] == '#')
			continue;
		name_line(&rows->reader, number);
		if (len > ROW_MAX)
			return reader_fail(&rows->reader, "a row is longer than %d", ROW_MAX);
		if (memchr(start, '\0', len))
			return reader_fail(&rows->reader, "a row holds a zero byte");
		memcpy(line, start, len);
		line[len] = '\0';
		if (!read_row(rows, line))
			return false;
	}
	return true;
}

/* "addresses/asn.json" and "asn-v4.txt" make "addresses/asn-v4.txt". */
static bool
lies_beside(const char *name, const char *rule_id, const char *leaf)
{
	size_t folder = 0;

	for (size_t i = 0; rule_id[i] && rule_id[i] != '#'; i++)
		if (rule_id[i] == '/')
			folder = i + 1;
	return strncmp(name, rule_id, folder) == 0 && strcmp(name + folder, leaf) == 0;
}

static const struct rows_fact *
rows_that_name(const struct porch_rules *rules, const struct rule_file *file)
{
	for (size_t i = 0; i < rules->facts.count; i++) {
		const struct rows_fact *fact = rules->facts.item[i];

		if (fact->fact.kind != FACT_ROWS || fact->fact.folder != file->folder)
			continue;
		for (size_t f = 0; f < fact->files.count; f++)
			if (lies_beside(file->name, fact->fact.rule.id, fact->files.item[f]))
				return fact;
	}
	return NULL;
}

/* Numbers of autonomous systems, to the fact about each. */
static bool
gather_networks(struct porch_rules *rules, struct porch_error *error)
{
	for (size_t i = 0; i < rules->facts.count; i++) {
		const struct receiver_fact *fact = rules->facts.item[i];
		struct reader r = index_reader(&fact->fact, rules, error);

		if (fact->fact.kind != FACT_NETWORK || fact->fact.dead)
			continue;
		for (size_t n = 0; n < fact->asns; n++) {
			const int64_t *asn = &fact->asn[n];
			uint32_t before = map_find(rules->networks, asn, sizeof(*asn));
			const struct fact *other =
			    before == MAP_NONE ? NULL : rules->facts.item[before];

			if (other && other->folder == fact->fact.folder)
				return reader_fail(&r, "AS%lld: %.200s has it too", (long long)*asn,
				    other->rule.id);
			if (map_put(rules->networks, asn, sizeof(*asn), (uint32_t)i) != 0)
				return reader_fail(&r, "out of memory");
		}
	}
	return true;
}

/* Every file a rows fact names must be there. */
static bool
check_named(struct porch_rules *rules, const struct rule_file *files, size_t count,
    struct porch_error *error)
{
	for (size_t i = 0; i < rules->facts.count; i++) {
		const struct rows_fact *fact = rules->facts.item[i];
		struct reader r = index_reader(&fact->fact, rules, error);

		if (fact->fact.kind != FACT_ROWS || fact->fact.dead)
			continue;
		for (size_t f = 0; f < fact->files.count; f++) {
			size_t at = 0;

			while (at < count && (files[at].folder != fact->fact.folder ||
			                         !lies_beside(files[at].name, fact->fact.rule.id,
			                             fact->files.item[f])))
				at++;
			if (at == count)
				return reader_fail(&r, "files[%zu]: not a file beside this one", f);
		}
	}
	return true;
}

bool
index_rows(struct porch_rules *rules, const struct rule_file *files, size_t count,
    struct porch_error *error)
{
	bool fine = gather_networks(rules, error) && check_named(rules, files, count, error);

	for (size_t i = 0; fine && i < count; i++) {
		size_t len = strlen(files[i].name);
		struct rows rows = {.rules = rules, .value = MAP_NONE};

		if (files[i].list || len < 4 || strcmp(files[i].name + len - 4, ".txt") != 0)
			continue;
		rows.reader =
		    (struct reader){.error = error, .pool = rules->pool, .path = files[i].path};
		rows.fact = rows_that_name(rules, &files[i]);
		fine = rows.fact
		           ? rows.fact->fact.dead || read_rows(&rows, &files[i])
		           : reader_fail(&rows.reader, "no fact names this file: it has no source");
	}
	return fine;
}
