/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/doctor_checks.h"

#include <string.h>

#include "base/format.h"

#define SECOND       INT64_C(1000000)
#define DAY          (86400 * SECOND)
#define RULES_AGE    (180 * DAY)
#define MEMORY_NEED  (UINT64_C(64) << 20) /* of all processes of watch together */
#define HISTORY_NEED (UINT64_C(8) << 20)
#define SILENCE      (30 * SECOND)
#define OTHERS_LEAST UINT64_C(3000)  /* less is what a switch lets slip */
#define WAY_LEAST    UINT64_C(20000) /* bytes one way that make none the other way strange */

/* A difference that counters have for other reasons: joined packets, frames under way. */
#define COUNTERS_SHARE 20 /* one in so many */
#define COUNTERS_LEAST (UINT64_C(64) << 10)

struct check {
	const struct doctor_facts *facts;
	const struct machine_interface *interface; /* NULL: of the machine */
	const struct doctor_sample *sample;
	const struct speaker *speaker;
	struct doctor_sheet *sheet;
	const char *word;
	enum say title;
};

static void
say_into(const struct check *c, const struct porch_phrase *phrase, char *out)
{
	struct text text = text_over(out, DOCTOR_TEXT);

	if (phrase)
		words_add(c->speaker, phrase, &text);
}

static void
tell(const struct check *c, enum doctor_grade grade, const struct porch_phrase *found,
    const struct porch_phrase *advice)
{
	struct doctor_sheet *sheet = c->sheet;
	struct doctor_line *line = &sheet->line[sheet->count];

	if (sheet->count == DOCTOR_LINES)
		return;
	*line = (struct doctor_line){
	    .grade = grade,
	    .check = c->word,
	    .title = c->title,
	    .interface = c->interface ? c->interface->name : NULL,
	};
	say_into(c, found, line->found);
	say_into(c, advice, line->advice);
	sheet->count++;
	sheet->limits += grade == DOCTOR_LIMIT;
	sheet->problems += grade == DOCTOR_PROBLEM;
}

/* Phrases about the interface alone. */
#define OF_INTERFACE(c, said) (&PHRASE(said, NAMED("interface", (c)->interface->name)))
#define PLAINLY(said)         (&PHRASE(said, NO_SLOT))

static void
check_interface(const struct check *c)
{
	const struct machine_interface *i = c->interface;
	size_t at = (size_t)(i - c->facts->machine.interface);
	bool unreadable = c->facts->capture[at].tried && !c->facts->capture[at].why[0] &&
	                  !c->facts->capture[at].readable;

	if (!i->exists)
		tell(c, DOCTOR_PROBLEM, OF_INTERFACE(c, SAY_INTERFACE_ABSENT),
		    PLAINLY(SAY_INTERFACE_ABSENT_DO));
	else if (!i->up)
		tell(c, DOCTOR_PROBLEM, OF_INTERFACE(c, SAY_INTERFACE_DOWN),
		    OF_INTERFACE(c, SAY_INTERFACE_DOWN_DO));
	else if (i->loopback)
		tell(c, DOCTOR_PROBLEM, OF_INTERFACE(c, SAY_INTERFACE_LOOPBACK),
		    PLAINLY(SAY_INTERFACE_LOOPBACK_DO));
	else if (unreadable)
		tell(c, DOCTOR_PROBLEM, OF_INTERFACE(c, SAY_INTERFACE_LINK), NULL);
	else if (!i->carrier)
		tell(c, DOCTOR_LIMIT, OF_INTERFACE(c, SAY_INTERFACE_NO_CARRIER), NULL);
	else
		tell(c, DOCTOR_OK,
		    OF_INTERFACE(c, i->bridge ? SAY_INTERFACE_FINE_BRIDGE : SAY_INTERFACE_FINE),
		    NULL);
}

