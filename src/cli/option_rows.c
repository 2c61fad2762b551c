/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_rows.h"

#include <stdlib.h>
#include <string.h>

#include "cli/fail_on.h"
#include "cli/values.h"
#include "cli/watch/keep.h"
#include "cli/zone.h"

#define ANALYSIS (FOR_REPLAY | FOR_EXPLAIN | FOR_SCORE | FOR_VERIFY)
#define ALL      (ANALYSIS | FOR_RULES | FOR_WATCH | FOR_REPORT)
#define ANY      (ALL | FOR_REDACT | FOR_DIFF | FOR_DOCTOR | FOR_FORGET)
#define RESULT   (FOR_REPLAY | FOR_REPORT) /* what shows a document in every way */
#define HISTORY  (FOR_WATCH | FOR_REPORT | FOR_FORGET)

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
set_geo(struct options *o, const char *value)
{
	return value[0] && keep(&o->geo, value);
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
	o->language = language_find(value);
	return o->language != NULL;
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
	for (int level = PORCH_REDACT_NONE; level <= PORCH_REDACT_STRICT; level++) {
		if (strcmp(value, porch_redaction_word((enum porch_redaction)level)) != 0)
			continue;
		o->redact = (enum porch_redaction)level;
		return true;
	}
	return false;
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

/* What takes over standard output; bits, so that two of them are noticed. */
enum output { OUTPUT_JSON = 1 << 0, OUTPUT_NDJSON = 1 << 1, OUTPUT_CSV = 1 << 2 };

static bool
set_sink(struct options *o, enum output output, const char *option, const char *name)
{
	o->outputs |= output;
	o->sink_option = option;
	o->sink = name;
	return true;
}

static bool
set_json(struct options *o, const char *value)
{
	(void)value;
	return set_sink(o, OUTPUT_JSON, "--json", "json");
}

static bool
set_ndjson(struct options *o, const char *value)
{
	(void)value;
	return set_sink(o, OUTPUT_NDJSON, "--ndjson", "ndjson");
}

static bool
set_csv(struct options *o, const char *value)
{
	static const char *const sinks[] = {"csv-episodes", "csv-destinations", "csv-devices"};

	for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++)
		if (strcmp(sinks[i] + strlen("csv-"), value) == 0)
			return set_sink(o, OUTPUT_CSV, "--csv", sinks[i]);
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

static bool
set_as(struct options *o, const char *value)
{
	o->as = value;
	return value[0] != '\0';
}

static bool
set_truth(struct options *o, const char *value)
{
	return value[0] && keep(&o->truths, value);
}

static bool
set_mud(struct options *o, const char *value)
{
	o->mud = value;
	return value_subject(value, strlen(value));
}

static bool
set_key(struct options *o, const char *value)
{
	o->key = value;
	return value[0] != '\0';
}

static bool
set_chart(struct options *o, const char *value)
{
	o->chart = value;
	return strcmp(value, "timeline") == 0 || strcmp(value, "receivers") == 0 ||
	       strcmp(value, "hours") == 0;
}

static bool
set_output(struct options *o, const char *value)
{
	o->output = value;
	return value[0] && keep(&o->written, value);
}

static bool
set_mqtt(struct options *o, const char *value)
{
	return (strncmp(value, "mqtt://", 7) == 0 || strncmp(value, "mqtts://", 8) == 0) &&
	       keep(&o->mqtt, value);
}

static bool
set_webhook(struct options *o, const char *value)
{
	return (strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0) &&
	       keep(&o->webhook, value);
}

static bool
set_exec(struct options *o, const char *value)
{
	return value[0] && keep(&o->exec, value);
}

static bool
set_keep(struct options *o, const char *value)
{
	struct keep_options checked;

	o->keep = value;
	return keep_read(value, &checked);
}

static bool
set_cooldown(struct options *o, const char *value)
{
	o->cooldown_given = true;
	return value_seconds(value, &o->cooldown);
}

static bool
set_history_copy(struct options *o, const char *value)
{
	const char *colon = strrchr(value, ':');
	char *end;
	long minutes = colon ? strtol(colon + 1, &end, 10) : 0;
	size_t len = colon && colon[1] && *end == '\0' ? (size_t)(colon - value) : strlen(value);

	if (len == 0 || len >= sizeof(o->history_copy) || minutes < 0 || minutes > 525600)
		return false;
	memcpy(o->history_copy, value, len);
	o->history_copy[len] = '\0';
	o->history_minutes = value[len] == ':' ? (unsigned)minutes : 0;
	return value[len] != ':' || minutes > 0;
}

static bool
set_history_days(struct options *o, const char *value)
{
	char *end;
	long days = strtol(value, &end, 10);

	o->history_days = (unsigned)days;
	return end != value && *end == '\0' && days > 0 && days <= 36500;
}

static bool
set_last(struct options *o, const char *value)
{
	static const int64_t hour = INT64_C(3600000000);
	char *end;
	long count = strtol(value, &end, 10);
	int64_t unit = *end == 'h' ? hour : *end == 'd' ? 24 * hour : *end == 'w' ? 168 * hour : 0;

	o->last = count * unit;
	return end != value && unit > 0 && end[1] == '\0' && count > 0 && count <= 100000;
}

#define FLAG(member) .place = offsetof(struct options, member)
#define TEXT(member) .place = offsetof(struct options, member)

const struct option_row option_rows[OPTION_ROWS] = {
    {"rules", "DIR|LIST", 'R', ALL | FOR_REDACT | FOR_DOCTOR, .set = set_rules, .repeats = true,
        .wanted = "a folder or a list",
        .help = "read rules from this folder, or trackers from a list; again: later wins"},
    {"filter", "BPF", 'f', ANALYSIS | FOR_WATCH, .set = set_filter,
        .help = "only packets that match"},
    {"home", "PREFIX", 0, ANALYSIS | FOR_WATCH | FOR_DOCTOR, .set = set_home, .repeats = true,
        .wanted = "an address or prefix",
        .help = "these addresses are inside the home; repeatable"},
    {"device", "MAC|IP", 0, ANALYSIS | FOR_WATCH | FOR_REPORT | FOR_DOCTOR, .set = set_device,
        .repeats = true, .wanted = "a MAC or IP address",
        .help = "watch this device whatever it looks like; repeatable"},
    {"all-devices", NULL, 0, ANALYSIS | FOR_WATCH | FOR_REPORT, FLAG(engine.all_devices),
        .help = "watch every device"},
    {"label", "MAC|IP=NAME", 0, ANALYSIS | FOR_WATCH | FOR_REPORT | FOR_DOCTOR, .set = set_label,
        .repeats = true, .wanted = "a MAC or IP address, = and a name",
        .help = "call a device by a name; repeatable"},
    {"since", "TIME", 0, ANALYSIS | FOR_REPORT, .set = set_since,
        .wanted = "an RFC 3339 time or seconds",
        .help = "only packets, or of a history episodes, from then on"},
    {"until", "TIME", 0, ANALYSIS | FOR_REPORT, .set = set_until,
        .wanted = "an RFC 3339 time or seconds",
        .help = "only packets, or of a history episodes, before then"},
    {"geo", "FILE", 0, ALL, .set = set_geo, .repeats = true, .wanted = "a file",
        .help = "ask this address database (.mmdb) too; again: later wins"},
    {"mirror", NULL, 0, ANALYSIS | FOR_WATCH | FOR_REDACT, FLAG(engine.mirror),
        .help = "open mirrored packets"},
    {"dedup", NULL, 0, ANALYSIS | FOR_WATCH, FLAG(engine.dedup), .help = "drop exact duplicates"},
    {"join", NULL, 0, ANALYSIS, FLAG(engine.join),
        .help = "the captures are successive parts of one recording"},
    {"no-hashes", NULL, 0, FOR_REPLAY, FLAG(engine.no_hashes),
        .help = "leave the SHA-256 of the captures out: faster"},
    {"no-dpi", NULL, 0, ANALYSIS | FOR_WATCH | FOR_DOCTOR, FLAG(engine.no_dpi),
        .help = "ask no packet inspection library"},
    {"jobs", "N", 'j', ANALYSIS, .set = set_jobs, .number = true,
        .wanted = "a number from 1 to 256", .help = "read this many captures side by side"},
    {"lang", "LANG", 0, ALL | FOR_DOCTOR, .set = set_lang, .wanted = "en or de",
        .help = "language of the summary and the page: en or de"},
    {"time-zone", "ZONE", 0, ALL, .set = set_zone, .wanted = "UTC or a zone such as Europe/Oslo",
        .help = "time zone of the summary and the page (UTC)"},
    {"redact", "HOW", 0, ANALYSIS | FOR_RULES | FOR_REPORT, .set = set_redact,
        .wanted = "none, home or strict", .help = "leave out of reports: none, home or strict"},
    {"all", NULL, 0, ALL, FLAG(all), .help = "every row, however many"},
    {"progress", "WHEN", 0, ANALYSIS | FOR_RULES, .set = set_progress,
        .wanted = "auto, always or never", .help = "auto, always or never"},
    {"color", "WHEN", 0, ALL | FOR_DOCTOR, .set = set_colour, .wanted = "auto, always or never",
        .help = "auto, always or never"},
    {"quiet", NULL, 0, ALL | FOR_DOCTOR | FOR_FORGET, FLAG(quiet), .help = "the verdict only"},
    {"fail-on", "LIST", 0, RESULT, .set = set_fail_on,
        .wanted = "footage, tracker, evidence or unknown, with commas between",
        .help = "exit with 10 if any was seen: footage,tracker,evidence,unknown"},
    {"flows", NULL, 0, FOR_REPLAY, FLAG(flows), .help = "flow records too"},
    {"json", NULL, 0, RESULT | FOR_WATCH | FOR_DOCTOR | FOR_RULES | FOR_SCORE | FOR_DIFF,
        .set = set_json, .help = "one JSON document"},
    {"ndjson", NULL, 0, RESULT | FOR_WATCH, .set = set_ndjson, .help = "one JSON record a line"},
    {"csv", "WHAT", 0, RESULT, .set = set_csv, .wanted = "episodes, destinations or devices",
        .help = "episodes, destinations or devices as CSV"},
    {"out", "DIR", 0, RESULT, .set = set_folder, .wanted = "a folder",
        .help = "write every file of a report into this folder"},
    {"truth", "FILE", 0, FOR_SCORE, .set = set_truth, .repeats = true, .wanted = "a file of labels",
        .help = "what the captures really show; repeatable"},
    {"features", NULL, 0, FOR_SCORE, FLAG(features),
        .help = "one JSON line for each label and episode, with what was measured"},
    {"device-vendor", "ID", 0, FOR_RULES, .set = set_device_vendor, .wanted = "a vendor's id",
        .help = "tell the party as a device of this vendor sees it"},
    {"as", "NAME", 0, FOR_RULES, .set = set_as, .wanted = "a name",
        .help = "what the imported rules are called"},
    {"chart", "WHAT", 0, RESULT, .set = set_chart, .wanted = "timeline, receivers or hours",
        .help = "one picture as SVG, with -o: timeline, receivers or hours"},
    {"output", "PATH", 'o', RESULT | FOR_RULES | FOR_REDACT | FOR_WATCH, .set = set_output,
        .wanted = "a path",
        .help = "where to write: the picture, the capture, the folder of rules, or records"},
    {"key", "FILE", 0, FOR_REDACT, .set = set_key, .wanted = "a file",
        .help = "what pseudonyms follow from; without it they are new each time"},
    {"mud", "MAC|IP", 0, FOR_RULES, .set = set_mud, .wanted = "a MAC or IP address",
        .help = "export what this device was seen to do as an MUD file"},
    {"user", "NAME", 0, FOR_WATCH, TEXT(user), .wanted = "a user's name",
        .help = "become this user when started by root (porchlight, else nobody)"},
    {"config", "FILE", 0, FOR_WATCH, TEXT(config), .wanted = "a file",
        .help = "read options from this file; those of the command line hold"},
    {"history", "FILE", 0, HISTORY | FOR_DOCTOR, TEXT(history), .wanted = "a file or none",
        .help = "the database of what was measured, or none"},
    {"history-key", "FILE", 0, HISTORY, TEXT(history_key), .wanted = "a file",
        .help = "the key of the history (beside it, .key after its name)"},
    {"history-copy", "FILE", 0, FOR_WATCH | FOR_FORGET, .set = set_history_copy,
        .wanted = "a file, or a file:minutes",
        .help = "FILE[:MINUTES]: copy the history there (60), and begin from there"},
    {"history-days", "DAYS", 0, FOR_WATCH, .set = set_history_days, .number = true,
        .wanted = "a number of days", .help = "how long the history is kept (30)"},
    {"last", "TIME", 0, FOR_REPORT, .set = set_last, .wanted = "a time such as 7d or 12h",
        .help = "the last days (d), hours (h) or weeks (w) that are recorded"},
    {"marks", NULL, 0, FOR_REPORT, FLAG(marks),
        .help = "what was marked on the page, as labels for score --truth"},
    {"device", "ID|MAC", 0, FOR_FORGET, TEXT(forget), .wanted = "a device",
        .help = "erase this device"},
    {"all", NULL, 0, FOR_FORGET, FLAG(all), .help = "erase everything"},
    {"keep", "DIR", 0, FOR_WATCH | FOR_FORGET, .set = set_keep,
        .wanted = "a folder, or DIR:SIZE:DAYS",
        .help = "DIR[:SIZE[:DAYS]]: keep packets that prove what was told"},
    {"page", "ADDR:PORT", 0, FOR_WATCH, TEXT(page), .wanted = "an address and a port, or none",
        .help = "where the page is served (127.0.0.1:8642), or none"},
    {"page-tls", "CERT,KEY", 0, FOR_WATCH, TEXT(page_tls), .wanted = "two files",
        .help = "serve the page over TLS with this certificate and key"},
    {"mqtt", "URL", 0, FOR_WATCH, .set = set_mqtt, .repeats = true,
        .wanted = "a URL of mqtt:// or mqtts://", .help = "tell this MQTT broker; repeatable"},
    {"webhook", "URL", 0, FOR_WATCH, .set = set_webhook, .repeats = true,
        .wanted = "a URL of http:// or https://", .help = "tell this web server; repeatable"},
    {"exec", "COMMAND", 0, FOR_WATCH, .set = set_exec, .repeats = true, .wanted = "a command",
        .help = "run this command for each thing told; repeatable"},
    {"syslog", NULL, 0, FOR_WATCH, FLAG(syslog), .help = "tell the system log"},
    {"cooldown", "SECONDS", 0, FOR_WATCH, .set = set_cooldown, .number = true, .wanted = "seconds",
        .help = "tell one kind of thing about a device once within this time (60)"},
    {"digest", NULL, 0, FOR_WATCH, FLAG(digest),
        .help = "when that time is over, tell how many were held back"},
    {"press", NULL, 0, FOR_DOCTOR, FLAG(press),
        .help = "ask for the doorbell's button, and say what was seen"},
    {"version", NULL, 0, ANY, FLAG(version), .help = "print the version"},
    {"help", NULL, 'h', ANY, FLAG(help), .help = "print this"},
};

bool
option_set(const struct option_row *row, struct options *options, const char *value)
{
	if (row->set)
		return row->set(options, value);
	if (!row->value)
		*(bool *)((char *)options + row->place) = true;
	else
		*(const char **)(void *)((char *)options + row->place) = value;
	return !row->value || value[0] != '\0';
}
