/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <porchlight/engine.h>

#include "cli/colour.h"
#include "words/words.h"

/* Which commands know an option; bits, so that a row of the table can name several. */
enum command_bit {
	FOR_REPLAY = 1 << 0,
	FOR_EXPLAIN = 1 << 1,
	FOR_RULES = 1 << 2,
	FOR_SCORE = 1 << 3,
	FOR_REDACT = 1 << 4,
	FOR_VERIFY = 1 << 5,
	FOR_DIFF = 1 << 6,
	FOR_WATCH = 1 << 7,
	FOR_REPORT = 1 << 8,
	FOR_FORGET = 1 << 9,
	FOR_DOCTOR = 1 << 10,
};

/* Texts of the command line, in its order. */
struct words {
	const char **item;
	size_t count;
};

struct option_row;
struct pool;

/* A command line, read and checked.  All text is its own, or the configuration file's. */
struct options {
	struct porch_options engine; /* its callbacks, seed and user are left to the command */
	struct words rules;
	struct words geo; /* address databases */
	struct words home;
	struct words devices;
	struct words labels;
	struct words truths; /* of `score` */
	struct words mqtt;   /* of `watch`: URLs, commands, and where records are written */
	struct words webhook;
	struct words exec;
	struct words written;
	struct words arguments;    /* what is no option */
	const char *sink;          /* a name sink_find() knows */
	const char *sink_option;   /* the option that asked for it, or NULL */
	unsigned outputs;          /* a bit for each kind that was asked for */
	const char *folder;        /* --out, or NULL */
	const char *zone;          /* NULL: UTC */
	const char *device_vendor; /* of `rules explain`, or NULL */
	const char *as;            /* of `rules import`, or NULL */
	const char *output;        /* of a picture, `rules import` and `redact`, or NULL */
	const char *key;           /* of `redact`: a file, or NULL */
	const char *chart;         /* a name sink_chart() knows, or NULL */
	const char *mud;           /* the device of `rules export`, or NULL */
	/* Of `watch`; NULL: the default. */
	const char *user;    /* whom it becomes when root starts it */
	const char *history; /* a file, or "none" */
	const char *history_key;
	char history_copy[4096];  /* "" for none */
	unsigned history_minutes; /* between copies; 0: the default */
	unsigned history_days;    /* 0: the default */
	int64_t last;             /* of `report`: so many microseconds at the end, or 0 */
	const char *forget;       /* of `forget`: an id or MAC, or NULL */
	const char *keep;         /* DIR[:SIZE[:DAYS]] */
	const char *page;         /* ADDRESS:PORT, or "none" */
	const char *page_tls;     /* CERT,KEY */
	unsigned cooldown;        /* seconds, if it was given */
	bool cooldown_given;
	bool syslog;
	bool digest;
	bool press; /* of `doctor` */
	enum porch_redaction redact;
	unsigned fail_on; /* enum fail_on bits */
	/* Of the summary and the page; NULL: English. */
	const struct language *language;
	enum when colour;
	enum when progress;
	bool all;
	bool quiet;
	bool flows;
	bool features;
	bool marks;
	bool help;
	bool version;
	const char *config;       /* a file that says the same (cli/config.h), or NULL */
	struct pool *config_text; /* what was read from it; owned */
	enum command_bit command; /* these are its options */
	uint64_t given[2];        /* rows of the table that the command line named, a bit each */
};

/*
 * Reads argv[1..], options and arguments in any order, for one command, and the configuration
 * file they name.  False fills error->text with one line that names the option; error->file is
 * the configuration if that is what is wrong, else "".  Free the options in either case.
 * To read a changed configuration, read all anew: what was read before stays good.
 */
bool options_read(struct options *options, enum command_bit command, int argc, char **argv,
    struct porch_error *error);
void options_free(struct options *options);

/* Room for that many more texts in each list; false when out of memory. */
bool options_make_room(struct options *options, size_t more);
/* Whether the command line named it. */
bool options_given(const struct options *options, const struct option_row *row);

/* One line for each option the command knows. */
void options_help(FILE *out, enum command_bit command);

#endif
