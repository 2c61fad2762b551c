/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_VIEW_H
#define SINK_SITE_VIEW_H

#include "sink/page/html.h"
#include "sink/site/feed.h"

/*
 * The live page as finished HTML: what a browser without scripts shows, and what one with
 * scripts takes the new sections from.  Each section is a file.
 */
struct view {
	struct html h;
	const struct feed *feed;
	const char *version;
	const char *key;   /* of its forms */
	bool silent;       /* nothing was heard of the process that counts for a while */
	bool locks;        /* a session was needed, and can be left */
	bool history;      /* a history is kept: reports can be made */
	const char *weeks; /* the section of the last weeks as HTML, or NULL */
	size_t weeks_len;
	int64_t span;  /* of the rate chart, in microseconds */
	int64_t until; /* its end, or PORCH_NO_TIME: now */
};

/* The whole page, and what stands in front of it where a token is needed. */
void view_page(const struct view *view);
enum view_lock { VIEW_LOCKED, VIEW_WRONG, VIEW_WAIT };
void view_lock(struct html *h, enum view_lock why);

/* The rate chart's part of a query: "span=900&until=1794000000". */
void view_read_span(struct view *view, const char *query);

/* One event of the stream: what changes each second, as a JSON object. */
void view_state(const struct view *view, struct writer *w);

/* Sections, in their order. */
void view_now(const struct view *view);
void view_cards(const struct view *view);
void view_rates(const struct view *view);
void view_log(const struct view *view);
void view_who(const struct view *view);

/* Phrases that the page and its stream share; each calls out once. */
typedef void phrase_out(const struct porch_phrase *phrase, void *user);
void live_sentence(const struct view *view, phrase_out *out, void *user);
/* What is known of the upload that the sentence is about; nothing when there is none. */
void live_detail(const struct view *view, phrase_out *out, void *user);
void live_lead(const struct view *view, phrase_out *out, void *user);
void live_watching(const struct view *view, phrase_out *out, void *user);
void card_activity(const struct live_device *device, phrase_out *out, void *user);
void card_detail(const struct view *view, const struct live_device *device, phrase_out *out,
    void *user);

/* What an upload looks like, in the words of a sentence. */
enum say live_kind(enum porch_content content);
/* "2.1 Mbit/s": the key of the unit, and the slot of the number. */
struct rate_text {
	enum say key;
	struct porch_slot number[2];
};
struct rate_text live_rate(uint64_t kbps);
#define RATE(slot, rate)                                                                           \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_WORD, .text = words_key((rate)->key),           \
		.inner = (rate)->number                                                            \
	}

/* A device's name by its id; NULL when nobody told it. */
const char *view_device(const struct view *view, uint64_t id);
/* What was told under an id in this run, else what a history has of today. */
bool view_find(const struct view *view, enum shelf_kind kind, uint64_t id,
    struct shelf_record *record);
/* Whether a time lies in the day of the last state, on the reader's clock. */
bool view_is_today(const struct view *view, int64_t time);
/* Whether today's sums begin later than the day, and since when. */
bool view_since(const struct view *view, char *clock);
/* Hours, minutes and seconds on the reader's clock. */
void view_clock(const struct view *view, int64_t time, char *text);
/* The "hidden" fields and the button-less head of a form that changes something. */
void view_form_begin(const struct view *view, const char *path);

#endif
