/* SPDX-License-Identifier: Apache-2.0 */

/* `explain limits` and `explain words`: what cannot be seen, and what the words mean. */

#include <string.h>

#include "sink/layout.h"
#include "sink/sink.h"

#define WIDTH 78

struct entry {
	const char *word;
	const char *text;
};

static const struct entry limits[] = {
    {"Content", "Encrypted content is not read. Sizes, timing and names tell what a transfer looks "
                "like; they do not show the picture."},
    {"After the first server", "Only the way from the home to the first server is seen. What a "
                               "company keeps, or hands on to others or to police, is not."},
    {"Other paths",
        "A doorbell may also send by cellular network, Bluetooth or a neighbour's mesh. "
        "None of that crosses the network that was watched."},
    {"Shared clouds",
        "Many companies rent the same computers. An address alone tells the landlord, "
        "not the tenant."},
    {"Hidden names", "Encrypted name look-ups and hidden handshake names leave an address without "
                     "a name."},
    {"Local recorders", "Footage kept on a recorder at home does not leave, and may leave later by "
                        "another device."},
    {"Time and triggers", "What did not happen while watching could not be seen. A doorbell that "
                          "nobody passes sends little."},
    {"One home", "One home, one model, one firmware. Others may behave differently, and an update "
                 "may change this one."},
    {"Lists", "Lists of trackers and of police and evidence platforms have gaps and dates."},
    {"Clocks", "Times are those of the capture. A wrong clock there is a wrong clock here."},
    {"Phones", "A stream to a phone is seen; who holds the phone is not."},
    {"Dropped packets", "Packets that the capture lost are not counted. Some formats do not even "
                        "record that packets were lost."},
};

static const struct entry bands[] = {
    {"virtually certain", "99-100%"},
    {"very likely", "90-99%"},
    {"likely", "66-90%"},
    {"about as likely as not", "33-66%"},
    {"unlikely", "10-33%"},
    {"very unlikely", "0-10%"},
};

static const struct entry strengths[] = {
    {"strong", "three or more independent kinds of evidence agree"},
    {"moderate", "two agree"},
    {"limited", "one, or none"},
};

static const struct entry words[] = {
    {"Upload", "a transfer from a device to the outside."},
    {"Episode", "one continuous upload; pauses under 8 seconds are joined."},
    {"Footage", "video, pictures or sound."},
    {"Live view", "streaming while someone watches, as inferred."},
    {"Still", "a short burst of a picture's size."},
    {"Telemetry", "small regular messages about the device."},
    {"Keep-alive", "traffic that holds a connection open."},
    {"Maker", "the company that sells the device."},
    {"Rented cloud", "computers a maker hires."},
    {"Tracker", "a company whose listed business is analytics or advertising."},
    {"Evidence platform", "a service listed as handling material for police or insurers."},
    {"Direct", "traffic to a phone or a private address, past the maker's servers."},
    {"Relay", "a maker's server that passes traffic between two parties."},
    {"Organisation", "the holder of an address block or a name."},
    {"Coverage", "the share of the period that was watched."},
    {"Likelihood", "the chance that a statement is right."},
    {"Evidence", "how many independent kinds agree."},
    {"Redaction", "what was removed from a report."},
    {"Display filter", "text to paste into Wireshark to see the same packets."},
};

static void
show_entries(struct writer *w, const struct entry *entries, size_t count, size_t label)
{
	for (size_t i = 0; i < count; i++) {
		writef(w, "  %-*s  ", (int)label, entries[i].word);
		write_paragraph(w, entries[i].text, label + 4, label + 4, WIDTH);
	}
}

#define SHOW(w, entries, label)                                                                    \
	show_entries(w, entries, sizeof(entries) / sizeof(entries[0]), label)

bool
explain_topic(struct writer *w, const char *topic, const struct sink_style *style)
{
	(void)style;
	if (strcmp(topic, "limits") == 0) {
		write_text(w, "What a home network cannot show\n\n");
		SHOW(w, limits, 22);
		return true;
	}
	if (strcmp(topic, "words") != 0)
		return false;
	write_text(w, "How likely a statement is to be right\n\n");
	SHOW(w, bands, 22);
	write_text(w,
	    "\n  Uncalibrated likelihoods are told as such, and as \"likely\" at most.\n");
	write_text(w, "\nHow strong the evidence is\n\n");
	SHOW(w, strengths, 22);
	write_text(w, "\nWhat the words mean\n\n");
	SHOW(w, words, 22);
	return true;
}
