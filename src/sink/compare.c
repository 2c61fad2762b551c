/* SPDX-License-Identifier: Apache-2.0 */

/* Two reports side by side, and a report beside its manifest. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "sink/report.h"
#include "sink/report_state.h"

#define WHERE     1024
#define SHOWN     240 /* bytes of a value that are shown */
#define DEPTH_MAX 64

#define MANIFEST_SCHEMA "porchlight.manifest/1"

/* A comparison under way; where grows and shrinks with the walk. */
struct walk {
	report_difference_fn *each;
	void *user;
	size_t count;
	char where[WHERE];
};

/* Compact JSON, cut where it is long; NULL stays NULL. */
static const char *
shown(const json_t *value, char text[static SHOWN])
{
	char *all = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	if (!all)
		return NULL;
	snprintf(text, SHOWN, "%s", all);
	if (strlen(all) >= SHOWN)
		memcpy(text + SHOWN - 4, "...", 4);
	free(all);
	return text;
}

static void
differ(struct walk *w, const json_t *told, const json_t *found)
{
	char one[SHOWN], other[SHOWN];
	const struct report_difference difference = {
	    .where = w->where, .told = shown(told, one), .found = shown(found, other)};

	w->count++;
	w->each(&difference, w->user);
}

/* Says where the walk stands; returns where it stood, to go back to. */
static size_t
enter(struct walk *w, const char *key, size_t index)
{
	size_t len = strlen(w->where);
	struct text where = {.at = w->where, .size = sizeof(w->where), .len = len};

	if (key)
		text_addf(&where, "%s%s", len > 0 ? "." : "", key);
	else
		text_addf(&where, "[%zu]", index);
	return len;
}

static bool
is_left_out(const struct walk *w, const char *key)
{
	if (strcmp(w->where, "run") == 0)
		return strcmp(key, "libraries") == 0;
	return strncmp(w->where, "run.inputs[", 11) == 0 && strcmp(key, "path") == 0;
}

static void compare(struct walk *w, const json_t *told, const json_t *found, unsigned depth);
static void compare_gaps(struct walk *w, const json_t *told, const json_t *found);

static void
compare_member(struct walk *w, const char *key, const json_t *told, const json_t *found,
    unsigned depth)
{
	size_t len;

	if (is_left_out(w, key))
		return;
	if (depth == 0 && strcmp(key, "gaps") == 0 && json_is_array(told) && json_is_array(found)) {
		compare_gaps(w, told, found);
		return;
	}
	len = enter(w, key, 0);
	compare(w, told, found, depth + 1);
	w->where[len] = '\0';
}

static void
compare_objects(struct walk *w, const json_t *told, const json_t *found, unsigned depth)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)told, key, value)
	{
		compare_member(w, key, value, json_object_get(found, key), depth);
	}
	json_object_foreach((json_t *)(uintptr_t)found, key, value)
	{
		if (!json_object_get(told, key))
			compare_member(w, key, NULL, value, depth);
	}
}

/* Gaps of advice, where a worker was lost, are no part of what is compared. */
static json_t *
without_advice(const json_t *gaps)
{
	json_t *kept = json_array(), *gap;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)gaps, i, gap)
	{
		if (!json_is_true(json_object_get(gap, "worker")))
			json_array_append(kept, gap);
	}
	return kept;
}

static void
compare_gaps(struct walk *w, const json_t *told, const json_t *found)
{
	json_t *a = without_advice(told), *b = without_advice(found);
	size_t len = enter(w, "gaps", 0);

	compare(w, a, b, 1);
	w->where[len] = '\0';
	json_decref(a);
	json_decref(b);
}

static void
compare_arrays(struct walk *w, const json_t *told, const json_t *found, unsigned depth)
{
	size_t a = json_array_size(told), b = json_array_size(found);

	for (size_t i = 0; i < a || i < b; i++) {
		size_t len = enter(w, NULL, i);

		compare(w, json_array_get(told, i), json_array_get(found, i), depth + 1);
		w->where[len] = '\0';
	}
}

static void
compare(struct walk *w, const json_t *told, const json_t *found, unsigned depth)
{
	if (depth < DEPTH_MAX && json_is_object(told) && json_is_object(found))
		compare_objects(w, told, found, depth);
	else if (depth < DEPTH_MAX && json_is_array(told) && json_is_array(found))
		compare_arrays(w, told, found, depth);
	else if (!told || !found || !json_equal(told, found))
		differ(w, told, found);
}

size_t
report_compare(const struct report *told, const struct report *found, report_difference_fn *each,
    void *user)
{
	struct walk w = {.each = each, .user = user};

	compare(&w, told->root, found->root, 0);
	return w.count;
}

static json_t *
read_manifest(const struct report *report)
{
	char path[REPORT_PATH + 16];
	json_t *root = NULL;
	char *bytes;
	size_t len;

	if (!report->folder[0])
		return NULL;
	snprintf(path, sizeof(path), "%s/manifest.json", report->folder);
	bytes = report_read_file(path, &len);
	if (bytes)
		root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
	if (bytes && !root)
		root = json_object(); /* it is there, and says nothing */
	free(bytes);
	return root;
}

