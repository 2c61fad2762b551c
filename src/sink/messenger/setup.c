/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/setup.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COOLDOWN_MAX (7 * 24 * 3600)

static bool
refuse(struct porch_error *error, const char *what)
{
	snprintf(error->text, sizeof(error->text), "messenger: %s", what);
	return false;
}

static bool
read_list(struct setup_list *list, const json_t *root, const char *key)
{
	const json_t *array = json_object_get(root, key);
	size_t count = json_array_size(array);

	list->item = calloc(count + 1, sizeof(*list->item));
	if (!list->item)
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(array, i));

		if (!text)
			return false;
		list->item[list->count++] = text;
	}
	return true;
}

static bool
read_members(struct messenger_setup *setup, const json_t *root)
{
	const json_t *cooldown = json_object_get(root, "cooldown_s");
	const json_t *bytes = json_object_get(root, "spool_bytes");
	json_int_t seconds = cooldown ? json_integer_value(cooldown) : COOLDOWN_DEFAULT;

	setup->folder = json_string_value(json_object_get(root, "folder"));
	setup->log = json_string_value(json_object_get(root, "log"));
	if (!setup->log)
		setup->log = "/dev/log";
	setup->syslog = json_is_true(json_object_get(root, "syslog"));
	setup->digest = json_is_true(json_object_get(root, "digest"));
	setup->spool_bytes =
	    bytes ? (uint64_t)json_integer_value(bytes) : (uint64_t)SPOOL_BYTES_DEFAULT;
	setup->cooldown = (int64_t)seconds * 1000000;
	return seconds >= 0 && seconds <= COOLDOWN_MAX &&
	       read_list(&setup->outputs, root, "outputs") &&
	       read_list(&setup->execs, root, "exec") &&
	       read_list(&setup->webhooks, root, "webhooks") &&
	       read_list(&setup->mqtts, root, "mqtt");
}

bool
setup_read(struct messenger_setup *setup, const char *text, struct porch_error *error)
{
	json_error_t where;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);

	memset(setup, 0, sizeof(*setup));
	setup->owner = root;
	if (!json_is_object(root))
		return refuse(error, "what it is to do is no JSON object");
	if (!read_members(setup, root))
		return refuse(error, "what it is to do cannot be read");
	return true;
}

void
setup_free(struct messenger_setup *setup)
{
	struct setup_list *lists[] = {
	    &setup->outputs, &setup->execs, &setup->webhooks, &setup->mqtts};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		free(lists[i]->item);
	json_decref(setup->owner);
	memset(setup, 0, sizeof(*setup));
}
