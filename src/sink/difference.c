/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/difference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "base/text.h"
#include "sink/report_state.h"

#define DIFF_SCHEMA "porchlight.diff/1"
#define KEY         512
#define NAME        256

/* What is compared of each kind of record; the rest follows from these, or is time. */
static const char *const device_fields[] = {"label", "hostname", "vendor", "product", "kind",
    "watched", "bytes_up", "bytes_down", "bytes_local", "ledger", NULL};
static const char *const receiver_fields[] = {"party", "role", "organisation", "on_behalf_of",
    "country", "purposes", "bytes_up", "bytes_down", "footage_bytes_up", "episodes", NULL};

static const char *
text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* What a person calls a device. */
static const char *
device_name(const json_t *device, char name[static NAME])
{
	struct text text = text_over(name, NAME);
	const char *said = text_at(device, "label"), *maker = text_at(device, "vendor_name");
	const char *address =
	    json_string_value(json_array_get(json_object_get(device, "addresses"), 0));

	if (!said)
		said = text_at(device, "hostname");
	if (said)
		text_add(&text, said);
	else if (maker)
		text_addf(&text, "%s %s", maker,
		    text_at(device, "kind") ? text_at(device, "kind") : "device");
	else if (address || text_at(device, "mac"))
		text_add(&text, address ? address : text_at(device, "mac"));
	else
		text_add(&text, "other devices");
	return name;
}

/* Ids of a redacted report are ordinals, which say nothing in another. */
static void
device_key(const json_t *device, char key[static KEY])
{
	const char *id = text_at(device, "id");
	char name[NAME];
	struct text text = text_over(key, KEY);

	text_add(&text, id && id[0] == 'd' ? id : device_name(device, name));
}

static const char *
receiver_name(const json_t *receiver)
{
	const char *name = text_at(receiver, "name");

	if (!name)
		name = json_string_value(json_array_get(json_object_get(receiver, "addresses"), 0));
	if (!name)
		name = text_at(receiver, "organisation");
	return name ? name : "a receiver without a name";
}

static const json_t *
device_of(const struct report *report, const json_t *receiver)
{
	const json_t *devices = json_object_get(report->root, "devices"), *device;
	const char *id = text_at(receiver, "device"), *own;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)devices, i, device)
	{
		own = text_at(device, "id");
		if (id && own && strcmp(id, own) == 0)
			return device;
	}
	return NULL;
}

static void
receiver_key(const struct report *report, const json_t *receiver, char key[static KEY])
{
	const char *id = text_at(receiver, "id");
	struct text text = text_over(key, KEY);
	char name[NAME];

	if (id && id[0] == 'r')
		text_add(&text, id);
	else
		text_addf(&text, "%s > %s", device_name(device_of(report, receiver), name),
		    receiver_name(receiver));
}

/* One list of one report, by key; the records are the report's. */
static json_t *
index_of(const struct report *report, bool devices)
{
	json_t *index = json_object(), *record;
	char key[KEY], again[KEY];
	size_t i;

	json_array_foreach(json_object_get(report->root, devices ? "devices" : "destinations"), i,
	    record)
	{
		unsigned copies = 1;

		if (devices)
			device_key(record, key);
		else
			receiver_key(report, record, key);
		memcpy(again, key, sizeof(again));
		while (json_object_get(index, again) && copies < 1000) {
			struct text text = text_over(again, sizeof(again));

			text_addf(&text, "%.480s #%u", key, ++copies);
		}
		json_object_set(index, again, record);
	}
	return index;
}

/* {"field": [before, after]} of what changed; empty when nothing did. */
static json_t *
changes_of(const json_t *before, const json_t *after, const char *const *fields)
{
	json_t *changes = json_object();

	for (; *fields; fields++) {
		json_t *a = json_object_get(before, *fields), *b = json_object_get(after, *fields);

		if (!a && !b)
			continue;
		a = a ? json_incref(a) : json_null();
		b = b ? json_incref(b) : json_null();
		if (!json_equal(a, b))
			json_object_set_new(changes, *fields, json_pack("[O,O]", a, b));
		json_decref(a);
		json_decref(b);
	}
	return changes;
}

static json_t *
name_of(const struct report *report, const json_t *record, bool device)
{
	char name[NAME];

	if (device)
		return json_pack("{s:s}", "device", device_name(record, name));
	return json_pack("{s:s,s:s}", "device", device_name(device_of(report, record), name),
	    "receiver", receiver_name(record));
}

