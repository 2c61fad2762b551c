/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* ppoll */
#include "cli/watch/counting.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/confine.h"
#include "cli/rules_open.h"
#include "cli/say.h"
#include "cli/watch/counting_state.h"
#include "cli/watch/page.h"
#include "cli/watch/surroundings.h"
#include "dpi/landlock.h"

#define WAIT_MS   250
#define PAIRS_MAX 4096 /* of MACs, followed on one interface each */

/* What signals asked for. */
static volatile sig_atomic_t asked_counters, asked_reload, asked_to_store;

static void
note_signal(int number)
{
	if (number == SIGUSR1)
		asked_counters = 1;
	if (number == SIGUSR2)
		asked_reload = 1;
	if (number == SIGHUP)
		asked_to_store = 1;
}

/* The terminal sends INT to all; whoever captures says when it is the end. */
static void
take_signals(sigset_t *open)
{
	struct sigaction action = {.sa_handler = note_signal};

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigprocmask(SIG_SETMASK, NULL, open);
	sigdelset(open, SIGHUP);
	sigdelset(open, SIGUSR1);
	sigdelset(open, SIGUSR2);
	sigdelset(open, SIGCHLD);
}

struct porch_options
counting_engine(const struct counting *c, const struct options *options)
{
	struct porch_options engine = options->engine;

	engine.seed = c->engine.seed;
	engine.inspector = !engine.no_dpi && c->inspector[0] ? c->inspector : NULL;
	return engine;
}

/* "br-lan, eth1", in memory of its own. */
static char *
list_interfaces(const struct words *names, const char *between)
{
	size_t size = 1;
	char *list;

	for (size_t i = 0; i < names->count; i++)
		size += strlen(names->item[i]) + strlen(between);
	list = calloc(1, size);
	for (size_t i = 0; list && i < names->count; i++) {
		if (i > 0)
			strcat(list, between);
		strcat(list, names->item[i]);
	}
	return list;
}

/* The name of this run must not repeat, whatever the clock says.  Never 0. */
static uint64_t
fresh_boot(void)
{
	uint64_t boot = 0;

	if (getrandom(&boot, sizeof(boot), 0) != (ssize_t)sizeof(boot) || boot == 0)
		boot = (uint64_t)getpid() + 1;
	return boot;
}

static void
set_off(struct counting *c)
{
	struct stamp stamp = stamp_start(clock_machine());

	c->now = c->ticked = stamp_now(&stamp);
	c->interfaces = list_interfaces(&c->options->arguments, ",");
}

/* Where the page is found; who else may ask for it gets a link with a token, from the page. */
static const char *
page_address(const struct counting *c, char *text, size_t size)
{
	const char *at = c->options->page ? c->options->page : PAGE_DEFAULT;
	struct page_place place;

	if (c->setup->page < 0 || !page_place_read(at, &place) || !place.loopback)
		return NULL;
	snprintf(text, size, "%s://%s/", c->options->page_tls ? "https" : "http", at);
	return text;
}

static bool
greet(struct counting *c)
{
	char *interfaces = list_interfaces(&c->options->arguments, ", ");
	char page[128];
	struct live_greeting greeting = {
	    .interfaces = interfaces,
	    .known = teller_greets(&c->teller, &c->analysis.style) ? counting_doorbells(c) : 0,
	    .page = page_address(c, page, sizeof(page)),
	    .start = c->now,
	};
	bool greeted = interfaces && teller_greet(&c->teller, &c->analysis.style, &greeting);

	free(interfaces);
	return greeted && c->interfaces;
}

static void
keep_one(const struct frame *frame, size_t bytes, void *user)
{
	keep_frame(user, frame, bytes);
}

/* The end of an upload is told when it is stored. */
static void
tell(const struct porch_event *event, void *user)
{
	struct counting *c = user;

	if (c->history && event->kind == PORCH_EVENT_EPISODE && !event->episode->open) {
		c->ended_some = true;
		teller_hold(&c->teller, true);
	}
	c->met = c->met || event->kind == PORCH_EVENT_DEVICE;
	teller_tell(event, &c->teller);
}

static bool
open_watch(struct counting *c)
{
	struct watch_setup setup = {
	    .rules = c->analysis.rules,
	    .options = &c->engine,
	    .keeper = c->kept.keeper,
	    .interfaces = c->interfaces,
	    .boot = fresh_boot(),
	    .start = c->now,
	    .zone_offset = c->analysis.style.zone_offset,
	    .keep = c->keep ? keep_one : NULL,
	    .keep_user = c->keep,
	    .tell = tell,
	    .user = c,
	};
	struct porch_error error = {.offset = -1};

	if (c->history) {
		setup.known_since = history_known_since(c->history);
		setup.known = setup.known_since == PORCH_NO_TIME ? NULL : counting_known;
		history_begin(c->history, c->interfaces, setup.start, setup.boot);
	}
	c->began = c->now;
	c->teller.concludes = counting_lets_go(c);
	c->watch = watch_new(&setup, &error);
	if (c->watch) {
		counting_remember(c);
		return true;
	}
	say_error(&error);
	c->analysis.outcome.usage = strncmp(error.where, "--", 2) == 0;
	c->analysis.outcome.bad_rules = error.where[0] != '\0';
	c->analysis.outcome.no_input = true;
	return false;
}

