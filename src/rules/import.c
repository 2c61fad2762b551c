/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "rules/lists.h"
#include "rules/reader.h"
#include "rules/ruleset.h"

#define LINE_BYTES 8192
#define CHUNK      10000 /* hosts in one fact, below READER_ITEMS */

struct importing {
	const struct import *from;
	struct imported *to;
	struct reader reader;
	json_t *root;
	json_t *facts;    /* the section being filled; borrowed from root */
	struct map *seen; /* patterns taken so far */
	const char *home; /* of an MUD file: the registrable domain of its URL, or NULL */
};

static bool
out_of_memory(struct importing *m)
{
	return reader_fail(&m->reader, "out of memory");
}

/* Whether a pattern is new; it is counted either way. */
static bool
is_new(struct importing *m, const char *pattern)
{
	size_t len = strlen(pattern);
	const char *key;

	if (map_find(m->seen, pattern, len) != MAP_NONE) {
		m->to->passed++;
		return false;
	}
	key = reader_copy(&m->reader, pattern, len);
	if (!key || map_put(m->seen, key, len, 1) != 0)
		return out_of_memory(m);
	m->to->facts++;
	return true;
}

static bool
begin(struct importing *m, const char *folder)
{
	m->to->folder = folder;
	m->root = json_pack("{s:s, s:s, s:{s:s, s:s, s:s}}", "format", "porchlight-rules/1",
	    "status", "experimental", "source", "kind", "observation", "what", m->from->leaf,
	    "seen", m->from->seen);
	return m->root || out_of_memory(m);
}

static bool
section(struct importing *m, const char *name)
{
	m->facts = json_array();
	return json_object_set_new(m->root, name, m->facts) == 0 || out_of_memory(m);
}

/* A fact of one pattern array, which is borrowed until the next. */
static json_t *
add_fact(struct importing *m, const char *id, const char *key)
{
	json_t *patterns = json_array();
	json_t *fact = json_pack("{s:s, s:o}", "id", id, key, patterns);

	if (!fact || json_array_append_new(m->facts, fact) != 0) {
		out_of_memory(m);
		return NULL;
	}
	return fact;
}

static bool
take_domain(const char *pattern, void *user)
{
	struct importing *m = user;
	size_t facts = json_array_size(m->facts);
	json_t *last = json_array_get(m->facts, facts - 1), *hosts = json_object_get(last, "host");
	char id[32];

	if (!is_new(m, pattern))
		return !m->reader.failed;
	if (!hosts || json_array_size(hosts) == CHUNK) {
		snprintf(id, sizeof(id), "list-%zu", facts + 1);
		last = add_fact(m, id, "host");
		hosts = json_object_get(last, "host");
	}
	return (hosts && json_array_append_new(hosts, json_string(pattern)) == 0) ||
	       out_of_memory(m);
}

static bool
import_list(struct importing *m)
{
	return begin(m, "trackers") && section(m, "destination") &&
	       list_lines(&m->reader, m->from->bytes, m->from->len, take_domain, m);
}

/* One line of a protos.txt: its hosts and prefixes become facts of the name behind `@`. */
struct proto_line {
	size_t number;
	const char *organisation;
	json_t *hosts; /* facts, made when there is something to hold; borrowed */
	json_t *prefixes;
};

static bool
add_to(struct importing *m, struct proto_line *line, json_t **fact, const char *key,
    const char *pattern)
{
	char id[64];

	if (!is_new(m, pattern))
		return !m->reader.failed;
	m->facts = json_object_get(m->root, strcmp(key, "host") == 0 ? "destination" : "address");
	if (!m->facts && !section(m, strcmp(key, "host") == 0 ? "destination" : "address"))
		return false;
	if (!*fact) {
		snprintf(id, sizeof(id), "%s-line-%zu", key, line->number);
		*fact = add_fact(m, id, key);
		if (!*fact || json_object_set_new(*fact, "organisation",
		                  json_string(line->organisation)) != 0)
			return out_of_memory(m);
	}
	return json_array_append_new(json_object_get(*fact, key), json_string(pattern)) == 0 ||
	       out_of_memory(m);
}

static bool
proto_host(struct importing *m, struct proto_line *line, char *text)
{
	char host[HOST_TEXT], pattern[HOST_TEXT + 1];

	text[strcspn(text, "\"")] = '\0';
	if (text[0] == '.')
		text++;
	if (!host_normalise(host, text) || !strchr(host, '.'))
		return reader_fail(&m->reader, "no domain: \"%.120s\"", text);
	snprintf(pattern, sizeof(pattern), ".%s", host);
	return add_to(m, line, &line->hosts, "host", pattern);
}