static void
check_rights(const struct check *c)
{
	size_t at = (size_t)(c->interface - c->facts->machine.interface);
	const char *why = c->facts->capture[at].why;

	if (!c->facts->capture[at].tried || !c->interface->exists || !c->interface->up)
		return;
	if (why[0])
		tell(c, DOCTOR_PROBLEM,
		    &PHRASE(SAY_RIGHTS_NONE, NAMED("interface", c->interface->name),
		        NAMED("why", why)),
		    PLAINLY(SAY_RIGHTS_NONE_DO));
	else
		tell(c, DOCTOR_OK, OF_INTERFACE(c, SAY_RIGHTS_FINE), NULL);
}

/* Whether another interface leads into a home. */
static bool
has_another_home(const struct check *c)
{
	const struct machine_facts *m = &c->facts->machine;

	for (size_t i = 0; i < m->interfaces; i++)
		if (&m->interface[i] != c->interface && m->interface[i].home_network)
			return true;
	return m->other_home;
}

/*
 * The internet's side: public addresses, or the way out of a router that has a home too.  A
 * machine that runs containers looks like a router, so private addresses leave it open.
 */
static void
check_side(const struct check *c)
{
	const struct machine_interface *i = c->interface;
	bool router = c->facts->machine.forwards && has_another_home(c);

	if (router && i->default_route && i->home_network)
		tell(c, DOCTOR_LIMIT, OF_INTERFACE(c, SAY_SIDE_PERHAPS),
		    PLAINLY(SAY_SIDE_INTERNET_DO));
	else if (router && (i->public_network || i->default_route))
		tell(c, DOCTOR_PROBLEM, OF_INTERFACE(c, SAY_SIDE_INTERNET),
		    PLAINLY(SAY_SIDE_INTERNET_DO));
	else if (i->public_network)
		tell(c, DOCTOR_LIMIT, OF_INTERFACE(c, SAY_SIDE_PUBLIC),
		    PLAINLY(SAY_SIDE_PUBLIC_DO));
	else if (c->facts->machine.forwards && i->home_network && !i->default_route)
		tell(c, DOCTOR_OK, OF_INTERFACE(c, SAY_SIDE_HOME), NULL);
}

static void
check_bridge(const struct check *c)
{
	const struct machine_interface *i = c->interface;

	if (i->master[0])
		tell(c, DOCTOR_LIMIT,
		    &PHRASE(SAY_BRIDGE_PORT, NAMED("interface", i->name),
		        NAMED("bridge", i->master)),
		    &PHRASE(SAY_BRIDGE_PORT_DO, NAMED("bridge", i->master)));
}

/* Frames to another station are of no use to a guest: each has keys of its own. */
static bool
is_wifi_guest(const struct check *c)
{
	return c->interface->wireless && !c->interface->master[0] && !c->facts->machine.forwards;
}

static void
check_wifi(const struct check *c)
{
	if (is_wifi_guest(c) && c->sample->mirrored == 0)
		tell(c, DOCTOR_PROBLEM, OF_INTERFACE(c, SAY_WIFI_GUEST),
		    PLAINLY(SAY_WIFI_GUEST_DO));
	else if (c->interface->wireless && !is_wifi_guest(c))
		tell(c, DOCTOR_LIMIT, OF_INTERFACE(c, SAY_WIFI_POINT), NULL);
}

static void
tell_connections(const struct check *c)
{
	const struct machine_facts *m = &c->facts->machine;

	if (m->offloaded_flows > 0)
		tell(c, DOCTOR_PROBLEM,
		    &PHRASE(SAY_CUTS_NOW,
		        COUNT("connections", SAY_CUTS_CONNECTIONS, m->offloaded_flows),
		        BYTES("bytes", m->offloaded_bytes)),
		    NULL);
}

/*
 * A short cut in software leads from port to port: a bridge above them never sees what takes
 * it, and a port still does, since captures listen before it.
 */
