/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DOCTOR_CHECKS_H
#define CLI_DOCTOR_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/machine.h"
#include "words/words.h"

/*
 * What facts of a machine mean for a capture on it.  Nothing here asks the machine: whoever
 * does (cli/doctor_look.h, a test) fills the facts, and the same facts give the same lines.
 */

/* What passed an interface while it was listened to; bytes of whole frames. */
struct doctor_sample {
	int64_t lasted; /* microseconds; 0: nobody listened */
	uint64_t bytes;
	uint64_t up;       /* of others, from inside to outside */
	uint64_t down;     /* and back */
	uint64_t between;  /* of others, among each other */
	uint64_t mirrored; /* came in a mirror's packets */
	uint64_t dropped;  /* frames */
	uint64_t counted;  /* bytes by the interface's own counters; 0: it has none */
};

struct doctor_facts {
	struct machine_facts machine;
	struct {
		bool tried;    /* to open it */
		bool readable; /* frames of its kind are known; when it could be opened */
		char why[256]; /* it could not, or what kind its frames are; or "" */
		struct doctor_sample sample;
	} capture[MACHINE_INTERFACES]; /* as machine.interface */
	bool machine_only;             /* that no interface is there says nothing */
	int64_t now;                   /* of the real-time clock, microseconds */
	bool rules_asked;              /* below NULL says something */
	const char *rules_seen;        /* "2026-11-19"; NULL: the rules cannot be used */
	const char *rules_why;         /* why not */
	bool inspection_asked;
	const char *library; /* "nDPI 4.2.0"; NULL: none advises */
	const char *defects; /* what is known against it, or NULL */
	bool confinement_asked;
	bool landlock, seccomp;
	const char *history;     /* the folder, or NULL: no history is kept */
	const char *history_why; /* why it cannot be written, or NULL */
	bool history_in_memory;  /* on a tmpfs */
	uint64_t history_room;   /* bytes that are free there */
};

enum doctor_grade { DOCTOR_OK, DOCTOR_LIMIT, DOCTOR_PROBLEM };

#define DOCTOR_LINES 96
#define DOCTOR_TEXT  512

struct doctor_line {
	enum doctor_grade grade;
	const char *check;     /* for programs: "interface", "rights", "short-cuts", ... */
	enum say title;        /* for people */
	const char *interface; /* that it is about, or NULL; of the facts */
	char found[DOCTOR_TEXT];
	char advice[DOCTOR_TEXT]; /* what to do, or "" */
};

struct doctor_sheet {
	struct doctor_line line[DOCTOR_LINES];
	size_t count;
	size_t limits;
	size_t problems;
};

/* Every check, interface by interface and then of the machine, in the speaker's words. */
void doctor_check(const struct doctor_facts *facts, const struct speaker *speaker,
    struct doctor_sheet *sheet);

#endif