/* "192.0.2.0/24", "192.0.2.1" or "192.0.2.1:443". */
static bool
proto_prefix(struct importing *m, struct proto_line *line, char *text)
{
	char whole[ADDR_TEXT + 8], addr[ADDR_TEXT];
	struct prefix prefix;

	text[strcspn(text, ":")] = '\0';
	snprintf(whole, sizeof(whole), "%.40s%s", text, strchr(text, '/') ? "" : "/32");
	if (!prefix_parse(whole, &prefix))
		return reader_fail(&m->reader, "no address: \"%.60s\"", text);
	snprintf(whole, sizeof(whole), "%s/%u", addr_format(&prefix.addr, addr),
	    (unsigned)prefix.length);
	return add_to(m, line, &line->prefixes, "prefix", whole);
}

/* What stands before the `@`, item by item. */
static bool
proto_items(struct importing *m, struct proto_line *line, char *items)
{
	bool fine = true;

	for (char *item = items, *next; fine && item; item = next) {
		next = strchr(item, ',');
		if (next)
			*next++ = '\0';
		if (strncmp(item, "host:\"", 6) == 0)
			fine = proto_host(m, line, item + 6);
		else if (strncmp(item, "ip:", 3) == 0)
			fine = proto_prefix(m, line, item + 3);
		else
			m->to->passed++;
	}
	return fine;
}

static bool
proto_line(struct importing *m, char *text, size_t number)
{
	struct proto_line line = {.number = number};
	char *at;

	text[strcspn(text, "\r")] = '\0';
	if (text[0] == '#' || text[0] == '\0')
		return true;
	at = strrchr(text, '@');
	if (!at) {
		m->to->passed++;
		return true;
	}
	*at++ = '\0';
	at[strcspn(at, "=")] = '\0'; /* a protocol's number */
	if (!*at)
		return reader_fail(&m->reader, "no name behind the @");
	line.organisation = at;
	return proto_items(m, &line, text);
}

static bool
import_protos(struct importing *m)
{
	size_t at = 0, number = 0;

	if (!begin(m, "organisations"))
		return false;
	while (at < m->from->len) {
		const char *start = m->from->bytes + at;
		const char *newline = memchr(start, '\n', m->from->len - at);
		size_t len = newline ? (size_t)(newline - start) : m->from->len - at;
		char line[LINE_BYTES + 1];

		at += len + 1;
		snprintf(m->reader.where, sizeof(m->reader.where), "line %zu", ++number);
		if (len > LINE_BYTES || memchr(start, '\0', len))
			return reader_fail(&m->reader, "too long, or holds a zero byte");
		memcpy(line, start, len);
		line[len] = '\0';
		if (!proto_line(m, line, number))
			return false;
	}
	m->reader.where[0] = '\0';
	return true;
}

/* A port of `eq`, as "tcp 443"; "" when the entry names none. */
static void
mud_port(json_t *matches, const char *end, char *text, size_t size)
{
	static const char *const protocols[] = {"tcp", "udp"};

	text[0] = '\0';
	for (size_t i = 0; i < 2; i++) {
		json_t *port = json_object_get(json_object_get(matches, protocols[i]), end);
		json_t *number = json_object_get(port, "port");

		if (json_is_integer(number) && json_integer_value(number) > 0 &&
		    json_integer_value(number) < 65536)
			snprintf(text, size, "%s %d", protocols[i],
			    (int)json_integer_value(number));
	}
}

/* The host of "https://mud.example.com/x.json", cut to what its maker registered. */
static const char *
mud_home(struct importing *m, json_t *mud)
{
	const char *url = json_string_value(json_object_get(mud, "mud-url"));
	const char *host = url ? strstr(url, "://") : NULL, *domain;
	char name[HOST_TEXT];

	if (!host || !host_normalise_bytes(name, host + 3, strcspn(host + 3, ":/?#")))
		return NULL;
	domain = psl_builtin() ? psl_registrable_domain(psl_builtin(), name) : NULL;
	return reader_copy(&m->reader, domain ? domain : name, strlen(domain ? domain : name));
}

/* A device may speak to others than its maker: only names below the URL's are the maker's. */
static bool
mud_party(struct importing *m, json_t *fact, const char *host)
{
	return (m->home && host_has_suffix(host, m->home)) ||
	       json_object_set_new(fact, "party", json_string("unknown")) == 0;
}

