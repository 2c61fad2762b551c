/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* ppoll, SOCK_CLOEXEC */
#include "cli/watch/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/confine.h"
#include "cli/say.h"
#include "cli/watch/companion.h"
#include "cli/watch/counting.h"
#include "cli/watch/messenger.h"
#include "cli/watch/page.h"
#include "cli/watch/rights.h"
#include "cli/watch/surroundings.h"
#include "dpi/landlock.h"
#include "source/belt.h"
#include "source/capturer.h"

#define MEBIBYTE     (UINT64_C(1) << 20)
#define HANG_MS      30000 /* without a sign of life: it hangs */
#define LAST_WORD_MS 300   /* what the kernel holds back of frames has come by then */
#define BEGINNING_MS 5000  /* who cannot do what was asked has said so by then */
#define TELLING_MS   8000  /* for those that tell others, when all is counted */

/* What signals asked for; one process has one supervisor, and handlers take no argument. */
static volatile sig_atomic_t asked_to_end;
static volatile sig_atomic_t asked_to[3];
static const int passed_on[3] = {SIGHUP, SIGUSR1, SIGUSR2};

static void
note_signal(int number)
{
	if (number == SIGINT || number == SIGTERM)
		asked_to_end = 1;
	for (size_t i = 0; i < 3; i++)
		if (passed_on[i] == number)
			asked_to[i] = 1;
}

enum { MESSENGER, PAGE, COMPANIONS };

struct supervisor {
	const struct options *options;
	struct rights rights;
	struct surroundings around;
	struct belt *belt;
	struct capturer *capturer;
	struct companion companion[COMPANIONS];
	int64_t begun;
	pid_t counting; /* 0: none, or it has ended */
	int parent;     /* its socket to the one that counts */
	int ended;      /* status of waitpid() */
	uint64_t beats; /* signs of life, as last seen */
	int64_t beaten; /* when that was */
	sigset_t open;  /* signals that come while waiting */
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Signals come only while it waits, so that none is lost between a look and a wait. */
static void
catch_signals(struct supervisor *s)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD};
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaction(numbers[i], &action, NULL);
		sigaddset(&held, numbers[i]);
	}
	sigprocmask(SIG_BLOCK, &held, &s->open);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigdelset(&s->open, numbers[i]);
}

/* A power of two: a part of the memory that this machine has, within bounds. */
static size_t
share_of_memory(uint64_t part, uint64_t least, uint64_t most)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	long page = sysconf(_SC_PAGESIZE);
	uint64_t memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
	uint64_t bytes = least;

	while (bytes < most && 2 * bytes <= memory / part)
		bytes *= 2;
	return (size_t)bytes;
}

static bool
start_counting(struct supervisor *s, int argc, char **argv)
{
	int end[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) != 0)
		return false;
	s->counting = fork();
	if (s->counting == 0) {
		struct counting_setup setup = {
		    .options = s->options,
		    .argc = argc,
		    .argv = argv,
		    .rights = s->rights,
		    .around = &s->around,
		    .belt = s->belt,
		    .messenger = s->companion[MESSENGER].socket,
		    .page = s->companion[PAGE].socket,
		    .parent = end[1],
		};

		close(end[0]);
		exit(counting_main(&setup));
	}
	close(end[1]);
	s->parent = end[0];
	/* Theirs alone: its end is the end of their lines. */
	for (size_t i = 0; i < COMPANIONS; i++)
		if (s->companion[i].socket >= 0)
			close(s->companion[i].socket);
	s->companion[MESSENGER].socket = s->companion[PAGE].socket = -1;
	return s->counting > 0;
}

static bool
start_companions(struct supervisor *s)
{
	const bool wanted[COMPANIONS] = {
	    [MESSENGER] = messenger_wanted(s->options),
	    [PAGE] = page_wanted(s->options),
	};

	for (size_t i = 0; i < COMPANIONS; i++)
		if (wanted[i] && !companion_start(&s->companion[i], s->options, &s->rights))
			return false;
	return true;
}

/*
 * Who tells others may end, and watching goes on.  The status to end with if one could not even
 * begin because it was asked for what makes no sense; else -1.
 */
