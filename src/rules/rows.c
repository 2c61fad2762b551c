/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "rules/loading.h"

/* Rows of "PREFIX ASN [COUNTRY]", `#` begins a comment: the text files of rules/addresses/. */

#define ROW_MAX 128
#define RECENT  256 /* owners that rows had lately: a few have most of the addresses */

struct recent {
	struct owner owner; /* its number is 0 when there is none here yet */
	uint32_t value;
};

struct rows {
	struct porch_rules *rules;
	struct reader reader;
	const struct rows_fact *fact;
	const char *row; /* being read; a newline ends it */
	size_t len;
	size_t line; /* from 1 */
	struct recent recent[RECENT];
};

/*
 * The reader, once it says where: needed only for a row that is wrong.  Of one that holds a zero
 * byte, that is what is told.
 */
static struct reader *
at_line(struct rows *rows)
{
	snprintf(rows->reader.where, sizeof(rows->reader.where), "line %zu", rows->line);
	if (memchr(rows->row, '\0', rows->len))
		reader_fail(&rows->reader, "a row holds a zero byte");
	return &rows->reader;
}

static const char *
skip_blanks(const char *text)
{
	while (row_blank(*text))
		text++;
	return text;
}

/* A zero byte ends a word but no row, so that a row which holds one is always wrong. */
static bool
ends_word(char c)
{
	return c == '\n' || c == '\0' || row_blank(c);
}

static size_t
word_length(const char *word)
{
	size_t len = 0;

	while (!ends_word(word[len]))
		len++;
	return len;
}

/* The number at the beginning of a text: where it ends, or NULL. */
static const char *
read_asn(const char *text, int64_t *asn)
{
	const char *first = text;

	for (*asn = 0; *text >= '0' && *text <= '9' && text < first + 10; text++)
		*asn = *asn * 10 + (*text - '0');
	return *asn >= 1 && *asn <= UINT32_MAX ? text : NULL;
}

/* Who has this number and country; NULL when out of memory. */
static const struct recent *
owner_of(struct rows *rows, const struct owner *like)
{
	struct recent *recent = &rows->recent[(uint64_t)like->asn % RECENT];
	struct owner *owner = &recent->owner;

	if (owner->asn == like->asn &&
	    memcmp(owner->country, like->country, sizeof(owner->country)) == 0)
		return recent;
	memcpy(owner, like, sizeof(*owner));
	owner->to = ruleset_network(rows->rules, owner->asn);
	owner->rows = &rows->fact->fact;
	recent->value = index_owner(rows->rules, &rows->reader, owner);
	return recent->value == MAP_NONE ? NULL : recent;
}

/* "PREFIX ASN [COUNTRY]", from the first of its words on. */
static bool
read_words(struct rows *rows, const char *word, struct prefix *prefix, struct owner *owner)
{
	const char *end = prefix_read(word, prefix);

	if (!end || !ends_word(*end))
		return reader_fail(at_line(rows), "no address prefix \"%.*s\"",
		    (int)word_length(word), word);
	end = read_asn(skip_blanks(end), &owner->asn);
	if (!end || !ends_word(*end))
		return reader_fail(at_line(rows), "no number of an autonomous system");
	word = skip_blanks(end);
	if (*word == '\n')
		return true;
	if (word_length(word) != 2 || *skip_blanks(word + 2) != '\n')
		return reader_fail(at_line(rows), "more than a country after the number");
	memcpy(owner->country, word, 2);
	return true;
}

static bool
read_row(struct rows *rows)
{
	const char *word = skip_blanks(rows->row);
	const struct recent *recent;
	struct prefix prefix;
	struct owner owner;

	if (*word == '\n')
		return true;
	memset(&owner, 0, sizeof(owner));
	if (!read_words(rows, word, &prefix, &owner))
		return false;
	recent = owner_of(rows, &owner);
	if (!recent)
		return false;
	if (!lpm_add(rows->rules->prefixes, &prefix, recent->value))
		return reader_fail(at_line(rows), "out of memory");
	if (recent->owner.to)
		rows->rules->listed[recent->owner.to->receiver.role]++;
	return true;
}

/* The last row of a file that does not end in a newline. */
static bool
read_last(struct rows *rows)
{
	char row[ROW_MAX + 1];

	memcpy(row, rows->row, rows->len);
	row[rows->len] = '\n';
	rows->row = row;
	return read_row(rows);
}

/* Rows are read where they lie: nothing that reads one goes past its newline. */
static bool
read_rows(struct rows *rows, const struct rule_file *file)
{
	for (size_t at = 0; at < file->len; at += rows->len + 1) {
		const char *row = file->bytes + at, *end = memchr(row, '\n', file->len - at);

		rows->line++;
		rows->row = row;
		rows->len = end ? (size_t)(end - row) : file->len - at;
		if (*row == '#')
			continue;
		if (rows->len > ROW_MAX) {
			rows->len = 0;
			return reader_fail(at_line(rows), "a row is longer than %d", ROW_MAX);
		}
		if (end ? !read_row(rows) : !read_last(rows))
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
		struct reader r;

		if (fact->fact.kind != FACT_NETWORK || fact->fact.dead)
			continue;
		r = index_reader(&fact->fact, rules, error);
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
		struct reader r;

		if (fact->fact.kind != FACT_ROWS || fact->fact.dead)
			continue;
		r = index_reader(&fact->fact, rules, error);
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

static bool
is_rows(const struct rule_file *file)
{
	size_t len = strlen(file->name);

	return !file->list && len >= 4 && strcmp(file->name + len - 4, ".txt") == 0;
}

static bool
index_file(struct porch_rules *rules, const struct rule_file *file, struct porch_error *error)
{
	struct rows rows = {
	    .rules = rules,
	    .reader = {.error = error, .pool = rules->pool, .path = file->path},
	    .fact = rows_that_name(rules, file),
	};

	if (!rows.fact)
		return reader_fail(&rows.reader, "no fact names this file: it has no source");
	return rows.fact->fact.dead || read_rows(&rows, file);
}

bool
index_rows(struct porch_rules *rules, const struct rule_file *files, size_t count,
    struct porch_error *error)
{
	bool fine = gather_networks(rules, error) && check_named(rules, files, count, error);

	for (size_t i = 0; fine && i < count; i++)
		if (is_rows(&files[i]))
			fine = index_file(rules, &files[i], error);
	return fine;
}
