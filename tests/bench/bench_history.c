/* SPDX-License-Identifier: Apache-2.0 */

/*
 * usage: bench_history RULES EPISODES
 * Keeps a week of four cameras with so many uploads, and times the report that is made of it:
 * from opening the history to the last byte of the summary, of JSON and of the page, in processor
 * time.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "history.h"
#include "sink/sink.h"

#define HOURS     168
#define CAMERAS   4
#define RECEIVERS 10 /* of each camera */
#define BEGIN     INT64_C(1764000000000000)

struct week {
	struct table *devices, *destinations;
	struct splits *splits;
	struct spool *episodes;
	struct engine_result result;
	uint64_t ordinal;
	char name[CAMERAS][RECEIVERS][HOST_TEXT]; /* of receivers */
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct mac
mac_of(unsigned camera)
{
	return (struct mac){{0x02, 0, 0x5e, 0, 0x53, (uint8_t)camera}};
}

static struct addr
inside_of(unsigned camera)
{
	return addr_from_ipv4(192, 0, 2, (uint8_t)(10 + camera));
}

static void
see(struct week *w, unsigned camera, unsigned receiver, int64_t time, uint64_t bytes)
{
	struct destination_key key;
	struct device_key device = device_key_mac(&(struct mac){{0}});
	struct destination *d;
	struct device *at;
	char *name = w->name[camera][receiver];
	bool created;

	memset(&key, 0, sizeof(key));
	key.mac = mac_of(camera);
	key.inside = inside_of(camera);
	snprintf(name, HOST_TEXT, "r%u.media%u.example.net", receiver, camera);
	key.what = destination_what(name, NULL);
	d = table_see(w->destinations, &key, &created);
	if (created) {
		d->name = name;
		d->name_source = PORCH_NAME_SNI;
		d->addresses = 1;
		d->address[0] = addr_from_ipv4(198, 51, 100, (uint8_t)(10 * camera + receiver));
		d->ports = 1;
		d->port[0] = 443;
		d->transports = TRANSPORT_TCP;
		d->first_seen = time;
	}
	d->flows++;
	d->up.bytes += bytes;
	d->up.packets += bytes / 1000 + 1;
	d->last_seen = time;
	device = device_key_mac(&key.mac);
	at = table_see(w->devices, &device, &created);
	if (created)
		at->first_seen = time;
	at->last_seen = time;
	at->sent = true;
}

/* Half a minute of what a camera sends while it is looked at. */
static void
add_episode(struct week *w, int64_t start)
{
	unsigned camera = (unsigned)(w->ordinal % CAMERAS);
	unsigned receiver = (unsigned)(w->ordinal / CAMERAS % RECEIVERS);
	struct mac mac = mac_of(camera);
	struct track_episode e;
	char name[HOST_TEXT];

	see(w, camera, receiver, start, 4000000);
	memset(&e, 0, sizeof(e));
	snprintf(name, sizeof(name), "r%u.media%u.example.net", receiver, camera);
	e.device = device_key_mac(&mac);
	e.inside = inside_of(camera);
	e.what = destination_what(name, NULL);
	e.ordinal = ++w->ordinal;
	e.id = w->ordinal * UINT64_C(0x9e3779b97f4a7c15);
	e.start = start;
	e.end = start + 30000000;
	e.known = e.message_up.time = e.message_down.time = PORCH_NO_TIME;
	e.sums = (struct track_sums){.bytes_up = 4000000,
	    .bytes_down = 90000,
	    .packets_up = 3000,
	    .packets_down = 1500,
	    .content_up = 3900000,
	    .contents_up = 2900,
	    .segments_up = 2900,
	    .full_up = 2500,
	    .bins_up = 118,
	    .bursts = 1,
	    .slots_up = 900};
	e.peak_bin_up = 60000;
	e.peak_second_up = 180000;
	e.rate[8] = 118;
	e.opened = OPENED_BY_UPLOAD;
	e.applications = 1U << APPLICATION_TLS;
	e.remote_port = 443;
	e.flows = 1;
	e.flow[0] = (struct flow_key){.protocol = 6,
	    .port = {40000, 443},
	    .end = {inside_of(camera), addr_from_ipv4(198, 51, 100, 7)}};
	if (!spool_add(w->episodes, &e))
		abort();
}

static void
keep_week(struct history *history, unsigned episodes)
{
	struct week w = {.ordinal = 0};
	unsigned made = 0;

	w.devices = table_new(64, sizeof(struct device), sizeof(struct device_key), 1);
	w.destinations =
	    table_new(256, sizeof(struct destination), sizeof(struct destination_key), 1);
	w.splits = splits_new(64, 1);
	for (unsigned hour = 0; hour < HOURS; hour++) {
		int64_t begin = BEGIN + hour * HISTORY_HOUR_US;
		unsigned until = (unsigned)((uint64_t)episodes * (hour + 1) / HOURS);

		w.episodes = spool_new(sizeof(struct track_episode), 16U << 20);
		while (made < until)
			add_episode(&w, begin + (int64_t)(made++ % 3000) * 1000000);
		w.result = (struct engine_result){.devices = w.devices,
		    .destinations = w.destinations,
		    .splits = w.splits,
		    .episodes = w.episodes,
		    .episode_count = spool_count(w.episodes),
		    .first = BEGIN,
		    .last = begin + HISTORY_HOUR_US - 1,
		    .watched_us = (hour + 1) * HISTORY_HOUR_US,
		    .seen_inside = true};
		if (!history_flush(history, &w.result, begin + HISTORY_HOUR_US - 1))
			abort();
		spool_free(w.episodes);
	}
	table_free(w.devices);
	table_free(w.destinations);
	splits_free(w.splits);
}

static double
render(const struct porch_document *doc, const struct sink_ops *sink, const char *what)
{
	static const struct sink_style style;
	struct writer *writer = malloc(sizeof(*writer));
	int fd = open("/dev/null", O_WRONLY);
	double begin = now_ms(), took;

	if (!writer || fd < 0)
		abort();
	writer_init(writer, fd);
	sink->document(writer, doc, &style);
	writer_finish(writer);
	took = now_ms() - begin;
	printf("  %-10s %8.1f ms\n", what, took);
	close(fd);
	free(writer);
	return took;
}

/* 300 uploads in 50 ms, 20,000 in a second. */
static double
limit_of(unsigned episodes)
{
	return episodes <= 300 ? 50 : 0.05 * episodes;
}

int
main(int argc, char **argv)
{
	static const char *const cameras[] = {
	    "02:00:5e:00:53:00", "02:00:5e:00:53:01", "02:00:5e:00:53:02", "02:00:5e:00:53:03"};
	struct porch_options options = {.devices = cameras, .device_count = CAMERAS}, plain = {0};
	char folder[] = "/tmp/porchlight-bench-XXXXXX", file[64], command[96];
	struct history_setup setup = {.path = file, .options = &options, .days = 100000};
	struct porch_document *doc = NULL;
	struct porch_error error;
	struct history *history;
	unsigned episodes = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 300;
	double begin, took;

	if (argc < 2 || !mkdtemp(folder))
		return 2;
	snprintf(file, sizeof(file), "%s/h.db", folder);
	setup.rules = porch_rules_load((const char *const *)&argv[1], 1, &error);
	history = history_open(&setup, &error);
	begin = now_ms();
	if (!history || !history_begin(history, "br-lan", BEGIN, 1))
		return 1;
	keep_week(history, episodes);
	printf("%u episodes kept in %.1f ms, %d commits\n", episodes, now_ms() - begin, HOURS);
	history_close(history);
	setup.read_only = true;
	begin = now_ms();
	history = history_open(&setup, &error);
	if (history)
		doc = history_document(history, &plain, &error);
	if (!doc || doc->episode_count != episodes)
		return 1;
	took = now_ms() - begin;
	printf("  %-10s %8.1f ms\n", "document", took);
	render(doc, &sink_terminal, "summary");
	render(doc, &sink_json, "json");
	took += render(doc, &sink_html, "page");
	printf("  %-10s %8.1f ms, at most %.0f: %s\n", "page, all", took, limit_of(episodes),
	    took <= limit_of(episodes) ? "ok" : "OVER");
	porch_document_free(doc);
	history_close(history);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) != 0 || took > limit_of(episodes);
}