static int
look_at_companions(struct supervisor *s)
{
	for (size_t i = 0; i < COMPANIONS; i++) {
		int status = companion_ended(&s->companion[i]);

		if (status < 0)
			continue;
		if ((status == EXIT_USAGE || status == EXIT_BAD_RULES) &&
		    now_ms() - s->begun < BEGINNING_MS)
			return status;
		say("%s ended with status %d: watching goes on without it", s->companion[i].name,
		    status);
	}
	return -1;
}

/* True when it has ended. */
static bool
has_ended(struct supervisor *s, int how)
{
	pid_t pid;

	if (s->counting == 0)
		return true;
	do
		pid = waitpid(s->counting, &s->ended, how);
	while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return false;
	s->counting = 0;
	return true;
}

/* Whether the process that counts is ready to; it has said why if it is not. */
static bool
await_ready(struct supervisor *s)
{
	char word = 0;
	ssize_t got;

	do
		got = read(s->parent, &word, 1);
	while (got < 0 && errno == EINTR);
	if (got == 1 && word == COUNTING_READY)
		return true;
	has_ended(s, 0);
	return false;
}

/* A sign of life is due; false when the one that counts hangs. */
static bool
is_alive(struct supervisor *s)
{
	uint64_t beats = belt_beats(s->belt);
	int64_t now = now_ms();

	if (beats != s->beats) {
		s->beats = beats;
		s->beaten = now;
	}
	return now - s->beaten < HANG_MS;
}

static void
pass_on_signals(struct supervisor *s)
{
	for (size_t i = 0; i < 3; i++) {
		if (!asked_to[i])
			continue;
		asked_to[i] = 0;
		if (s->counting > 0)
			kill(s->counting, passed_on[i]);
		if (passed_on[i] == SIGHUP && s->companion[MESSENGER].pid > 0)
			kill(s->companion[MESSENGER].pid, SIGHUP);
	}
}

static void
turn(struct supervisor *s)
{
	struct pollfd wait[CAPTURER_INTERFACES + 1];
	struct timespec most;
	int timeout;
	size_t count = capturer_wait(s->capturer, wait, &timeout);

	most = (struct timespec){.tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * 1000000L};
	ppoll(wait, count, &most, &s->open);
	capturer_turn(s->capturer);
	pass_on_signals(s);
}

/* Whether the one that counts said that it ended because nobody listens any more. */
static bool
is_done(const struct supervisor *s)
{
	char word;

	return recv(s->parent, &word, 1, MSG_DONTWAIT) == 1 && word == COUNTING_DONE;
}

/* The status to end with when the one that counts ended, or had to be ended. */
static int
blame(struct supervisor *s, bool hung)
{
	if (hung) {
		say("the counting process hangs: ended");
		return EXIT_NO_RESULT;
	}
	if (WIFSIGNALED(s->ended)) {
		say("the counting process was ended by signal %d", WTERMSIG(s->ended));
		return EXIT_NO_RESULT;
	}
	return WEXITSTATUS(s->ended);
}

static void
end_counting(struct supervisor *s)
{
	if (s->counting == 0)
		return;
	kill(s->counting, SIGKILL);
	has_ended(s, 0);
}

/* Hands over the last frames and waits until everything is counted and told. */
static int
finish(struct supervisor *s)
{
	int64_t until = now_ms() + LAST_WORD_MS;
	struct timespec rest = {.tv_nsec = 10 * 1000000L};
	bool said = false;

	while (now_ms() < until)
		turn(s);
	while (!has_ended(s, WNOHANG)) {
		said = said || capturer_finish(s->capturer);
		if (!is_alive(s)) {
			end_counting(s);
			return blame(s, true);
		}
		pass_on_signals(s);
		ppoll(NULL, 0, &rest, &s->open);
	}
	return blame(s, false);
}

static int
capture(struct supervisor *s)
{
	s->begun = s->beaten = now_ms();
	while (!asked_to_end) {
		int refused;

		turn(s);
		refused = look_at_companions(s);
		if (refused >= 0) {
			finish(s);
			return refused;
		}
		if (has_ended(s, WNOHANG)) {
			int status = blame(s, false);

			/* Nobody asked it to: who runs this must see that it failed. */
			return status == EXIT_DONE && !is_done(s) ? EXIT_NO_RESULT : status;
		}
		if (!is_alive(s)) {
			end_counting(s);
			return blame(s, true);
		}
	}
	return finish(s);
}

