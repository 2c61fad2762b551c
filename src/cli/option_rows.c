/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_rows.h"

#include <string.h>

#include "cli/fail_on.h"
#include "cli/values.h"
#include "cli/zone.h"

#define ANALYSIS (FOR_REPLAY | FOR_EXPLAIN)
#define ALL      (FOR_REPLAY | FOR_EXPLAIN | FOR_RULES)

static bool
keep(struct words *words, const char *text)
{
	words->item[words->count++] = text;
	return true;
}

static bool
set_rules(struct options *o, const char *value)
{
	return value[0] && keep(&o->rules, value);
}

static bool
set_filter(struct options *o, const char *value)
{
	o->engine.filter = value;
	return true;
}

static bool
set_home(struct options *o, const char *value)
{
	return value_prefix(value) && keep(&o->home, value);
}

static bool
set_device(struct options *o, const char *value)
{
	return value_subject(value, strlen(value)) && keep(&o->devices, value);
}

static bool
set_label(struct options *o, const char *value)
{
	return value_label(value) && keep(&o->labels, value);
}

static bool
set_since(struct options *o, const char *value)
{
	o->engine.use_since = true;
	return value_time(value, &o->engine.since);
}

static bool
set_until(struct options *o, const char *value)
{
	o->engine.use_until = true;
	return value_time(value, &o->engine.until);
}

static bool
set_jobs(struct options *o, const char *value)
{
	return value_jobs(value, &o->engine.jobs);
}

static bool
set_lang(struct options *o, const char *value)
{
	(void)o;
	return strcmp(value, "en") == 0;
}

static bool
set_zone(struct options *o, const char *value)
{
	o->zone = strcmp(value, "UTC") == 0 ? NULL : value;
	return zone_known(value);
}

static bool
set_redact(struct options *o, const char *value)
{
	(void)o;
	return strcmp(value, "none") == 0;
}

static bool
set_progress(struct options *o, const char *value)
{
	return value_when(value, &o->progress);
}

static bool
set_colour(struct options *o, const char *value)
{
	return value_when(value, &o->colour);
}

static bool
set_fail_on(struct options *o, const char *value)
{
	return fail_on_parse(value, &o->fail_on);
}

static bool
set_sink(struct options *o, const char *option, const char *name)
{
	o->sink_option = option;
	o->sink = name;
	return true;
}

static bool
set_json(struct options *o, const char *value)
{
	(void)value;
	return set_sink(o, "--json", "json");
}

static bool
set_ndjson(struct options *o, const char *value)
{
	(void)value;
	return set_sink(o, "--ndjson", "ndjson");
}

static bool
set_csv(struct options *o, const char *value)
{
	static const char *const sinks[] = {"csv-episodes", "csv-destinations", "csv-devices"};

	for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++)
		if (strcmp(sinks[i] + strlen("csv-"), value) == 0)
			return set_sink(o, "--csv", sinks[i]);
	return false;
}

static bool
set_folder(struct options *o, const char *value)
{
	o->folder = value;
	return value[0] != '\0';
}

static bool
set_device_vendor(struct options *o, const char *value)
{
	o->device_vendor = value;
	return value[0] != '\0';
}

#define FLAG(member) .flag = offsetof(struct options, member)

const struct option_row option_rows[OPTION_ROWS] = {
    {"rules", 'R', "DIR", ALL, .set = set_rules, .wanted = "a folder",
        .help = "read rules from this folder; again: later facts win"},
    {"filter", 'f', "BPF", ANALYSIS, .set = set_filter, .help = "only packets that match"},
    {"home", 0, "PREFIX", ANALYSIS, .set = set_home, .wanted = "an address or prefix",
        .help = "these addresses are inside the home; repeatable"},
    {"device", 0, "MAC|IP", ANALYSIS, .set = set_device, .wanted = "a MAC or IP address",
        .help = "watch this device whatever it looks like; repeatable"},
    {"all-devices", 0, NULL, ANALYSIS, FLAG(engine.all_devices), .help = "watch every device"},
    {"label", 0, "MAC|IP=NAME", ANALYSIS, .set = set_label,
        .wanted = "a MAC or IP address, = and a name",
        .help = "call a device by a name; repeatable"},
    {"since", 0, "TIME", ANALYSIS, .set = set_since, .wanted = "an RFC 3339 time or seconds",
        .help = "only packets from then on"},
    {"until", 0, "TIME", ANALYSIS, .set = set_until, .wanted = "an RFC 3339 time or seconds",
        .help = "only packets up to then"},
    {"mirror", 0, NULL, ANALYSIS, FLAG(engine.mirror), .help = "open mirrored packets"},
    {"dedup", 0, NULL, ANALYSIS, FLAG(engine.dedup), .help = "drop exact duplicates"},
    {"join", 0, NULL, ANALYSIS, FLAG(engine.join),
        .help = "the captures are successive parts of one recording"},
    {"no-dpi", 0, NULL, ANALYSIS, FLAG(no_dpi), .help = "ask no packet inspection library"},
    {"jobs", 'j', "N", ANALYSIS, .set = set_jobs, .wanted = "a number from 1 to 256",
        .help = "read this many captures side by side"},
    {"lang", 0, "LANG", ALL, .set = set_lang, .wanted = "en, the only language there is",
        .help = "language of the summary: en"},
    {"time-zone", 0, "ZONE", ALL, .set = set_zone, .wanted = "UTC or a zone such as Europe/Oslo",
        .help = "time zone of the summary (UTC)"},
    {"redact", 0, "HOW", ALL, .set = set_redact, .wanted = "none, the only way there is",
        .help = "none"},
    {"all", 0, NULL, ALL, FLAG(all), .help = "every row, however many"},
    {"progress", 0, "WHEN", ALL, .set = set_progress, .wanted = "auto, always or never",
        .help = "auto, always or never"},
    {"color", 0, "WHEN", ALL, .set = set_colour, .wanted = "auto, always or never",
        .help = "auto, always or never"},
    {"quiet", 0, NULL, ALL, FLAG(quiet), .help = "the verdict only"},
    {"fail-on", 0, "LIST", FOR_REPLAY, .set = set_fail_on,
        .wanted = "footage, tracker, evidence or unknown, with commas between",
        .help = "exit with 10 if any was seen: footage,tracker,evidence,unknown"},
    {"flows", 0, NULL, FOR_REPLAY, FLAG(flows), .help = "flow records too"},
    {"json", 0, NULL, FOR_REPLAY | FOR_RULES, .set = set_json, .help = "one JSON document"},
    {"ndjson", 0, NULL, FOR_REPLAY, .set = set_ndjson, .help = "one JSON record a line"},
    {"csv", 0, "WHAT", FOR_REPLAY, .set = set_csv, .wanted = "episodes, destinations or devices",
        .help = "episodes, destinations or devices as CSV"},
    {"out", 0, "DIR", FOR_REPLAY, .set = set_folder, .wanted = "a folder",
        .help = "write every file of a report into this folder"},
    {"device-vendor", 0, "ID", FOR_RULES, .set = set_device_vendor, .wanted = "a vendor's id",
        .help = "tell the party as a device of this vendor sees it"},
    {"version", 0, NULL, ALL, FLAG(version), .help = "print the version"},
    {"help", 'h', NULL, ALL, FLAG(help), .help = "print this"},
};