#define GRANTS_MAX 64
#define PATH_SIZE  4096

/* What may be read when this process is shut in. */
struct grants {
	struct confine_path path[GRANTS_MAX];
	char text[GRANTS_MAX][PATH_SIZE];
	size_t count;
};

static void
grant(struct grants *g, const char *path, unsigned rights)
{
	if (g->count == GRANTS_MAX)
		return;
	snprintf(g->text[g->count], PATH_SIZE, "%s", path);
	g->path[g->count] = (struct confine_path){g->text[g->count], rights};
	g->count++;
}

/* What may be replaced by another file of that name: the folder it lies in. */
static void
grant_beside(struct grants *g, const char *path, unsigned rights)
{
	char folder[PATH_SIZE];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	for (size_t len = strlen(folder); len > 1 && folder[len - 1] == '/'; len--)
		folder[len - 1] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
	grant(g, path, rights);
	if (!slash || folder[0])
		grant(g, slash ? folder : ".", rights);
}

/* The database, its key, and its copy, which takes its name when it is whole. */
static void
grant_history(struct grants *g, const struct options *o)
{
	grant_beside(g, o->history, LANDLOCK_READ | LANDLOCK_WRITE);
	if (o->history_key)
		grant_beside(g, o->history_key, LANDLOCK_READ | LANDLOCK_WRITE);
	if (o->history_copy[0])
		grant_beside(g, o->history_copy, LANDLOCK_READ | LANDLOCK_WRITE);
}

/* From here on frames are read, so this process is shut in; it reads rules and options again. */
static bool
shut_in(struct counting *c)
{
	const struct options *o = c->options;
	struct grants *g = calloc(1, sizeof(*g));
	struct confine confine;
	char usual[PATH_SIZE];

	if (!g)
		return false;
	for (size_t i = 0; i < o->rules.count; i++)
		grant_beside(g, o->rules.item[i], LANDLOCK_READ);
	for (size_t i = 0; i < o->geo.count; i++)
		grant_beside(g, o->geo.item[i], LANDLOCK_READ);
	if (o->config)
		grant_beside(g, o->config, LANDLOCK_READ);
	if (rules_usual(usual, sizeof(usual)))
		grant_beside(g, usual, LANDLOCK_READ);
	if (c->keep)
		grant(g, keep_folder(c->keep), LANDLOCK_READ | LANDLOCK_WRITE);
	if (c->history)
		grant_history(g, o);
	confine = (struct confine){.paths = g->path, .path_count = g->count};
	confine_enter(&confine, &c->confined);
	free(g);
	return true;
}

static bool
open_crossings(struct counting *c)
{
	if (c->options->arguments.count < 2)
		return true;
	c->crossings = crossings_new(PAIRS_MAX, c->engine.seed);
	return c->crossings != NULL;
}

static bool
refuse(struct counting *c, const char *why)
{
	say("%s", why);
	c->analysis.outcome.no_input = true;
	return false;
}

static bool
open_keep(struct counting *c)
{
	struct porch_error error = {.offset = -1};
	struct keep_options options;

	if (!c->options->keep)
		return true;
	c->keep = keep_read(c->options->keep, &options) ? keep_open(&options, &error) : NULL;
	if (c->keep)
		return true;
	say_error(&error);
	c->analysis.outcome.not_written = true;
	c->analysis.outcome.no_input = true;
	return false;
}

/* Everything that may fail before the first frame. */
static bool
begin(struct counting *c)
{
	const struct counting_setup *setup = c->setup;
	struct porch_error error = {.offset = -1};

	if (!recording_open(&c->recording))
		return refuse(c, "the frames cannot be recorded");
	if (!rights_drop(&setup->rights, false, &error)) {
		say_error(&error);
		c->analysis.outcome.no_input = true;
		return false;
	}
	if (!analysis_prepare(&c->analysis) || !open_keep(c))
		return false;
	c->engine.seed = analysis_seed();
	if (!inspector_find(c->inspector, sizeof(c->inspector)))
		c->inspector[0] = '\0';
	c->engine = counting_engine(c, c->options);
	if (c->engine.inspector && !inspector_keep(&c->kept, c->engine.inspector))
		return refuse(c, "what inspects cannot be started");
	set_off(c);
	if (!teller_open(&c->teller, c->options, setup->messenger, setup->page) ||
	    !open_crossings(c))
		return refuse(c, "out of memory");
	if (!counting_open_history(c))
		return false;
	if (!greet(c) || !shut_in(c))
		return refuse(c, "out of memory");
	if (!open_watch(c))
		return false;
	surroundings_tell(setup->around, c->analysis.rules, &c->confined, c->options->quiet,
	    c->watch);
	return true;
}

static void
obey(const struct command *command, void *user)
{
	struct counting *c = user;

	if (command->kind == COMMAND_LABEL) {
		watch_label(c->watch, command->id, command->text);
		if (c->history)
			history_label(c->history, command->id, command->text);
	} else {
		watch_mark(c->watch, command->id, command->text);
		if (c->history)
			history_mark(c->history, command->id, command->text, c->now);
	}
}

