/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "rules/loading.h"

/*
 * Lists of trackers that the user loads.  A domain costs its labels in the host index; one entry
 * and one fact stand for the whole list.
 */

#define LINE_BYTES 1024

/* Lines being read, and who takes their patterns. */
struct lines {
	struct reader *reader;
	bool (*take)(const char *pattern, void *user);
	void *user;
};

struct list_reading {
	struct porch_rules *rules;
	struct reader reader;
	struct receiver_fact *fact;
	uint32_t value;  /* in the host index */
	uint32_t *below; /* of each entry there was before: the one for domains below it, or NONE */
	size_t entries;
};

static bool
add_domain(struct lines *l, const char *text, bool below)
{
	char host[HOST_TEXT], pattern[HOST_TEXT + 1];
	const char *fault;

	if (!host_normalise(host, text))
		return reader_fail(l->reader, "no host name: \"%.120s\"", text);
	if (!strchr(host, '.'))
		return reader_fail(l->reader, "not a domain but a whole level: \"%.120s\"", text);
	snprintf(pattern, sizeof(pattern), "%s%s", below ? "." : "", host);
	fault = host_index_fault(pattern);
	if (fault)
		return reader_fail(l->reader, "\"%.120s\": %s", host, fault);
	return l->take(pattern, l->user);
}

/* "||ads.example^" and nothing else. */
static bool
read_filter(struct lines *l, char *word)
{
	size_t len = strlen(word);

	if (len < 4 || word[len - 1] != '^')
		return reader_fail(l->reader, "a filter that is no ||domain^: \"%.120s\"", word);
	word[len - 1] = '\0';
	return add_domain(l, word + 2, true);
}

static bool
is_sink(const char *text)
{
	static const char *const sinks[] = {"0.0.0.0", "127.0.0.1", "::", "::1"};

	for (size_t i = 0; i < sizeof(sinks) / sizeof(*sinks); i++)
		if (strcmp(sinks[i], text) == 0)
			return true;
	return false;
}

/* Names of the machine itself, as every hosts file begins with. */
static bool
is_own_name(const char *text)
{
	struct addr addr;

	return !strchr(text, '.') || strcmp(text, "localhost.localdomain") == 0 ||
	       addr_parse(text, &addr);
}

/* "0.0.0.0 ads.example more.example": just these hosts, nothing below them. */
static bool
read_hosts(struct lines *l, const char *address, char *line)
{
	char *word;

	while ((word = row_word(&line)) != NULL) {
		if (is_own_name(word))
			continue;
		if (!is_sink(address))
			return reader_fail(l->reader, "%.60s is no address that hosts are sunk in",
			    address);
		if (!add_domain(l, word, false))
			return false;
	}
	return true;
}

static bool
read_line(struct lines *l, char *line)
{
	char *word, *more;
	struct addr addr;

	line[strcspn(line, "#")] = '\0';
	word = row_word(&line);
	if (!word || word[0] == '!' || word[0] == '[')
		return true;
	if (addr_parse(word, &addr) || strchr(word, '%'))
		return read_hosts(l, word, line);
	more = row_word(&line);
	if (more)
		return reader_fail(l->reader, "more than one domain: \"%.120s\"", more);
	if (strncmp(word, "||", 2) == 0)
		return read_filter(l, word);
	return add_domain(l, word, true);
}

bool
list_lines(struct reader *reader, const char *bytes, size_t size,
    bool (*take)(const char *pattern, void *user), void *user)
{
	struct lines lines = {.reader = reader, .take = take, .user = user};
	size_t at = 0, number = 0;

	if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		at = 3; /* the mark some editors begin UTF-8 with */
	while (at < size) {
		const char *start = bytes + at;
		const char *newline = memchr(start, '\n', size - at);
		size_t len = newline ? (size_t)(newline - start) : size - at;
		char line[LINE_BYTES + 1];

		number++;
		at += len + 1;
		snprintf(reader->where, sizeof(reader->where), "line %zu", number);
		if (len > LINE_BYTES)
			return reader_fail(reader, "longer than %d bytes", LINE_BYTES);
		if (memchr(start, '\0', len))
			return reader_fail(reader, "holds a zero byte");
		memcpy(line, start, len);
		line[len] = '\0';
		if (!read_line(&lines, line))
			return false;
	}
	reader->where[0] = '\0';
	return true;
}

/* The entry for what this list names below the entry `at`, which is a maker's. */
static uint32_t
entry_below(struct list_reading *l, uint32_t at)
{
	struct porch_rules *rules = l->rules;
	const struct host_entry *own = rules->host_entries.item[at];
	struct receiver_fact *fact;
	struct host_entry *entry;

	if (at >= l->entries)
		return at; /* of this list, made here */
	if (l->below[at] != HOST_INDEX_NONE)
		return l->below[at];
	fact = reader_take(&l->reader, sizeof(*fact));
	entry = reader_take(&l->reader, sizeof(*entry));
	if (!fact || !entry)
		return HOST_INDEX_NONE;
	*fact = *l->fact;
	fact->receiver = own->to->receiver;
	fact->receiver.rule = l->fact->fact.rule;
	fact->receiver.role = PORCH_PARTY_TRACKER;
	*entry = *own;
	entry->to = fact;
	if (list_add(&rules->host_entries, entry) != 0)
		return HOST_INDEX_NONE;
	return l->below[at] = (uint32_t)rules->host_entries.count - 1;
}