static void
check_short_cuts(const struct check *c)
{
	const struct machine_facts *m = &c->facts->machine;

	if (m->offload_hardware_set || m->hardware_flows > 0)
		tell(c, DOCTOR_PROBLEM, PLAINLY(SAY_CUTS_HARDWARE), PLAINLY(SAY_CUTS_HARDWARE_DO));
	else if ((m->offload_set || m->flowtable || m->offloaded_flows > 0) && c->interface->bridge)
		tell(c, DOCTOR_PROBLEM, OF_INTERFACE(c, SAY_CUTS_SOFTWARE),
		    PLAINLY(SAY_CUTS_SOFTWARE_DO));
	else if (m->offload_set || m->flowtable || m->offloaded_flows > 0)
		tell(c, DOCTOR_LIMIT, OF_INTERFACE(c, SAY_CUTS_PORT), NULL);
	else if (m->accelerator[0])
		tell(c, DOCTOR_LIMIT, &PHRASE(SAY_CUTS_MODULE, NAMED("module", m->accelerator)),
		    PLAINLY(SAY_CUTS_MODULE_DO));
	else if (m->forwards)
		tell(c, DOCTOR_OK, PLAINLY(SAY_CUTS_NONE), NULL);
	if (m->hardware_flows > 0 || c->interface->bridge)
		tell_connections(c);
}

static void
check_counters(const struct check *c)
{
	const struct doctor_sample *s = c->sample;
	uint64_t margin = s->counted / COUNTERS_SHARE + COUNTERS_LEAST;

	if (s->lasted == 0 || s->counted == 0 || s->dropped > 0)
		return;
	if (s->counted > s->bytes + margin)
		tell(c, DOCTOR_PROBLEM,
		    &PHRASE(SAY_COUNTERS_APART, NAMED("interface", c->interface->name),
		        BYTES("unseen", s->counted - s->bytes), BYTES("bytes", s->counted)),
		    PLAINLY(SAY_COUNTERS_APART_DO));
	else
		tell(c, DOCTOR_OK, OF_INTERFACE(c, SAY_COUNTERS_FINE), NULL);
}

/*
 * On a router silence means little, and elsewhere not much before a doorbell's next heartbeat;
 * then it means that this is the wrong place.
 */
static void
check_silence(const struct check *c)
{
	const struct doctor_sample *s = c->sample;
	bool placed = c->facts->machine.forwards || c->interface->bridge || c->interface->master[0];
	bool own = !placed && s->bytes > 0;

	tell(c, own && s->lasted >= SILENCE ? DOCTOR_PROBLEM : DOCTOR_LIMIT,
	    &PHRASE(own ? SAY_TRAFFIC_OWN : SAY_TRAFFIC_QUIET,
	        NAMED("interface", c->interface->name), LASTED("duration", (uint64_t)s->lasted)),
	    PLAINLY(own ? SAY_WIFI_GUEST_DO : SAY_TRAFFIC_QUIET_DO));
}

static void
check_traffic(const struct check *c)
{
	const struct doctor_sample *s = c->sample;
	uint64_t others = s->up + s->down + s->between;

	if (s->lasted == 0)
		return;
	if (others < OTHERS_LEAST)
		check_silence(c);
	else
		tell(c, DOCTOR_OK,
		    &PHRASE(s->mirrored > 0 ? SAY_TRAFFIC_MIRRORED : SAY_TRAFFIC_FINE,
		        NAMED("interface", c->interface->name),
		        BYTES("bytes", s->mirrored > 0 ? s->mirrored : others),
		        LASTED("duration", (uint64_t)s->lasted)),
		    NULL);
}

static void
check_directions(const struct check *c)
{
	const struct doctor_sample *s = c->sample;

	if (s->up > 0 && s->down > 0)
		tell(c, DOCTOR_OK, PLAINLY(SAY_DIRECTIONS_FINE), NULL);
	else if (s->up >= WAY_LEAST)
		tell(c, DOCTOR_LIMIT, OF_INTERFACE(c, SAY_DIRECTIONS_UP),
		    PLAINLY(SAY_DIRECTIONS_DO));
	else if (s->down >= WAY_LEAST)
		tell(c, DOCTOR_PROBLEM, OF_INTERFACE(c, SAY_DIRECTIONS_DOWN),
		    PLAINLY(SAY_DIRECTIONS_DO));
}

static void
check_merging(const struct check *c)
{
	if (c->interface->merges == MACHINE_YES)
		tell(c, DOCTOR_LIMIT, OF_INTERFACE(c, SAY_MERGING),
		    OF_INTERFACE(c, SAY_MERGING_DO));
}

