/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WATCH_PARTS_H
#define WATCH_PARTS_H

#include "base/backlog.h"
#include "base/spool.h"
#include "base/table.h"
#include "document_state.h"
#include "engine_state.h"
#include "watch.h"
#include "words/words.h"

/*
 * What the files of the watch share: watch.c takes frames and commands, watch_look.c looks at a
 * device and tells what changed, watch_scan.c finds out whom to look at, watch_notice.c tells what
 * is new, watch_moment.c tells the state, watch_today.c knows the day, watch_result.c gives the
 * whole.
 */

#define SECOND INT64_C(1000000)

#define WATCH_DEVICES    1024 /* of which it is kept what was told */
#define WATCH_RECEIVERS  4096
#define WATCH_EPISODES   16384
#define WATCH_LABELS     256
#define WATCH_INTERFACES 16
#define WATCH_LIMITS     16
#define WATCH_REASONS    32
#define WATCH_BINS       8 /* of rates that are remembered */
#define NAME_TEXT        64

/* Bytes of closed episodes; of watched devices the rest waits in a file. */
#define WATCH_EPISODES_MEMORY (512 << 10)
#define WATCH_BACKLOG_MEMORY  (3584 << 10)
#define SENTENCE_TEXT         256

#define RATE_BIN   (SECOND / 4)
#define SILENT     (9 * SECOND)  /* an episode is over: the silence, and how late a frame may be */
#define MAYBE_OVER (3 * SECOND)  /* it may be */
#define TELL_EVERY (10 * SECOND) /* an open episode */
#define LOOK_EVERY (60 * SECOND) /* at a device that is not watched, and sends */
#define LOOK_AGAIN (5 * SECOND)  /* at one of which nothing was known yet */
#define LEARNING   (3600 * SECOND) /* without memory: what shows up first is not news */

/* porch_upload with its own texts. */
struct watch_upload {
	bool any;
	struct porch_upload told;
	char organisation[NAME_TEXT];
};

/* Sums of one day of packet time. */
struct watch_day {
	int64_t number;
	uint64_t up_before; /* bytes up when it began */
	uint64_t footage_bytes;
	uint64_t footage_episodes;
};

/* A device, and what was told of it. */
struct watch_device {
	uint64_t id;
	uint64_t told;     /* sum over what was told; 0: nothing was */
	uint64_t evidence; /* sum over what was known of it when it was judged last */
	bool due;          /* to be looked at */
	bool watched;
	bool blank;      /* when it was looked at, there was nothing to tell of it */
	bool remembered; /* an earlier run watched it today */
	bool welcomed;   /* it is in no notice any more */
	enum porch_kind kind;
	int64_t last_seen;
	int64_t looked;    /* when it was looked at last */
	uint64_t bytes_up; /* so far, of what tables forgot too */
	uint64_t up_seen;  /* as the tables had it a second ago */
	uint64_t up_now;
	struct watch_day day;
	struct watch_upload open, last;
	int64_t last_good; /* of the open uploads, as the last tick saw it */
	int64_t bin[WATCH_BINS];
	uint64_t bin_up[WATCH_BINS]; /* bytes */
	uint64_t bin_pass[WATCH_BINS];
	char name[NAME_TEXT];
	char vendor_name[NAME_TEXT];
};

/* What was told of a receiver. */
struct watch_receiver {
	uint64_t id;
	uint64_t told;
	bool noticed;
};

/* What was told of an episode. */
struct watch_episode {
	uint64_t id;
	uint64_t device;
	uint64_t told;     /* sum over its verdict when it was told; 0: it was not */
	int64_t told_at;   /* while it was open, or PORCH_NO_TIME */
	int64_t looked_at; /* when its device was last looked at for it, or PORCH_NO_TIME */
	int64_t day;       /* in which it is counted as footage */
	uint64_t counted;  /* its bytes there */
	bool counts;
	bool known; /* as footage, when it was looked at */
	bool ended;
	bool noticed;
	char mark[12]; /* the user's word, or "" */
};

struct watch {
	struct watch_setup setup;
	struct porch_options options;
	struct prefix *home;
	struct dpi *dpi;
	struct engine *engine;
	struct spool *episodes;  /* closed ones of watched devices, of struct track_episode */
	struct backlog *backlog; /* and of the others */
	struct table *past_devices, *past_receivers;
	struct engine_past past;
	struct table *devices; /* of struct watch_device */
	struct table *receivers;
	struct table *told;       /* of struct watch_episode */
	struct engine_result end; /* of engine_finish() */
	uint64_t sequence;
	uint64_t pass; /* of looks at what is open */
	int64_t now;
	int64_t since;   /* packet time that sums of the day go back to, at most */
	int64_t scanned; /* second of the last scan */
	int64_t moment;  /* second of the last state */
	size_t gaps_told, losses_told;
	uint64_t said; /* sum over the sentence of the last state */
	bool finished, out_of_memory;
	bool resting; /* the engine has nothing but its result */
	struct porch_input input;
	uint16_t link_type[64];
	size_t link_types;
	const char *label[WATCH_LABELS]; /* those of the options, then own ones */
	size_t labels, own_labels;
	struct porch_interface interface[WATCH_INTERFACES];
	size_t interfaces;
	const char *limit[WATCH_LIMITS];
	size_t limits;
	char *reason[WATCH_REASONS];
	size_t reasons;
};

/* FNV-1a over what a record says, to see whether it changed. */
struct sum {
	uint64_t value;
};
void sum_begin(struct sum *sum);
void sum_number(struct sum *sum, uint64_t number);
void sum_text(struct sum *sum, const char *text); /* or NULL */

/* Tells an event: fills in boot, sequence and time. */
void watch_tell(struct watch *w, struct porch_event *event);
struct watch_device *watch_device_of(struct watch *w, uint64_t id);
uint64_t watch_episode_device(const struct watch *w, const struct track_episode *episode);

/* Of one device, or NULL for all; the former is without findings. */
struct porch_document *watch_document_of(struct watch *w, const uint64_t *only);

/* An episode leaves the backlog. */
void watch_leave_backlog(uint64_t owner, const void *left, void *user);
/* What is kept of a device that turned watched is kept for whoever stores. */
bool watch_take_backlog(struct watch *w, const struct watch_device *device);

/* Looks at one device: judges it with its receivers and episodes, and tells what changed. */
bool watch_look(struct watch *w, struct watch_device *device);
/* Marks devices due whose episodes, evidence or receivers changed. */
void watch_scan_open(struct watch *w);
void watch_scan_known(struct watch *w);

/* Notices of what is new in a document of one device. */
void watch_notice_device(struct watch *w, struct watch_device *d,
    const struct porch_device *device);
void watch_notice_receiver(struct watch *w, struct watch_receiver *r,
    const struct porch_device *device, const struct porch_destination *to);
void watch_notice_upload(struct watch *w, struct watch_episode *e,
    const struct porch_device *device, const struct porch_destination *to,
    const struct porch_episode *episode);

/* Tells the state when a second is over, or when its sentence changed. */
void watch_moment(struct watch *w, bool at_once);

/* The word for what looks like footage of that content. */
enum say say_footage(enum porch_content content);

/* The day of packet time on the reader's clock, when this one began, and since when it was watched.
 */
int64_t watch_day(const struct watch *w, int64_t time);
int64_t watch_today_since(const struct watch *w);

/* Takes an upload over in short, with texts of its own. */
void watch_keep_upload(struct watch_upload *upload, const struct porch_document *doc,
    const struct porch_episode *e);

#endif