/* What somebody asked for on the page. */
static void
read_commands(struct counting *c)
{
	char bytes[4096];
	ssize_t got;

	if (c->setup->page < 0)
		return;
	got = recv(c->setup->page, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (got > 0)
		command_lines_add(&c->commands, bytes, (size_t)got, obey, c);
}

static bool
parent_is_gone(const struct counting *c)
{
	struct pollfd wait = {.fd = c->setup->parent, .events = POLLIN};

	return poll(&wait, 1, 0) == 1;
}

static void
keep_on(struct counting *c)
{
	char line[KEEP_PATH + 256];

	if (c->keep && keep_tick(c->keep, c->now, line, sizeof(line)))
		say("%s", line);
}

static void
see_signals(struct counting *c)
{
	if (asked_counters) {
		asked_counters = 0;
		teller_say_counters(&c->teller);
	}
	if (asked_to_store) {
		asked_to_store = 0;
		if (c->history)
			counting_store(c);
	}
	if (asked_reload) {
		asked_reload = 0;
		counting_reload(c);
	}
}

static void
wait_for_more(struct counting *c, const sigset_t *open)
{
	struct pollfd wait[TELLER_READERS + 3];
	struct timespec most = {.tv_nsec = WAIT_MS * 1000000L};
	size_t count = 0;

	wait[count++] = (struct pollfd){.fd = belt_fd(c->setup->belt), .events = POLLIN};
	wait[count++] = (struct pollfd){.fd = c->setup->parent, .events = POLLIN};
	if (c->setup->page >= 0 && !c->teller.to[TELLER_PAGE].closed)
		wait[count++] = (struct pollfd){.fd = c->setup->page, .events = POLLIN};
	count += teller_wait(&c->teller, wait + count);
	if (belt_sleep(c->setup->belt))
		ppoll(wait, count, &most, open);
	belt_awake(c->setup->belt);
}

/* Signals come only when they are let in, so that none is missed between a look and a wait. */
static void
let_signals_in(const sigset_t *open)
{
	static const struct timespec none = {.tv_nsec = 0};

	ppoll(NULL, 0, &none, open);
}

/* Until what captures has ended the belt, or is gone. */
static void
count_on(struct counting *c, const sigset_t *open)
{
	while (!c->ended && !c->broken) {
		belt_beat(c->setup->belt);
		if (counting_take(c))
			let_signals_in(open);
		else if (parent_is_gone(c))
			break;
		else
			wait_for_more(c, open);
		teller_flush(&c->teller);
		read_commands(c);
		see_signals(c);
		keep_on(c);
		counting_conclude(c);
		if (teller_unheard(&c->teller))
			break;
	}
}

/* The summary or the document, where no records were asked for. */
static void
show(struct counting *c)
{
	const struct sink_ops *sink = sink_find(c->options->sink);
	struct writer writer;

	if (strcmp(c->options->sink, "ndjson") == 0 || (c->teller.terminal && c->teller.concludes))
		return;
	c->analysis.doc = watch_document(c->watch);
	if (!c->analysis.doc) {
		refuse(c, "out of memory");
		return;
	}
	writer_init(&writer, STDOUT_FILENO);
	sink->document(&writer, c->analysis.doc, &c->analysis.style);
	analysis_finish_writer(&c->analysis, &writer);
}

static void
finish(struct counting *c)
{
	belt_beat(c->setup->belt);
	counting_close_eyes(c);
	watch_finish(c->watch);
	if (c->history)
		counting_store(c);
	teller_drain(&c->teller);
	if (c->teller.to[TELLER_OUTPUT].error)
		c->analysis.outcome.not_written = true;
	show(c);
	if (!c->broken)
		return;
	say("what was captured came damaged: stopped");
	c->analysis.outcome.no_input = true;
}

static bool
say_parent(const struct counting *c, char word)
{
	return write(c->setup->parent, &word, 1) == 1;
}

int
counting_main(const struct counting_setup *setup)
{
	struct counting *c = calloc(1, sizeof(*c));
	sigset_t open;
	int status;

	if (!c) {
		say("out of memory");
		return EXIT_NO_RESULT;
	}
	c->setup = setup;
	c->options = setup->options;
	analysis_begin(&c->analysis, c->options);
	take_signals(&open);
	if (begin(c)) {
		if (say_parent(c, COUNTING_READY))
			count_on(c, &open);
		finish(c);
		if (teller_unheard(&c->teller))
			say_parent(c, COUNTING_DONE);
	}
	watch_free(c->watch);
	history_close(c->history);
	free(c->interfaces);
	inspector_release(&c->kept);
	crossings_free(c->crossings);
	teller_close(&c->teller);
	recording_close(&c->recording);
	keep_close(c->keep);
	analysis_free(&c->analysis);
	if (c->newer)
		options_free(c->newer);
	free(c->newer);
	status = (int)outcome_status(&c->analysis.outcome);
	free(c);
	return status;
}