/* Midnight UTC of "2026-11-19", "2026-11" or "2026"; PORCH_NO_TIME for another text. */
static int64_t
day_of(const char *seen)
{
	char whole[] = "0000-01-01";
	size_t len = strlen(seen);
	int64_t time;

	if (len >= sizeof(whole))
		return PORCH_NO_TIME;
	memcpy(whole, seen, len);
	return time_parse(whole, &time) ? time : PORCH_NO_TIME;
}

static void
check_clock(const struct check *c)
{
	const char *seen = c->facts->rules_seen;

	if (seen && c->facts->now < day_of(seen))
		tell(c, DOCTOR_LIMIT, &PHRASE(SAY_CLOCK_BEFORE, NAMED("day", seen)),
		    PLAINLY(SAY_CLOCK_DO));
	else if (c->facts->machine.synchronised == MACHINE_NO)
		tell(c, DOCTOR_LIMIT, PLAINLY(SAY_CLOCK_FREE), PLAINLY(SAY_CLOCK_DO));
	else if (c->facts->machine.synchronised == MACHINE_YES)
		tell(c, DOCTOR_OK, PLAINLY(SAY_CLOCK_FINE), NULL);
}

static void
check_rules(const struct check *c)
{
	const char *seen = c->facts->rules_seen;
	int64_t day = seen ? day_of(seen) : PORCH_NO_TIME;

	if (!c->facts->rules_asked)
		return;
	if (!seen)
		tell(c, DOCTOR_PROBLEM,
		    &PHRASE(SAY_RULES_NONE,
		        NAMED("why", c->facts->rules_why ? c->facts->rules_why : "")),
		    NULL);
	else if (day != PORCH_NO_TIME && c->facts->now - day > RULES_AGE)
		tell(c, DOCTOR_LIMIT,
		    &PHRASE(SAY_RULES_OLD, NAMED("day", seen),
		        COUNT("days", SAY_DAYS, (uint64_t)((c->facts->now - day) / DAY))),
		    PLAINLY(SAY_RULES_OLD_DO));
	else
		tell(c, DOCTOR_OK, &PHRASE(SAY_RULES_FINE, NAMED("day", seen)), NULL);
}

static void
check_inspection(const struct check *c)
{
	const char *library = c->facts->library;

	if (!c->facts->inspection_asked)
		return;
	if (!library)
		tell(c, DOCTOR_LIMIT, PLAINLY(SAY_INSPECTION_NONE), NULL);
	else if (c->facts->defects)
		tell(c, DOCTOR_LIMIT,
		    &PHRASE(SAY_INSPECTION_DEFECTS, NAMED("library", library),
		        NAMED("defects", c->facts->defects)),
		    PLAINLY(SAY_INSPECTION_DEFECTS_DO));
	else
		tell(c, DOCTOR_OK, &PHRASE(SAY_INSPECTION_FINE, NAMED("library", library)), NULL);
}

static void
check_confinement(const struct check *c)
{
	static const enum say said[2][2] = {{SAY_CONFINEMENT_NONE, SAY_CONFINEMENT_SECCOMP},
	    {SAY_CONFINEMENT_LANDLOCK, SAY_CONFINEMENT_FINE}};
	const struct doctor_facts *f = c->facts;

	if (f->confinement_asked)
		tell(c, f->landlock && f->seccomp ? DOCTOR_OK : DOCTOR_LIMIT,
		    PLAINLY(said[f->landlock][f->seccomp]), NULL);
}

static void
check_memory(const struct check *c)
{
	uint64_t free = c->facts->machine.memory_free;

	if (c->facts->machine.memory_total == 0)
		return;
	if (free < MEMORY_NEED)
		tell(c, DOCTOR_LIMIT,
		    &PHRASE(SAY_MEMORY_SHORT, BYTES("bytes", free), BYTES("needed", MEMORY_NEED)),
		    PLAINLY(SAY_MEMORY_SHORT_DO));
	else
		tell(c, DOCTOR_OK, &PHRASE(SAY_MEMORY_FINE, BYTES("bytes", free)), NULL);
}

