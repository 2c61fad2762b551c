/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Figures for Prometheus.  A label is an id of ours or a word of ours: no MAC, no address and no
 * name of a host is one.
 */

#include "sink/sink.h"
#include "sink/site/api.h"

#define SECOND INT64_C(1000000)

static void
head(struct writer *w, const char *name, const char *type, const char *help)
{
	writef(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
one(struct writer *w, const char *name, const char *type, const char *help, uint64_t value)
{
	head(w, name, type, help);
	writef(w, "%s %llu\n", name, (unsigned long long)value);
}

static void
write_packets(struct writer *w, const struct live_state *s)
{
	const struct {
		const char *fate;
		uint64_t count;
	} fates[] = {{"processed", s->processed}, {"undecoded", s->undecoded},
	    {"filtered", s->filtered}, {"deduplicated", s->deduplicated}, {"dropped", s->dropped}};

	one(w, "porchlight_received_packets_total", "counter",
	    "Frames that were delivered, and those that were dropped.", s->received);
	head(w, "porchlight_packets_total", "counter", "Frames by what became of them.");
	for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++)
		writef(w, "porchlight_packets_total{fate=\"%s\"} %llu\n", fates[i].fate,
		    (unsigned long long)fates[i].count);
}

static void
write_activity(struct writer *w, const struct live_state *s)
{
	head(w, "porchlight_state", "gauge", "1 for what goes on now, 0 for the rest.");
	for (enum porch_activity a = PORCH_ACTIVITY_QUIET; a <= PORCH_ACTIVITY_BLIND; a++)
		writef(w, "porchlight_state{state=\"%s\"} %d\n", porch_activity_word(a),
		    s->activity == a);
}

enum figure { SENDING, RATE_NOW, SENT_TODAY, FOOTAGE_TODAY, UPLOADS_TODAY, FIGURES };

static const struct {
	const char *name;
	const char *help;
} figures[FIGURES] = {
    [SENDING] = {"porchlight_device_sending",
        "1 while an upload that looks like footage goes on, or may have just ended."},
    [RATE_NOW] = {"porchlight_device_upload_bytes_per_second",
        "IP bytes sent out in the last second."},
    [SENT_TODAY] = {"porchlight_device_upload_today_bytes", "IP bytes sent out today."},
    [FOOTAGE_TODAY] = {"porchlight_device_footage_today_bytes",
        "IP bytes of ended uploads of today that look like footage."},
    [UPLOADS_TODAY] = {"porchlight_device_footage_today_uploads",
        "Ended uploads of today that look like footage."},
};

static uint64_t
figure_of(const struct live_device *d, enum figure figure)
{
	switch (figure) {
	case SENDING:
		return d->activity == PORCH_ACTIVITY_SENDING ||
		       d->activity == PORCH_ACTIVITY_ENDED_MAYBE;
	case RATE_NOW:
		return d->kbps * 125;
	case SENT_TODAY:
		return d->bytes_up_today;
	case FOOTAGE_TODAY:
		return d->footage_bytes_today;
	default:
		return d->footage_episodes_today;
	}
}

static void
write_devices(struct writer *w, const struct live_state *s)
{
	char id[ID_TEXT];

	for (enum figure f = 0; f < FIGURES; f++) {
		head(w, figures[f].name, "gauge", figures[f].help);
		for (size_t i = 0; i < s->device_count; i++)
			writef(w, "%s{device=\"%s\"} %llu\n", figures[f].name,
			    id_format('d', s->devices[i].id, id),
			    (unsigned long long)figure_of(&s->devices[i], f));
	}
}

static void
write_parties(struct writer *w, const struct feed *feed)
{
	const struct shelf *shelf = feed_shelf(feed, SHELF_DESTINATIONS);
	uint64_t sent[PORCH_PARTIES] = {0};

	for (size_t i = 0; i < shelf_count(shelf); i++) {
		const struct about_destination *to = shelf_at(shelf, i).about;

		sent[to->party] += to->bytes_up;
	}
	head(w, "porchlight_party_upload_bytes", "gauge",
	    "IP bytes sent to receivers of a kind, of the destinations that were told.");
	for (enum porch_party p = PORCH_PARTY_UNKNOWN; p < PORCH_PARTY_LOCAL; p++)
		writef(w, "porchlight_party_upload_bytes{party=\"%s\"} %llu\n", porch_party_word(p),
		    (unsigned long long)sent[p]);
}

static void
write_state(struct writer *w, const struct live_state *s)
{
	write_activity(w, s);
	write_packets(w, s);
	one(w, "porchlight_gaps_total", "counter", "Times in which packets were missed.", s->gaps);
	one(w, "porchlight_rules_revision", "gauge", "Revision of the rules.", s->rules_rev);
	if (s->watched_since > 0)
		one(w, "porchlight_watched_since_timestamp_seconds", "gauge",
		    "When watching began, in seconds since 1970.",
		    (uint64_t)(s->watched_since / SECOND));
	if (s->time > 0)
		one(w, "porchlight_told_timestamp_seconds", "gauge",
		    "When the state was told, in seconds since 1970.",
		    (uint64_t)(s->time / SECOND));
	one(w, "porchlight_upload_today_bytes", "gauge",
	    "IP bytes that watched devices sent out today.", s->bytes_up_today);
	one(w, "porchlight_footage_today_bytes", "gauge",
	    "IP bytes of ended uploads of today that look like footage.", s->footage_bytes_today);
	one(w, "porchlight_footage_today_uploads", "gauge",
	    "Ended uploads of today that look like footage.", s->footage_episodes_today);
	write_devices(w, s);
}

void
metrics_write(struct writer *w, const struct feed *feed, const char *version,
    const struct metrics_of_page *page)
{
	const struct live_state *s = feed_state(feed);

	head(w, "porchlight_build_info", "gauge", "The version, as a label.");
	writef(w, "porchlight_build_info{version=\"%s\"} 1\n", version);
	one(w, "porchlight_up", "gauge", "1 while the process that watches is heard.",
	    s->time != PORCH_NO_TIME && !page->silent);
	one(w, "porchlight_page_streams", "gauge", "Open streams of events.", page->streams);
	if (s->time == PORCH_NO_TIME)
		return;
	write_state(w, s);
	write_parties(w, feed);
}