/* A host below a maker's own suffix is still that maker's, whatever lists call it. */
static uint32_t
entry_for(struct list_reading *l, const char *pattern)
{
	uint32_t at = host_index_find(l->rules->hosts, pattern + (pattern[0] == '.'));
	const struct host_entry *entry =
	    at == HOST_INDEX_NONE ? NULL : l->rules->host_entries.item[at];

	return entry && entry->to->receiver.vendor ? entry_below(l, at) : l->value;
}

/* What was there before goes on to hold: a rule's own pattern, or an earlier list's. */
static bool
take_pattern(const char *pattern, void *user)
{
	struct list_reading *l = user;
	struct porch_rules *rules = l->rules;
	uint32_t before = HOST_INDEX_NONE, value;
	const char *fault;

	if (++rules->list_domains > LIST_DOMAINS)
		return reader_fail(&l->reader, "more than %d domains in all lists", LIST_DOMAINS);
	if (host_index_has(rules->hosts, pattern))
		return true;
	value = entry_for(l, pattern);
	if (value == HOST_INDEX_NONE)
		return l->reader.failed ? false : reader_fail(&l->reader, "out of memory");
	fault = host_index_add(rules->hosts, pattern, value, &before);
	if (fault)
		return reader_fail(&l->reader, "\"%.120s\": %s", pattern, fault);
	l->fact->listed++;
	rules->listed[PORCH_PARTY_TRACKER]++;
	return true;
}

/* "hosts.txt#list"; a second file of that name is told by the number of its --rules. */
static bool
name_list(struct list_reading *l, const struct rule_file *file)
{
	struct porch_rules *rules = l->rules;
	struct fact *fact = &l->fact->fact;
	char id[300];
	int len = snprintf(id, sizeof(id), "%.255s#list", file->name);

	if (map_find(rules->ids, id, (size_t)len) != MAP_NONE)
		len = snprintf(id, sizeof(id), "%.255s#list-%u", file->name, file->folder + 1);
	fact->kind = FACT_DESTINATION;
	fact->folder = file->folder;
	fact->path = l->reader.path;
	fact->rule = (struct rule){.id = reader_copy(&l->reader, id, (size_t)len),
	    .rev = 1,
	    .status = RULE_TEST,
	    .source_kind = "list",
	    .source_what = reader_copy(&l->reader, file->name, strlen(file->name))};
	return !l->reader.failed &&
	       map_put(rules->ids, fact->rule.id, (size_t)len, (uint32_t)rules->facts.count) == 0 &&
	       list_add(&rules->facts, fact) == 0;
}

static bool
read_domains(struct list_reading *l, const struct rule_file *file)
{
	size_t before = l->rules->list_domains;
	bool fine;

	l->entries = l->rules->host_entries.count;
	l->below = malloc(l->entries * sizeof(*l->below));
	if (!l->below)
		return reader_fail(&l->reader, "out of memory");
	memset(l->below, 0xff, l->entries * sizeof(*l->below));
	fine = list_lines(&l->reader, file->bytes, file->len, take_pattern, l);
	free(l->below);
	return fine &&
	       (l->rules->list_domains > before || reader_fail(&l->reader, "holds no domain"));
}

static bool
read_list(struct porch_rules *rules, const struct rule_file *file, struct porch_error *error)
{
	struct list_reading l = {.rules = rules};
	struct host_entry *entry;

	l.reader = (struct reader){.error = error, .pool = rules->pool, .path = ""};
	l.reader.path = reader_copy(&l.reader, file->path, strlen(file->path));
	l.fact = reader_take(&l.reader, sizeof(*l.fact));
	entry = reader_take(&l.reader, sizeof(*entry));
	if (!entry || !name_list(&l, file))
		return l.reader.failed ? false : reader_fail(&l.reader, "out of memory");
	l.fact->receiver =
	    (struct receiver){.rule = l.fact->fact.rule, .role = PORCH_PARTY_TRACKER, .asn = -1};
	entry->to = l.fact;
	entry->pattern = "";
	l.value = (uint32_t)rules->host_entries.count;
	if (list_add(&rules->host_entries, entry) != 0)
		return reader_fail(&l.reader, "out of memory");
	rules->files++;
	return read_domains(&l, file);
}

bool
index_lists(struct porch_rules *rules, const struct rule_file *files, size_t count,
    struct porch_error *error)
{
	for (size_t i = 0; i < count; i++)
		if (files[i].list && !read_list(rules, &files[i], error))
			return false;
	return true;
}