/* One entry of an access list: the name it lets the device speak to. */
static bool
mud_entry(struct importing *m, json_t *entry)
{
	static const char *const names[] = {"ietf-acldns:dst-dnsname", "ietf-acldns:src-dnsname"};
	static const char *const ports[] = {"destination-port", "source-port"};
	json_t *matches = json_object_get(entry, "matches"), *fact;
	char id[32], port[32], host[HOST_TEXT];

	for (size_t i = 0; i < 4; i++) {
		json_t *ip = json_object_get(matches, i < 2 ? "ipv4" : "ipv6");
		const char *name = json_string_value(json_object_get(ip, names[i % 2]));

		if (!name)
			continue;
		if (!host_normalise(host, name))
			return reader_fail(&m->reader, "no host name: \"%.120s\"", name);
		if (!is_new(m, host))
			return !m->reader.failed;
		snprintf(id, sizeof(id), "name-%zu", json_array_size(m->facts) + 1);
		fact = add_fact(m, id, "host");
		mud_port(matches, ports[i % 2], port, sizeof(port));
		if (!fact || !mud_party(m, fact, host) ||
		    json_array_append_new(json_object_get(fact, "host"), json_string(host)) != 0 ||
		    (port[0] && json_object_set_new(fact, "note", json_string(port)) != 0))
			return out_of_memory(m);
		return true;
	}
	m->to->passed++;
	return true;
}

static bool
mud_lists(struct importing *m, json_t *document)
{
	json_t *acls =
	    json_object_get(json_object_get(document, "ietf-access-control-list:acls"), "acl");
	json_t *acl, *entry;
	size_t i, j;

	if (!json_object_get(document, "ietf-mud:mud") || !json_is_array(acls))
		return reader_fail(&m->reader,
		    "no MUD file: ietf-mud:mud and access lists are not there");
	json_array_foreach(acls, i, acl)
	{
		json_t *entries = json_object_get(json_object_get(acl, "aces"), "ace");

		json_array_foreach(entries, j, entry)
		{
			snprintf(m->reader.where, sizeof(m->reader.where), "acl[%zu].ace[%zu]", i,
			    j);
			if (!mud_entry(m, entry))
				return false;
		}
	}
	m->reader.where[0] = '\0';
	return true;
}

static bool
import_mud(struct importing *m)
{
	json_t *document = reader_parse(&m->reader, m->from->bytes, m->from->len);
	const char *maker =
	    json_string_value(json_object_get(json_object_get(document, "ietf-mud:mud"),
	        "mfg-name"));
	bool fine = document && begin(m, "vendors");

	if (fine && (json_object_set_new(m->root, "vendor", json_string(m->from->name)) != 0 ||
	                json_object_set_new(m->root, "name",
	                    json_string(maker && *maker ? maker : m->from->name)) != 0))
		fine = out_of_memory(m);
	if (fine)
		m->home = mud_home(m, json_object_get(document, "ietf-mud:mud"));
	fine = fine && !m->reader.failed && section(m, "destination") && mud_lists(m, document);
	json_decref(document);
	return fine;
}

/* By its first line that is no comment: an object, a line with @, or a list. */
static bool
import_any(struct importing *m)
{
	const char *at = m->from->bytes, *end = at + m->from->len;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		while (at < stop && strchr(" \t\r", *at) && *at)
			at++;
		if (at < stop && *at == '{')
			return import_mud(m);
		if (at < stop && *at != '#' && *at != '!' && *at != '[')
			return memchr(at, '@', (size_t)(stop - at)) ? import_protos(m)
			                                            : import_list(m);
		at = stop + 1;
	}
	return reader_fail(&m->reader, "says nothing");
}

/* Nothing is handed out that would not load. */
static bool
try_it(struct importing *m)
{
	char name[128];
	struct rule_file file = {.path = m->from->path, .bytes = m->to->text, .name = name};
	struct porch_rules *rules;

	snprintf(name, sizeof(name), "%s/%.80s.json", m->to->folder, m->from->name);
	file.len = strlen(m->to->text);
	rules = ruleset_from_files(&file, 1, m->reader.error);
	m->reader.failed = rules == NULL;
	porch_rules_free(rules);
	return !m->reader.failed;
}

bool
rules_import(const struct import *import, struct imported *imported, struct porch_error *error)
{
	struct importing m = {.from = import, .to = imported};
	bool fine = false;

	*imported = (struct imported){0};
	m.seen = map_new();
	m.reader = (struct reader){.error = error, .path = import->path, .pool = pool_new()};
	if (!m.seen || !m.reader.pool)
		out_of_memory(&m);
	else if (!reader_is_id(import->name))
		reader_fail(&m.reader, "--as: not a word of a-z, 0-9, dot, hyphen");
	else
		fine = import_any(&m);
	if (fine && imported->facts == 0)
		fine = reader_fail(&m.reader, "holds nothing that can be taken");
	if (fine) {
		imported->text = json_dumps(m.root, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		fine = imported->text ? try_it(&m) : out_of_memory(&m);
	}
	if (!fine) {
		free(imported->text);
		imported->text = NULL;
	}
	json_decref(m.root);
	map_free(m.seen);
	pool_free(m.reader.pool);
	return fine;
}