static void
check_history(const struct check *c)
{
	const struct doctor_facts *f = c->facts;

	if (!f->history)
		return;
	if (f->history_why)
		tell(c, DOCTOR_PROBLEM,
		    &PHRASE(SAY_HISTORY_NOT, NAMED("folder", f->history),
		        NAMED("why", f->history_why)),
		    PLAINLY(SAY_HISTORY_NOT_DO));
	else if (f->history_room < HISTORY_NEED)
		tell(c, DOCTOR_LIMIT,
		    &PHRASE(SAY_HISTORY_SMALL, NAMED("folder", f->history),
		        BYTES("bytes", f->history_room)),
		    PLAINLY(SAY_HISTORY_NOT_DO));
	else if (f->history_in_memory)
		tell(c, DOCTOR_LIMIT, &PHRASE(SAY_HISTORY_MEMORY, NAMED("folder", f->history)),
		    PLAINLY(SAY_HISTORY_NOT_DO));
	else
		tell(c, DOCTOR_OK,
		    &PHRASE(SAY_HISTORY_FINE, NAMED("folder", f->history),
		        BYTES("bytes", f->history_room)),
		    NULL);
}

struct row {
	const char *word;
	enum say title;
	void (*check)(const struct check *check);
};

static const struct row of_interfaces[] = {
    {"interface", SAY_DOCTOR_INTERFACE, check_interface},
    {"rights", SAY_DOCTOR_RIGHTS, check_rights},
    {"side", SAY_DOCTOR_SIDE, check_side},
    {"bridge", SAY_DOCTOR_BRIDGE, check_bridge},
    {"wifi", SAY_DOCTOR_WIFI, check_wifi},
    {"short-cuts", SAY_DOCTOR_SHORT_CUTS, check_short_cuts},
    {"counters", SAY_DOCTOR_COUNTERS, check_counters},
    {"traffic", SAY_DOCTOR_TRAFFIC, check_traffic},
    {"directions", SAY_DOCTOR_DIRECTIONS, check_directions},
    {"merging", SAY_DOCTOR_MERGING, check_merging},
};

static const struct row of_the_machine[] = {
    {"clock", SAY_DOCTOR_CLOCK, check_clock},
    {"rules", SAY_DOCTOR_RULES, check_rules},
    {"inspection", SAY_DOCTOR_INSPECTION, check_inspection},
    {"confinement", SAY_DOCTOR_CONFINEMENT, check_confinement},
    {"memory", SAY_DOCTOR_MEMORY, check_memory},
    {"history", SAY_DOCTOR_HISTORY, check_history},
};

static void
run(struct check *c, const struct row *row)
{
	c->word = row->word;
	c->title = row->title;
	row->check(c);
}

/* Of what is not there or not up there is no more to say. */
static void
run_of_interface(struct check *c, size_t at)
{
	c->interface = &c->facts->machine.interface[at];
	c->sample = &c->facts->capture[at].sample;
	for (size_t i = 0; i < sizeof(of_interfaces) / sizeof(of_interfaces[0]); i++)
		if (i == 0 || (c->interface->up && !c->interface->loopback))
			run(c, &of_interfaces[i]);
}

void
doctor_check(const struct doctor_facts *facts, const struct speaker *speaker,
    struct doctor_sheet *sheet)
{
	struct check check = {.facts = facts, .speaker = speaker, .sheet = sheet};

	sheet->count = sheet->limits = sheet->problems = 0;
	for (size_t i = 0; i < facts->machine.interfaces; i++)
		run_of_interface(&check, i);
	check.interface = NULL;
	if (facts->machine.interfaces == 0 && !facts->machine_only) {
		check.word = of_interfaces[0].word;
		check.title = of_interfaces[0].title;
		tell(&check, DOCTOR_PROBLEM, PLAINLY(SAY_INTERFACE_NONE),
		    PLAINLY(SAY_INTERFACE_NONE_DO));
	}
	for (size_t i = 0; i < sizeof(of_the_machine) / sizeof(of_the_machine[0]); i++)
		run(&check, &of_the_machine[i]);
}
