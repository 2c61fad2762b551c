/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/format.h"
#include "crypto/crypto.h"
#include "document_state.h"
#include "rules/rules.h"
#include "source/libraries.h"

/* What the record of the run says of options and libraries. */

/* A copy that lives as long as the document. */
static struct porch_texts
own_texts(struct arena *arena, const char *const *item, size_t count)
{
	const char **copy = arena_alloc(arena, count * sizeof(*copy));

	for (size_t i = 0; copy && i < count; i++)
		copy[i] = arena_text(arena, item[i]);
	return (struct porch_texts){.item = copy, .count = copy ? count : 0};
}

/* One option as it is told: a switch, or its values. */
static void
tell_switch(struct porch_option *list, size_t *count, const char *name, bool on)
{
	static const char *const yes = "true";

	if (on)
		list[(*count)++] = (struct porch_option){name, {&yes, 1}};
}

static void
tell_values(struct porch_option *list, size_t *count, const char *name, struct porch_texts values)
{
	if (values.count > 0)
		list[(*count)++] = (struct porch_option){name, values};
}

static struct porch_texts
own_time(struct arena *arena, bool given, int64_t time)
{
	char text[TIME_TEXT];
	const char *one = text;

	if (!given)
		return (struct porch_texts){.count = 0};
	format_time(time, text);
	return own_texts(arena, &one, 1);
}

/* Names without the folders they lie in: those differ from one machine to the next. */
static struct porch_texts
own_names(struct arena *arena, const char *const *path, size_t count)
{
	const char **copy = arena_alloc(arena, count * sizeof(*copy));

	for (size_t i = 0; copy && i < count; i++) {
		size_t end = strlen(path[i]), begin;

		while (end > 1 && path[i][end - 1] == '/')
			end--;
		begin = end;
		while (begin > 0 && path[i][begin - 1] != '/')
			begin--;
		copy[i] = arena_format(arena, "%.*s", (int)(end - begin), path[i] + begin);
	}
	return (struct porch_texts){.item = copy, .count = copy ? count : 0};
}

static struct porch_texts
geo_names(const struct porch_rules *rules, struct arena *arena)
{
	size_t count = 0;
	const char **name;

	while (rules_geo(rules, count))
		count++;
	name = arena_alloc(arena, count * sizeof(*name));
	for (size_t i = 0; name && i < count; i++)
		name[i] = rules_geo(rules, i)->file;
	return (struct porch_texts){.item = name, .count = name ? count : 0};
}

/* Those that change the result, in alphabetical order. */
static const struct porch_option *
option_records(const struct porch_rules *rules, const struct porch_options *o, struct arena *arena,
    size_t *count)
{
	struct porch_option *list = arena_alloc(arena, 16 * sizeof(*list));

	*count = 0;
	if (!list)
		return NULL;
	tell_switch(list, count, "all-devices", o->all_devices);
	tell_switch(list, count, "dedup", o->dedup);
	tell_values(list, count, "device", own_texts(arena, o->devices, o->device_count));
	tell_values(list, count, "filter", own_texts(arena, &o->filter, o->filter ? 1 : 0));
	tell_values(list, count, "geo", geo_names(rules, arena));
	tell_values(list, count, "home", own_texts(arena, o->home, o->home_count));
	tell_switch(list, count, "join", o->join);
	tell_values(list, count, "label", own_texts(arena, o->labels, o->label_count));
	tell_switch(list, count, "mirror", o->mirror);
	tell_switch(list, count, "no-dpi", o->no_dpi);
	tell_values(list, count, "rules", own_names(arena, o->rules, o->rule_count));
	tell_values(list, count, "since", own_time(arena, o->use_since, o->since));
	tell_values(list, count, "until", own_time(arena, o->use_until, o->until));
	return list;
}

static const struct porch_library *
library_records(const char *ndpi, struct arena *arena, size_t *count)
{
	const struct porch_library found[] = {
	    {"jansson", rules_json_version()},
	    {"libgcrypt", crypto_version()},
	    {"libmaxminddb", rules_mmdb_version()},
	    {"libpcap", source_pcap_version()},
	    {"ndpi", ndpi},
	    {"zlib", source_zlib_version()},
	    {"zstd", source_zstd_version()},
	};
	struct porch_library *list = arena_alloc(arena, sizeof(found));

	*count = list ? sizeof(found) / sizeof(found[0]) : 0;
	if (list)
		memcpy(list, found, sizeof(found));
	return list;
}

void
document_tell_run(const struct porch_rules *rules, const struct porch_options *options,
    struct arena *arena, struct porch_run *run)
{
	run->options = option_records(rules, options, arena, &run->option_count);
	run->libraries = library_records(run->advice.version, arena, &run->library_count);
}