/* The names of outputs are the manifest's: none may lead out of the folder. */
static bool
is_plain_name(const char *name)
{
	return name && name[0] && name[0] != '.' && !strchr(name, '/');
}

/* The size and sum of a file beside the manifest, as the manifest would tell them. */
static json_t *
sum_output(const struct report *report, const char *name)
{
	char path[REPORT_PATH + 80], hex[SHA256_TEXT] = "";
	struct sha256 *sum = sha256_new();
	json_t *found = NULL;
	char *bytes;
	size_t len;

	snprintf(path, sizeof(path), "%s/%.64s", report->folder, name);
	bytes = report_read_file(path, &len);
	if (bytes && sum) {
		sha256_add(sum, bytes, len);
		sha256_hex(sum, hex);
		found = json_pack("{s:s,s:I,s:s}", "file", name, "bytes", (json_int_t)len, "sha256",
		    hex);
	}
	sha256_free(sum);
	free(bytes);
	return found;
}

static void
compare_output(struct walk *w, const struct report *report, const json_t *told)
{
	const char *name = json_string_value(json_object_get(told, "file"));
	json_t *found;

	if (!is_plain_name(name)) {
		differ(w, told, NULL);
		return;
	}
	if (!report->whole && strcmp(name, report->file) != 0)
		return;
	found = sum_output(report, name);
	snprintf(w->where, sizeof(w->where), "%s", name);
	if (!found || !json_equal(told, found))
		differ(w, told, found);
	w->where[0] = '\0';
	json_decref(found);
}

/* What the manifest repeats of the report. */
static void
compare_repeated(struct walk *w, const struct report *report, const json_t *manifest)
{
	static const char *const parts[] = {
	    "version", "rules", "inputs", "counters", "options", "geo"};
	static const char *const lists[] = {"rule_files", "outputs"};
	const json_t *run = json_object_get(report->root, "run");
	json_t *schema = json_string(MANIFEST_SCHEMA);

	snprintf(w->where, sizeof(w->where), "manifest.json: schema");
	compare(w, json_object_get(manifest, "schema"), schema, 0);
	json_decref(schema);
	snprintf(w->where, sizeof(w->where), "manifest.json: report_sha256");
	compare(w, json_object_get(manifest, "report_sha256"),
	    json_object_get(report->root, "sha256"), 0);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		snprintf(w->where, sizeof(w->where), "manifest.json: %s", lists[i]);
		if (json_array_size(json_object_get(manifest, lists[i])) == 0)
			differ(w, json_object_get(manifest, lists[i]), NULL);
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(w->where, sizeof(w->where), "manifest.json: %s", parts[i]);
		compare(w, json_object_get(manifest, parts[i]), json_object_get(run, parts[i]), 0);
	}
	w->where[0] = '\0';
}

bool
report_check_manifest(const struct report *report, report_difference_fn *each, void *user,
    size_t *differences)
{
	struct walk w = {.each = each, .user = user};
	json_t *manifest = read_manifest(report), *outputs, *output;
	size_t i;

	*differences = 0;
	if (!manifest)
		return false;
	outputs = json_object_get(manifest, "outputs");
	json_array_foreach(outputs, i, output)
	{
		compare_output(&w, report, output);
	}
	if (report->whole)
		compare_repeated(&w, report, manifest);
	json_decref(manifest);
	*differences = w.count;
	return true;
}

static bool
is_told(const json_t *files, const struct porch_rule_file *file)
{
	const json_t *told;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)files, i, told)
	{
		const char *name = json_string_value(json_object_get(told, "file"));
		const char *sum = json_string_value(json_object_get(told, "sha256"));

		if (name && sum && strcmp(name, file->name) == 0 && strcmp(sum, file->sha256) == 0)
			return true;
	}
	return false;
}

static bool
is_found(const struct porch_run *run, const char *name)
{
	for (size_t i = 0; name && i < run->rule_file_count; i++)
		if (strcmp(run->rule_file[i].name, name) == 0)
			return true;
	return false;
}

size_t
report_compare_rules(const struct report *report, const struct porch_run *run,
    report_difference_fn *each, void *user)
{
	struct walk w = {.each = each, .user = user};
	json_t *manifest = read_manifest(report);
	const json_t *files = json_object_get(manifest, "rule_files"), *told;
	size_t i;

	for (i = 0; json_is_array(files) && i < run->rule_file_count; i++) {
		const struct porch_rule_file *file = &run->rule_file[i];
		json_t *sum;

		if (is_told(files, file))
			continue;
		sum = json_string(file->sha256);
		snprintf(w.where, sizeof(w.where), "rules: %s", file->name);
		differ(&w, NULL, sum);
		json_decref(sum);
	}
	json_array_foreach((json_t *)(uintptr_t)files, i, told)
	{
		const char *name = json_string_value(json_object_get(told, "file"));

		snprintf(w.where, sizeof(w.where), "rules: %s", name ? name : "");
		if (!is_found(run, name))
			differ(&w, told, NULL);
	}
	json_decref(manifest);
	return w.count;
}
