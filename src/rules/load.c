/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "rules/folder.h"
#include "rules/geo.h"
#include "rules/loading.h"

/* What each file of a rule folder is, by where it lies. */
static const struct {
	const char *name; /* ends in `/`: a folder */
	bool (*load)(struct loading *l, json_t *root);
	enum porch_party role;
} kinds[] = {
    {"vendors/", load_facts, PORCH_PARTY_MAKER},
    {"organisations/", load_facts, PORCH_PARTY_OTHER},
    {"clouds/", load_facts, PORCH_PARTY_CLOUD},
    {"trackers/", load_facts, PORCH_PARTY_TRACKER},
    {"addresses/", load_facts, PORCH_PARTY_OTHER},
    {"evidence-platforms.json", load_facts, PORCH_PARTY_EVIDENCE},
    {"utilities.json", load_facts, PORCH_PARTY_UTILITY},
    {"services.json", load_facts, PORCH_PARTY_UNKNOWN},
    {"models/", load_model, PORCH_PARTY_UNKNOWN},
    {"context/", load_context, PORCH_PARTY_UNKNOWN},
    {"advice.json", load_advice, PORCH_PARTY_UNKNOWN},
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static size_t
kind_of(const char *name)
{
	for (size_t i = 0; i < KINDS; i++) {
		size_t len = strlen(kinds[i].name);

		if (kinds[i].name[len - 1] == '/' ? strncmp(name, kinds[i].name, len) == 0
		                                  : strcmp(name, kinds[i].name) == 0)
			return i;
	}
	return KINDS;
}

static bool
is_rows(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && strcmp(name + len - 4, ".txt") == 0;
}

static bool
load_file(struct porch_rules *rules, const struct rule_file *file, struct porch_error *error)
{
	size_t kind = kind_of(file->name);
	struct loading l = {
	    .reader = {.error = error, .pool = rules->pool},
	    .rules = rules,
	    .folder = file->folder,
	};
	json_t *root;

	if (file->list)
		return true; /* read when the rules' own hosts are known */
	l.name = reader_copy(&l.reader, file->name, strlen(file->name));
	l.reader.path = reader_copy(&l.reader, file->path, strlen(file->path));
	if (!l.name || !l.reader.path)
		return false;
	if (kind == KINDS || (is_rows(file->name) && kinds[kind].load != load_facts))
		return reader_fail(&l.reader, "no file of this name belongs in a rule folder");
	if (is_rows(file->name))
		return true;
	l.role = kinds[kind].role;
	root = reader_parse(&l.reader, file->bytes, file->len);
	if (!root)
		return false;
	if (kinds[kind].load(&l, root))
		rules->files++;
	json_decref(root);
	return !l.reader.failed;
}

/* The list built into libpsl is the same wherever that library is; else the system's file. */
static void
open_psl(struct porch_rules *rules)
{
	rules->psl = (psl_ctx_t *)(uintptr_t)psl_builtin();
	if (!rules->psl && psl_dist_filename()) {
		rules->psl = psl_load_file(psl_dist_filename());
		rules->psl_owned = rules->psl != NULL;
	}
}

static struct porch_rules *
rules_new(void)
{
	struct porch_rules *rules = calloc(1, sizeof(*rules));

	if (!rules)
		return NULL;
	rules->pool = pool_new();
	rules->ids = map_new();
	rules->vendor_ids = map_new();
	rules->numbers = map_new();
	rules->regions = map_new();
	rules->organisations = map_new();
	rules->owner_ids = map_new();
	rules->networks = map_new();
	rules->advice_names = map_new();
	rules->hosts = host_index_new();
	rules->prefixes = lpm_new();
	open_psl(rules);
	if (rules->pool && rules->ids && rules->vendor_ids && rules->numbers && rules->regions &&
	    rules->organisations && rules->owner_ids && rules->networks && rules->advice_names &&
	    rules->hosts && rules->prefixes)
		return rules;
	porch_rules_free(rules);
	return NULL;
}

/* Each file's own sum, so that a difference can be told by its name. */
static bool
sum_each_file(struct porch_rules *rules, const struct rule_file *files, size_t count)
{
	rules->file = pool_take(rules->pool, (count + 1) * sizeof(*rules->file));
	rules->file_count = rules->file ? count : 0;
	for (size_t i = 0; rules->file && i < count; i++) {
		struct sha256 *sum = sha256_new();
		char hex[SHA256_TEXT];

		if (!sum)
			return false;
		sha256_add(sum, files[i].bytes, files[i].len);
		sha256_hex(sum, hex);
		sha256_free(sum);
		rules->file[i].name = pool_text(rules->pool, files[i].name, strlen(files[i].name));
		rules->file[i].sha256 = pool_text(rules->pool, hex, strlen(hex));
	}
	return rules->file != NULL;
}

/* Over relative names and contents in order, each with its length, so that none can pose as
 * part of another. */
static bool
sum_files(struct porch_rules *rules, const struct rule_file *files, size_t count)
{
	struct sha256 *sum = sha256_new();

	if (!sum)
		return false;
	for (size_t i = 0; i < count; i++) {
		uint64_t len = files[i].len;
		uint8_t bytes[8];

		for (size_t b = 0; b < sizeof(bytes); b++)
			bytes[b] = (uint8_t)(len >> (8 * (7 - b)));
		sha256_add(sum, files[i].name, strlen(files[i].name) + 1);
		sha256_add(sum, bytes, sizeof(bytes));
		sha256_add(sum, files[i].bytes, files[i].len);
	}
	sha256_hex(sum, rules->sha256);
	sha256_free(sum);
	return true;
}

struct porch_rules *
ruleset_from_files(const struct rule_file *files, size_t count, struct porch_error *error)
{
	struct porch_rules *rules = rules_new();
	bool fine = rules && sum_files(rules, files, count);

	*error = (struct porch_error){.offset = -1, .text = "out of memory"};
	for (size_t i = 0; fine && i < count; i++)
		fine = load_file(rules, &files[i], error);
	if (fine && index_build(rules, files, count, error))
		return rules;
	porch_rules_free(rules);
	return NULL;
}

struct porch_rules *
rules_load(const char *const *folders, size_t count, bool file_sums, struct porch_error *error)
{
	struct rule_files files = {0};
	struct porch_rules *rules = NULL;
	bool fine = true;

	for (size_t i = 0; fine && i < count; i++)
		fine = folder_read(&files, folders[i], (unsigned)i, error);
	if (fine)
		rules = ruleset_from_files(files.file, files.count, error);
	if (rules && file_sums && !sum_each_file(rules, files.file, files.count)) {
		*error = (struct porch_error){.offset = -1, .text = "out of memory"};
		porch_rules_free(rules);
		rules = NULL;
	}
	rule_files_free(&files);
	return rules;
}

struct porch_rules *
porch_rules_load(const char *const *folders, size_t count, struct porch_error *error)
{
	struct porch_error ignored;

	return rules_load(folders, count, true, error ? error : &ignored);
}

void
porch_rules_free(struct porch_rules *rules)
{
	if (!rules)
		return;
	list_clear(&rules->facts);
	list_clear(&rules->vendors);
	list_clear(&rules->models);
	list_clear(&rules->calibrations);
	list_clear(&rules->host_entries);
	list_clear(&rules->owners);
	list_clear(&rules->advice);
	map_free(rules->ids);
	map_free(rules->vendor_ids);
	map_free(rules->numbers);
	map_free(rules->regions);
	map_free(rules->organisations);
	map_free(rules->owner_ids);
	map_free(rules->networks);
	for (size_t i = 0; i < rules->geo.count; i++)
		geo_close(rules->geo.item[i]);
	list_clear(&rules->geo);
	map_free(rules->advice_names);
	host_index_free(rules->hosts);
	lpm_free(rules->prefixes);
	free(rules->mac);
	free(rules->port);
	if (rules->psl_owned)
		psl_free(rules->psl);
	pool_free(rules->pool);
	free(rules);
}

const char *
porch_rules_sha256(const struct porch_rules *rules)
{
	return rules->sha256;
}

unsigned
porch_rules_files(const struct porch_rules *rules)
{
	return rules->files;
}

const struct porch_rule_file *
rules_file_sums(const struct porch_rules *rules, size_t *count)
{
	*count = rules->file_count;
	return rules->file;
}

const char *
rules_json_version(void)
{
	return jansson_version_str();
}

const char *
rules_seen(const struct porch_rules *rules)
{
	return rules->seen;
}

uint32_t
rules_rev(const struct porch_rules *rules)
{
	return rules->rev;
}