static void
warn(const char *line, void *user)
{
	(void)user;
	say("%s", line);
}

/*
 * What comes at its own pace cannot wait for others that are busy: short work, done at once.  Who
 * may not ask for that goes on as everybody.
 */
static void
go_first(const struct supervisor *s)
{
	setpriority(PRIO_PROCESS, 0, -10);
	setpriority(PRIO_PROCESS, (id_t)s->counting, -5);
}

/* What captures needs no file but what the kernel tells of interfaces. */
static void
shut_in(void)
{
	static const struct confine_path paths[] = {{"/sys", LANDLOCK_READ}};
	const struct confine confine = {
	    .role = CONFINE_CAPTURING,
	    .paths = paths,
	    .path_count = sizeof(paths) / sizeof(paths[0]),
	};
	struct confined unused;

	confine_enter(&confine, &unused);
}

static void
say_start(const struct supervisor *s)
{
	const struct words *names = &s->options->arguments;
	char list[256] = "";
	size_t at = 0;

	if (s->options->quiet)
		return;
	for (size_t i = 0; i < names->count && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s", i > 0 ? ", " : "",
		    names->item[i]);
	say("watching %s%s%s", list, s->rights.change ? " as " : "", s->rights.name);
	if (capturer_listening(s->capturer) < names->count)
		say("waiting for %zu of %zu interfaces",
		    names->count - capturer_listening(s->capturer), names->count);
}

static bool
start(struct supervisor *s, int argc, char **argv)
{
	struct capturer_options how = {
	    .interfaces = s->options->arguments.item,
	    .count = s->options->arguments.count,
	    .filter = s->options->engine.filter,
	    .hosts = s->around.own,
	    .host_count = s->around.own_count,
	    .kernel_bytes = (int)share_of_memory(64, 2 * MEBIBYTE, 16 * MEBIBYTE),
	    .warn = warn,
	};
	struct porch_error error = {.offset = -1};

	/* Who tells others has no part in the belt: it is there first. */
	if (!start_companions(s) ||
	    !(s->belt = belt_new(share_of_memory(128, MEBIBYTE, 2 * MEBIBYTE))) ||
	    !start_counting(s, argc, argv)) {
		say("cannot start: %s", strerror(errno));
		return false;
	}
	if (!await_ready(s))
		return false;
	go_first(s);
	if (rights_drop(&s->rights, true, &error)) {
		shut_in();
		s->capturer = capturer_new(&how, s->belt, &error);
	}
	if (!s->capturer)
		say_error(&error);
	return s->capturer != NULL;
}

int
supervise(const struct options *options, int argc, char **argv)
{
	struct supervisor s = {
	    .options = options,
	    .companion = {[MESSENGER] = {.socket = -1,
	                      .name = "what tells others",
	                      .run = messenger_run},
	        [PAGE] = {.socket = -1, .name = "the page", .run = page_run}},
	    .parent = -1,
	};
	struct porch_error error = {.offset = -1};
	int status = EXIT_NO_RESULT;

	if (!rights_may_capture()) {
		say("no right to capture: run it as root, or with the capability CAP_NET_RAW");
		return EXIT_NO_RESULT;
	}
	if (!rights_find(options->user, &s.rights, &error)) {
		say_error(&error);
		return EXIT_USAGE;
	}
	catch_signals(&s);
	surroundings_see(&s.around, options);
	if (start(&s, argc, argv)) {
		say_start(&s);
		status = capture(&s);
	} else if (s.counting == 0 && WIFEXITED(s.ended) && WEXITSTATUS(s.ended) != 0) {
		status = WEXITSTATUS(s.ended);
	}
	end_counting(&s);
	for (size_t i = 0; i < COMPANIONS; i++)
		companion_end(&s.companion[i], TELLING_MS);
	capturer_free(s.capturer);
	belt_free(s.belt);
	if (s.parent >= 0)
		close(s.parent);
	return status;
}