static json_t *
only_in(const struct report *report, json_t *index, const json_t *other, bool device)
{
	json_t *list = json_array(), *record;
	const char *key;

	json_object_foreach(index, key, record)
	{
		json_t *entry;

		if (json_object_get(other, key))
			continue;
		entry = name_of(report, record, device);
		json_object_set(entry, "record", record);
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *
changed(const struct report *after, json_t *before, json_t *index, bool device)
{
	json_t *list = json_array(), *record;
	const char *key;

	json_object_foreach(index, key, record)
	{
		json_t *old = json_object_get(before, key), *changes, *entry;

		if (!old)
			continue;
		changes = changes_of(old, record, device ? device_fields : receiver_fields);
		if (json_object_size(changes) > 0) {
			entry = name_of(after, record, device);
			json_object_set(entry, "id", json_object_get(record, "id"));
			json_object_set(entry, "changes", changes);
			json_array_append_new(list, entry);
		}
		json_decref(changes);
	}
	return list;
}

static json_t *
compare_lists(const struct report *before, const struct report *after, bool device)
{
	json_t *a = index_of(before, device), *b = index_of(after, device), *result;

	result = json_pack("{s:o,s:o,s:o}", "new", only_in(after, b, a, device), "gone",
	    only_in(before, a, b, device), "changed", changed(after, a, b, device));
	json_decref(a);
	json_decref(b);
	return result;
}

static json_t *
compare_runs(const struct report *before, const struct report *after)
{
	static const char *const fields[] = {"version", "rules", "options", NULL};
	static const char *const summary[] = {"verdict", "answer", "footage_bytes_up",
	    "footage_episodes", "footage_s", "cannot_tell_episodes", NULL};

	return json_pack("{s:o,s:o}", "run",
	    changes_of(json_object_get(before->root, "run"), json_object_get(after->root, "run"),
	        fields),
	    "summary",
	    changes_of(json_object_get(before->root, "summary"),
	        json_object_get(after->root, "summary"), summary));
}

/* The whole difference; the caller decrefs it. */
static json_t *
difference(const struct report *before, const struct report *after)
{
	json_t *root = json_pack("{s:s,s:s?,s:s?}", "schema", DIFF_SCHEMA, "before",
	    report_hash(before), "after", report_hash(after));

	json_object_update_new(root, compare_runs(before, after));
	json_object_set_new(root, "devices", compare_lists(before, after, true));
	json_object_set_new(root, "destinations", compare_lists(before, after, false));
	return root;
}

static int
write_piece(const char *bytes, size_t len, void *user)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '<' || bytes[i] == 0x7f) /* only ever within a text */
			writef(user, "\\u%04x", (unsigned)bytes[i]);
		else
			write_char(user, bytes[i]);
	}
	return 0;
}

void
difference_json(struct writer *w, const struct report *before, const struct report *after)
{
	json_t *root = difference(before, after);

	/* Names are hostile: what jansson leaves as it is must be harmless everywhere. */
	if (json_dump_callback(root, write_piece, w, JSON_COMPACT | JSON_ENSURE_ASCII) != 0)
		w->error = ENOMEM;
	write_char(w, '\n');
	json_decref(root);
}

static void
add_value(struct text *out, const char *field, const json_t *value)
{
	char number[NUMBER_TEXT], *all;

	if (json_is_integer(value) && strstr(field, "bytes")) {
		text_add(out, format_bytes_short((uint64_t)json_integer_value(value), number));
	} else if (json_is_string(value)) {
		text_add(out, json_string_value(value));
	} else if (json_is_null(value) || !value) {
		text_add(out, "unknown");
	} else {
		all = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		text_addf(out, "%.200s", all ? all : "");
		free(all);
	}
}

static void
write_changes(struct writer *w, const char *indent, const json_t *changes)
{
	const char *field;
	const json_t *pair;

	json_object_foreach((json_t *)(uintptr_t)changes, field, pair)
	{
		char line[1024];
		struct text out = text_over(line, sizeof(line));

		text_addf(&out, "%s: ", field);
		add_value(&out, field, json_array_get(pair, 0));
		text_add(&out, " -> ");
		add_value(&out, field, json_array_get(pair, 1));
		write_text(w, indent);
		write_escaped(w, ESCAPE_TERMINAL, line);
		write_char(w, '\n');
	}
}

static void
write_entry(struct writer *w, const char *sign, const json_t *entry)
{
	const char *receiver = text_at(entry, "receiver");
	const json_t *record = json_object_get(entry, "record");
	const json_t *sent = json_object_get(record, "bytes_up");
	char number[NUMBER_TEXT];

	writef(w, "  %s ", sign);
	write_escaped(w, ESCAPE_TERMINAL, text_at(entry, "device"));
	if (receiver) {
		write_text(w, " to ");
		write_escaped(w, ESCAPE_TERMINAL, receiver);
		if (text_at(record, "party")) {
			write_text(w, ", ");
			write_escaped(w, ESCAPE_TERMINAL, text_at(record, "party"));
		}
	}
	if (record && json_is_integer(sent))
		writef(w, ", %s sent",
		    format_bytes_short((uint64_t)json_integer_value(sent), number));
	write_char(w, '\n');
}

static void
write_list(struct writer *w, const char *title, const json_t *lists)
{
	static const char *const names[] = {"new", "gone", "changed"};
	static const char *const signs[] = {"+", "-", "*"};
	size_t all = 0, i;

	for (size_t n = 0; n < 3; n++)
		all += json_array_size(json_object_get(lists, names[n]));
	writef(w, "%s%s\n", title, all == 0 ? ": no change" : "");
	for (size_t n = 0; n < 3; n++) {
		const json_t *entry;

		json_array_foreach(json_object_get(lists, names[n]), i, entry)
		{
			write_entry(w, signs[n], entry);
			write_changes(w, "      ", json_object_get(entry, "changes"));
		}
	}
}

void
difference_text(struct writer *w, const struct report *before, const struct report *after)
{
	json_t *root = difference(before, after);

	if (json_object_size(json_object_get(root, "run")) > 0) {
		write_text(w, "Made differently\n");
		write_changes(w, "  ", json_object_get(root, "run"));
	}
	if (json_object_size(json_object_get(root, "summary")) > 0) {
		write_text(w, "Summary\n");
		write_changes(w, "  ", json_object_get(root, "summary"));
	}
	write_list(w, "Devices", json_object_get(root, "devices"));
	write_list(w, "Receivers", json_object_get(root, "destinations"));
	json_decref(root);
}
